"""Signing in with a one-time link, and where to go after a form."""

from allauth.account.internal.flows.login import record_authentication
from allauth.core import ratelimit
from allauth.usersessions.models import UserSession
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from coliseum.accounts.adapters import too_many_attempts
from coliseum.accounts.services import claim_sign_in_link
from coliseum.pages.methods import require_form
from workers.refusals import RefusedError


def next_address(request: HttpRequest) -> str:
    """Return where to go afterwards: an address of this site, the front page otherwise."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    if url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        return wanted
    return reverse("home")


@require_form
def sign_in_link(request: HttpRequest, secret: str) -> HttpResponse:
    """Show a button, and sign in when it is pressed; a link preview only looks and uses nothing up."""
    if request.method != "POST":
        response = render(request, "people/sign_in_link.html")
        # Not "no-referrer": browsers then send the form with "Origin: null", which the CSRF check refuses.
        # The site's own policy, same-origin, keeps the secret from other sites all the same.
        response["Cache-Control"] = "no-store"
        return response
    if not ratelimit.consume(request, action="sign_in_link"):
        raise too_many_attempts()
    user = claim_sign_in_link(secret=secret) if "\0" not in secret else None
    if user is None or not user.is_active:
        raise RefusedError("not_found", kind="valid sign-in link", id="here: it was used or is too old")
    login(request, user)
    UserSession.objects.create_from_request(request)
    # The link is how somebody comes back who lost the password or the second factor: for a while it counts as
    # having said again who it is, so that both can be made anew.
    record_authentication(request, user, method="link", reauthenticated=True)
    return redirect("home")
