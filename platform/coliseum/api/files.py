"""Competitions as files: what a body says, as TOML, as JSON of the same tables, or as a few plain fields."""

from datetime import datetime
from typing import Any, Final

from django.http import HttpRequest
from pydantic import ValidationError

from coliseum import clock
from coliseum.api.answers import field_refusal
from coliseum.api.bodies import JSON, TOML, read_json
from coliseum.api.taken import NewCompetition
from workers.hosting.file import CompetitionFile
from workers.hosting.problems import BadFileError
from workers.hosting.reading import MOST_BYTES, read_toml, read_values, too_large
from workers.refusals import RefusedError

_TABLES: Final = {
    "type": "object",
    "required": ["competition"],
    "properties": {"competition": {"type": "object"}},
    "description": "The tables of competition.toml; their schema is /static/competition.schema.json.",
}
_TEXT: Final = {"type": "string", "description": "competition.toml"}
FILE_BODY: Final = {
    "requestBody": {
        "required": True,
        "content": {TOML: {"schema": _TEXT}, JSON: {"schema": _TABLES}},
    }
}
"""For the description of the API: a body that is a file."""
NEW_BODY: Final = {
    "requestBody": {
        "required": True,
        "content": {
            JSON: {"schema": {"anyOf": [NewCompetition.model_json_schema(), _TABLES]}},
            TOML: {"schema": _TEXT},
        },
    }
}
FILE_ANSWER: Final = {"responses": {200: {"content": {TOML: {"schema": _TEXT}}}}}


def read_new(request: HttpRequest) -> CompetitionFile | NewCompetition:
    """Return the competition a body describes, in either form.

    Raises:
        BadFileError: with all problems of a file.
        RefusedError: `request.*` for the first problem of plain fields.
    """
    body = _body(request)
    if isinstance(body, CompetitionFile):
        return body
    if isinstance(body, dict) and isinstance(body.get("competition"), dict):
        return _read_tables(body, request, now=clock.now())
    try:
        return NewCompetition.model_validate(body)
    except ValidationError as error:
        found = error.errors(include_url=False)
        raise field_refusal([{**each, "loc": ("body", "body", *each["loc"])} for each in found]) from error


def read_file(request: HttpRequest, *, is_new: bool) -> CompetitionFile:
    """Return the competition of a body that is a file.

    Args:
        request: its body is TOML, or JSON of the same tables.
        is_new: whether nothing in it may be over already.

    Raises:
        BadFileError: with all problems.
        RefusedError: `request.unsupported_media_type` or `request.bad_json`.
    """
    now = clock.now() if is_new else None
    body = _body(request, is_new=is_new)
    return body if isinstance(body, CompetitionFile) else _read_tables(body, request, now=now)


def _body(request: HttpRequest, *, is_new: bool = True) -> Any:  # Any: JSON, or a file
    if not request.body:
        raise RefusedError("request.missing_field", name="The body", field="The body")
    if request.content_type == TOML:
        return read_toml(request.body, now=clock.now() if is_new else None)
    if request.content_type != JSON:
        raise RefusedError("request.unsupported_media_type")
    return read_json(request.body)


def _read_tables(tables: object, request: HttpRequest, *, now: datetime | None) -> CompetitionFile:
    """Return the competition that JSON of the tables describes; as long as a file may be."""
    if len(request.body) > MOST_BYTES:
        raise BadFileError([too_large()])
    return read_values(tables, now=now)
