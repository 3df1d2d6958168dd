"""A person's settings: the overview of how they sign in, and the theme."""

from typing import Any, cast

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings as site_settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from coliseum.accounts.models import User
from coliseum.accounts.queries import live_tokens
from coliseum.pages.context import THEMES
from coliseum.pages.methods import require_POST, require_safe
from coliseum.pages.people import next_address
from workers.refusals import RefusedError

YEAR = 365 * 24 * 60 * 60


@login_required
@require_safe
def settings(request: HttpRequest) -> HttpResponse:
    """Show how a person signs in, and lead to where each of it is changed."""
    context = {"facts": _facts(cast(User, request.user)), "settings_part": "account"}
    response = render(request, "people/settings.html", context)
    response["Cache-Control"] = "private, no-store"
    return response


def _facts(user: User) -> list[dict[str, Any]]:  # Any: what the template prints
    address = EmailAddress.objects.filter(user=user, primary=True).first()
    if address is None:
        email = _("none")
    else:
        email = (
            address.email if address.verified else _("{address}, not confirmed").format(address=address.email)
        )
    kinds = set(Authenticator.objects.filter(user=user).values_list("type", flat=True))
    words = {"webauthn": _("passkey"), "totp": _("authenticator app"), "recovery_codes": _("recovery codes")}
    factors = ", ".join(word for kind, word in words.items() if kind in kinds)
    browsers = UserSession.objects.filter(user=user).count()
    has_password = user.has_usable_password()
    password_page = "account_change_password" if has_password else "account_set_password"
    facts = [
        (_("Name"), user.username, "", ""),
        (_("E-mail"), email, reverse("account_email"), _("Change")),
        (_("Password"), _("set") if has_password else _("none"), reverse(password_page), _("Change")),
        (_("Second factor"), factors or _("none"), reverse("mfa_index"), _("Change")),
        (
            _("Signed in"),
            ngettext("in {number} browser", "in {number} browsers", browsers).format(number=browsers),
            reverse("sessions"),
            _("Look"),
        ),
        (_("API tokens"), str(live_tokens(user).count()), reverse("tokens"), _("Look")),
    ]
    if site_settings.SOCIALACCOUNT_PROVIDERS:
        other = ", ".join(sorted(account.provider for account in user.socialaccount_set.all()))  # type: ignore[attr-defined]  # allauth's
        facts.insert(
            3, (_("Other sites"), other or _("none"), reverse("socialaccount_connections"), _("Change"))
        )
    return [{"label": label, "value": value, "url": url, "act": act} for label, value, url, act in facts]


@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """Keep the theme in a cookie and go back."""
    chosen = request.POST.get("theme", "")
    if chosen not in THEMES:
        raise RefusedError(
            "request.bad_field", name="theme", wanted=f"one of {', '.join(THEMES)}", field="theme"
        )
    response = redirect(next_address(request))
    response.set_cookie("theme", chosen, max_age=YEAR, samesite="Lax", secure=request.is_secure())
    return response
