"""What people see when something cannot be done: cause, code, what to do next, request id."""

import sys

from django.conf import settings
from django.core.exceptions import (
    DisallowedHost,
    RequestDataTooBig,
    TooManyFieldsSent,
    TooManyFilesSent,
)
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from coliseum.accounts.adapters import too_many_attempts
from coliseum.pages.context import theme_of
from coliseum.pages.keeping import keeper_of
from coliseum.pages.wording import size
from workers.refusals import RefusedError, printable

_TITLES = {
    400: "This cannot be read",
    401: "Sign in first",
    403: "This is not allowed",
    404: "Nothing here",
    405: "Not like this",
    409: "This does not fit",
    413: "Too large",
    429: "Too fast",
    500: "Our fault",
    503: "One moment",
    507: "No space left",
}
_SECRET_FIELDS = ("password", "token", "secret", "csrfmiddlewaretoken")


def refused(request: HttpRequest, error: RefusedError) -> HttpResponse:
    """Answer a refusal, as JSON under /api/ and as a page elsewhere."""
    if request.path.startswith("/api/"):
        response: HttpResponse = JsonResponse(error.as_problem(_request_id(request)), status=error.status)
    elif error.status >= 500:
        # The database may be gone: this page reads nothing, not even who is signed in.
        page = render_to_string(
            "failures/refused.html", _context(request, error) | {"theme": theme_of(request)} | _typed(request)
        )
        response = HttpResponse(page, status=error.status)
    else:
        response = render(request, "failures/refused.html", _context(request, error), status=error.status)
    for name, value in error.headers.items():
        response[name] = value
    return response


def _context(request: HttpRequest, error: RefusedError) -> dict[str, object]:
    return {
        "title": _TITLES.get(error.status, "This cannot be done"),
        "error": error,
        "request_id": _request_id(request),
        "wants_sign_in": error.status == 401,
        "next": request.get_full_path(),
    }


def _request_id(request: HttpRequest) -> str:
    return str(request.META.get("REQUEST_ID", ""))


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer what Django itself could not read."""
    if isinstance(exception, DisallowedHost):
        return HttpResponse(status=400)
    return refused(request, _unreadable(exception))


def _unreadable(exception: Exception) -> RefusedError:
    if isinstance(exception, RequestDataTooBig):
        return RefusedError("request.too_large", body_limit=size(settings.DATA_UPLOAD_MAX_MEMORY_SIZE))
    if isinstance(exception, TooManyFieldsSent | TooManyFilesSent):
        return RefusedError("request.too_large", field_limit=settings.DATA_UPLOAD_MAX_NUMBER_FIELDS)
    return RefusedError("request.bad_field", name="The request", wanted="readable")


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer a PermissionDenied."""
    return refused(request, RefusedError("auth.not_allowed", action="do this"))


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer an address that leads nowhere."""
    return refused(request, RefusedError("not_found"))


def too_fast(request: HttpRequest) -> HttpResponse:
    """Answer somebody who sent too many forms of accounts."""
    return refused(request, too_many_attempts())


def broken(request: HttpRequest) -> HttpResponse:
    """Answer a bug, or a database that is away."""
    if isinstance(sys.exception(), OperationalError | InterfaceError):
        return refused(request, RefusedError("service.unavailable", retry_after=60))
    return refused(request, RefusedError("internal"))


def _typed(request: HttpRequest) -> dict[str, object]:
    """Return what was typed into a form that came to nothing, to be copied: words, and longer texts."""
    if request.method != "POST":
        return {}
    sent = [(name, str(value)) for name, value in request.POST.items() if value]
    sent = [(name, value) for name, value in sent if not name.startswith(_SECRET_FIELDS)][:20]
    return {
        "kept": [
            {"label": name, "value": printable(value, limit=2000), "url": "", "is_code": False}
            for name, value in sent
            if "\n" not in value
        ],
        "kept_texts": [{"title": name, "text": value} for name, value in sent if "\n" in value],
    }


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form whose page was open too long; what was typed is in the new form, or readable to copy."""
    error = RefusedError("auth.csrf")
    if request.path.startswith("/api/"):
        return refused(request, error)
    keeper = keeper_of(request)
    if keeper is not None:
        return keeper(request, error)
    context = _context(request, error) | _typed(request) | {"back": request.get_full_path()}
    return render(request, "failures/refused.html", context, status=error.status)
