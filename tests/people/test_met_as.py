"""Who holds several roles may be met as one of them: their lists and the frame follow, and nothing widens."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Membership, User
from accounts.permissions import Permission, Role
from businesses.models import Business
from engines.reminders.models import Reminder
from outreach.models import Prospect
from people.met_as import CHOSEN
from schools.models import Initiative
from tests.factories import rows
from tests.factories.world import World

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]


@pytest.fixture
def roles(world: World) -> dict[str, Membership]:
    """Staff at her own school and champion at the near one, in one board."""
    user, near = world.user("staff"), world.places["near"]
    own = user.access.memberships[0]
    return {"own": own, "near": rows.member(user, Role.CHAMPION, near.board, school=near.school)}


@pytest.fixture
def hers(world: World, roles: dict[str, Membership], signed_in: SignIn) -> Client:
    return signed_in(world.user("staff"))


def choose(hers: Client, value: object) -> None:
    assert hers.post(reverse("role_of_me"), {"role": str(value)})["Location"] == reverse("today")


def shown(hers: Client, page: str) -> str:
    response = hers.get(reverse(page))
    assert response.status_code == 200
    return str(response.content.decode())


def test_lists_follow_the_role(world: World, roles: dict[str, Membership], hers: Client) -> None:
    own, near = (world.places[place].rows[Initiative].title for place in ("own", "near"))
    for chosen, there, not_there in (("own", own, near), ("near", near, own)):
        choose(hers, roles[chosen].pk)
        assert there in shown(hers, "initiatives")
        assert not_there not in shown(hers, "initiatives")
    choose(hers, "")
    assert own in shown(hers, "initiatives")
    assert near in shown(hers, "initiatives")


def test_today_follows_the_role(world: World, roles: dict[str, Membership], hers: Client) -> None:
    user = roles["own"].user
    mine = {place: world.places[place].rows[Prospect] for place in ("own", "near")}
    Reminder.objects.filter(subject_id__in=[p.pk for p in mine.values()], rule="next_step").update(
        owed_by=user, settled_at=None, due_on=rows.NOW.date()
    )
    names = {place: prospect.business.name for place, prospect in mine.items()}
    assert names["own"] in shown(hers, "today")
    assert names["near"] in shown(hers, "today")
    choose(hers, roles["near"].pk)
    assert names["near"] in shown(hers, "today")
    assert names["own"] not in shown(hers, "today")


def test_a_page_about_one_thing_opens_by_all_of_them(world: World, roles: dict[str, Membership], hers: Client) -> None:
    for chosen in ("own", "near"):
        choose(hers, roles[chosen].pk)
        for place in ("own", "near"):
            assert hers.get(f"/schools/{world.places[place].school.pk}/").status_code == 200
    choose(hers, roles["own"].pk)
    assert hers.get(f"/schools/{world.places['near'].school.pk}/edit/").status_code == 200


def test_a_list_that_the_role_has_not_is_the_one_of_all(
    world: World, roles: dict[str, Membership], hers: Client
) -> None:
    partner = {"role": Role.PARTNER, "school": None, "business": world.places["near"].rows[Business]}
    Membership.objects.filter(pk=roles["near"].pk).update(**partner)
    choose(hers, roles["near"].pk)
    assert world.places["own"].rows[Initiative].title in shown(hers, "initiatives")


def test_it_frames_every_page(roles: dict[str, Membership], hers: Client) -> None:
    near = str(roles["near"].place)
    for chosen, expected in (("own", str(roles["own"].place)), ("near", near)):
        choose(hers, roles[chosen].pk)
        page = shown(hers, "components")
        assert f"<b>{expected}</b>" in page
        assert page.count(f'value="{roles[chosen].pk}" aria-current="true"') == 2  # in the sidebar, and on a phone
    choose(hers, "")
    assert "All your roles" in shown(hers, "today")


def test_one_role_has_nothing_to_choose(world: World, signed_in: SignIn) -> None:
    assert "All your roles" not in shown(signed_in(world.user("champion")), "today")


@pytest.mark.parametrize("asked", ["other", "ended", "none", "0", "-1", "9" * 30, "\x00", "é", "1; drop"])
def test_only_ones_own_role_can_be_chosen(asked: str, world: World, roles: dict[str, Membership], hers: Client) -> None:
    others = world.user("principal").access.memberships[0]
    Membership.objects.filter(pk=roles["near"].pk).update(ended_at=rows.NOW if asked == "ended" else None)
    choose(hers, roles["own"].pk)
    choose(hers, {"other": others.pk, "ended": roles["near"].pk}.get(asked, asked))
    assert CHOSEN not in hers.session


def test_a_role_that_ends_is_not_met_any_more(world: World, roles: dict[str, Membership], hers: Client) -> None:
    choose(hers, roles["near"].pk)
    Membership.objects.filter(pk=roles["near"].pk).update(ended_at=rows.NOW)
    assert world.places["own"].rows[Initiative].title in shown(hers, "initiatives")


def test_no_role_reaches_more_than_all_of_them(roles: dict[str, Membership]) -> None:
    for user in User.objects.filter(memberships__ended_at=None).distinct():
        whole = user.access
        for membership in whole.memberships:
            one = whole.met_as(membership.pk)
            assert one.whole is whole
            for permission in Permission:
                reach, widest = one.reach(permission), whole.reach(permission)
                assert reach.boards <= widest.boards
                assert reach.families <= widest.families
                assert reach.schools <= widest.schools
                assert reach.businesses <= widest.businesses


def test_what_one_must_prove_hangs_on_all_roles(
    world: World, roles: dict[str, Membership], hers: Client, settings: object
) -> None:
    """Met as staff, a board's administrator still needs a second factor."""
    settings.SECOND_FACTOR_REQUIRED = True  # type: ignore[attr-defined]
    choose(hers, roles["own"].pk)
    assert hers.get(reverse("today")).status_code == 200
    rows.member(roles["own"].user, Role.BOARD_ADMIN, roles["own"].board)
    assert hers.get(reverse("today"))["Location"] == reverse("mfa_activate_totp")
