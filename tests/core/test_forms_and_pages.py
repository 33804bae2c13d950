"""Forms: clean text, sane dates, one row for two clicks, and nobody's words lost."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import connection, models
from django.db.models import F, Q
from django.db.models.functions import Length, Lower
from django.db.models.lookups import GreaterThan
from django.test import Client
from django.urls import reverse

from accounts.models import Event, User
from accounts.permissions import Role
from boards.models import Board, ClosedPeriod, StrategicGoal
from core import clock
from core.forms import AuditedModelForm, CleanForm, PhoneField, fields_of
from outreach.models import Meeting
from schools.models import Goal, Initiative
from tests.factories.sent import as_shown, sent_back
from tests.small_world import SmallWorld, join, local, small_world


class AnyForm(CleanForm):
    name = forms.CharField(max_length=20)
    words = forms.CharField(widget=forms.Textarea, required=False)
    day = forms.DateField(required=False)
    many = forms.IntegerField(required=False, min_value=0, validators=[MinValueValidator(5), MaxValueValidator(20_000)])
    hours = forms.DecimalField(required=False, max_digits=5, decimal_places=2, min_value=Decimal("0.25"))
    website = forms.URLField(required=False, assume_scheme="https")
    phone = PhoneField(required=False)


@pytest.mark.parametrize(
    ("typed", "refused"),
    [
        ({"name": "Helen Park"}, set()),
        ({"name": "E\u0301cole"}, set()),
        ({"name": "a\x00b"}, {"name"}),
        ({"name": "a\u202eb"}, {"name"}),
        ({"name": "a\u200bb"}, {"name"}),
        ({"name": "a\ud800b"}, {"name"}),
        ({"name": "two\nlines"}, {"name"}),
        ({"name": "x" * 21}, {"name"}),
        ({"name": "x", "words": "one\r\ntwo\ttabs"}, set()),
        ({"name": "x", "words": "x" * 4001}, {"words"}),
        ({"name": "x", "words": "\x07"}, {"words"}),
        ({"name": "x", "day": "2026-03-12"}, set()),
        ({"name": "x", "day": "9999-12-31"}, {"day"}),
        ({"name": "x", "day": "1066-10-14"}, {"day"}),
        ({"name": "x", "day": "2026-02-30"}, {"day"}),
        ({"name": "x", "day": "soon"}, {"day"}),
        *(
            ({"name": "x", "phone": phone}, set())
            for phone in (
                "905 555 0100",
                "(905) 555-0100",
                "+1 905.555.0100 x12",
                "905-555-0100 ext. 12",
                "905 555-0100, poste 12",
            )
        ),
        *(
            ({"name": "x", "phone": phone}, {"phone"})
            for phone in ("abc", "555 010", "call 905 555 0100", "1" * 6 + "x")
        ),
    ],
)
def test_what_may_be_typed(typed: dict[str, str], refused: set[str]) -> None:
    assert set(AnyForm(typed).errors) == refused


def test_text_is_normalised() -> None:
    form = AnyForm({"name": "E\u0301cole", "words": "one\r\ntwo"})
    assert form.is_valid()
    assert form.cleaned_data == {
        "name": "École",
        "words": "one\ntwo",
        "day": None,
        "many": None,
        "hours": None,
        "website": "",
        "phone": "",
    }


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"many": "-3"}, ["Enter 5 or more."]),
        ({"many": "30000"}, ["Enter 20,000 or less."]),
        ({"hours": "0.1"}, ["Enter 0.25 or more."]),
        ({"hours": "1.234"}, ["Enter at most 2 decimals."]),
        ({"hours": "12345"}, ["Enter a shorter number."]),
        ({"website": "nowhere"}, ["Enter a web address, for example https://example.org."]),
        ({"phone": "abc"}, ["Enter a phone number, for example 905 555 0100 ext. 12."]),
    ],
)
def test_limits_are_said_in_our_words(typed: dict[str, str], said: list[str]) -> None:
    assert AnyForm({"name": "x"} | typed).errors == {next(iter(typed)): said}


@pytest.fixture
def world(db: None) -> SmallWorld:
    return small_world()


def test_two_editors_lose_nothing(world: SmallWorld, client: Client) -> None:
    client.force_login(world.marcus)
    page = reverse("outline_part", args=[world.initiative.pk, "what"])
    opened = client.get(page).context["form"]["version"].value()
    mine = {"title": "Mentors for 60", "summary": "My words", "version": opened}
    theirs = {"title": "Mentors for sixty", "summary": "Their words", "version": opened}
    assert client.post(page, theirs).status_code == 302
    refused = client.post(page, mine)
    assert refused.status_code == 422
    text = refused.content.decode()
    assert "Their words" in text
    assert "My words" in text
    assert Initiative.objects.get().summary == "Their words"
    again = mine | {"version": refused.context["form"]["version"].value()}
    assert client.post(page, again).status_code == 302
    assert Initiative.objects.get().summary == "My words"
    assert Event.objects.filter(verb="edited", by=world.marcus).count() == 2


def test_the_second_editor_takes_over_what_they_did_not_touch(world: SmallWorld, client: Client) -> None:
    Initiative.objects.update(summary="Old summary", title="Old title")
    client.force_login(world.marcus)
    page, opened = reverse("outline_part", args=[world.initiative.pk, "what"]), shown(client, world)
    client.post(page, opened | {"summary": "Their summary", "title": "Their title", "starts_on": "2026-09-08"})
    refused = client.post(page, opened | {"summary": "My summary", "description": "My description"})
    form = refused.context["form"]
    assert refused.status_code == 422
    assert dict(form.errors) == {
        "summary": ["Somebody else saved “Their summary” here while you were writing. Save again to keep yours."]
    }
    assert "One thing to fix" in refused.content.decode()
    assert client.post(page, sent_back(refused)).status_code == 302
    saved = Initiative.objects.get()
    assert (saved.summary, saved.description) == ("My summary", "My description")
    assert (saved.title, saved.starts_on) == ("Their title", date(2026, 9, 8))


def test_two_editors_of_different_fields_disagree_about_nothing(world: SmallWorld, client: Client) -> None:
    client.force_login(world.marcus)
    page, opened = reverse("outline_part", args=[world.initiative.pk, "what"]), shown(client, world)
    client.post(page, opened | {"summary": "Their summary"})
    refused = client.post(page, opened | {"description": "My description"})
    assert list(refused.context["form"].errors) == ["__all__"]
    assert client.post(page, sent_back(refused)).status_code == 302
    saved = Initiative.objects.get()
    assert (saved.summary, saved.description) == ("Their summary", "My description")


def test_a_third_editor_is_told_again(world: SmallWorld, client: Client) -> None:
    """What the form shows after a conflict is what it compares with from there on."""
    client.force_login(world.marcus)
    page, opened = reverse("outline_part", args=[world.initiative.pk, "what"]), shown(client, world)
    client.post(page, opened | {"summary": "Their summary"})
    mine = sent_back(client.post(page, opened | {"summary": "My summary"}))
    client.post(page, shown(client, world) | {"description": "A third one’s"})
    again = client.post(page, mine)
    assert list(again.context["form"].errors) == ["__all__"]
    assert client.post(page, sent_back(again)).status_code == 302
    saved = Initiative.objects.get()
    assert (saved.summary, saved.description) == ("My summary", "A third one’s")


def test_ticks_days_and_choices_are_taken_over_too(world: SmallWorld, client: Client) -> None:
    with clock.standing_at(local(date(2026, 3, 9))):
        meeting = world.meeting(date(2026, 3, 12))
        client.force_login(world.marcus)
        page = reverse("meeting_edit", args=[meeting.pk])
        opened = sent_back(client.get(page))
        theirs = {"day": "2026-03-13", "at": "09:00", "contact": "", "is_principal_attending": "on"}
        assert client.post(page, opened | theirs).status_code == 302
        refused = client.post(page, opened | {"place": "Here", "at": "11:15"})
        assert dict(refused.context["form"].errors) == {
            "at": ["Somebody else saved “09:00” here while you were writing. Save again to keep yours."]
        }
        assert client.post(page, sent_back(refused)).status_code == 302
    saved = Meeting.objects.get()
    assert (saved.starts_local.isoformat()[:16], saved.place) == ("2026-03-13T11:15", "Here")
    assert (saved.contact, saved.is_principal_attending) == (None, True)


def test_rows_that_were_ticked_are_taken_over(world: SmallWorld, client: Client) -> None:
    first, second = (StrategicGoal.objects.create(board=world.board, code=c, title_en=c) for c in ("SP1", "SP2"))
    goal = Goal.objects.create(initiative=world.initiative, title="Read")
    goal.strategic_goals.add(first)
    client.force_login(world.marcus)
    page = reverse("goal_edit", args=[goal.pk])
    opened = sent_back(client.get(page))
    client.post(page, opened | {"strategic_goals": [str(second.pk)]})
    refused = client.post(page, opened | {"title": "Read more"})
    assert client.post(page, sent_back(refused)).status_code == 302
    goal.refresh_from_db()
    assert (goal.title, list(goal.strategic_goals.all())) == ("Read more", [second])


def shown(client: Client, world: SmallWorld) -> dict[str, Any]:
    """The initiative's form as it is opened, ready to be sent back."""
    return sent_back(client.get(reverse("outline_part", args=[world.initiative.pk, "what"])))


