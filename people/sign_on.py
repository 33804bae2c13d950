"""Coming in with the board's own account, by OpenID Connect (discovery, code with PKCE).

The board's sign-in says who somebody is; what they may do here comes from their memberships alone, and nobody gets an
account or a role by having an address. docs/decisions/0017-the-boards-own-sign-in.md says why it is as it is.
"""

import ipaddress
import logging
import socket
import time
from typing import Any
from urllib.parse import urlsplit

import jwt
import requests
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.stages import AuthenticateStage
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialLogin
from allauth.socialaccount.providers.base import AuthError, AuthProcess
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.contrib import messages
from django.core.cache import cache
from django.http import HttpRequest
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from accounts.models import Membership, User
from core import clock
from engines.outbox.secrets import reveal
from people.models import SignOn

log = logging.getLogger("tandem.sign_on")
PATIENCE = 5  # seconds a board's sign-in has for one answer
LONGEST = 10  # seconds until an answer must be whole
LARGEST = 256 * 1024  # bytes of an answer
KEPT = 3600  # seconds for which where a board's sign-in lives is remembered
LEEWAY = 60  # seconds two clocks may stand apart
ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"]
ASKED = ("authorization_endpoint", "token_endpoint", "jwks_uri", "issuer")


# ── Whom it lets in ───────────────────────────────────────────────────────────


class Refused(Exception):
    """The board's sign-in said who this is, and they do not come in; the text says why, in their words."""


def open_for(email: str) -> SignOn | None:
    """The sign-in that stands for the domain of `email`, if it lets people in."""
    domain = email.rpartition("@")[2].lower()
    return SignOn.objects.open().filter(domain=domain).select_related("board").first()


def admitted(sign_on: SignOn, subject: str, email: str, *, is_verified: bool = True) -> User:
    """The account of whom `sign_on` calls `subject`; the first time found by their address, and bound to them from
    then on. Raises Refused: an address of another domain, nobody of this board, or somebody else's account."""
    nobody = Refused(
        _("%(email)s has no role at %(board)s here. Ask whoever administers the board to invite you.")
        % {"email": email, "board": sign_on.board.name}
    )
    link = SocialAccount.objects.filter(provider=sign_on.provider_id, uid=subject).select_related("user").first()
    if link is None and (not is_verified or email.rpartition("@")[2].lower() != sign_on.domain):
        raise Refused(_("Your board’s sign-in did not give an address at %(domain)s.") % {"domain": sign_on.domain})
    user = link.user if link else User.objects.filter(email__iexact=email).first()
    if user is None or not user.is_active or not _is_in(user, sign_on):
        raise nobody
    if link is None and SocialAccount.objects.filter(provider=sign_on.provider_id, user=user).exists():
        raise Refused(_("This address belongs to another account of your board. Ask whoever administers the board."))
    return user


def _is_in(user: User, sign_on: SignOn) -> bool:
    return Membership.objects.current().filter(user=user, board=sign_on.board).exists()


def counts_as_both(request: HttpRequest, user: User) -> bool:
    """Whether having come by the board's sign-in is proof enough for whoever needs a second factor: only where no
    other board and not the installation is at stake."""
    ways = [r["provider"] for r in get_authentication_records(request, user) if r["method"] == "socialaccount"]
    if not ways or user.is_operator:
        return False
    vouching = SignOn.objects.open().filter(pk__in=map(_key, ways)).values_list("board_id", flat=True)
    return {membership.board_id for membership in user.access.whole.memberships} == set(vouching)


def _key(provider_id: str) -> int:
    """The key of a sign-in from its `provider_id`; 0 for anything else."""
    key = provider_id.removeprefix("sign-on-")
    return int(key) if key.isascii() and key.isdigit() and len(key) < 19 else 0


class SecondFactorStage(AuthenticateStage):
    """A code or passkey after the password, unless the board's sign-in stands for both."""

    def _should_handle(self, request: HttpRequest) -> bool:
        if not super()._should_handle(request):
            return False
        # Read anew: the library writes its own into the session, and what a person may is not written there.
        return not counts_as_both(request, User.objects.get(pk=self.login.user.pk))


