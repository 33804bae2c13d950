"""Where goals lead, how ready an initiative is, and a need that stands alone."""

from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Event, User
from accounts.permissions import Role
from boards.models import StrategicGoal
from schools import actions
from schools.alignment import Row, ladder, ladder_of, unserved
from schools.models import Goal, ImprovementGoal, Initiative, KeyPerson, Need
from schools.outline import of
from tests.factories import rows
from tests.small_world import SmallWorld, join, small_world

BUS = {
    "kind": "transportation", "what": "A bus", "people": "18",
    "frequency": "weekly", "times": "15", "times_unit": "weeks",
}  # fmt: skip


def row(
    goal: int, title: str, strategic: tuple[int, str] | None = None, own: tuple[int, int | None] | None = None
) -> Row:
    s = strategic or (None, None)
    lifted = own[1] if own else None
    return Row(goal, title, s[0], s[1], "E", "F", own and own[0], "Own", lifted, lifted and f"SP{lifted}", "E", "F")  # type: ignore[arg-type]


def test_joined_rows_come_together_again() -> None:
    found = ladder(
        [
            row(1, "Start", (1, "SP1")),
            row(1, "Start", (2, "SP2")),
            row(2, "Maths", own=(7, 2)),
            row(2, "Maths", own=(8, None)),
            row(3, "Alone"),
        ]
    )
    assert [goal.pk for goal in found.goals] == [1, 2, 3]
    assert [goal.code for goal in found.strategic] == ["SP1", "SP2"]
    assert (found.straight, found.through, found.lifts) == (((1, 1), (1, 2)), ((2, 7), (2, 8)), ((7, 2),))
    assert [goal.pk for goal in found.nowhere] == [3]
    assert [(goal.pk, own.pk) for goal, own in found.short()] == [(2, 8)]
    rungs = {
        r.strategic.code: ([g.pk for g in r.straight], [(g.pk, o.pk) for g, o in r.through]) for r in found.rungs()
    }
    assert rungs == {"SP1": ([1], []), "SP2": ([1], [(2, 7)])}


@pytest.fixture
def world(db: None) -> SmallWorld:
    return small_world()


def test_the_ladder_takes_one_query(world: SmallWorld, django_assert_num_queries: object) -> None:
    strategic = StrategicGoal.objects.create(board=world.board, code="SP1", title_en="Skills")
    own = ImprovementGoal.objects.create(school=world.school, title="Senior maths")
    own.strategic_goals.add(strategic)
    goal = Goal.objects.create(initiative=world.initiative, title="More maths")
    goal.improvement_goals.add(own)
    with django_assert_num_queries(1):  # type: ignore[operator]
        found = ladder_of(world.initiative)
    assert [(r.strategic.title, [o.title for _g, o in r.through]) for r in found.rungs()] == [
        ("Skills", ["Senior maths"])
    ]


def test_readiness_advises(world: SmallWorld) -> None:
    assert [check.label for check in of(world.initiative)["checks"] if check.is_met] == []  # a champion, and no hours
    KeyPerson.objects.create(initiative=world.initiative, name="Rosa Alvarez", hours=3)
    assert [check.label for check in of(world.initiative)["checks"] if check.is_met] == ["Key people and their time"]
    Need.objects.create(initiative=world.initiative, created_by=world.marcus, kind="mentors", quantity=4)
    world.initiative.why = "It matters."
    assert of(world.initiative)["ready"] == 3


def test_a_need_alone_becomes_a_small_initiative_and_the_next_one_joins_it(world: SmallWorld, client: Client) -> None:
    client.force_login(world.marcus)
    page = reverse("need_add", args=[world.school.pk])
    client.post(page, BUS | {"form_token": str(uuid4())})
    need = Need.objects.get()
    assert need.sentence == "A bus to transport 18 students, once a week for 15 weeks"
    assert need.initiative.title == need.sentence
    client.post(
        page, BUS | {"what": "A coach", "initiative_title": "a BUS to transport 18 students, once a week for 15 weeks"}
    )
    assert Initiative.objects.get(pk=need.initiative_id).needs.count() == 2


