"""The outline in the guide's order: each part saved as one goes, in any order, left and gone on with."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Event, User
from accounts.permissions import Role
from schools.forms.initiative import GUIDE_BENEFITS, PART_FORMS
from schools.models import Initiative, KeyPerson, Need, School
from schools.outline_parts import PARTS, State, next_open, state_of_people, states_of_rows, steps, steps_of
from tests.core.test_forms_and_pages import sent_back
from tests.factories import rows
from tests.factories.sent import as_shown, with_token
from tests.factories.world import World

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing")]
SignIn = Callable[[User], Client]
ORDER = ["what", "why", "needs", "goals", "measures", "learning", "partner", "people"]
TYPED: list[tuple[str, dict[str, Any]]] = [
    ("what", {"summary": "They build.", "description": "A robot.", "starts_on": "2026-09-08"}),
    ("why", {"why": "It matters."}),
    ("learning", {"learning": "They plan."}),
    ("partner", {"benefits": "Proud staff", "ask": "One hour.", "kind": "operational"}),
]


@pytest.fixture
def initiative(world: World) -> Initiative:
    return rows.initiative(world.places["own"].school, "FIRST Robotics")


def part(of: Initiative, key: str) -> str:
    return reverse("outline_part", args=[of.pk, key])


def test_the_guides_order_and_a_form_for_each_part_that_is_typed() -> None:
    assert [one.key for one in PARTS] == ORDER
    assert {one.key: list(one.fields) for one in PARTS if one.fields} == {
        key: form._meta.fields for key, form in PART_FORMS.items()
    }
    assert all(set(one.needed) <= set(one.fields) for one in PARTS)


OPEN, BEGUN, DONE = State.OPEN, State.BEGUN, State.DONE


@pytest.mark.parametrize(
    ("fields", "key", "state"),
    [
        ({}, "what", OPEN),
        ({"summary": "One"}, "what", BEGUN),
        ({"starts_on": date(2026, 9, 8)}, "what", BEGUN),
        ({"summary": "One", "description": "Two"}, "what", DONE),
        ({"why": "One"}, "why", DONE),
        ({"benefits": "One"}, "partner", BEGUN),
        ({"benefits": "One", "ask": "Two"}, "partner", DONE),
    ],
)
def test_how_far_a_typed_part_is(fields: dict[str, Any], key: str, state: State) -> None:
    initiative = Initiative(pk=1, school=School(pk=1, language="en"), title="Robotics", **fields)
    assert {step.part.key: step.state for step in steps(initiative, {})}[key] == state


@pytest.mark.parametrize(
    ("needs", "has_goal", "has_lead", "has_measure", "said"),
    [
        ([], False, False, False, (OPEN, OPEN, OPEN)),
        (["proposed"], True, False, False, (BEGUN, BEGUN, OPEN)),
        (["proposed", "open"], True, True, True, (DONE, DONE, DONE)),
        (["withdrawn"], False, False, True, (OPEN, OPEN, DONE)),
    ],
)
def test_how_far_a_part_with_rows_is(
    needs: list[str], has_goal: bool, has_lead: bool, has_measure: bool, said: tuple[State, ...]
) -> None:
    found = states_of_rows([Need(state=state) for state in needs], has_goal, has_lead, has_measure)
    assert (found["needs"], found["goals"], found["measures"]) == said


@pytest.mark.parametrize(
    ("named", "has_hours", "state"),
    [
        ({}, False, OPEN),
        ({"backup_id": 7}, False, BEGUN),
        ({"champion_id": 7}, False, BEGUN),
        ({}, True, BEGUN),
        ({"champion_id": 7}, True, DONE),
    ],
)
def test_how_far_the_key_people_are(named: dict[str, int], has_hours: bool, state: State) -> None:
    """As readiness says it: who the one contact is, and somebody's time."""
    assert state_of_people(Initiative(pk=1, **named), has_hours) == {"people": state}


def test_a_new_one_asks_for_the_title_alone_and_goes_into_the_outline(world: World, signed_in: SignIn) -> None:
    page = reverse("initiative_add", args=[world.places["own"].school.pk])
    browser = signed_in(world.user("champion"))
    assert list(browser.get(page).context["form"].fields) == ["title"]
    answer = browser.post(page, with_token({"title": "Robotics"}))
    made = Initiative.objects.get(title="Robotics")
    assert (answer["Location"], made.champion) == (part(made, "what"), world.user("champion"))


