"""How the API describes itself: one error shape, and scope, examples and a command for each operation."""

import json
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

Operation = dict[str, Any]  # Any: OpenAPI

EXAMPLES: Final = Path(__file__).with_name("examples.json")
"""Requests and answers of a small site by operation, as tests/platform/api/test_examples.py records them."""
SAME: Final = "The same key with the same request gives the same answer again, for a day."
_TEXT: Final = {"type": "string"}
_FIELD: Final = {
    "type": "object",
    "required": ["name", "message"],
    "properties": {"name": _TEXT, "message": _TEXT},
}
_ERROR: Final = {
    "type": "object",
    "required": ["code", "message", "field", "fields", "hint", "docs", "request_id"],
    "properties": {
        "code": {**_TEXT, "description": "Dotted code, as listed in docs/errors.md."},
        "message": _TEXT,
        "field": {"type": ["string", "null"], "description": "The field that must be changed."},
        "fields": {
            "type": "array",
            "items": _FIELD,
            "description": "All fields that must be changed, as far as they are known.",
        },
        "hint": {**_TEXT, "description": "What to do next."},
        "docs": {**_TEXT, "description": "The page about all codes."},
        "request_id": {**_TEXT, "description": "Name it when you report a fault of ours."},
    },
}
_REFUSAL: Final = {
    "title": "Refusal",
    "type": "object",
    "required": ["error"],
    "properties": {"error": _ERROR},
}
_PROBLEM: Final = {
    "title": "Problem",
    "type": "object",
    "description": "The same as RFC 9457 has it, for `Accept: application/problem+json`.",
    "required": ["type", "title", "status", "detail", "instance", "code", "fields", "hint", "request_id"],
    "properties": {
        **{name: _TEXT for name in ("type", "title", "detail", "instance", "code", "hint", "request_id")},
        "status": {"type": "integer"},
        "field": {"type": ["string", "null"]},
        "fields": {"type": "array", "items": _FIELD},
    },
}
_REFUSED: Final = {
    "description": "Refused, or a fault of ours: one shape for all.",
    "content": {
        "application/json": {"schema": {"$ref": "#/components/schemas/Refusal"}},
        "application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}},
    },
}
_KEY: Final = {
    "in": "header",
    "name": "Idempotency-Key",
    "required": False,
    "description": SAME,
    "schema": {"type": "string", "pattern": "^[A-Za-z0-9_-]{1,255}$"},
    "example": "6f1c2a",
}
_PLACES: Final = {
    "slug": ("The competition's address.", "connect-four"),
    "submission_id": ("Id of the submission: the agent.", "06h0d9qk2rjv8w3a7b"),
    "match_id": ("Id of the match.", "06h0db91cb0ae4c9ya"),
    "tournament_id": ("Id of the tournament.", "06h0dc3m5n7p9q1r2s"),
    "day": ("A day that is over, in UTC.", "2026-11-20"),
    "announcement_id": ("Id of the announcement.", "06h0dd4n6p8q0r2s4t"),
    "team_id": ("Id of the team.", "06h0de7q9r1s3t5v7w"),
    "username": ("User name of the person.", "ann"),
    "phase_slug": ("Season or final, as `public-1` or `final-1`.", "public-1"),
    "arena_id": ("Id of the arena, with its version; it may hold a slash.", "connect_four-v3"),
    "index": ("Number of the episode, from 0.", "0"),
    "number": ("Number of the request to join.", "1"),
    "webhook_id": ("Id of the webhook.", "06h0df8s0t2v4w6x8y"),
    "delivery_id": ("Id of the message.", "06h0dg9t1v3w5x7y9z"),
    "export_id": ("Id of the export.", "06h0dh0v2w4x6y8z0a"),
    "name": ("Name of the plot.", "ladder"),
    "table": ("Name of the table.", "matches"),
}


def file_of(kind: str, words: str) -> Operation:
    """Return what an operation adds to its description that answers with a file.

    Args:
        kind: media type.
        words: what the file is.
    """
    content = {kind: {"schema": {"type": "string", "format": "binary"}}}
    return {"responses": {200: {"description": words, "content": content}}}