# ── How the library is told ───────────────────────────────────────────────────


class Session(requests.Session):
    """What is asked of a board's sign-in: over TLS, of a public address, whole within LONGEST, not led elsewhere."""

    def __init__(self) -> None:
        super().__init__()
        self.trust_env = False

    def request(self, method: str, url: str, **how: Any) -> requests.Response:  # type: ignore[override]
        """Raises requests.RequestException for whatever goes wrong."""
        _may_be_asked(url)
        answer = super().request(method, url, **{**how, "timeout": PATIENCE, "allow_redirects": False, "stream": True})
        deadline, whole = time.monotonic() + LONGEST, b""
        for part in answer.iter_content(16 * 1024):
            whole += part
            if len(whole) > LARGEST or time.monotonic() > deadline:
                answer.close()
                raise requests.ConnectionError(f"{urlsplit(url).hostname} sends too much, or too slowly")
        answer._content = whole
        if answer.is_redirect:
            raise requests.TooManyRedirects(f"{url} leads elsewhere")
        return answer


def _may_be_asked(url: str) -> None:
    """Raises requests.exceptions.InvalidURL for what is not https, or an address inside the house."""
    parts = urlsplit(url)
    try:
        host, port = parts.hostname or "", parts.port or 443
        found = {ipaddress.ip_address(info[4][0]) for info in socket.getaddrinfo(host, port)}
    except (OSError, ValueError) as error:
        raise requests.ConnectionError(f"no such host: {error}") from error
    if settings.LOCAL and all(address.is_loopback for address in found):
        return
    if parts.scheme != "https" or not all(address.is_global for address in found):
        raise requests.exceptions.InvalidURL("only a public address, over https, is asked")


class Adapter(DefaultSocialAccountAdapter):
    """Reads the boards' sign-ins from our own rows; closed to sign-up; says in words what went wrong."""

    def list_apps(self, request: HttpRequest, provider: Any = None, client_id: Any = None) -> list[SocialApp]:
        found = SignOn.objects.open().filter(pk=_key(str(provider or ""))).select_related("board").first()
        return [_app(found)] if found else []

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return False

    def get_requests_session(self) -> Session:
        return Session()

    def on_authentication_error(
        self, request: HttpRequest, provider: Any, error: Any = None, exception: Any = None, extra_context: Any = None
    ) -> None:
        log.info("sign-in by %s failed: %s %s", provider.app.provider_id, error, exception or "")
        said = _("You came back from your board’s sign-in without signing in.")
        if error != AuthError.CANCELLED:
            said = _("Your board’s sign-in did not come to its end. Try once more, or let us send you a code.")
        raise ImmediateHttpResponse(_back(request, said))

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Bind it to the account it belongs to, or go back with words."""
        told, sign_on = sociallogin.account.extra_data, sociallogin.provider.app.sign_on
        account = {"provider": sign_on.provider_id, "uid": sociallogin.account.uid}
        try:
            user = admitted(sign_on, account["uid"], told["email"], is_verified=told["is_verified"])
        except Refused as refused:
            log.info("sign-in by %s refused: %s", sign_on.provider_id, refused)
            raise ImmediateHttpResponse(_back(request, str(refused))) from refused
        link, _is_new = SocialAccount.objects.get_or_create(**account, defaults={"user": user})
        SocialAccount.objects.filter(pk=link.pk).update(extra_data={}, last_login=clock.now())
        sociallogin.account, sociallogin.user = link, user


def _back(request: HttpRequest, said: str) -> Any:
    messages.error(request, said)
    return redirect("account_request_login_code")


def _app(sign_on: SignOn) -> SocialApp:
    """What the library knows of a board's sign-in; never saved."""
    app = SocialApp(
        provider="openid_connect",
        provider_id=sign_on.provider_id,
        name=sign_on.board.name[:40],
        client_id=sign_on.client_id,
        secret=reveal(sign_on.secret) if sign_on.secret else "",
        settings={"server_url": sign_on.issuer, "oauth_pkce_enabled": True},
    )
    app.sign_on = sign_on
    return app


