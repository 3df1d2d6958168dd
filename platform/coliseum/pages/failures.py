"""What people see when something cannot be done: cause, code, what to do next, request id."""

import logging
import sys
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import (
    BadRequest,
    DisallowedHost,
    RequestDataTooBig,
    TooManyFieldsSent,
    TooManyFilesSent,
)
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from coliseum.accounts.adapters import too_many_attempts
from coliseum.bodies import discard_upload
from coliseum.pages.context import theme_of
from coliseum.pages.keeping import keeper_of
from coliseum.pages.rows import Row
from coliseum.pages.wording import size
from workers.refusals import RefusedError, printable

logger = logging.getLogger(__name__)

_TITLES = {
    400: _("This cannot be read"),
    401: _("Sign in first"),
    403: _("This is not allowed"),
    404: _("Nothing here"),
    405: _("Not like this"),
    409: _("This does not fit"),
    413: _("Too large"),
    429: _("Too fast"),
    500: _("Our fault"),
    503: _("One moment"),
    507: _("No space left"),
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
    message, hint = error.said(gettext)
    return {
        "title": gettext(_TITLES.get(error.status, _("This cannot be done"))),
        "error": {"code": error.code, "message": message, "hint": hint},
        "request_id": _request_id(request),
        "wants_sign_in": error.status == 401,
        "next": request.get_full_path(),
    }


def _request_id(request: HttpRequest) -> str:
    return str(request.META.get("REQUEST_ID", ""))


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer what Django itself could not read."""
    if isinstance(exception, DisallowedHost):
        logger.warning("bad_host", extra={"host": request.META.get("HTTP_HOST", "")[:200]})
        return HttpResponse(status=400)
    discard_upload(request)
    return refused(request, _unreadable(exception))


def _unreadable(exception: Exception) -> RefusedError:
    if isinstance(exception, BadRequest) and isinstance(exception.__cause__, RefusedError):
        return exception.__cause__
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
    context = _context(request, error) | _typed(request)
    return _kept(request, error, context | {"back": _page_of(request)}, again=_is_from_here(request))


def signed_out(request: HttpRequest) -> HttpResponse:
    """Answer a form of somebody who was signed out meanwhile: nothing of it is lost."""
    error = RefusedError("auth.required")
    keeper = keeper_of(request)
    if keeper is not None:
        return keeper(request, error)
    context = _context(request, error) | _typed(request) | {"next": _page_of(request)}
    return _kept(request, error, context, again=True)


def _kept(request: HttpRequest, error: RefusedError, context: Row, *, again: bool) -> HttpResponse:
    """Show what was typed, with a button that sends it once more where all of it is here."""
    sent = [(name, value) for name, values in request.POST.lists() for value in values]
    sent = [(name, str(value)) for name, value in sent if name != "csrfmiddlewaretoken"]
    is_whole = not request.FILES and not any(name.startswith(_SECRET_FIELDS) for name, _ in sent)
    if again and is_whole:
        context["again"] = {"action": request.get_full_path(), "fields": sent}
    return render(request, "failures/refused.html", context, status=error.status)


def _is_from_here(request: HttpRequest) -> bool:
    """Say whether a page of ours sent this form, as browsers tell it; another site's is not sent again."""
    return request.META.get("HTTP_ORIGIN") == f"{request.scheme}://{request.get_host()}"


def _page_of(request: HttpRequest) -> str:
    """Return the address of the page that the form stood on, as far as the browser tells it."""
    page = request.META.get("HTTP_REFERER", "")
    is_ours = url_has_allowed_host_and_scheme(page, {request.get_host()}, require_https=request.is_secure())
    parts = urlsplit(page)
    return f"{parts.path}?{parts.query}".rstrip("?") if page and is_ours else request.get_full_path()
