"""The site as an ASGI application."""

import errno
import gc
import json
import os
from collections.abc import Awaitable, Callable, Mapping
from html import escape
from importlib import import_module
from typing import Any, Final

from django.conf import settings
from django.core.asgi import get_asgi_application

from coliseum.bodies import announced_bytes
from coliseum.ids import new_id
from workers.archive import MIB
from workers.package import megabytes
from workers.refusals import RefusedError

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "coliseum.settings")

Scope = dict[str, Any]  # Any: what the ASGI specification allows
Message = Mapping[str, Any]  # Any: as above
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

_FORM_BYTES: Final = MIB
"""What a form may carry beside the file."""
_ADDRESS_BYTES: Final = 8 * 1024
_HEADER_BYTES: Final = 16 * 1024
_HEADERS_BYTES: Final = 4 * _HEADER_BYTES
"""Of all together."""
_PAGE: Final = (
    '<!doctype html><html lang="en"><meta name="viewport" content="width=device-width">'
    "<title>{title}</title><h1>{title}</h1><p>{hint}</p><p><code>{code}</code></p>"
)
"""For browsers without scripts: Django, and with it the templates, is not reached by such a request."""
_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT})


def limit_requests(application: Application) -> Application:
    """Refuse addresses and headers that are too long, and bodies over the upload limit while they arrive.

    Django writes the whole body to disk before it asks anybody, so the limit must stand in front of it.
    """

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await application(scope, receive, send)
        announced = _content_length(scope)
        received = 0

        async def count() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            _check_size(max(received, announced), seen=received)
            return message

        try:
            _check_head(scope)
            _check_size(announced, seen=announced)
            await application(scope, count, send)
        except RefusedError as refusal:
            await _refuse(refusal, scope, send)
        except OSError as error:
            if error.errno not in _FULL:
                raise
            await _refuse(RefusedError("storage.full", retry_after=60), scope, send)

    return answer


def _content_length(scope: Scope) -> int:
    return announced_bytes(dict(scope["headers"]).get(b"content-length", b"0").decode("latin-1"))


def _check_head(scope: Scope) -> None:
    """Refuse what neither people nor programs send: the server in front has no limit of its own.

    Raises:
        RefusedError: `request.too_large`.
    """
    if len(scope.get("raw_path") or b"") + len(scope.get("query_string", b"")) > _ADDRESS_BYTES:
        raise RefusedError("request.too_large", address_limit="8 kB")
    sizes = [len(name) + len(value) for name, value in scope["headers"]]
    if max(sizes, default=0) > _HEADER_BYTES or sum(sizes) > _HEADERS_BYTES:
        raise RefusedError("request.too_large", header_limit="16 kB")


def _check_size(size: int, *, seen: int) -> None:
    if seen > settings.UPLOAD_MAX_BYTES + _FORM_BYTES:
        limit = f"{settings.UPLOAD_MAX_BYTES / MIB:g} MB"
        raise RefusedError("upload.too_large", size=megabytes(size), limit=limit, field="file")


async def _refuse(refusal: RefusedError, scope: Scope, send: Send) -> None:
    request_id = new_id()
    wants_page = b"text/html" in dict(scope["headers"]).get(b"accept", b"")
    if wants_page:
        body = _PAGE.format(
            title=escape(refusal.message), hint=escape(refusal.hint), code=escape(refusal.code)
        ).encode()
    else:
        body = json.dumps(refusal.as_problem(request_id)).encode()
    headers = {
        "content-type": "text/html; charset=utf-8" if wants_page else "application/json",
        "x-content-type-options": "nosniff",
        "connection": "close",
        "x-request-id": request_id,
        **refusal.headers,
    }
    encoded = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": refusal.status, "headers": encoded})
    await send({"type": "http.response.body", "body": body})


def settled(made: Application) -> Application:
    """Load all pages before the first is asked for, and keep the garbage collector away from them.

    Else the first visitor waits for it; and every full collection looks through all of it again, a fifth of a
    second in which nobody is answered.
    """
    import_module(settings.ROOT_URLCONF)
    gc.collect()
    gc.freeze()
    return made


application = limit_requests(settled(get_asgi_application()))
