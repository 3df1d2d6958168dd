"""Whether a person has a second factor, and whether it was used in this session."""

import time
from typing import Final

from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.http import HttpRequest
from django.urls import reverse

HOURS: Final = 12
"""So long after it was used does a second factor open the staff pages."""
_KINDS: Final = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def has_second_factor(request: HttpRequest) -> bool:
    """Say whether the person has set one up."""
    return bool(is_mfa_enabled(request.user, _KINDS))


def used_second_factor(request: HttpRequest) -> bool:
    """Say whether the person used one in this session, not long ago."""
    since = time.time() - HOURS * 3600
    records = get_authentication_records(request, request.user)
    return any(record["method"] == "mfa" and record["at"] > since for record in records)


def page_to_use_it(request: HttpRequest) -> str:
    """Return the address at which the person uses the second factor, the password alone not being enough."""
    if is_mfa_enabled(request.user, [Authenticator.Type.TOTP]):
        return reverse("mfa_reauthenticate")
    # Its page leads on to the recovery codes.
    return reverse("mfa_reauthenticate_webauthn")
