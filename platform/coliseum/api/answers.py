"""Every exception as the one error shape."""

import errno
import logging
import math
from collections.abc import Sequence
from typing import Any, Final

from django.conf import settings
from django.core.exceptions import (
    PermissionDenied,
    RequestDataTooBig,
    SuspiciousOperation,
    TooManyFieldsSent,
    TooManyFilesSent,
)
from django.core.signals import got_request_exception
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.multipartparser import MultiPartParserError
from ninja.errors import HttpError, ValidationError

from coliseum.api.addresses import page_address
from workers.archive import MIB
from workers.refusals import RefusedError

logger = logging.getLogger(__name__)

RETRY_SECONDS: Final = 10
PROBLEM: Final = "application/problem+json"
_MOST_FIELDS: Final = 20
_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT})
_TYPES: Final = {
    "string_type": "a text",
    "int_type": "a whole number",
    "bool_type": "true or false",
    "list_type": "a list",
    "datetime_type": "a time like 2026-11-22T12:00:00Z",
    "model_type": "a JSON object",
    "model_attributes_type": "a JSON object",
    "dict_type": "a JSON object",
}
_ORDINARY: Final = "an ordinary number"
_TIME: Final = "a time with its zone, like 2026-11-22T12:00:00Z"


def answer_error(request: HttpRequest, error: Exception) -> HttpResponse:
    """Return the answer to an exception; what is nobody's mistake is logged and signalled as a bug."""
    refusal = as_refusal(error)
    if refusal is None:
        logger.exception("api_failed", exc_info=error, extra={"request": request.META.get("REQUEST_ID", "")})
        got_request_exception.send(sender=type(request), request=request)
        refusal = RefusedError("internal")
    if refusal.code == "upload.missing_file" and request.content_type == "application/json":
        refusal = RefusedError("request.unsupported_media_type")
    fields = all_fields(error.errors) if isinstance(error, ValidationError) else ()
    return answer_refusal(request, refusal, fields)


def answer_refusal(
    request: HttpRequest, refusal: RefusedError, fields: Sequence[dict[str, str]] = ()
) -> HttpResponse:
    """Return the one error shape with its status and headers; as RFC 9457 has it to who asks for that.

    Args:
        request: its Accept header decides the shape.
        refusal: what to say.
        fields: name and message of every field that is wrong, where several are known.
    """
    error: dict[str, Any] = {**refusal.as_problem(str(request.META.get("REQUEST_ID", "")))["error"]}
    error["fields"] = list(fields)
    if not fields and refusal.field:
        error["fields"] = [{"name": refusal.field, "message": refusal.message}]
    error["docs"] = page_address("document", "errors")
    if PROBLEM not in request.headers.get("Accept", ""):
        return JsonResponse({"error": error}, status=refusal.status, headers=refusal.headers)
    problem = {"type": error.pop("docs"), "title": refusal.message, "status": refusal.status, **error}
    problem |= {"detail": refusal.hint, "instance": request.path}
    return JsonResponse(problem, status=refusal.status, headers=refusal.headers, content_type=PROBLEM)


def as_refusal(error: Exception) -> RefusedError | None:
    """Return the refusal that an exception stands for, None for a bug."""
    if isinstance(error, RefusedError):
        return error
    if isinstance(error.__cause__, RefusedError):
        return error.__cause__
    if isinstance(error, ValidationError):
        return field_refusal(error.errors)
    if isinstance(error, HttpError):
        return RefusedError("auth.required") if error.status_code == 401 else None
    if isinstance(error, Http404):
        return RefusedError("not_found")
    if isinstance(error, PermissionDenied):
        return RefusedError("auth.not_allowed", action="do this")
    if isinstance(error, (OperationalError, InterfaceError)):
        logger.warning("database_unavailable", extra={"problem": type(error).__name__})
        return RefusedError("service.unavailable", retry_after=RETRY_SECONDS)
    if isinstance(error, OSError) and error.errno in _FULL:
        logger.error("storage_full")
        return RefusedError("storage.full", retry_after=60)
    return _body_refusal(error)


def _body_refusal(error: Exception) -> RefusedError | None:
    if isinstance(error, RequestDataTooBig):
        limit = f"{(settings.DATA_UPLOAD_MAX_MEMORY_SIZE or 0) / MIB:g} MB"
        return RefusedError("request.too_large", body_limit=limit)
    if isinstance(error, (TooManyFieldsSent, TooManyFilesSent)):
        return RefusedError("request.too_large", field_limit=settings.DATA_UPLOAD_MAX_NUMBER_FIELDS)
    if isinstance(error, MultiPartParserError):
        wanted = "multipart/form-data with a boundary"
        return RefusedError("request.bad_field", name="Content-Type", wanted=wanted)
    if isinstance(error, SuspiciousOperation):
        return RefusedError("request.bad_host")
    return None


def all_fields(errors: Sequence[dict[str, Any]]) -> list[dict[str, str]]:  # Any: pydantic's error records
    """Return name and message of every field that pydantic found wrong."""
    found = [field_refusal([error]) for error in errors[:_MOST_FIELDS]]
    return [{"name": each.field, "message": each.message} for each in found if each.field]


def field_refusal(errors: Sequence[dict[str, Any]]) -> RefusedError:  # Any: pydantic's error records
    """Return the refusal for the first of pydantic's errors."""
    error = errors[0]
    place, kind, facts = list(error["loc"]), str(error["type"]), error.get("ctx", {})
    words = [part for part in place[1:] if isinstance(part, str)]
    name = words[-1] if words and words[-1] != "body" else "The body"
    if kind == "missing":
        if place[0] == "file":
            return RefusedError("upload.missing_file", field="file")
        return RefusedError("request.missing_field", name=name, field=name)
    if kind == "less_than_equal":
        return RefusedError("request.bad_field", name=name, most=facts["le"], field=name)
    found = error.get("input")
    wanted = _wanted(kind, facts, found)
    if kind not in _TYPES or wanted == _ORDINARY:
        return RefusedError("request.bad_field", name=name, wanted=wanted, field=name)
    return RefusedError("request.bad_field", name=name, wanted=wanted, found=_kind_of(found), field=name)


def _wanted(kind: str, facts: dict[str, Any], found: object) -> str:  # Any: pydantic's context
    if isinstance(found, float) and not math.isfinite(found):
        return _ORDINARY
    if kind in {"greater_than_equal", "int_parsing", "int_from_float", "int_parsing_size"}:
        return f"a whole number from {facts.get('ge', 1)}"
    if kind == "literal_error":
        return f"one of {facts['expected'].replace(chr(39), '').replace(' or ', ', ')}"
    if kind == "string_too_long":
        return f"a text of at most {facts['max_length']} characters"
    if kind == "unstorable":
        return "a text without zero characters and halves of characters"
    if kind.startswith(("datetime", "timezone")):
        return _TIME
    return _TYPES.get(kind, "of the kind the API reference describes")


def _kind_of(value: object) -> str:
    if value is None:
        return "null"
    for kinds, words in (
        (bool, "true or false"),
        ((int, float), "a number"),
        (str, "a text"),
        (list, "a list"),
        (dict, "an object"),
    ):
        if isinstance(value, kinds):
            return words
    return "that"
