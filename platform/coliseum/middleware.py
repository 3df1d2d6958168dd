"""What every request goes through: a request id, refusals turned into pages, forms that are not lost."""

import logging
from collections.abc import Awaitable, Callable
from typing import BinaryIO, cast

from asgiref.sync import iscoroutinefunction, markcoroutinefunction, sync_to_async
from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.middleware.locale import LocaleMiddleware
from django.urls import reverse
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.decorators import sync_and_async_middleware

from coliseum.accounts.services import TOKEN_PREFIX, refuse_tokens_in_address
from coliseum.bodies import Meter, announced_bytes
from coliseum.ids import new_id
from coliseum.pages.failures import refused, signed_out
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


@sync_and_async_middleware
def tokens_in_addresses(get_response: GetResponse) -> GetResponse:
    """Refuse, and revoke, API tokens in addresses, where logs keep them; the API does so itself."""

    def refuse(request: HttpRequest) -> HttpResponseBase | None:
        try:
            refuse_tokens_in_address(request.GET)
        except RefusedError as error:
            # Pages name their own address in forms; this one must not stand there.
            request.META["QUERY_STRING"] = ""
            return refused(request, error)
        return None

    def is_suspect(request: HttpRequest) -> bool:
        return TOKEN_PREFIX in request.META.get("QUERY_STRING", "") and not _is_api(request)

    async def answer_later(request: HttpRequest) -> HttpResponseBase:
        if is_suspect(request) and (refusal := await sync_to_async(refuse)(request)):
            return refusal
        response: HttpResponseBase = await get_response(request)  # type: ignore[misc]  # asynchronous here
        return response

    def answer(request: HttpRequest) -> HttpResponseBase:
        refusal = refuse(request) if is_suspect(request) else None
        return refusal or get_response(request)  # type: ignore[return-value]  # synchronous here

    return answer_later if iscoroutinefunction(get_response) else answer


@sync_and_async_middleware
def whole_bodies(get_response: GetResponse) -> GetResponse:
    """Refuse forms and files that were cut off on their way; the API does so itself."""

    def watch(request: HttpRequest) -> None:
        expected = announced_bytes(request.META.get("CONTENT_LENGTH"))
        if expected and hasattr(request, "_stream") and not _is_api(request):
            # Django only calls read() on it.
            request._stream = cast(BinaryIO, _SiteMeter(request._stream, expected))

    async def answer_later(request: HttpRequest) -> HttpResponseBase:
        watch(request)
        response: HttpResponseBase = await get_response(request)  # type: ignore[misc]  # asynchronous here
        return response

    def answer(request: HttpRequest) -> HttpResponseBase:
        watch(request)
        return get_response(request)  # type: ignore[return-value]  # synchronous here

    return answer_later if iscoroutinefunction(get_response) else answer


class _SiteMeter(Meter):
    """Raises what Django turns into a page: the body is read before any view is asked, by the CSRF check."""

    def cut_off(self) -> Exception:
        """Return the refusal within what Django knows."""
        refusal = super().cut_off()
        unreadable = BadRequest(str(refusal))
        unreadable.__cause__ = refusal
        return unreadable


@sync_and_async_middleware
def kept_forms(get_response: GetResponse) -> GetResponse:
    """Answer the form of somebody who was signed out meanwhile with all that was typed.

    Views send strangers to the sign-in page, which is right for visits; a form would be lost by it.
    """

    def is_lost(request: HttpRequest, response: HttpResponseBase) -> bool:
        leads_to, _, query = response.headers.get("Location", "").partition("?")
        is_sent_away = response.status_code == 302 and leads_to == reverse("sign-in") and "next=" in query
        # Forms of signing in lead to each other.
        return request.method == "POST" and is_sent_away and not request.path.startswith("/sign-")

    async def answer_later(request: HttpRequest) -> HttpResponseBase:
        response: HttpResponseBase = await get_response(request)  # type: ignore[misc]  # asynchronous here
        return await sync_to_async(signed_out)(request) if is_lost(request, response) else response

    def answer(request: HttpRequest) -> HttpResponseBase:
        response: HttpResponseBase = get_response(request)  # type: ignore[assignment]  # synchronous here
        return signed_out(request) if is_lost(request, response) else response

    return answer_later if iscoroutinefunction(get_response) else answer


def _is_api(request: HttpRequest) -> bool:
    return request.path.startswith("/api/")


class language(LocaleMiddleware):  # noqa: N801 - as `refusals`
    """Speak the language of the cookie, else of the browser; programs are always told English."""

    def process_request(self, request: HttpRequest) -> None:
        """Choose the language of an answer."""
        if request.path.startswith("/api/"):
            translation.activate(settings.LANGUAGE_CODE)
        else:
            super().process_request(request)

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Tell caches that who asks otherwise is answered in another language."""
        if request.path.startswith("/api/"):
            response.headers.setdefault("Content-Language", settings.LANGUAGE_CODE)
            return response
        patch_vary_headers(response, ("Cookie",))
        return super().process_response(request, response)


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
