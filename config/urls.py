"""Every address of the site, and the policy of the views that packages bring."""

from allauth.account import views as allauth
from allauth.mfa.base import views as factors
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.webauthn import views as webauthn
from django.conf import settings
from django.urls import include, path
from django.views.generic import RedirectView

from accounts.policies import PUBLIC, SIGNED_IN, Policy
from people.again import fresh
from people.views.again import AgainByCode
from people.views.board_account import back_from_board, sign_in_by_board
from people.views.factors import PasskeyAgain, PasskeyOff, factor_off, factor_on, passkey_on

urlpatterns = [
    path("", include("engines.reminders.urls")),
    path("", include("engines.documents.urls")),
    path("", include("engines.imports.urls")),
    path("", include("people.urls")),
    path("", include("boards.urls")),
    path("", include("schools.urls")),
    path("", include("businesses.urls")),
    path("", include("outreach.urls")),
    path("", include("partnerships.urls")),
    path("", include("agreements.urls")),
    path("", include("evaluation.urls")),
    path("", include("demo.urls")),
    path("favicon.ico", RedirectView.as_view(url=f"{settings.STATIC_URL}favicon.ico"), name="favicon"),
    # Of allauth only what is used: nobody signs up, and an address belongs to one account.
    path("account/sign-in/", allauth.request_login_code, name="account_request_login_code"),
    path("account/sign-in/code/", allauth.confirm_login_code, name="account_confirm_login_code"),
    path("account/sign-in/password/", allauth.login, name="account_login"),
    path("account/sign-in/board/", sign_in_by_board, name="sign_in_by_board"),
    path("account/sign-in/board/<str:provider_id>/back/", back_from_board, name="openid_connect_callback"),
    path("account/sign-up/", allauth.signup, name="account_signup"),
    path("account/sign-out/", allauth.logout, name="account_logout"),
    path("account/inactive/", allauth.account_inactive, name="account_inactive"),
    path("account/again/", allauth.reauthenticate, name="account_reauthenticate"),
    path("account/again/code/", AgainByCode.as_view(), name="account_again_by_code"),
    path("account/password/", allauth.password_change, name="account_change_password"),
    path("account/password/set/", fresh(allauth.password_set), name="account_set_password"),
    path("account/password/reset/", allauth.password_reset, name="account_reset_password"),
    path("account/password/reset/sent/", allauth.password_reset_done, name="account_reset_password_done"),
    path(
        "account/password/reset/<str:uidb36>-<str:key>/",
        allauth.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "account/password/reset/done/",
        allauth.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    path("account/factors/", factors.index, name="mfa_index"),
    path("account/factors/check/", factors.authenticate, name="mfa_authenticate"),
    path("account/factors/again/", factors.reauthenticate, name="mfa_reauthenticate"),
    path("account/factors/app/", factor_on, name="mfa_activate_totp"),
    path("account/factors/app/off/", factor_off, name="mfa_deactivate_totp"),
    path("account/sign-in/passkey/", webauthn.login_webauthn, name="mfa_login_webauthn"),
    path("account/factors/passkeys/new/", passkey_on, name="mfa_add_webauthn"),
    path("account/factors/passkeys/again/", PasskeyAgain.as_view(), name="mfa_reauthenticate_webauthn"),
    path("account/factors/passkeys/<int:passkey>/remove/", PasskeyOff.as_view(), name="mfa_remove_webauthn"),
    path("account/factors/codes/", recovery_codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("account/factors/codes/new/", recovery_codes.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("account/factors/codes/file/", recovery_codes.download_recovery_codes, name="mfa_download_recovery_codes"),
]

PACKAGE_POLICIES: dict[str, Policy] = {
    "favicon": PUBLIC,
    "account_request_login_code": PUBLIC,
    "account_confirm_login_code": PUBLIC,
    "account_login": PUBLIC,
    "account_signup": PUBLIC,
    "account_logout": PUBLIC,
    "account_inactive": PUBLIC,
    "account_reauthenticate": SIGNED_IN,
    "account_again_by_code": SIGNED_IN,
    "account_change_password": SIGNED_IN,
    "account_set_password": SIGNED_IN,
    "account_reset_password": PUBLIC,
    "account_reset_password_done": PUBLIC,
    "account_reset_password_from_key": PUBLIC,
    "account_reset_password_from_key_done": PUBLIC,
    "mfa_index": SIGNED_IN,
    "mfa_authenticate": PUBLIC,
    "mfa_reauthenticate": SIGNED_IN,
    "mfa_activate_totp": SIGNED_IN,
    "mfa_deactivate_totp": SIGNED_IN,
    "mfa_login_webauthn": PUBLIC,
    "mfa_add_webauthn": SIGNED_IN,
    "mfa_reauthenticate_webauthn": SIGNED_IN,
    "mfa_remove_webauthn": SIGNED_IN,
    "mfa_view_recovery_codes": SIGNED_IN,
    "mfa_generate_recovery_codes": SIGNED_IN,
    "mfa_download_recovery_codes": SIGNED_IN,
}

handler400 = "core.errors.bad_request"
handler403 = "core.errors.forbidden"
handler404 = "core.errors.not_found"
handler429 = "core.errors.too_many"  # allauth's, for its rate limits
handler500 = "core.errors.server_error"
