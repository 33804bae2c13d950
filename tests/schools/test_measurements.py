"""What a measure stood at, day by day: logged, corrected, drawn."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import Event, User
from accounts.permissions import Role
from core import charts
from schools.models import Measure, Measurement
from tests.factories import rows
from tests.small_world import join
from tests.talks import NOW, Talks

SignIn = Callable[[User], Client]
D = Decimal
TODAY = NOW.date()


@pytest.fixture
def measure(talks: Talks) -> Measure:
    return rows.measure(rows.goal(talks.world.initiative))


def log(browser: Client, measure: Measure, value: str = "5", day: str = "2026-03-09", **more: str) -> Any:
    typed = {"value": value, "day": day, "confidence": "counted", "note": ""} | more
    return browser.post(reverse("measurement_add", args=[measure.pk]), typed)


def test_todays_number_stands_on_the_bar(talks: Talks, measure: Measure, signed_in: SignIn) -> None:
    browser, page = signed_in(talks.marcus), reverse("initiative", args=[talks.world.initiative.pk])
    assert "From 3, not measured yet, target 9" in browser.get(page).content.decode()
    form = browser.get(reverse("measurement_add", args=[measure.pk])).content.decode()
    assert 'value="2026-03-09"' in form
    assert log(browser, measure, "7", note="At the door").status_code == 302
    assert log(browser, measure, "4", day="2026-03-02").status_code == 302
    seen = browser.get(page).content.decode()
    assert "From 3, now 7, target 9" in seen
    assert "7 of 9" in seen
    assert "as of 9 March" in seen
    history = browser.get(reverse("measure", args=[measure.pk])).content.decode()
    assert 'aria-label="2 March 4, 9 March 7"' in history
    assert "At the door" in history


def test_one_number_a_day_and_both_stay_in_the_trail(talks: Talks, measure: Measure, signed_in: SignIn) -> None:
    browser = signed_in(talks.marcus)
    log(browser, measure, "7")
    again = log(browser, measure, "8")
    assert (again.status_code, "logged for this day already" in again.content.decode()) == (422, True)
    logged = Measurement.objects.get()
    page = reverse("measurement_edit", args=[logged.pk])
    typed = {"value": "8", "day": "2026-03-09", "confidence": "estimated", "note": "Two came late", "version": "1"}
    assert browser.post(page, typed).status_code == 302
    told = Event.objects.get(subject_id=logged.pk, verb="edited").why
    assert told == "2026-03-09 · 7 · Counted → 2026-03-09 · 8 · Estimated · Two came late"
    late = browser.post(page, typed | {"value": "9", "initial-value": "7"})
    assert late.status_code == 422
    assert Measurement.objects.get().value == 8
    assert Measurement.objects.get().logged_by == talks.marcus


@pytest.mark.parametrize(
    ("known", "due_on", "refused"),
    [
        (None, "2026-03-08", True),
        (None, "2026-03-09", False),
        (None, "", False),
        ("2026-03-01", "2026-03-01", False),  # a measure keeps the day it has
        ("2026-03-01", "2026-03-02", True),
        ("2026-03-01", "2026-06-30", False),
    ],
)
def test_a_measure_is_due_on_a_day_to_come(
    known: str | None, due_on: str, refused: bool, talks: Talks, measure: Measure, signed_in: SignIn
) -> None:
    browser = signed_in(talks.marcus)
    if known is None:
        page = reverse("measure_add", args=[talks.world.initiative.pk])
    else:
        Measure.objects.update(due_on=known)
        page = reverse("measure_edit", args=[measure.pk])
    figures = {"label": "books", "goal": measure.goal_id, "direction": "up", "baseline": "1", "target": "2"}
    typed = figures | {"confidence": "counted", "due_on": due_on, "version": "1"}
    answer = browser.post(page, typed)
    assert answer.status_code == (422 if refused else 302)
    if refused:
        assert dict(answer.context["form"].errors) == {"due_on": ["This day has passed. Choose today or later."]}


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"value": ""}, "value"),
        ({"value": "-1"}, "value"),
        ({"value": "many"}, "value"),
        ({"day": "2026-03-10"}, "day"),
        ({"day": ""}, "day"),
        ({"confidence": "sure"}, "confidence"),
    ],
)
def test_a_wrong_number_is_told_at_its_field(
    talks: Talks, measure: Measure, signed_in: SignIn, changed: dict[str, str], field: str
) -> None:
    answer = log(signed_in(talks.marcus), measure, **changed)
    assert (answer.status_code, set(answer.context["form"].errors)) == (422, {field})
    assert not Measurement.objects.exists()


def test_who_reads_does_not_log_and_who_is_elsewhere_sees_nothing(
    talks: Talks, measure: Measure, signed_in: SignIn
) -> None:
    teacher, stranger = (User.objects.create_user(f"t{n}@tandem.example", f"T {n}") for n in range(2))
    join(teacher, Role.STAFF, talks.world.board, school=talks.world.school)
    join(stranger, Role.CHAMPION, talks.world.board, school=rows.school(talks.world.board))
    assert log(signed_in(teacher), measure).status_code == 403
    assert signed_in(teacher).get(reverse("measure", args=[measure.pk])).status_code == 200
    assert log(signed_in(stranger), measure).status_code == 404
    assert not Measurement.objects.exists()


def test_a_measure_with_a_number_stays(talks: Talks, measure: Measure, signed_in: SignIn) -> None:
    rows.measurement(measure, talks.marcus)
    answer = signed_in(talks.marcus).post(reverse("measure_remove", args=[measure.pk]))
    assert "so it stays" in answer.content.decode()
    assert Measure.objects.filter(pk=measure.pk).exists()


def test_the_shared_page_has_the_latest_number(talks: Talks, signed_in: SignIn) -> None:
    year = talks.running()
    measure = rows.measure(rows.goal(year.partnership.initiative))
    rows.measurement(measure, talks.marcus, day=TODAY, value=D(6))
    iris = User.objects.get(email="iris@harbour.example")
    for reader, links in ((talks.marcus, True), (iris, False)):
        page = signed_in(reader).get(f"/partnerships/{year.partnership_id}/").content.decode()
        assert "From 3, now 6, target 9" in page
        assert (reverse("measure", args=[measure.pk]) in page) is links
        assert (reverse("measurement_add", args=[measure.pk]) in page) is links


# ── The line ──

DAYS = st.dates(min_value=date(2024, 1, 1), max_value=date(2028, 1, 1))
NUMBERS = st.decimals(min_value=0, max_value=10_000, places=2)


def test_a_line_by_its_days() -> None:
    found = charts.line(
        [(TODAY, D(9)), (TODAY - timedelta(days=10), D(3)), (TODAY - timedelta(days=9), D(4))], start=D(3), aim=D(9)
    )
    assert [(p.x, p.y, p.value, p.is_said) for p in found.points] == [
        ("6.00", "140.0", D(3), False), ("14.80", "122.3", D(4), True), ("94.00", "34.0", D(9), True),
    ]  # fmt: skip
    assert found.aim_y == "34.0"
    assert len(found.pieces) == 2


@given(st.dictionaries(DAYS, NUMBERS, min_size=1, max_size=20), NUMBERS, NUMBERS)
def test_every_point_lies_in_view_and_the_last_is_said(
    values: dict[date, Decimal], start: Decimal, aim: Decimal
) -> None:
    found = charts.line(list(values.items()), start=start, aim=aim)
    assert [point.day for point in found.points] == sorted(values)
    assert all(6 <= float(point.x) <= 94 and 34 <= float(point.y) <= 140 for point in found.points)
    assert found.points[-1].is_said
    said = [float(point.x) for point in found.points if point.is_said]
    assert all(after - before >= charts.NARROWEST - 0.02 for before, after in pairwise(said))