@pytest.mark.parametrize("version", ["", "0", "-1", "999", "x", "99999999999999999999"])
def test_a_version_that_was_tampered_with_saves_nothing(world: SmallWorld, client: Client, version: str) -> None:
    client.force_login(world.marcus)
    page = reverse("outline_part", args=[world.initiative.pk, "what"])
    assert client.post(page, {"title": "Changed", "version": version}).status_code == 422
    assert Initiative.objects.get().title == "Mentors for 60"


def test_two_clicks_one_row(world: SmallWorld, client: Client) -> None:
    client.force_login(world.marcus)
    page = reverse("initiative_add", args=[world.school.pk])
    words = {"title": "Robotics", "form_token": str(uuid4())}
    first, second = client.post(page, words), client.post(page, words)
    assert first["Location"] == second["Location"]
    assert Initiative.objects.filter(title="Robotics").count() == 1


def test_going_back_and_changing_a_word_is_no_second_click(world: SmallWorld, client: Client) -> None:
    client.force_login(world.marcus)
    page, token = reverse("initiative_add", args=[world.school.pk]), str(uuid4())
    for title in ("Robotics", "Robots"):
        client.post(page, {"title": title, "form_token": token})
    assert set(Initiative.objects.values_list("title", flat=True)) >= {"Robotics", "Robots"}