@pytest.mark.parametrize(("key", "typed"), TYPED)
def test_each_part_is_saved_alone_and_leads_to_the_next(
    key: str, typed: dict[str, str], initiative: Initiative, world: World, signed_in: SignIn
) -> None:
    browser = signed_in(world.user("champion"))
    shown = as_shown(browser.get(part(initiative, key)).context["form"])
    answer = browser.post(part(initiative, key), with_token(shown | typed))
    assert answer["Location"] == part(initiative, ORDER[ORDER.index(key) + 1])
    saved = Initiative.objects.filter(pk=initiative.pk).values(*typed).get()
    assert {name: str(value) for name, value in saved.items()} == typed
    assert Event.objects.filter(verb="edited", subject_id=initiative.pk, by=world.user("champion")).count() == 1
    leaving = as_shown(browser.get(part(initiative, key)).context["form"]) | {"leave": "1"}
    assert browser.post(part(initiative, key), with_token(leaving))["Location"] == reverse(
        "outline", args=[initiative.pk]
    )


def test_the_last_part_leads_to_the_outline(initiative: Initiative, world: World, signed_in: SignIn) -> None:
    champion = world.user("champion")
    sent = {"champion": champion.pk, "backup": world.user("principal").pk, "version": 1}
    answer = signed_in(champion).post(part(initiative, "people"), with_token(sent))
    assert answer["Location"] == reverse("outline", args=[initiative.pk])
    assert steps_of(Initiative.objects.get(pk=initiative.pk))[-1].state == BEGUN
    KeyPerson.objects.create(initiative=initiative, user=champion, hours=4)
    assert steps_of(Initiative.objects.get(pk=initiative.pk))[-1].state == DONE


@pytest.mark.parametrize(
    ("who", "field"),
    [(("champion", "champion"), "backup"), (("champion", "near"), "backup"), (("near", ""), "champion")],
)
def test_who_speaks_for_it_are_two_people_of_the_school(
    who: tuple[str, str], field: str, initiative: Initiative, world: World, signed_in: SignIn
) -> None:
    people = {"champion": world.user("champion").pk, "near": world.user("champion", "near").pk, "": ""}
    sent = {"champion": people[who[0]], "backup": people[who[1]], "version": 1}
    answer = signed_in(world.user("champion")).post(part(initiative, "people"), with_token(sent))
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])


def test_the_guides_three_stand_there_to_start_from_and_are_saved_once_one_saves(
    initiative: Initiative, world: World, signed_in: SignIn
) -> None:
    browser = signed_in(world.user("champion"))
    form = browser.get(part(initiative, "partner")).context["form"]
    assert form["benefits"].value() == GUIDE_BENEFITS
    assert Initiative.objects.get(pk=initiative.pk).benefits == ""
    browser.post(part(initiative, "partner"), with_token(as_shown(form, benefits="Ours")))
    assert browser.get(part(initiative, "partner")).context["form"]["benefits"].value() == "Ours"


def test_two_who_write_one_part_lose_nothing(initiative: Initiative, world: World, signed_in: SignIn) -> None:
    champion, principal = signed_in(world.user("champion")), signed_in(world.user("principal"))
    shown = sent_back(champion.get(part(initiative, "why")))
    assert principal.post(part(initiative, "why"), with_token(shown | {"why": "Hers"})).status_code == 302
    late = champion.post(part(initiative, "why"), with_token(shown | {"why": "His"}))
    assert late.status_code == 422
    assert "Hers" in str(late.context["form"].errors["why"])
    assert Initiative.objects.get(pk=initiative.pk).why == "Hers"
    assert champion.post(part(initiative, "why"), with_token(sent_back(late))).status_code == 302
    assert Initiative.objects.get(pk=initiative.pk).why == "His"


def test_left_and_resumed(initiative: Initiative, world: World, signed_in: SignIn) -> None:
    browser = signed_in(world.user("champion"))
    page = reverse("initiative", args=[initiative.pk])
    assert "Go on with the outline: What happens" in browser.get(page).content.decode()
    said = dict.fromkeys(("summary", "description", "why", "learning", "benefits", "ask"), "Said")
    Initiative.objects.filter(pk=initiative.pk).update(**said, champion=world.user("champion"))
    need = rows.need(initiative, world.user("champion"))
    goal = rows.goal(initiative)
    shown = browser.get(page)
    assert "Go on with the outline: Where our goals lead" in shown.content.decode()
    assert part(initiative, "goals") in shown.content.decode()
    goal.improvement_goals.add(rows.improvement_goal(initiative.school))
    rows.measure(goal)
    assert "Go on with the outline: Key people" in browser.get(page).content.decode()
    KeyPerson.objects.create(initiative=initiative, user=world.user("champion"), hours=4)
    assert "Go on with the outline" not in browser.get(page).content.decode()
    assert next_open(steps_of(Initiative.objects.get(pk=initiative.pk))) is None
    needs = browser.get(part(initiative, "needs")).content.decode()
    assert reverse("need_edit", args=[need.pk]) + "?from=outline" in needs