class BoardSignIn(OpenIDConnectOAuth2Adapter):
    """The exchange with a board's sign-in; every claim and signature is looked at."""

    @property
    def openid_config(self) -> dict[str, Any]:
        """Where it lives, remembered for KEPT. Raises OAuth2Error if it names another issuer or too little."""
        sign_on = self.get_provider().app.sign_on
        key = f"sign-on:{sign_on.pk}:{sign_on.version}"
        if (kept := cache.get(key)) is not None:
            return kept
        found = self._fetched(f"{sign_on.issuer.rstrip('/')}/.well-known/openid-configuration")
        if not all(isinstance(found.get(name), str) for name in ASKED):
            raise OAuth2Error("the discovery document lacks an endpoint")
        if found["issuer"].rstrip("/") != sign_on.issuer.rstrip("/"):
            raise OAuth2Error(f"the discovery document is of {found['issuer']}")
        cache.set(key, found, KEPT)
        return found

    def _fetched(self, url: str, **headers: str) -> dict[str, Any]:
        answer = Session().request("GET", url, headers=headers)
        answer.raise_for_status()
        found = answer.json()
        if not isinstance(found, dict):
            raise OAuth2Error(f"{url} gives no object")
        return found

    def get_access_token_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """What the code was changed for. Raises OAuth2Error or requests.RequestException."""
        try:
            data = super().get_access_token_data(*args, **kwargs)
            return {"access_token": str(data["access_token"]), "id_token": data.get("id_token")}
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise OAuth2Error(f"no token was given: {type(error).__name__}") from error

    def complete_login(self, request: HttpRequest, app: SocialApp, token: Any, **kwargs: Any) -> SocialLogin:
        """Who it is, from the ID token; the address from there or from userinfo. Raises OAuth2Error."""
        claims = self._claims(app, kwargs["response"].get("id_token"))
        if not claims.get("email") and self.openid_config.get("userinfo_endpoint"):
            more = self._fetched(self.openid_config["userinfo_endpoint"], Authorization=f"Bearer {token.token}")
            if more.get("sub") != claims["sub"]:
                raise OAuth2Error("userinfo is about somebody else")
            claims = more | claims | {key: more[key] for key in ("email", "email_verified") if key in more}
        email = claims.get("email")
        if not isinstance(email, str) or email.count("@") != 1 or len(email) > 254:
            raise OAuth2Error("no e-mail address was given")
        told = {
            "sub": str(claims["sub"])[:191],
            "email": email.lower(),
            "is_verified": claims.get("email_verified", True) in (True, "true"),
        }
        return self.get_provider().sociallogin_from_response(request, told)

    def _claims(self, app: SocialApp, id_token: Any) -> dict[str, Any]:
        """The claims of an ID token made for us, by this issuer, signed by a key it shows, and still good."""
        try:
            kid = jwt.get_unverified_header(id_token).get("kid")
            keys = jwt.PyJWKSet.from_dict(self._fetched(self.openid_config["jwks_uri"])).keys
            key = next((key for key in keys if kid in (key.key_id, None)), None)
            if key is None:
                raise OAuth2Error("signed with a key that is not shown any more")
            claims: dict[str, Any] = jwt.decode(
                id_token, key, algorithms=ALGORITHMS, audience=app.client_id, issuer=self.openid_config["issuer"],
                leeway=LEEWAY, options={"require": ["exp", "iat", "sub", "aud", "iss"]},
            )  # fmt: skip
        except (jwt.PyJWTError, TypeError, ValueError) as error:
            raise OAuth2Error(f"{type(error).__name__}: {error}") from error
        if claims.get("azp", app.client_id) != app.client_id:
            raise OAuth2Error("the token was made for another client")
        return claims


def way_to(request: HttpRequest, sign_on: SignOn, email: str, next_url: str | None) -> str:
    """The address at the board's sign-in where somebody shows who they are.

    Raises requests.RequestException or OAuth2Error if it does not say where it lives.
    """
    provider = BoardSignIn(request, sign_on.provider_id).get_provider()
    provider.get_oauth2_adapter = lambda request: BoardSignIn(request, sign_on.provider_id)
    led: Any = provider.redirect(request, AuthProcess.LOGIN, next_url=next_url, auth_params={"login_hint": email})
    return str(led.url)