def test_a_teachers_need_waits_for_a_yes_and_is_hers_to_change(world: SmallWorld, client: Client) -> None:
    teacher, other = (User.objects.create_user(f"t{n}@tandem.example", f"Teacher {n}") for n in range(2))
    join(teacher, Role.STAFF, world.board, school=world.school)
    join(other, Role.STAFF, world.board, school=world.school, is_lead=False)
    client.force_login(teacher)
    client.post(reverse("need_add", args=[world.school.pk]), BUS)
    need = Need.objects.get()
    assert (need.state, need.created_by) == (Need.State.PROPOSED, teacher)
    page = reverse("need_edit", args=[need.pk])
    assert client.post(page, BUS | {"people": "20", "version": "1"}).status_code == 302
    client.force_login(other)
    assert client.get(page).status_code == 403
    client.force_login(world.marcus)
    assert client.get(page).status_code == 200


def test_the_champion_says_yes_to_a_teachers_need(world: SmallWorld, client: Client) -> None:
    teacher = User.objects.create_user("t@tandem.example", "Teacher")
    join(teacher, Role.STAFF, world.board, school=world.school)
    client.force_login(teacher)
    client.post(reverse("need_add", args=[world.school.pk]), BUS)
    need = Need.objects.get()
    yes = reverse("need_open", args=[need.pk])
    assert client.post(yes).status_code == 403
    assert b"Edit" in client.get(reverse("initiative", args=[need.initiative_id])).content  # hers, while it waits
    client.force_login(world.marcus)
    assert b"Say yes" in client.get(reverse("initiative", args=[need.initiative_id])).content
    for _click in range(2):
        assert client.post(yes).status_code == 302
    need.refresh_from_db()
    assert (need.state, need.version) == (Need.State.OPEN, 2)
    assert Event.objects.filter(verb="opened", by=world.marcus).count() == 1


def test_a_withdrawn_need_stays_in_the_history_and_can_come_back(world: SmallWorld, client: Client) -> None:
    need = Need.objects.create(initiative=world.initiative, created_by=world.marcus, kind="mentors", quantity=4)
    actions.move_need(need, to=Need.State.WITHDRAWN, by=world.marcus, why="We found them.")
    assert (of(world.initiative)["needs"], of(world.initiative)["withdrawn"]) == ([], [need])
    assert Event.objects.get(verb="withdrawn").why == "We found them."
    client.force_login(world.marcus)
    assert b"1 withdrawn" in client.get(reverse("initiative", args=[world.initiative.pk])).content
    actions.move_need(need, to=Need.State.OPEN, by=world.marcus)
    assert of(world.initiative)["needs"] == [need]
    with pytest.raises(KeyError):
        actions.move_need(need, to=Need.State.PROPOSED, by=world.marcus)


@pytest.mark.parametrize(
    ("changed", "field", "words"),
    [
        ({"times": "150"}, "times", "150"),
        ({"times": ""}, "times", "Enter a number"),
        ({"people": "-3"}, "people", ""),
        ({"people": "many"}, "people", ""),
        ({"what": ""}, "what", "Say what exactly"),
        ({"kind": "mentors", "what": ""}, "quantity", "Enter a number"),
        ({"kind": "yacht"}, "kind", ""),
        ({"starts_on": "9999-01-01"}, "starts_on", "between"),
        ({"value": "-1"}, "value", ""),
        ({"hours": "0"}, "hours", ""),
        ({"quantity": "1e400"}, "quantity", ""),
        ({"quantity": "NaN"}, "quantity", ""),
    ],
)
def test_a_wrong_need_is_told_beside_its_field(
    world: SmallWorld, client: Client, changed: dict[str, str], field: str, words: str
) -> None:
    client.force_login(world.marcus)
    page = client.post(reverse("need_add", args=[world.school.pk]), BUS | changed)
    assert page.status_code == 422
    assert set(page.context["form"].errors) == {field}
    assert words in str(page.context["form"].errors[field])
    assert not Need.objects.exists()
    assert not Initiative.objects.exclude(pk=world.initiative.pk).exists()