@pytest.mark.parametrize(
    ("page", "key", "sent"),
    [
        ("goal_add", "goals", {"title": "Read"}),
        ("measure_add", "measures", {"label": "books", "direction": "up", "baseline": "1", "target": "2",
                                     "confidence": "counted"}),
        ("initiative_need_add", "needs", {"kind": "mentors", "quantity": "4", "times_unit": "weeks"}),
    ],
)  # fmt: skip
@pytest.mark.parametrize("comes_from", ["outline", "", "https://elsewhere.example/"])
def test_a_row_leads_back_to_where_one_came_from(
    comes_from: str, page: str, key: str, sent: dict[str, str], initiative: Initiative, world: World, signed_in: SignIn
) -> None:
    goal = rows.goal(initiative)
    url = reverse(page, args=[initiative.pk]) + (f"?from={comes_from}" if comes_from else "")
    answer = signed_in(world.user("champion")).post(url, with_token(sent | {"goal": str(goal.pk)}))
    back = part(initiative, key) if comes_from == "outline" else reverse("initiative", args=[initiative.pk])
    assert answer["Location"] == back


@pytest.mark.parametrize("key", ["needs", "goals", "measures"])
def test_a_part_with_rows_takes_as_many_queries_for_three_as_for_one(
    key: str, initiative: Initiative, world: World, signed_in: SignIn
) -> None:
    browser = signed_in(world.user("champion"))
    taken: list[int] = []
    for _n in range(2):
        for _row in range(1 if not taken else 2):
            rows.need(initiative, world.user("champion"))
            rows.measure(rows.goal(initiative))
        browser.get(part(initiative, key))
        with CaptureQueriesContext(
            connection,
        ) as queries:
            browser.get(part(initiative, key))
        taken.append(len(queries))
    assert taken == [9, 9]


@pytest.mark.parametrize("key", ORDER)
@pytest.mark.parametrize(
    ("role", "place", "status"), [("staff", "own", 403), ("champion", "near", 404), ("partner", "own", 404)]
)
def test_who_may_not_write_it(
    role: str, place: str, status: int, key: str, initiative: Initiative, world: World, signed_in: SignIn
) -> None:
    browser = signed_in(world.user(role, place))
    assert browser.get(part(initiative, key)).status_code == status
    assert browser.post(part(initiative, key), with_token({"why": "Mine", "version": 1})).status_code == status
    assert Initiative.objects.get(pk=initiative.pk).version == 1


def test_there_is_no_other_part(initiative: Initiative, world: World, signed_in: SignIn) -> None:
    assert signed_in(world.user("champion")).get(part(initiative, "money")).status_code == 404


def test_words_are_counted_beside_what_is_printed(initiative: Initiative, world: World, signed_in: SignIn) -> None:
    rows.goal(initiative, "Read every single day")
    browser = signed_in(world.user("champion"))
    page = browser.get(part(initiative, "why")).content.decode()
    assert 'data-words="58"' in page
    assert "About 58 words fit on one page." in page
    goal = browser.get(reverse("goal_add", args=[initiative.pk])).content.decode()
    assert 'data-words="30"' in goal
    assert 'data-besides="4"' in goal


def test_a_part_that_is_begun_says_what_is_still_to_say(
    initiative: Initiative, world: World, signed_in: SignIn
) -> None:
    Initiative.objects.filter(pk=initiative.pk).update(benefits="Proud staff")
    page = signed_in(world.user("champion")).get(reverse("outline", args=[initiative.pk])).content.decode()
    assert "Still to say: what you ask of the partner now" in page
    assert page.count("Still to say") == 1


def test_who_has_no_goal_to_flow_into_is_shown_the_way_to_one(world: World, signed_in: SignIn) -> None:
    bare = rows.school(world.places["own"].board)
    principal = rows.user("Omar")
    rows.member(principal, Role.PRINCIPAL, bare.board, school=bare)
    browser, add = signed_in(principal), reverse("goal_add", args=[rows.initiative(bare, "Mentors").pk])
    to_write = reverse("improvement_goal_add", args=[bare.pk])
    assert to_write in browser.get(add).content.decode()
    rows.improvement_goal(bare, "Raise enrolment")
    assert to_write not in browser.get(add).content.decode()


def test_two_of_one_title_are_told_apart_by_their_years(world: World, signed_in: SignIn) -> None:
    school = world.places["own"].school
    for year in (2026, 2027):
        rows.initiative(school, "Twice", starts_on=date(year, 9, 8), ends_on=date(year + 1, 6, 26))
    page = signed_in(world.user("champion")).get(reverse("initiatives")).content.decode()
    assert "2026–2027" in page
    assert "2027–2028" in page
    assert Initiative(starts_on=date(2026, 1, 8), ends_on=date(2026, 6, 26)).years == "2026"
    assert Initiative().years == ""
