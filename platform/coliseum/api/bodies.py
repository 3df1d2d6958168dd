"""Request bodies: JSON read strictly, uploads streamed to disk under a limit, cut-off bodies noticed."""

import json
from pathlib import Path
from typing import Any, BinaryIO, Final, cast

from django.conf import settings
from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.http import HttpRequest
from ninja.parser import Parser

from coliseum.bodies import Meter, announced_bytes
from workers.archive import MIB
from workers.package import megabytes
from workers.refusals import RefusedError

JSON: Final = "application/json"
FORM: Final = "multipart/form-data"
TOML: Final = "application/toml"
_DIGITS: Final = 30


def prepare_body(request: HttpRequest) -> None:
    """Set up how the body will be read, before anything reads it.

    Raises:
        RefusedError: `request.unsupported_media_type` or `upload.too_large` by what the headers say.
    """
    expected = announced_bytes(request.META.get("CONTENT_LENGTH"))
    if expected and request.content_type not in {JSON, FORM, TOML}:
        raise RefusedError("request.unsupported_media_type")
    if request.content_type == FORM:
        Path(settings.FILE_UPLOAD_TEMP_DIR).mkdir(parents=True, exist_ok=True)
        request.upload_handlers = [_LimitedFile(request)]
    if hasattr(request, "_stream"):
        # Django only calls read() on it.
        request._stream = cast(BinaryIO, Meter(request._stream, expected))


class _LimitedFile(TemporaryFileUploadHandler):
    """Streams uploads to disk, and ends them at the first byte over the limit."""

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request)
        self._announced = announced_bytes(request.META.get("CONTENT_LENGTH"))
        self._received = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Write a piece.

        Raises:
            RefusedError: `upload.too_large`.
        """
        self._received += len(raw_data)
        if self._received > settings.UPLOAD_MAX_BYTES:
            size = megabytes(max(self._announced, self._received))
            limit = f"{settings.UPLOAD_MAX_BYTES / MIB:g} MB"
            raise RefusedError("upload.too_large", size=size, limit=limit, field="file")
        super().receive_data_chunk(raw_data, start)


class StrictParser(Parser):
    """Reads JSON bodies: UTF-8, each key once, not too deep."""

    def parse_body(self, request: HttpRequest) -> Any:  # Any: JSON, checked by the door's schema
        """Return the body.

        Raises:
            RefusedError: `request.unsupported_media_type` or `request.bad_json`.
        """
        if request.content_type != JSON:
            raise RefusedError("request.unsupported_media_type")
        return read_json(request.body)


def read_json(body: bytes) -> Any:  # Any: JSON, checked by the door's schema
    """Return what a JSON text says.

    NaN, infinities and numbers of more than 30 digits become floats that no field accepts, so that the
    refusal can name the field.

    Raises:
        RefusedError: `request.bad_json` with line and column or because it is nested too deeply;
            `request.unknown_field` with the key that stands there twice.
    """
    try:
        return json.loads(body.decode(), object_pairs_hook=_once, parse_int=_whole)
    except UnicodeDecodeError as error:
        before = body[: error.start]
        line, column = before.count(b"\n") + 1, error.start - before.rfind(b"\n")
        raise RefusedError("request.bad_json", line=line, column=column) from None
    except json.JSONDecodeError as error:
        raise RefusedError("request.bad_json", line=error.lineno, column=error.colno) from None
    except RecursionError:
        raise RefusedError("request.bad_json") from None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise RefusedError("request.unknown_field", key=key)
        found[key] = value
    return found


def _whole(digits: str) -> int | float:
    return int(digits) if len(digits) <= _DIGITS else float("inf")