def test_a_goal_of_the_board_that_nothing_serves_is_said(
    world: SmallWorld, client: Client, django_assert_num_queries: object
) -> None:
    codes = ("SP1", "SP2", "SP3", "SP4")
    straight, through, elsewhere, alone = (
        StrategicGoal.objects.create(board=world.board, code=code, title_en=f"Aim {code}") for code in codes
    )
    own = ImprovementGoal.objects.create(school=world.school, title="Senior maths")
    own.strategic_goals.add(through, alone)
    goal = Goal.objects.create(initiative=world.initiative, title="More maths")
    goal.strategic_goals.add(straight)
    assert [one.code for one in unserved(world.board.pk)] == [
        "SP2",
        "SP3",
        "SP4",
    ]  # nobody leads to the school goal
    own.strategic_goals.remove(alone)
    goal.improvement_goals.add(own)
    other = rows.initiative(rows.school(world.board))
    theirs = rows.goal(other)
    theirs.strategic_goals.add(elsewhere)
    with django_assert_num_queries(1):  # type: ignore[operator]
        assert [one.code for one in unserved(world.board.pk)] == ["SP4"]
    with django_assert_num_queries(1):  # type: ignore[operator]
        assert [step.code for step in ladder_of(world.initiative).unserved] == ["SP3", "SP4"]
    ruth = User.objects.create_user("ruth@tandem.example", "Ruth")
    join(ruth, Role.BOARD_ADMIN, world.board)
    said = "No initiative leads to SP4, “Aim SP4”, yet."
    for reader, is_told in ((ruth, True), (world.marcus, False)):
        client.force_login(reader)
        page = client.get(reverse("board", args=[world.board.pk])).content.decode()
        assert (said in page) is is_told
    client.force_login(world.marcus)
    page = client.get(reverse("initiative", args=[world.initiative.pk])).content.decode()
    assert "No initiative of your school leads to these yet: SP3 “Aim SP3”, SP4 “Aim SP4”." in page
    other.state = Initiative.State.ARCHIVED
    other.save()
    assert [one.code for one in unserved(world.board.pk)] == ["SP3", "SP4"]


def test_a_school_goal_that_stops_short_is_said_with_the_way_to_mend_it(world: SmallWorld, client: Client) -> None:
    own = ImprovementGoal.objects.create(school=world.school, title="Senior maths")
    goals = [Goal.objects.create(initiative=world.initiative, title=title) for title in ("More maths", "Alone")]
    goals[0].improvement_goals.add(own)
    client.force_login(world.marcus)
    page = client.get(reverse("initiative", args=[world.initiative.pk])).content.decode()
    assert reverse("improvement_goal_edit", args=[own.pk]) in page
    assert "“Alone” leads to no goal of the school or board yet." in page
    assert reverse("goal_edit", args=[goals[1].pk]) in page


def test_who_says_yes_reads_who_wrote_the_need(world: SmallWorld, client: Client) -> None:
    teacher = User.objects.create_user("t@tandem.example", "Tess Teacher")
    join(teacher, Role.STAFF, world.board, school=world.school)
    need = rows.need(world.initiative, teacher, state=Need.State.PROPOSED)
    page = reverse("initiative", args=[world.initiative.pk])
    for reader, is_told in ((world.helen, True), (teacher, False)):
        client.force_login(reader)
        said = client.get(page).content.decode()
        assert ("Written by Tess Teacher" in said) == is_told
        assert (reverse("need_withdraw", args=[need.pk]) in said) == is_told