def test_somebody_elses_token_leads_nowhere_of_theirs(world: SmallWorld, client: Client) -> None:
    words = {"title": "Robotics", "form_token": str(uuid4())}
    page = reverse("initiative_add", args=[world.school.pk])
    client.force_login(world.marcus)
    theirs = client.post(page, words)["Location"]
    other = Client()
    other.force_login(world.helen)
    assert other.post(page, words)["Location"] not in (theirs, page)


def test_a_second_click_after_the_row_is_there_is_no_mistake(world: SmallWorld, client: Client) -> None:
    """The first click took the name: the second would be refused for it, and is led on instead."""
    client.force_login(world.marcus)
    page = reverse("improvement_goal_add", args=[world.school.pk])
    words = {"title": "Read every day", "form_token": str(uuid4())}
    assert client.post(page, words)["Location"] == client.post(page, words)["Location"]
    assert client.post(page, words | {"form_token": str(uuid4())}).status_code == 422


@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_the_same_moment_one_row() -> None:
    world = small_world()
    page = reverse("initiative_add", args=[world.school.pk])
    words = {"title": "Robotics", "form_token": str(uuid4())}

    def click(_n: int) -> str:
        try:
            browser = Client()
            browser.force_login(world.marcus)
            return str(browser.post(page, words)["Location"])
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as clicks:
        led_to = set(clicks.map(click, range(4)))
    assert len(led_to) == 1
    assert Initiative.objects.filter(title="Robotics").count() == 1


def test_a_duplicate_that_the_form_does_not_show_is_a_message(world: SmallWorld, client: Client) -> None:
    admin = User.objects.create_user("ruth@tandem.example", "Ruth")
    join(admin, Role.BOARD_ADMIN, world.board)
    client.force_login(admin)
    page = reverse("strategic_goal_add", args=[world.board.pk])
    assert client.post(page, {"code": "SP1", "title_en": "Skills"}).status_code == 302
    refused = client.post(page, {"code": "SP1", "title_en": "Again"})
    assert refused.status_code == 422
    assert dict(refused.context["form"].errors) == {"code": ["Another strategic goal has this code."]}
    assert "Another strategic goal has this code." in refused.content.decode()
    assert Board.objects.get().strategic_goals.count() == 1


NEITHER = "Write the goal in English, in French or in both."
TAKEN = "Another strategic goal has this code."


