"""Writes with an Idempotency-Key: done once, answered alike every time."""

from collections.abc import Callable
from typing import Final

from django.http import HttpRequest, HttpResponse, HttpResponseBase

from coliseum.api.bodies import JSON
from coliseum.api.callers import caller_of
from coliseum.idempotency.services import (
    begin_request,
    check_key,
    fingerprint,
    forget_request,
    keep_answer,
    kept_content,
)

HEADER: Final = "Idempotency-Key"
_UPLOAD: Final = "multipart/form-data"


def done_once(request: HttpRequest, do: Callable[[], HttpResponseBase]) -> HttpResponseBase:
    """Do what a request asks for, unless it was done before under its Idempotency-Key.

    Uploads keep their key with the submission they made: their bodies are too long to be read for this.

    Raises:
        RefusedError: `request.bad_idempotency_key`, `request.idempotency_conflict`, `request.in_progress`.
    """
    key = request.headers.get(HEADER)
    if key is None or request.method != "POST":
        return do()
    check_key(key)
    user = caller_of(request).user
    if request.content_type == _UPLOAD or not user.is_authenticated:
        return do()
    same = fingerprint("POST", request.get_full_path(), request.body)
    begun, is_new = begin_request(user_id=user.pk, key=key, request=same)
    if not is_new:
        return HttpResponse(
            kept_content(begun),
            status=begun.status or 200,
            content_type=f"{JSON}; charset=utf-8",
            headers={"Idempotency-Replayed": "true"},
        )
    try:
        answer = do()
    except BaseException:
        forget_request(begun=begun)
        raise
    if answer.status_code < 300 and isinstance(answer, HttpResponse):
        keep_answer(begun=begun, status=answer.status_code, content=answer.content)
    else:
        forget_request(begun=begun)
    return answer
