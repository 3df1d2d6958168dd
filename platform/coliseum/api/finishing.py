"""What every answer gets on its way out: entity tag, caching, the next page, what is left of the rate."""

import hashlib
from typing import Final

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import get_conditional_response

from coliseum.api.answers import answer_error
from coliseum.api.paging import tell_next
from coliseum.api.rates import tell_allowance
from coliseum.bodies import discard_upload
from workers.refusals import RefusedError

_SAFE: Final = frozenset({"GET", "HEAD"})


def finished(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    """Return an answer as it is sent."""
    if response.status_code >= 400:
        discard_upload(request)
    if response.status_code == 405:
        response = _other_method(request, response)
    tell_allowance(request, response)
    if response.status_code == 200:
        tell_next(request, response)
    # Answers differ by who asks; a shared cache must keep none of them but public files.
    response.headers.setdefault("Cache-Control", "private, no-cache")
    response.headers.setdefault("Vary", "Authorization, Cookie")
    return _unless_known(request, response)


def _other_method(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    """Return what an address answers to a method it does not take: the methods it does."""
    allowed = sorted(response["Allow"].split(", "))
    if request.method == "OPTIONS":
        safe = ["HEAD"] if "GET" in allowed else []
        return HttpResponse(status=204, headers={"Allow": ", ".join(sorted([*allowed, *safe, "OPTIONS"]))})
    headers = {"Allow": ", ".join(allowed)}
    return answer_error(
        request, RefusedError("request.method", allowed=" or ".join(allowed), headers=headers)
    )


def _unless_known(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    """Return 304 instead of what the caller has already."""
    if request.method not in _SAFE or response.status_code != 200 or not isinstance(response, HttpResponse):
        return response
    if not response.has_header("ETag"):
        response["ETag"] = f'"{hashlib.sha256(response.content).hexdigest()[:32]}"'
    kept = {name: value for name, value in response.items() if name not in {"Content-Length", "Content-Type"}}
    answer = get_conditional_response(request, etag=response["ETag"], response=response)
    if answer is not None and answer.status_code == 304:
        for name, value in kept.items():
            answer.headers.setdefault(name, value)
        return answer
    return response
