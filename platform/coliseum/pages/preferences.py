"""A person's settings: API tokens, and the theme."""

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from coliseum import clock
from coliseum.accounts.models import Token, User
from coliseum.accounts.queries import token_for, tokens_of
from coliseum.accounts.services import create_token, revoke_token
from coliseum.pages.context import THEMES
from coliseum.pages.forms import TokenForm
from coliseum.pages.methods import require_form, require_POST
from coliseum.pages.parameters import known_id
from coliseum.pages.people import next_address
from coliseum.pages.rows import Row
from coliseum.pages.wording import ago, until
from workers.refusals import RefusedError

YEAR = 365 * 24 * 60 * 60


@login_required
@require_form
def settings(request: HttpRequest) -> HttpResponse:
    """Show a person's tokens; make one and show it this once."""
    user = cast(User, request.user)
    form, secret, status = TokenForm(), "", 200
    if request.method == "POST":
        form, status = TokenForm(request.POST), 400
        if form.is_valid():
            try:
                wanted = form.cleaned_data
                _, secret = create_token(
                    user=user, name=wanted["name"], scopes=wanted["scope"], days=wanted["days"] or None
                )
                form, status = TokenForm(), 201
            except RefusedError as error:
                form.refuse(error)
                status = error.status
    context = {
        "form": form,
        "secret": secret,
        "tokens": [_token_row(token) for token in tokens_of(user)],
        "use": f"export COLISEUM_TOKEN={secret}" if secret else "",
    }
    response = render(request, "people/settings.html", context, status=status)
    response["Cache-Control"] = "private, no-store"
    return response


def _token_row(token: Token) -> Row:
    if token.revoked_at:
        state, word = f"revoked {ago(token.revoked_at)}", "cancelled"
    elif token.expires_at and token.expires_at <= clock.now():
        state, word = f"expired {ago(token.expires_at)}", "retired"
    else:
        state, word = "live", "ready"
    return {
        "name": token.name,
        "prefix": f"{token.prefix}…",
        "scopes": ", ".join(token.scopes),
        "state": state,
        "word": word,
        "expires": until(token.expires_at) if token.expires_at else "never",
        "last_used": ago(token.last_used_at) or "never",
        "revoke_url": reverse("token-revoke", args=[token.pk]) if state == "live" else "",
    }


@login_required
@require_POST
def revoke(request: HttpRequest, token_id: str) -> HttpResponse:
    """End one of a person's tokens."""
    token = token_for(known_id("token", token_id), cast(User, request.user))
    revoke_token(token=token)
    messages.success(request, f"The token {token.name} is revoked.")
    return redirect("settings")


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
