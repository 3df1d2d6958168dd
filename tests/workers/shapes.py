"""Answers of a site, complete in every field, for the small site of `tests.workers.door`."""

import types
from datetime import UTC, datetime
from typing import Any, Union, get_origin, get_type_hints

import msgspec

MOMENT = datetime(2026, 11, 22, 12, tzinfo=UTC)
_PLAIN = {str: "", int: 0, float: 0.0, bool: False, datetime: MOMENT.isoformat(), Any: None}


def answer(form: type[msgspec.Struct], **facts: object) -> dict[str, Any]:
    """Return the JSON object of an answer: what is given, and something of the right kind for all else."""
    hints = get_type_hints(form)
    assert facts.keys() <= hints.keys(), facts.keys() - hints.keys()
    return {name: facts[name] if name in facts else _something(kind) for name, kind in hints.items()}


def _something(kind: Any) -> object:
    if get_origin(kind) in {Union, types.UnionType}:
        return None
    if get_origin(kind) in {tuple, dict}:
        return [] if get_origin(kind) is tuple else {}
    return _PLAIN[kind] if kind in _PLAIN else answer(kind)
