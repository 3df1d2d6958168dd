"""What every request goes through: a request id, and refusals turned into pages."""

import logging
from collections.abc import Awaitable, Callable

from asgiref.sync import iscoroutinefunction, markcoroutinefunction
from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.utils.decorators import sync_and_async_middleware

from coliseum.ids import new_id
from coliseum.pages.failures import refused
from workers.refusals import RefusedError

logger = logging.getLogger(__name__)

_COMPRESSED = {"text/html", "application/json", "application/problem+json", "image/svg+xml", "text/plain"}
Answer = HttpResponseBase | Awaitable[HttpResponseBase]
GetResponse = Callable[[HttpRequest], Answer]


@sync_and_async_middleware
def request_id(get_response: GetResponse) -> GetResponse:
    """Give each request an id; it stands in the answer's X-Request-Id and in error messages."""

    async def answer_later(request: HttpRequest) -> HttpResponseBase:
        request.META["REQUEST_ID"] = new_id()
        response: HttpResponseBase = await get_response(request)  # type: ignore[misc]  # asynchronous here
        response["X-Request-Id"] = request.META["REQUEST_ID"]
        return response

    def answer(request: HttpRequest) -> HttpResponseBase:
        request.META["REQUEST_ID"] = new_id()
        response = get_response(request)
        response["X-Request-Id"] = request.META["REQUEST_ID"]  # type: ignore[index]  # synchronous here
        return response  # type: ignore[return-value]

    return answer_later if iscoroutinefunction(get_response) else answer


class compress(GZipMiddleware):  # noqa: N801 - as `refusals`
    """Compress whole pages and JSON; streams would be held back, and parts of files must stay parts."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Compress what is text, complete and long enough."""
        kind = response.headers.get("Content-Type", "").partition(";")[0]
        if response.streaming or response.status_code == 206 or kind not in _COMPRESSED:
            return response
        return super().process_response(request, response)


@sync_and_async_middleware
def unstored(get_response: GetResponse) -> GetResponse:
    """Let no browser keep what it was shown while signed in, unless a view says otherwise.

    Whoever goes back after somebody signed out then sees nothing of theirs.
    """

    def mark(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if settings.SESSION_COOKIE_NAME in request.COOKIES:
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response

    async def answer_later(request: HttpRequest) -> HttpResponseBase:
        return mark(request, await get_response(request))  # type: ignore[misc]  # asynchronous here

    def answer(request: HttpRequest) -> HttpResponseBase:
        return mark(request, get_response(request))  # type: ignore[arg-type]  # synchronous here

    return answer_later if iscoroutinefunction(get_response) else answer


class refusals:  # noqa: N801 - named like a function because the settings name it like one
    """Turn a RefusedError that a view let through into a page with its code, message and hint."""

    sync_capable = True
    async_capable = True

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response
        if iscoroutinefunction(get_response):
            markcoroutinefunction(self)

    def __call__(self, request: HttpRequest) -> Answer:
        """Hand the request on."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponseBase | None:
        """Answer a refusal; everything else goes on to be a 500."""
        if isinstance(error, RefusedError):
            return refused(request, error)
        return None
