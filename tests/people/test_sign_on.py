"""The board's own sign-in lets in whom it vouches for, at its own domain, who has a role there; and nobody else."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
import requests
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.core.cache import cache
from django.test import Client, override_settings
from django.urls import reverse

from accounts.models import Event, Membership, User
from accounts.permissions import Role
from boards.models import Board
from core import clock
from engines.outbox.secrets import hide, reveal
from people import domains, sign_on
from people.models import SignOn
from people.tasks import check_domains
from tests.factories import rows
from tests.people.board_provider import CLIENT, SECRET, Provider, board_provider, name_server, new_key
from tests.signing_in import lately, signed_in_user

pytestmark = pytest.mark.django_db
DOMAIN = "maple.example"
START = "/account/sign-in/board/"


@pytest.fixture
def provider() -> Iterator[Provider]:
    cache.clear()
    with board_provider() as played:
        yield played


@pytest.fixture
def board() -> Board:
    return rows.board("Maple Valley")


@pytest.fixture
def opened(board: Board, provider: Provider) -> SignOn:
    return SignOn.objects.create(
        board=board, domain=DOMAIN, issuer=provider.url, client_id=CLIENT, secret=hide(SECRET), verified_at=clock.now()
    )


@pytest.fixture
def helen(board: Board) -> User:
    user = User.objects.create_user(f"helen@{DOMAIN}", "Helen Park")
    rows.member(user, Role.BOARD_ADMIN, board)
    return user


def way(browser: Client, email: str = f"helen@{DOMAIN}", **more: str) -> str:
    """Where the page leads."""
    page = browser.post(START, {"email": email, **more}).content.decode()
    found = re.search(r'href="(http://127[^"]+)"', page)
    assert found, page
    return found[1].replace("&amp;", "&")


def come_in(browser: Client, provider: Provider, email: str = f"helen@{DOMAIN}", **more: str) -> Any:
    """What the browser gets when it comes back from the provider."""
    return browser.get(provider.authorize(way(browser, email, **more)).removeprefix("http://testserver"))


def told(browser: Client) -> str:
    return browser.get(reverse("account_request_login_code")).content.decode()


# ── Coming in ──


def test_helen_comes_in_with_her_board_account(client: Client, provider: Provider, opened: SignOn, helen: User) -> None:
    answer = come_in(client, provider, next="/members/")
    assert (answer.status_code, answer["Location"]) == (302, "/members/")
    assert signed_in_user(client) == helen
    link = SocialAccount.objects.get()
    assert (link.user, link.provider, link.uid, link.extra_data) == (helen, opened.provider_id, "42", {})
    assert provider.asked == ["/.well-known/openid-configuration", "/token", "/keys"]


def test_the_form_leads_by_a_link_and_a_form_never_leaves(client: Client, opened: SignOn, helen: User) -> None:
    """The policy of the pages lets forms lead to this site only, also by a redirect."""
    answer = client.post(START, {"email": helen.email.upper()})
    assert answer.status_code == 200
    assert "form-action 'self'" in answer["Content-Security-Policy"]
    assert "login_hint=helen%40maple.example" in answer.content.decode()


def test_she_is_known_again_by_who_she_is_there(
    client: Client, provider: Provider, opened: SignOn, helen: User
) -> None:
    come_in(client, provider)
    provider.claims["email"] = f"helen.park@{DOMAIN}"  # the board gave her another address
    again = Client()
    come_in(again, provider)
    assert signed_in_user(again) == helen
    assert SocialAccount.objects.count() == 1


def test_an_address_given_to_somebody_else_is_not_her(
    client: Client, provider: Provider, opened: SignOn, helen: User
) -> None:
    come_in(client, provider)
    provider.claims["sub"] = "43"
    other = Client()
    come_in(other, provider)
    assert signed_in_user(other) is None
    assert "belongs to another account of your board" in told(other)


def test_userinfo_gives_the_address_that_the_token_lacks(
    client: Client, provider: Provider, opened: SignOn, helen: User
) -> None:
    provider.without = {"email"}
    provider.userinfo = {"sub": "42", "email": helen.email, "email_verified": True}
    come_in(client, provider)
    assert signed_in_user(client) == helen


def test_the_button_is_there_once_a_board_has_one(client: Client, opened: SignOn) -> None:
    button = "Continue with my board account"
    assert button in told(client)
    SignOn.objects.update(is_on=False)
    assert button not in told(client)
    SignOn.objects.update(is_on=True, verified_at=None)
    assert button not in told(client)


def test_whoever_is_signed_in_needs_none(client: Client, opened: SignOn, helen: User) -> None:
    client.force_login(helen)
    assert client.get(START)["Location"] == "/"


# ── Who does not ──


def not_in(provider: Provider, opened: SignOn, helen: User) -> None:
    """Nobody of this name is in at the board."""
    Membership.objects.update(ended_at=clock.now())


def elsewhere(provider: Provider, opened: SignOn, helen: User) -> None:
    Membership.objects.update(board=rows.board("Grand-Érable"))


def deactivated(provider: Provider, opened: SignOn, helen: User) -> None:
    User.objects.update(is_active=False)


def unknown(provider: Provider, opened: SignOn, helen: User) -> None:
    provider.claims["email"] = f"nobody@{DOMAIN}"


def another_domain(provider: Provider, opened: SignOn, helen: User) -> None:
    User.objects.update(email="helen@elsewhere.example")
    provider.claims["email"] = "helen@elsewhere.example"


def not_verified(provider: Provider, opened: SignOn, helen: User) -> None:
    provider.claims["email_verified"] = False


REFUSED = {
    not_in: "has no role at Maple Valley here",
    elsewhere: "has no role at Maple Valley here",
    deactivated: "has no role at Maple Valley here",
    unknown: "has no role at Maple Valley here",
    another_domain: "did not give an address at maple.example",
    not_verified: "did not give an address at maple.example",
}


@pytest.mark.parametrize("change", REFUSED, ids=lambda change: change.__name__)
def test_who_stays_out_is_told_why(
    change: Callable[..., None], client: Client, provider: Provider, opened: SignOn, helen: User
) -> None:
    change(provider, opened, helen)
    answer = come_in(client, provider)
    assert (answer.status_code, answer["Location"]) == (302, reverse("account_request_login_code"))
    assert signed_in_user(client) is None
    assert REFUSED[change] in told(client)
    assert not SocialAccount.objects.exists()
    assert User.objects.count() == 1


@pytest.mark.parametrize(
    "email", ["helen@elsewhere.example", "helen", "", "helen@maple.example.evil.example", "a" * 300]
)
def test_an_address_no_board_stands_for(email: str, client: Client, opened: SignOn) -> None:
    page = client.post(START, {"email": email}).content.decode()
    assert 'aria-invalid="true"' in page
    assert len(email) > 254 or f'value="{email}"' in page or not email


# ── What a provider may get wrong ──


def wrong_audience(provider: Provider) -> None:
    provider.claims["aud"] = "another-client"


def several_audiences(provider: Provider) -> None:
    provider.claims |= {"aud": [CLIENT, "another"], "azp": "another"}


def expired_token(provider: Provider) -> None:
    provider.claims["exp"] = 1_700_000_000


def expired_key(provider: Provider) -> None:
    provider.shown = [("key-2", new_key())]


def forged(provider: Provider) -> None:
    provider.signs_with = ("key-1", new_key())


def another_issuer(provider: Provider) -> None:
    provider.claims["iss"] = "https://accounts.evil.example"


def discovery_of_another(provider: Provider) -> None:
    provider.discovery = {"issuer": "https://accounts.evil.example"}


def discovery_without_keys(provider: Provider) -> None:
    provider.discovery = {"jwks_uri": None}


def no_subject(provider: Provider) -> None:
    provider.without = {"sub"}


def no_expiry(provider: Provider) -> None:
    provider.without = {"exp"}


def no_address(provider: Provider) -> None:
    provider.without, provider.userinfo = {"email"}, {"sub": "42"}


def userinfo_of_another(provider: Provider) -> None:
    provider.without, provider.userinfo = {"email"}, {"sub": "43", "email": f"helen@{DOMAIN}"}


def no_token(provider: Provider) -> None:
    provider.answers["/token"] = (200, "application/json", b'{"access_token": "x"}')


def a_list(provider: Provider) -> None:
    provider.answers["/token"] = (200, "application/json", b'["access_token"]')


def no_content_type(provider: Provider) -> None:
    provider.answers["/token"] = (200, "", b"{}")


def no_json(provider: Provider) -> None:
    provider.answers["/keys"] = (200, "text/html", b"<h1>Down for maintenance</h1>")


def an_error(provider: Provider) -> None:
    provider.answers["/token"] = (500, "text/plain", b"")


def a_flood(provider: Provider) -> None:
    provider.answers["/keys"] = (200, "application/json", b" " * 300_000 + b"{}")


def leads_inside(provider: Provider) -> None:
    provider.answers["/keys"] = (302, "http://127.0.0.1:1/", b"")


@pytest.mark.parametrize(
    "misbehave",
    [
        wrong_audience, several_audiences, expired_token, expired_key, forged, another_issuer, no_subject, no_expiry,
        no_address, userinfo_of_another, no_token, a_list, no_content_type, no_json, an_error, a_flood, leads_inside,
    ],
    ids=lambda change: change.__name__,
)  # fmt: skip
def test_what_is_not_whole_lets_nobody_in(
    misbehave: Callable[[Provider], None], client: Client, provider: Provider, opened: SignOn, helen: User
) -> None:
    misbehave(provider)
    answer = come_in(client, provider)
    assert (answer.status_code, answer["Location"]) == (302, reverse("account_request_login_code"))
    assert signed_in_user(client) is None
    assert "did not come to its end" in told(client)


@pytest.mark.parametrize(
    "misbehave", [discovery_of_another, discovery_without_keys], ids=lambda change: change.__name__
)
def test_who_does_not_say_where_it_lives(
    misbehave: Callable[[Provider], None], client: Client, provider: Provider, opened: SignOn
) -> None:
    misbehave(provider)
    page = client.post(START, {"email": f"helen@{DOMAIN}"}).content.decode()
    assert "The sign-in of Maple Valley does not answer" in page
    assert f'value="helen@{DOMAIN}"' in page


def test_a_provider_that_is_down(client: Client, opened: SignOn) -> None:
    SignOn.objects.update(issuer="http://127.0.0.1:1")
    assert "does not answer" in client.post(START, {"email": f"helen@{DOMAIN}"}).content.decode()


def test_a_code_is_good_once_and_in_this_browser(
    client: Client, provider: Provider, opened: SignOn, helen: User
) -> None:
    back = provider.authorize(way(client)).removeprefix("http://testserver")
    thief = Client()
    thief.get(back)
    assert signed_in_user(thief) is None
    assert provider.tokens_asked == []  # the state is of another browser
    client.get(back)
    assert signed_in_user(client) == helen
    client.post(reverse("account_logout"))
    client.get(back)
    assert signed_in_user(client) is None


def test_a_code_of_another_way_does_not_fit(client: Client, provider: Provider, opened: SignOn, helen: User) -> None:
    """Somebody else's code is not taken for one's own: it was bound to another challenge (PKCE)."""
    stolen = provider.authorize(way(Client())).partition("code=")[2].partition("&")[0]
    own = provider.authorize(way(client)).removeprefix("http://testserver")
    client.get(re.sub(r"code=[^&]+", f"code={stolen}", own))
    assert signed_in_user(client) is None


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("error=access_denied", "without signing in"),
        ("error=server_error", "did not come to its end"),
        ("", "did not come to its end"),
    ],
)
def test_back_without_a_code(query: str, said: str, client: Client, provider: Provider, opened: SignOn) -> None:
    state = re.search(r"state=(\w+)", way(client))
    assert state
    client.get(f"{START}{opened.provider_id}/back/?state={state[1]}&{query}")
    assert said in told(client)


@pytest.mark.parametrize("name", ["sign-on-0", "sign-on-x", "sign-on-", "nothing", "sign-on-" + "9" * 30, "sign-on-²"])
def test_a_sign_in_that_is_not_there(name: str, client: Client, opened: SignOn) -> None:
    assert client.get(f"{START}{name}/back/?state=x&code=y").status_code == 404


@pytest.mark.parametrize(
    "url",
    ["http://login.example", "https://127.0.0.1", "https://10.0.0.1", "https://[::1]:8000", "https://169.254.169.254",
     "ftp://login.example", "https://", "https://no-such-host.invalid", "https://login.example:99999"],
)  # fmt: skip
def test_what_a_site_on_the_net_does_not_ask(url: str) -> None:
    with override_settings(LOCAL=False), pytest.raises(requests.RequestException):
        sign_on.Session().request("GET", url)


# ── The second factor ──


def with_app(user: User) -> None:
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={"secret": hide("JBSWY3DPEHPK3PXP")})


@override_settings(SECOND_FACTOR_REQUIRED=True)
def test_it_counts_as_both(client: Client, provider: Provider, opened: SignOn, helen: User, board: Board) -> None:
    rows.member(rows.user(), Role.STAFF, board, school=rows.school(board))  # the board is not hers alone
    come_in(client, provider)
    assert client.get(reverse("people")).status_code == 200
    by_link = Client()
    by_link.force_login(helen)
    assert by_link.get(reverse("people"))["Location"] == reverse("mfa_activate_totp")


@override_settings(SECOND_FACTOR_REQUIRED=True)
@pytest.mark.parametrize("more", ["another board", "operator"])
def test_it_counts_for_its_own_board_alone(
    more: str, client: Client, provider: Provider, opened: SignOn, helen: User, board: Board
) -> None:
    rows.member(rows.user(), Role.STAFF, board, school=rows.school(board))
    if more == "operator":
        User.objects.filter(pk=helen.pk).update(is_operator=True)
    else:
        rows.member(helen, Role.OFFICE, rows.board("Grand-Érable"))
    come_in(client, provider)
    assert client.get(reverse("people"))["Location"] == reverse("mfa_activate_totp")


def test_who_has_an_app_is_not_asked_for_it_again(
    client: Client, provider: Provider, opened: SignOn, helen: User
) -> None:
    with_app(helen)
    assert come_in(client, provider)["Location"] == "/"
    assert signed_in_user(client) == helen


def test_who_has_an_app_and_another_board_is(client: Client, provider: Provider, opened: SignOn, helen: User) -> None:
    with_app(helen)
    rows.member(helen, Role.OFFICE, rows.board("Grand-Érable"))
    assert come_in(client, provider)["Location"] == reverse("mfa_authenticate")
    assert signed_in_user(client) is None


# ── The domain ──


def due(board: Board, domain: str = DOMAIN) -> SignOn:
    now = clock.now()
    return SignOn.objects.create(board=board, domain=domain, issuer="https://login.example", check_due_at=now)


def seen(records: dict[str, list[str]]) -> int:
    with name_server(records) as address, override_settings(NAME_SERVERS=[address]):
        return check_domains()


def test_a_record_shows_whose_the_domain_is(board: Board) -> None:
    waiting = due(board)
    name, text = waiting.record
    assert seen({name: ["v=spf1 -all", text]}) == 1
    waiting.refresh_from_db()
    assert (waiting.verified_at is not None, waiting.trouble, waiting.check_due_at) == (True, "", None)
    assert Event.objects.filter(verb="domain verified", board=board).count() == 1
    assert seen({name: [text]}) == 0  # once


@pytest.mark.parametrize("records", [{}, {f"_tandem.{DOMAIN}": []}, {f"_tandem.{DOMAIN}": ["tandem-domain=other"]}])
def test_without_it_nobody_comes_in(records: dict[str, list[str]], board: Board) -> None:
    waiting = due(board)
    assert seen(records) == 0
    waiting.refresh_from_db()
    assert (waiting.verified_at, waiting.trouble) == (None, SignOn.Trouble.NO_RECORD)
    assert waiting.check_due_at is not None
    assert waiting.check_due_at > clock.now() + timedelta(minutes=50)
    assert not SignOn.objects.open().exists()


def test_name_servers_that_do_not_answer(board: Board, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(domains, "PATIENCE", 0.2)
    waiting = due(board)
    with override_settings(NAME_SERVERS=["127.0.0.1:1"]):
        check_domains()
    waiting.refresh_from_db()
    assert waiting.trouble == SignOn.Trouble.NO_ANSWER


def test_a_domain_is_of_one_board(board: Board, opened: SignOn) -> None:
    late = due(rows.board("Grand-Érable"))
    name, text = late.record
    assert seen({name: [text]}) == 0
    late.refresh_from_db()
    assert (late.verified_at, late.trouble, late.check_due_at) == (None, SignOn.Trouble.TAKEN, None)


def test_changed_while_it_was_looked_at(board: Board, monkeypatch: pytest.MonkeyPatch) -> None:
    waiting = due(board)

    def slow(name: str) -> list[str]:
        SignOn.objects.update(domain="other.example")
        return [waiting.record[1]]

    monkeypatch.setattr(domains, "texts_at", slow)
    assert check_domains() == 0
    waiting.refresh_from_db()
    assert waiting.verified_at is None


# ── Setting it up ──


@pytest.fixture
def desk(client: Client, helen: User) -> Client:
    client.force_login(helen)
    lately(client, helen)
    return client


def typed(**changed: str) -> dict[str, str]:
    plain = {"domain": DOMAIN, "issuer": "https://login.example/maple", "client_id": CLIENT, "client_secret": SECRET}
    return plain | {"is_on": "on", "form_token": "b5a0a0f4-1d1c-4f1a-9f5e-1f0c5ad1d101"} | changed


def test_a_board_sets_it_up(desk: Client, board: Board) -> None:
    url = reverse("sign_on_add", args=[board.pk])
    assert "form_token" in desk.get(url).content.decode()
    typed_in = typed(domain=" @Maple.example ", issuer="https://login.example/maple/.well-known/openid-configuration")
    led_to = desk.post(url, typed_in)["Location"]
    kept = SignOn.objects.get()
    assert led_to == reverse("sign_on_edit", args=[kept.pk])
    assert (kept.domain, kept.issuer, kept.verified_at) == (DOMAIN, "https://login.example/maple", None)
    assert (reveal(kept.secret), kept.check_due_at is not None) == (SECRET, True)
    assert Event.objects.filter(board=board, verb="added").count() == 1
    assert DOMAIN in desk.get(reverse("sign_ons", args=[board.pk])).content.decode()
    page = desk.get(led_to).content.decode()
    assert f"http://testserver{START}{kept.provider_id}/back/" in page
    assert kept.record[0] in page
    assert kept.record[1] in page
    assert SECRET not in page
    assert kept.secret not in page


def test_another_domain_is_shown_anew_and_the_secret_stays(desk: Client, board: Board, opened: SignOn) -> None:
    url = reverse("sign_on_edit", args=[opened.pk])
    kept = {"client_secret": "", "version": "1", "issuer": opened.issuer}
    desk.post(url, typed(**kept))
    opened.refresh_from_db()
    assert opened.verified_at is not None
    desk.post(url, typed(**kept | {"version": "2", "domain": "other.example"}))
    opened.refresh_from_db()
    assert (opened.domain, opened.verified_at, reveal(opened.secret)) == ("other.example", None, SECRET)
    assert opened.check_due_at is not None


WRONG_DOMAINS = ("", "maple", "https://maple.example", "a b.example", "x" * 300, "maple..example")
WRONG_ISSUERS = ("", "http://login.example", "no address", "https://x.example/?a=b", "https://a:b@x.example")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        *(("domain", value) for value in WRONG_DOMAINS),
        *(("issuer", value) for value in WRONG_ISSUERS),
        ("client_id", ""),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_at_its_field(field: str, value: str, desk: Client, board: Board) -> None:
    page = desk.post(reverse("sign_on_add", args=[board.pk]), typed(**{field: value})).content.decode()
    assert f'id="id_{field}_error"' in page
    assert SECRET in page  # what was typed stays, the secret too
    assert not SignOn.objects.exists()


def test_whoever_signed_in_long_ago_shows_once_more_who_they_are(desk: Client, helen: User, opened: SignOn) -> None:
    """Whoever points it elsewhere could come in as anybody of the board."""
    lately(desk, helen, ago=3600)
    answer = desk.post(reverse("sign_on_edit", args=[opened.pk]), typed(version="1", issuer="https://evil.example"))
    assert answer.status_code == 302
    assert answer["Location"].startswith("/account/")
    opened.refresh_from_db()
    assert opened.version == 1


def test_another_issuer_knows_nobody_yet(client: Client, provider: Provider, opened: SignOn, helen: User) -> None:
    """What one issuer calls "42" is somebody else at another."""
    come_in(client, provider)
    assert SocialAccount.objects.count() == 1
    desk = Client()
    desk.force_login(helen)
    lately(desk, helen)
    url = reverse("sign_on_edit", args=[opened.pk])
    same = typed(version="1", issuer=opened.issuer, client_secret="")
    desk.post(url, same)
    assert SocialAccount.objects.count() == 1
    desk.post(url, same | {"version": "2", "issuer": "https://login.example"})
    assert SocialAccount.objects.count() == 0


@override_settings(SECOND_FACTOR_REQUIRED=True)
def test_one_that_is_switched_off_vouches_for_nobody(
    client: Client, provider: Provider, opened: SignOn, helen: User, board: Board
) -> None:
    rows.member(rows.user(), Role.STAFF, board, school=rows.school(board))
    come_in(client, provider)
    SignOn.objects.update(is_on=False)
    assert client.get(reverse("people"))["Location"] == reverse("mfa_activate_totp")


def test_a_domain_once(desk: Client, board: Board, opened: SignOn) -> None:
    page = desk.post(reverse("sign_on_add", args=[board.pk]), typed()).content.decode()
    assert "The board has a sign-in for this domain already." in page


def test_look_now(desk: Client, board: Board) -> None:
    waiting = due(board)
    SignOn.objects.update(check_due_at=clock.now() + timedelta(hours=1))
    desk.post(reverse("sign_on_look", args=[waiting.pk]), {"form_token": "b5a0a0f4-1d1c-4f1a-9f5e-1f0c5ad1d102"})
    waiting.refresh_from_db()
    assert waiting.check_due_at is not None
    assert waiting.check_due_at <= clock.now()