def describe(
    schema: dict[str, Any], *, scope_of: Callable[[str], str], public: Iterable[str]
) -> None:  # Any: OpenAPI
    """Complete ninja's description of the API in place.

    Args:
        schema: as ninja made it.
        scope_of: gives the scope a token needs by the name of an operation; empty where none is needed.
        public: names of the operations that nobody needs to sign in for.
    """
    schema["components"]["schemas"] |= {"Refusal": _REFUSAL, "Problem": _PROBLEM}
    public = set(public)
    _show_examples(schema)
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            name = operation["operationId"]
            operation["responses"]["default"] = _REFUSED
            if name in public:
                operation["security"] = [{}, *operation["security"]]
            scope = scope_of(name)
            operation["x-scope"] = scope or None
            _explain_parameters(operation, method)
            command = _command(method, path, operation, needs_token=bool(scope))
            operation["x-codeSamples"] = [{"lang": "shell", "source": command}]


@cache
def _recorded() -> Mapping[str, Any]:  # Any: JSON
    """Return a request and an answer for each operation, by name."""
    known: dict[str, Any] = json.loads(EXAMPLES.read_text(encoding="utf-8"))
    return known


def _show_examples(schema: dict[str, Any]) -> None:  # Any: OpenAPI
    """Put a request and an answer beside their shapes.

    What nobody could do when the examples were recorded shows an answer of the same shape to something else.
    """
    known = _recorded()
    lacking: list[Operation] = []
    of_shape: dict[str, Any] = {}  # Any: JSON
    for operation in (each for methods in schema["paths"].values() for each in methods.values()):
        row = known.get(operation["operationId"], {})
        for status, answer in operation["responses"].items():
            content = (answer.get("content") or {}).get("application/json")
            if status == "default" or content is None or "schema" not in content:
                continue
            if str(status) == str(row.get("status")) and "answer" in row:
                content["example"] = row["answer"]
                _note_shapes(content["schema"], row["answer"], schema["components"]["schemas"], of_shape)
            else:
                lacking.append(content)
        body = operation.get("requestBody", {}).get("content", {}).get("application/json")
        if body is not None and row.get("sent") is not None:
            body["example"] = row["sent"]
    for content in lacking:
        name = _shape_in(content["schema"])
        if name in of_shape:
            content["example"] = of_shape[name]


def _note_shapes(
    shape: Any,  # Any: OpenAPI and JSON
    found: Any,
    shapes: Mapping[str, Any],
    of_shape: dict[str, Any],
) -> None:
    """Note what an answer shows of each shape that it is made of."""
    name = _shape_in(shape)
    if name and isinstance(found, dict):
        of_shape.setdefault(name, found)
        for field, inner in shapes[name].get("properties", {}).items():
            _note_shapes(inner, found.get(field), shapes, of_shape)
    elif isinstance(found, list) and found and "items" in shape:
        _note_shapes(shape["items"], found[0], shapes, of_shape)


def _shape_in(shape: Mapping[str, Any]) -> str:  # Any: OpenAPI
    """Return the name of the one shape that is meant, without null beside it."""
    named = [each["$ref"].rpartition("/")[2] for each in (shape, *shape.get("anyOf", ())) if "$ref" in each]
    return named[0] if len(named) == 1 else ""


def _explain_parameters(operation: Operation, method: str) -> None:
    for parameter in operation["parameters"]:
        if parameter["in"] == "path" and parameter["name"] in _PLACES:
            parameter["description"], parameter["example"] = _PLACES[parameter["name"]]
    named = {parameter["name"] for parameter in operation["parameters"]}
    if method == "post" and _KEY["name"] not in named:
        operation["parameters"].append(_KEY)


def _command(method: str, path: str, operation: Operation, *, needs_token: bool) -> str:
    """Return a command line that calls the operation."""
    for parameter in operation["parameters"]:
        if parameter["in"] == "path":
            path = path.replace(f"{{{parameter['name']}}}", str(parameter.get("example", "x")))
    parts = ["curl"] if method == "get" else ["curl", "-X", method.upper()]
    if needs_token:
        parts.append('-H "Authorization: Bearer $COLISEUM_TOKEN"')
    content = operation.get("requestBody", {}).get("content", {})
    if "multipart/form-data" in content:
        parts.append("-F file=@agent.py")
    elif "application/json" in content:
        said = json.dumps(content["application/json"].get("example", {}))
        parts.append(f"-H 'Content-Type: application/json' -d '{said}'")
    return " ".join([*parts, f'"$COLISEUM_SERVER{path}"'])
