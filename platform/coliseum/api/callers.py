"""Who calls: an API token, a signed-in browser, or nobody; and what the caller may do."""

from dataclasses import dataclass
from typing import Final, cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import CsrfViewMiddleware
from ninja.security.base import AuthBase

from coliseum.accounts.models import Scope, User
from coliseum.accounts.queries import token_of
from coliseum.accounts.services import TOKEN_PREFIX, refuse_tokens_in_address
from workers.refusals import RefusedError

_KEPT: Final = "coliseum.caller"
_ACTIONS: Final = {
    Scope.READ: "read",
    Scope.SUBMIT: "submit agents",
    Scope.HOST: "run competitions",
}


@dataclass(frozen=True, slots=True)
class Caller:
    """Who sent a request."""

    user: User
    """Django's AnonymousUser for nobody; every query asks `is_authenticated` first."""
    scopes: tuple[str, ...] | None
    """Of the token; None for a browser, which may do all that the person may."""
    key: str
    """What requests are counted under."""
    competition: str = ""
    """The only one a token is for; empty for all."""


def identify(request: HttpRequest) -> Caller:
    """Find out who calls and keep it with the request.

    Raises:
        RefusedError: `auth.token_in_url` (the token is revoked), `auth.bad_token` or `auth.csrf`.
    """
    refuse_tokens_in_address(request.GET)
    header = request.headers.get("Authorization")
    if header is not None:
        caller = _token_caller(header)
    elif request.user.is_authenticated:
        if _CsrfCheck(_nothing).process_view(request, _nothing, (), {}):
            raise RefusedError("auth.csrf")
        caller = Caller(request.user, None, f"user:{request.user.pk}")
    else:
        # AnonymousUser has what the queries ask of a user: is_authenticated, is_staff, pk.
        caller = Caller(cast(User, request.user), None, f"address:{address_of(request)}")
    request.META[_KEPT] = caller
    return caller


def caller_of(request: HttpRequest) -> Caller:
    """Return who `identify` found."""
    return cast(Caller, request.META[_KEPT])


def check_competition(request: HttpRequest, slug: str) -> None:
    """Refuse a token that is for one competition where another one is meant, or all of them.

    Args:
        request: whose caller is known.
        slug: the competition that is meant; empty where it is none in particular.

    Raises:
        RefusedError: `auth.other_competition`.
    """
    only = caller_of(request).competition
    if only and only != slug:
        raise RefusedError("auth.other_competition", competition=only)


def address_of(request: HttpRequest) -> str:
    """Return the address a request came from; behind a proxy the server puts the client's there."""
    return str(request.META.get("REMOTE_ADDR", ""))


def _token_caller(header: str) -> Caller:
    scheme, _, secret = header.partition(" ")
    secret = secret.strip()
    token = token_of(secret) if scheme.lower() == "bearer" and secret.startswith(TOKEN_PREFIX) else None
    if token is None:
        raise RefusedError("auth.bad_token")
    return Caller(token.user, tuple(token.scopes), f"token:{token.pk}", token.competition)


def _nothing(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


class _CsrfCheck(CsrfViewMiddleware):
    """Django's check without its page."""

    def _reject(self, request: HttpRequest, reason: str) -> HttpResponse:
        return HttpResponse(reason, status=403)


class BearerToken(AuthBase):
    """`Authorization: Bearer col_...`, a personal API token with its scopes."""

    openapi_type = "http"
    openapi_scheme = "bearer"
    openapi_description = "A personal API token (col_...) from your settings page."

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        super().__init__()

    def __call__(self, request: HttpRequest) -> Caller | None:
        """Return the caller if it sent a token.

        Raises:
            RefusedError: `auth.missing_scope`.
        """
        caller = caller_of(request)
        if caller.scopes is None:
            return None
        if self.scope.value not in caller.scopes:
            scopes = ", ".join(caller.scopes)
            raise RefusedError("auth.missing_scope", action=_ACTIONS[self.scope], scopes=scopes)
        return caller


class BrowserSession(AuthBase):
    """The cookie of a signed-in browser; writes also need the CSRF header."""

    openapi_type = "apiKey"
    openapi_in = "cookie"
    openapi_name = settings.SESSION_COOKIE_NAME
    openapi_description = "A signed-in browser. Writes also need the header X-CSRFToken."

    def __call__(self, request: HttpRequest) -> Caller | None:
        """Return the caller if it is a signed-in browser."""
        caller = caller_of(request)
        return caller if caller.scopes is None and caller.user.is_authenticated else None


def needs(scope: Scope) -> list[AuthBase]:
    """Return the ways in for a door that wants somebody who may do this."""
    return [BearerToken(scope), BrowserSession()]


ANYBODY: Final = [BearerToken(Scope.READ), BrowserSession(), caller_of]
"""The ways in for a public door: a token is checked if it is sent."""
