"""Coming in: by a one-time code, by a password, by a link of one's own machine; and the choices that go along."""

import re
from datetime import date, time, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.core import mail
from django.test import Client
from django.urls import reverse

from accounts import links
from accounts.models import AccessLink, Event, User
from core import clock
from engines.outbox import tasks as outbox
from engines.outbox.models import Message
from tests.small_world import SmallWorld, local, small_world

pytestmark = pytest.mark.django_db
PASSWORD = "a long enough sentence"


@pytest.fixture
def world() -> SmallWorld:
    return small_world()


def ask_code(client: Client, email: str) -> Any:
    return client.post(reverse("account_request_login_code"), {"email": email})


def test_a_code_by_mail_signs_in_and_is_never_kept_in_the_clear(world: SmallWorld, client: Client) -> None:
    assert ask_code(client, "Marcus@tandem.example").status_code == 302
    waiting = Message.objects.get()
    assert mail.outbox == []  # nothing remote in a request
    outbox.sweep()
    code = re.search(r"^[A-Z0-9-]{6,}$", str(mail.outbox[0].body), re.M)
    assert code is not None
    assert code[0] not in waiting.body
    waiting.refresh_from_db()
    assert (waiting.state, waiting.body) == (Message.State.SENT, "")
    answer = client.post(reverse("account_confirm_login_code"), {"code": code[0]})
    assert answer["Location"] == "/"
    assert client.get("/").context["user"] == world.marcus


def test_a_wrong_code_signs_nobody_in(world: SmallWorld, client: Client) -> None:
    ask_code(client, world.marcus.email)
    client.post(reverse("account_confirm_login_code"), {"code": "AAA-AAA"})
    assert client.get("/").status_code == 302


def test_an_unknown_address_is_told_the_same_and_mailed_nothing(world: SmallWorld, client: Client) -> None:
    known, unknown = ask_code(Client(), world.marcus.email), ask_code(client, "nobody@tandem.example")
    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])
    assert not Message.objects.filter(recipient="nobody@tandem.example").exists()


def test_a_password_signs_in(world: SmallWorld, client: Client) -> None:
    world.marcus.set_password(PASSWORD)
    world.marcus.save()
    page = reverse("account_login")
    assert client.post(page, {"login": world.marcus.email, "password": "wrong"}).status_code == 200
    assert client.post(page, {"login": world.marcus.email.upper(), "password": PASSWORD})["Location"] == "/"


def test_nobody_signs_up(client: Client) -> None:
    page = reverse("account_signup")
    before = User.objects.count()
    words = {"email": "new@tandem.example", "password1": PASSWORD, "password2": PASSWORD}
    assert client.post(page, words).status_code == 200
    assert User.objects.count() == before


def test_whoever_was_deactivated_stays_out(world: SmallWorld, client: Client) -> None:
    client.force_login(world.marcus)
    User.objects.filter(pk=world.marcus.pk).update(is_active=False)
    assert client.get("/").status_code == 302


def test_a_link_shows_on_get_and_signs_in_once_on_post(world: SmallWorld, client: Client) -> None:
    token = links.make_sign_in_link(world.marcus)
    page = reverse("sign_in_link", args=[token])
    for _look in range(2):
        assert b"Marcus Lee" in client.get(page).content
    assert AccessLink.objects.get().uses == 0
    assert token not in str(AccessLink.objects.values())
    assert client.post(page)["Location"] == "/"
    assert client.get("/").status_code == 200
    assert Client().post(page).status_code == 404
    assert Event.objects.filter(verb="used", by=world.marcus).count() == 1


def test_two_clicks_on_a_link_let_one_in(world: SmallWorld) -> None:
    link = links.find_sign_in(links.make_sign_in_link(world.marcus))
    assert link is not None
    assert [links.use(link), links.use(link)] == [True, False]


def test_a_link_runs_out_after_a_day(world: SmallWorld, client: Client) -> None:
    now = local(date(2026, 3, 9))
    with clock.standing_at(now):
        page = reverse("sign_in_link", args=[links.make_sign_in_link(world.marcus)])
    with clock.standing_at(now + timedelta(days=1, seconds=1)):
        assert client.get(page).status_code == 404


def test_elsewhere_than_local_there_are_no_links(world: SmallWorld, client: Client, settings: Any) -> None:
    page = reverse("sign_in_link", args=[links.make_sign_in_link(world.marcus)])
    settings.LOCAL = False
    assert client.get(page).status_code == 404
    assert client.post(page).status_code == 404
    with pytest.raises(links.LocalOnly):
        links.make_sign_in_link(world.marcus)
    with pytest.raises(RuntimeError):
        clock.shift_to(local(date(2026, 3, 9)))


def test_the_language_goes_with_the_person(world: SmallWorld, client: Client) -> None:
    client.force_login(world.marcus)
    answer = client.post(reverse("language"), {"language": "fr", "next": "/initiatives/"})
    assert answer["Location"] == "/initiatives/"
    assert 'lang="fr"' in client.get("/").content.decode()
    elsewhere = Client()
    elsewhere.force_login(world.marcus)
    assert 'lang="fr"' in elsewhere.get("/").content.decode()


@pytest.mark.parametrize("next_page", ["https://evil.example/", "//evil.example", "javascript:alert(1)", ""])
def test_a_choice_never_leads_to_another_site(client: Client, next_page: str) -> None:
    assert client.post(reverse("theme"), {"theme": "dark", "next": next_page})["Location"] == "/"


def test_the_theme_is_the_browsers(client: Client) -> None:
    assert "data-bs-theme" not in client.get(reverse("account_request_login_code")).content.decode()
    client.post(reverse("theme"), {"theme": "dark", "next": "/"})
    assert 'data-bs-theme="dark"' in client.get(reverse("account_request_login_code")).content.decode()
    client.post(reverse("theme"), {"theme": "neon", "next": "/"})
    assert 'data-bs-theme="dark"' in client.get(reverse("account_request_login_code")).content.decode()


def test_who_chose_nothing_sees_the_system_s_dark_as_the_chosen_one() -> None:
    css = (settings.BASE_DIR / "static" / "css" / "tandem.css").read_text()
    chosen = dict(re.findall(r"^\[data-bs-theme=dark\]([^{]*)\{([^}]*)\}", css, re.MULTILINE))
    of_the_system = (
        r"^@media screen and \(prefers-color-scheme:dark\)\{:root:not\(\[data-bs-theme\]\)([^{]*)\{([^}]*)\}\n?\}"
    )
    followed = dict(re.findall(of_the_system, css, re.MULTILINE))
    assert len(chosen) == 3
    assert {part: followed[part].strip() for part in chosen} == {part: look.strip() for part, look in chosen.items()}


def test_times_are_shown_in_the_zone_of_the_board(world: SmallWorld, client: Client) -> None:
    client.force_login(world.marcus)
    with clock.standing_at(local(date(2026, 3, 9))):
        world.meeting(date(2026, 3, 12), time(20, 30))
        page = client.get(reverse("prospect", args=[world.prospect.pk])).content.decode()
    assert "Thursday 12 March at 20:30" in page


def test_nothing_behind_sign_in_is_kept_by_a_cache(world: SmallWorld, client: Client) -> None:
    client.force_login(world.marcus)
    assert client.get("/")["Cache-Control"] == "no-store"
