"""An initiative goes to another champion: with its prospects, its partnerships and what is owed on them."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from accounts.models import Event, User
from accounts.permissions import Role
from engines.outbox import actions as outbox
from engines.outbox.models import Message
from engines.reminders.models import Reminder
from outreach import actions as outreach
from outreach.models import Prospect
from partnerships.models import Partnership
from schools import actions
from schools.models import Initiative
from tests.factories import rows
from tests.small_world import join
from tests.talks import Talks

SignIn = Callable[[User], Client]


@pytest.fixture
def devon(talks: Talks) -> User:
    user = User.objects.create_user("devon@tandem.example", "Devon Clarke", language="fr")
    join(user, Role.CHAMPION, talks.world.board, school=talks.world.school, is_lead=False)
    return user


def test_what_is_owed_goes_along_and_the_rest_stays(talks: Talks, devon: User) -> None:
    partnership = talks.begin()
    other = rows.initiative(talks.world.school, champion=talks.marcus)
    stays = outreach.make_prospect(
        rows.business(talks.world.board), other, by=talks.marcus, champion=talks.marcus,
        next_step="Call", next_step_on=date(2026, 6, 1),
    )  # fmt: skip
    hers = rows.prospect(talks.world.initiative, rows.business(talks.world.board), talks.world.helen)
    actions.hand_over(talks.world.initiative, devon, by=talks.marcus, why="I teach less.")
    assert Initiative.objects.get(pk=talks.world.initiative.pk).champion == devon
    assert Partnership.objects.get(pk=partnership.pk).champion == devon
    champions = dict(Prospect.objects.values_list("pk", "champion"))
    assert champions == {
        talks.world.prospect.pk: devon.pk, stays.pk: talks.marcus.pk, hers.pk: talks.world.helen.pk,
    }  # fmt: skip
    owed = dict(Reminder.objects.open().values_list("subject_id", "owed_by"))
    assert owed == {talks.world.prospect.pk: devon.pk, stays.pk: talks.marcus.pk}
    told = Event.objects.filter(verb="handed over", by=talks.marcus)
    assert {event.why for event in told} == {"Marcus Lee → Devon Clarke: I teach less."}
    assert told.count() == 3


def test_both_are_told_in_their_language(talks: Talks, devon: User) -> None:
    actions.hand_over(talks.world.initiative, devon, by=talks.world.helen, why="He asked for it.")
    mails = {message.recipient: message for message in Message.objects.filter(kind="initiative_handed_over")}
    assert set(mails) == {talks.marcus.email, devon.email}
    assert mails[talks.marcus.email].title == "Devon Clarke takes over “Mentors for 60”"
    for message in mails.values():
        assert "He asked for it." in message.body
        assert f"/initiatives/{talks.world.initiative.pk}/" in message.body
        assert outbox.send(message.pk)
    assert mails[devon.email].language == "fr"


def test_a_second_time_changes_nothing(talks: Talks, devon: User) -> None:
    for _click in range(2):
        actions.hand_over(talks.world.initiative, devon, by=talks.marcus)
    assert Message.objects.count() == 2
    assert Event.objects.filter(verb="handed over").count() == 2  # the initiative and its prospect


def test_a_back_up_who_takes_over_is_no_back_up_any_more(talks: Talks, devon: User) -> None:
    Initiative.objects.update(backup=devon)
    actions.hand_over(talks.world.initiative, devon, by=talks.marcus)
    assert Initiative.objects.values_list("champion", "backup").get() == (devon.pk, None)


def test_what_nobody_led_gets_a_champion(talks: Talks, devon: User) -> None:
    Initiative.objects.update(champion=None, backup=devon)
    actions.hand_over(talks.world.initiative, devon, by=talks.world.helen)
    assert Initiative.objects.values_list("champion", "backup").get() == (devon.pk, None)
    assert Prospect.objects.get().champion == talks.marcus
    assert [message.recipient for message in Message.objects.all()] == [devon.email]


def test_not_to_somebody_elsewhere_and_not_once_it_is_over(talks: Talks, devon: User) -> None:
    with pytest.raises(ValidationError, match="of your school"):
        actions.hand_over(talks.world.initiative, rows.user(), by=talks.marcus)
    Initiative.objects.update(state=Initiative.State.ARCHIVED)
    with pytest.raises(ValidationError, match="is over"):
        actions.hand_over(talks.world.initiative, devon, by=talks.marcus)
    assert not Message.objects.exists()


def test_not_to_a_teacher_who_may_not_write_it(talks: Talks, signed_in: SignIn) -> None:
    teacher = rows.user("Grace Teacher")
    join(teacher, Role.STAFF, talks.world.board, school=talks.world.school)
    with pytest.raises(ValidationError, match="a champion or principal"):
        actions.hand_over(talks.world.initiative, teacher, by=talks.marcus)
    answer = send(signed_in(talks.marcus), talks.world.initiative, teacher, talks.marcus)
    assert answer.status_code == 422
    people = signed_in(talks.marcus).get(reverse("outline_part", args=[talks.world.initiative.pk, "people"]))
    assert teacher not in people.context["form"].fields["champion"].queryset
    assert teacher in people.context["form"].fields["backup"].queryset


def send(browser: Client, initiative: Initiative, to: User, seen: User) -> Any:
    return browser.post(reverse("initiative_hand_over", args=[initiative.pk]), {"to": str(to.pk), "seen": str(seen.pk)})


def test_the_page(talks: Talks, devon: User, signed_in: SignIn) -> None:
    initiative, browser = talks.world.initiative, signed_in(talks.marcus)
    page = browser.get(reverse("initiative_hand_over", args=[initiative.pk])).content.decode()
    assert "Devon Clarke" in page
    assert "Marcus Lee" not in page[page.index('name="to"') :]
    assert Initiative.objects.get().champion == talks.marcus
    assert send(browser, initiative, devon, talks.marcus).status_code == 302
    assert Initiative.objects.get().champion == devon
    late = send(browser, initiative, talks.world.helen, talks.marcus)
    assert late.status_code == 422
    assert "handed it over meanwhile" in late.content.decode()
    assert Initiative.objects.get().champion == devon
    teacher = rows.user("Grace Teacher")
    join(teacher, Role.STAFF, talks.world.board, school=talks.world.school)
    assert send(signed_in(teacher), initiative, talks.marcus, devon).status_code == 403
    stranger = User.objects.create_user("s@tandem.example", "Stranger")
    join(stranger, Role.CHAMPION, talks.world.board, school=rows.school(talks.world.board))
    assert send(signed_in(stranger), initiative, talks.marcus, devon).status_code == 404
