"""Every address of the site by its name, and who may visit those of libraries: accounts and staff pages.

The statuses are in the order of PEOPLE in test_access.py: nobody, eve, bob, ann, host, other, staff.
"""

import re
from collections.abc import Iterator

from django.conf import settings
from django.db import transaction
from django.urls import URLResolver, get_resolver

API = "api/v1/"
"""What begins so has a table of its own, tests/platform/api/test_access.py."""

Facts = tuple[str, tuple[int, ...]] | tuple[str, tuple[int, ...], dict[str, str]]
ALL = (200,) * 7
GOES_ON = (302,) * 7
NO_VISIT = (405,) * 7
STRANGERS = (200, *(302,) * 6)
"""Pages for those who are not signed in; the others are led on."""
SIGNED_IN = (302, *(200,) * 6)
NO_MEANS = (302, *(403,) * 6)
"""Pages that ask again who it is: the cast has neither passwords nor second factors to say it with."""

ACCOUNTS: dict[str, Facts] = {
    "sign-in": ("/sign-in", STRANGERS),
    "sign-in-link": ("/sign-in/link/{link}", ALL),
    "sign-up": ("/sign-up", STRANGERS),
    "sign-out": ("/sign-out", GOES_ON, {}),
    "settings": ("/settings/", SIGNED_IN),
    "account_login": ("/sign-in", STRANGERS),
    "account_signup": ("/sign-up", STRANGERS),
    "account_logout": ("/sign-out", GOES_ON, {}),
    "account_inactive": ("/sign-in/closed", ALL),
    "mfa_login_webauthn": ("/sign-in/passkey", ALL),
    "mfa_authenticate": ("/sign-in/second", GOES_ON),
    "account_reauthenticate": ("/sign-in/again", NO_MEANS),
    "mfa_reauthenticate": ("/sign-in/again/second", NO_MEANS),
    "mfa_reauthenticate_webauthn": ("/sign-in/again/passkey", NO_MEANS),
    "account_reset_password": ("/sign-in/lost", ALL),
    "account_reset_password_done": ("/sign-in/lost/sent", ALL),
    "account_reset_password_from_key_done": ("/sign-in/lost/done", ALL),
    "account_reset_password_from_key": ("/sign-in/lost/1/abc-def", ALL),
    "account_email_verification_sent": ("/sign-up/confirm", ALL),
    "account_confirm_email": ("/sign-up/confirm/abc", ALL),
    "account_email": ("/settings/email", SIGNED_IN),
    "account_change_password": ("/settings/password", GOES_ON),
    "account_set_password": ("/settings/password/first", SIGNED_IN),
    "mfa_index": ("/settings/security", SIGNED_IN),
    "mfa_activate_totp": ("/settings/security/app", SIGNED_IN),
    "mfa_deactivate_totp": ("/settings/security/app/remove", (302, *(404,) * 6)),
    "mfa_view_recovery_codes": ("/settings/security/codes", (302, *(404,) * 6)),
    "mfa_generate_recovery_codes": ("/settings/security/codes/new", SIGNED_IN),
    "mfa_download_recovery_codes": ("/settings/security/codes.txt", (302, *(404,) * 6)),
    "mfa_list_webauthn": ("/settings/security/passkeys", GOES_ON),
    "mfa_add_webauthn": ("/settings/security/passkeys/add", SIGNED_IN),
    "mfa_edit_webauthn": ("/settings/security/passkeys/1/change", (302, *(404,) * 6)),
    "mfa_remove_webauthn": ("/settings/security/passkeys/1/remove", (302, *(404,) * 6)),
    "sessions": ("/settings/sessions", SIGNED_IN),
    "sessions-end": ("/settings/sessions/end", GOES_ON, {"session": "others"}),
    "tokens": ("/settings/tokens", SIGNED_IN),
    "idp:oidc:device_authorization": ("/device", SIGNED_IN),
    "idp:oidc:device_code": ("/device/code", NO_VISIT),
    "idp:oidc:token": ("/device/token", NO_VISIT),
    "health-live": ("/-/live", ALL),
    "health-ready": ("/-/ready", ALL),
}
"""Row by name: address, statuses, and what is posted if it is no visit."""

TAKE_FORMS = {
    *("sign-in", "sign-in-link", "sign-up"),
    *("account_login", "account_signup", "mfa_login_webauthn", "mfa_authenticate", "account_reauthenticate"),
    *("mfa_reauthenticate", "mfa_reauthenticate_webauthn", "account_reset_password", "account_confirm_email"),
    *("account_reset_password_from_key", "account_email_verification_sent", "account_email", "tokens"),
    *("account_change_password", "account_set_password", "mfa_activate_totp", "mfa_deactivate_totp"),
    *("mfa_generate_recovery_codes", "mfa_add_webauthn", "mfa_edit_webauthn", "mfa_remove_webauthn"),
    *("idp:oidc:device_authorization", "idp:oidc:device_code", "idp:oidc:token"),
}
"""Of these, what takes forms beside visits."""


def every_address(
    resolver: URLResolver | None = None, names: str = "", route: str = ""
) -> Iterator[tuple[str, str]]:
    """Yield the name, with its namespaces, and the route of every address but the API's."""
    for pattern in (resolver or get_resolver()).url_patterns:
        whole = f"{route}{pattern.pattern}"
        if whole.startswith(API):
            continue
        if isinstance(pattern, URLResolver):
            yield from every_address(
                pattern, f"{names}{pattern.namespace}:" if pattern.namespace else names, whole
            )
        else:
            yield f"{names}{pattern.name}", whole


def staff_pages() -> dict[str, Facts]:
    """Return a row for every staff page: nobody gets in there without a second factor.

    Who gets where with one is the matter of tests/platform/test_admin.py.
    """
    routes = {name: route for name, route in every_address() if route.startswith(settings.ADMIN_PATH)}
    rows: dict[str, Facts] = {
        name: ("/" + re.sub(r"<[^>]*>|\(\?P.*", "x", route).rstrip("$"), GOES_ON)
        for name, route in routes.items()
    }
    rows["admin:login"] = (f"/{settings.ADMIN_PATH}login/", (302, *(404,) * 5, 403))
    return rows


FORMS_OF_STRANGERS = {"theme", "language", "sign-out", "account_logout"}


def is_members_form(name, fields):
    """Say whether only somebody signed in sends this form; a stranger gets it back instead of a redirect."""
    return fields is not None and name not in FORMS_OF_STRANGERS


def is_page(answer):
    """Say whether an answer is a whole page, shown in the browser."""
    if answer.streaming or answer.status_code != 200 or "Content-Disposition" in answer:
        return False
    return answer.content[:200].lstrip().lower().startswith(b"<!doctype html")


def visit(visitor, row, things):
    """Return the answer, and undo what the visit wrote."""
    before = transaction.savepoint()
    address = row.address.format(**things)
    if row.fields is None:
        answer = visitor.get(address)
    else:
        fields = {name: value.format(**things) for name, value in row.fields.items()}
        answer = visitor.post(address, **fields)
    if answer.streaming and not answer.is_async:
        b"".join(answer.streaming_content)  # Its file is closed at the end.
    transaction.savepoint_rollback(before)
    transaction.savepoint_commit(before)
    return answer
