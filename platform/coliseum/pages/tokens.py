"""A person's API tokens: made after saying again who it is, shown once, revoked at any time."""

from typing import Any, cast

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from coliseum import clock
from coliseum.accounts.models import Token, User
from coliseum.accounts.queries import token_for, tokens_of
from coliseum.accounts.services import create_token, revoke_token
from coliseum.competitions.queries import competition_for
from coliseum.pages.forms import TokenForm
from coliseum.pages.methods import require_form, require_POST
from coliseum.pages.parameters import known_id, known_slug
from coliseum.pages.rows import Row
from coliseum.pages.wording import ago, until
from workers.refusals import RefusedError


@login_required
@require_form
@reauthentication_required(allow_get=True)  # type: ignore[untyped-decorator]  # allauth is not typed
def tokens(request: HttpRequest) -> HttpResponse:
    """Show a person's tokens; make one and show it this once."""
    user = cast(User, request.user)
    form, secret, status = TokenForm(), "", 200
    if request.method == "POST":
        form, status = TokenForm(request.POST), 400
        if form.is_valid():
            try:
                secret = _made(user, form.cleaned_data)
                form, status = TokenForm(), 201
            except RefusedError as error:
                form.refuse(error)
                status = error.status
    context = {
        "form": form,
        "secret": secret,
        "tokens": [_token_row(token) for token in tokens_of(user)],
        "use": f"export COLISEUM_TOKEN={secret}" if secret else "",
        "settings_part": "tokens",
    }
    response = render(request, "people/tokens.html", context, status=status)
    response["Cache-Control"] = "private, no-store"
    return response


def _made(user: User, wanted: dict[str, Any]) -> str:  # Any: a form's values
    """Return a new token.

    Raises:
        RefusedError: `not_found` for a competition this person cannot see.
    """
    slug = wanted["competition"].strip()
    if slug:
        try:
            competition_for(known_slug(slug), user)
        except RefusedError as error:
            raise RefusedError("not_found", kind="competition", id=slug, field="competition") from error
    _token, secret = create_token(
        user=user,
        name=wanted["name"],
        scopes=wanted["scope"],
        days=wanted["days"] or None,
        competition=slug,
    )
    return secret


def _state(token: Token) -> str:
    if token.revoked_at:
        return "revoked"
    return "expired" if token.expires_at and token.expires_at <= clock.now() else "live"


def _token_row(token: Token) -> Row:
    state = _state(token)
    shown = {
        "revoked": (_("revoked {ago}").format(ago=ago(token.revoked_at)), "cancelled"),
        "expired": (_("expired {ago}").format(ago=ago(token.expires_at)), "retired"),
        "live": (_("live"), "ready"),
    }
    return {
        "name": token.name,
        "prefix": f"{token.prefix}…",
        "scopes": ", ".join(token.scopes),
        "competition": token.competition,
        "state": shown[state][0],
        "word": shown[state][1],
        "expires": until(token.expires_at) if token.expires_at else _("never"),
        "last_used": ago(token.last_used_at) or _("never"),
        "revoke_url": reverse("token-revoke", args=[token.pk]) if state == "live" else "",
    }


@login_required
@require_POST
def revoke(request: HttpRequest, token_id: str) -> HttpResponse:
    """End one of a person's tokens."""
    token = token_for(known_id("token", token_id), cast(User, request.user))
    revoke_token(token=token)
    messages.success(request, _("The token {name} is revoked.").format(name=token.name))
    return redirect("tokens")
