"""The addresses of accounts: allauth's views at addresses of ours, under the names that allauth knows."""

from typing import Final

from allauth.account import views as account
from allauth.mfa.base import views as factors
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as app
from allauth.mfa.webauthn import views as passkeys
from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path
from django.views.generic import RedirectView

from coliseum.pages import devices, people, preferences, sessions, tokens
from coliseum.pages.account_views import ours, with_passkeys

_LOST: Final = "sign-in/lost"
_AGAIN: Final = "sign-in/again"
_EMAIL: Final = "settings/email"
_PASSWORD: Final = "settings/password"  # noqa: S105 - an address
_SECURITY: Final = "settings/security"
_KEYS: Final = f"{_SECURITY}/passkeys"
_DEVICE: Final = [
    path("device", devices.question, name="device_authorization"),
    path("device/code", devices.code, name="device_code"),
    path("device/token", devices.token, name="token"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    # Twice: under our name, which templates use, and under allauth's.
    path("sign-in", ours(account.login), name="account_login"),
    path("sign-in", ours(account.login), name="sign-in"),
    path("sign-up", ours(account.signup), name="account_signup"),
    path("sign-up", ours(account.signup), name="sign-up"),
    path("sign-out", ours(account.logout, "POST"), name="account_logout"),
    path("sign-out", ours(account.logout, "POST"), name="sign-out"),
    path("sign-in/link/<str:secret>", people.sign_in_link, name="sign-in-link"),
    path("sign-in/closed", ours(account.account_inactive, "GET", "HEAD"), name="account_inactive"),
    path("sign-in/passkey", ours(with_passkeys(passkeys.login_webauthn)), name="mfa_login_webauthn"),
    path("sign-in/second", ours(with_passkeys(factors.authenticate)), name="mfa_authenticate"),
    path(_AGAIN, ours(account.reauthenticate), name="account_reauthenticate"),
    path(f"{_AGAIN}/second", ours(factors.reauthenticate), name="mfa_reauthenticate"),
    path(
        f"{_AGAIN}/passkey",
        ours(with_passkeys(passkeys.reauthenticate_webauthn)),
        name="mfa_reauthenticate_webauthn",
    ),
    path(_LOST, ours(account.password_reset), name="account_reset_password"),
    path(
        f"{_LOST}/sent", ours(account.password_reset_done, "GET", "HEAD"), name="account_reset_password_done"
    ),
    path(
        f"{_LOST}/done",
        ours(account.password_reset_from_key_done, "GET", "HEAD"),
        name="account_reset_password_from_key_done",
    ),
    path(
        f"{_LOST}/<str:uidb36>/<str:key>",
        ours(account.password_reset_from_key),
        name="account_reset_password_from_key",
    ),
    path(
        "sign-up/confirm",
        ours(account.email_verification_sent),
        name="account_email_verification_sent",
    ),
    path("sign-up/confirm/<str:key>", ours(account.confirm_email), name="account_confirm_email"),
    path("settings/", preferences.settings, name="settings"),
    path(_EMAIL, ours(account.email), name="account_email"),
    path(_PASSWORD, ours(account.password_change), name="account_change_password"),
    path(f"{_PASSWORD}/first", ours(account.password_set), name="account_set_password"),
    path(_SECURITY, ours(factors.index, "GET", "HEAD"), name="mfa_index"),
    path(f"{_SECURITY}/app", ours(app.activate_totp), name="mfa_activate_totp"),
    path(f"{_SECURITY}/app/remove", ours(app.deactivate_totp), name="mfa_deactivate_totp"),
    path(
        f"{_SECURITY}/codes", ours(codes.view_recovery_codes, "GET", "HEAD"), name="mfa_view_recovery_codes"
    ),
    path(f"{_SECURITY}/codes/new", ours(codes.generate_recovery_codes), name="mfa_generate_recovery_codes"),
    path(
        f"{_SECURITY}/codes.txt",
        ours(codes.download_recovery_codes, "GET", "HEAD"),
        name="mfa_download_recovery_codes",
    ),
    # allauth leads here after a key was added, changed or removed; ours stand on the page of security.
    path(
        _KEYS, ours(RedirectView.as_view(pattern_name="mfa_index"), "GET", "HEAD"), name="mfa_list_webauthn"
    ),
    path(f"{_KEYS}/add", ours(with_passkeys(passkeys.add_webauthn)), name="mfa_add_webauthn"),
    path(f"{_KEYS}/<int:pk>/change", ours(passkeys.edit_webauthn), name="mfa_edit_webauthn"),
    path(f"{_KEYS}/<int:pk>/remove", ours(passkeys.remove_webauthn), name="mfa_remove_webauthn"),
    path("settings/sessions", sessions.sessions, name="sessions"),
    path("settings/sessions/end", sessions.end, name="sessions-end"),
    path("settings/tokens", tokens.tokens, name="tokens"),
    path("settings/tokens/<str:token_id>/revoke", tokens.revoke, name="token-revoke"),
    # allauth looks its device addresses up by these two namespaces.
    path("", include(([path("", include((_DEVICE, "oidc")))], "idp"))),
]
if settings.SOCIALACCOUNT_PROVIDERS:
    urlpatterns.append(path("", include("coliseum.pages.provider_urls")))
