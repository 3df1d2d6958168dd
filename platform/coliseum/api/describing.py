"""How the API describes itself: one error shape, and scope, examples and a command for each operation."""

import json
from collections.abc import Callable, Iterable
from typing import Any, Final

Operation = dict[str, Any]  # Any: OpenAPI

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
    "announcement_id": ("Id of the announcement.", "06h0dd4n6p8q0r2s4t"),
    "team_id": ("Id of the team.", "06h0de7q9r1s3t5v7w"),
    "username": ("User name of the person.", "ann"),
    "phase_slug": ("Season or final, as `public-1` or `final-1`.", "public-1"),
    "arena_id": ("Id of the arena, with its version; it may hold a slash.", "connect_four-v3"),
    "index": ("Number of the episode, from 0.", "0"),
    "number": ("Number of the request to join.", "1"),
    "name": ("Name of the plot.", "ladder"),
    "table": ("Name of the table.", "matches"),
}


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