@pytest.mark.parametrize(
    ("fields", "hidden", "errors"),
    [
        (["code", "title_en", "title_fr"], [], {"title_fr": [NEITHER], "code": [TAKEN]}),
        (["title_fr", "title_en", "code"], [], {"title_en": [NEITHER], "code": [TAKEN]}),
        (["title_en"], [], {"title_en": [NEITHER], "__all__": [TAKEN]}),
        (["code", "title_en", "title_fr"], ["title_fr"], {"title_en": [NEITHER], "code": [TAKEN]}),
        (["code"], [], {"code": [TAKEN], "__all__": [NEITHER]}),
        (["code"], ["code"], {"__all__": [NEITHER, TAKEN]}),
    ],
)
def test_what_breaks_a_rule_of_the_row_is_said_at_the_last_field_it_names(
    fields: list[str], hidden: list[str], errors: dict[str, list[str]], world: SmallWorld
) -> None:
    StrategicGoal.objects.create(board=world.board, code="SP1", title_en="Skills")
    kind = forms.modelform_factory(
        StrategicGoal, form=AuditedModelForm, fields=fields, widgets=dict.fromkeys(hidden, forms.HiddenInput)
    )
    form: Any = kind({"code": "SP1"}, instance=StrategicGoal(board=world.board, code="SP1"))
    assert {name: sorted(said, reverse=True) for name, said in form.errors.items()} == errors


@pytest.mark.parametrize(
    ("constraint", "names"),
    [
        (models.UniqueConstraint(fields=["board", "code"], name="x"), {"board", "code"}),
        (models.UniqueConstraint(fields=["email"], condition=~Q(email="", kind="x"), name="x"), {"email"}),
        (models.UniqueConstraint(Lower("email"), "kind", name="x"), {"email", "kind"}),
        (models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="x"), {"ends_on", "starts_on"}),
        (models.CheckConstraint(condition=Q(ends_on=None) | ~Q(kind="x"), name="x"), {"ends_on", "kind"}),
        (models.CheckConstraint(condition=Q(a__lte=F("b") + F("c")), name="x"), {"a", "b", "c"}),
        (models.CheckConstraint(condition=GreaterThan(Length("reason"), 0), name="x"), {"reason"}),
    ],
)
def test_the_fields_of_a_constraint(constraint: models.BaseConstraint, names: set[str]) -> None:
    assert fields_of(constraint) == names


def test_closed_days_that_end_before_they_start_are_a_message(world: SmallWorld, client: Client) -> None:
    admin = User.objects.create_user("ruth@tandem.example", "Ruth")
    join(admin, Role.BOARD_ADMIN, world.board)
    client.force_login(admin)
    words = {"kind": "holiday", "starts_on": date(2026, 5, 2), "ends_on": date(2026, 5, 1)}
    refused = client.post(reverse("closed_period_add", args=[world.board.pk]), words)
    assert refused.status_code == 422
    assert "The last day lies before the first." in refused.content.decode()


@pytest.mark.parametrize(
    ("kind", "days", "refused"),
    [
        ("pa_day", ("2026-12-23", "2026-12-23"), True),
        ("break", ("2026-12-21", "2027-01-03"), True),
        ("holiday", ("2026-12-25", "2026-12-26"), False),  # businesses are closed too
        ("pa_day", ("2026-12-18", "2026-12-21"), False),
    ],
)
def test_days_that_are_closed_already_are_a_message(
    kind: str, days: tuple[str, str], refused: bool, world: SmallWorld, client: Client
) -> None:
    winter = ClosedPeriod.objects.create(
        board=world.board, kind="break", starts_on=date(2026, 12, 21), ends_on=date(2027, 1, 3), name_en="Winter break"
    )
    admin = User.objects.create_user("ruth@tandem.example", "Ruth")
    join(admin, Role.BOARD_ADMIN, world.board)
    client.force_login(admin)
    words = {"kind": kind, "starts_on": days[0], "ends_on": days[1]}
    answer = client.post(reverse("closed_period_add", args=[world.board.pk]), words)
    assert answer.status_code == (422 if refused else 302)
    if refused:
        assert answer.context["form"].errors["starts_on"] == ["These days are closed already. See “Winter break”."]
    inside = ClosedPeriod.objects.create(
        board=world.board, kind="pa_day", starts_on=date(2026, 12, 30), ends_on=date(2026, 12, 30)
    )
    for period in (winter, inside):  # what was saved so may stay
        edit = reverse("closed_period_edit", args=[period.pk])
        assert client.post(edit, as_shown(client.get(edit).context["form"], name_en="Rest")).status_code == 302
