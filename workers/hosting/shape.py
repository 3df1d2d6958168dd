"""Whether plain values have the shape of a struct: msgspec tells the first mistake, this tells them all."""

import difflib
import math
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from datetime import date, datetime, time
from typing import Any, Final

import msgspec
from msgspec import inspect

from workers.hosting.lines import Path
from workers.hosting.problems import Problem, make_problem, show_path
from workers.refusals import printable

_EXAMPLE: Final = "a time with its difference to UTC, as 2026-12-01T18:00:00+01:00"
_KINDS: Final[tuple[tuple[type | tuple[type, ...], str], ...]] = (
    (bool, "true or false"),
    (int, "a whole number"),
    (float, "a number with a point"),
    (str, "a text"),
    (datetime, "a time"),
    (date, "a date without a time"),
    (time, "a time without a date"),
    (dict, "a table"),
    ((list, tuple), "a list"),
    (type(None), "nothing"),
)
_UNSTORABLE: Final = re.compile("[\x00\ud800-\udfff]")
_LINE_ENDS: Final = frozenset("\n\t\r")
_MOST: Final = 1 << 62

Find = Callable[[Any, object, Path, Mapping[str, Any]], Iterator[Problem]]


def find_problems(struct: type, value: object) -> list[Problem]:
    """Return everything by which a value differs from a struct; nothing means `msgspec.convert` takes it.

    Args:
        struct: made of tables, lists, texts, numbers, times and choices.
        value: what a parser of TOML or JSON returned.
    """
    return list(_check(inspect.type_info(struct), value, ()))


def kind_of(value: object) -> str:
    """Return what a value is, in words."""
    return next((words for kinds, words in _KINDS if isinstance(value, kinds)), "that")


def shown(value: object) -> str:
    """Return a value in few characters, whatever its size."""
    if isinstance(value, str):
        return f'"{printable(value, 50)}"'
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int):
        return f"{value}" if value.bit_length() < 128 else "a number of far too many digits"
    if isinstance(value, float | datetime | date | time):
        return str(value)
    return kind_of(value)


def nearest(name: str, known: list[str]) -> str:
    """Return what was probably meant, empty where nothing is near."""
    near = difflib.get_close_matches(name[:80].lower(), known, n=1, cutoff=0.6)
    return near[0] if near else ""


def _check(
    node: inspect.Type, value: object, path: Path, extra: Mapping[str, Any] | None = None
) -> Iterator[Problem]:
    if isinstance(node, inspect.Metadata):
        yield from _check(node.type, value, path, node.extra)
    elif isinstance(node, inspect.UnionType):
        if value is not None:
            (other,) = (each for each in node.types if not isinstance(each, inspect.NoneType))
            yield from _check(other, value, path)
    else:
        yield from _CHECKS[type(node)](node, value, path, extra or {})


def _check_table(node: Any, value: object, path: Path, _: Mapping[str, Any]) -> Iterator[Problem]:
    if not isinstance(value, dict):
        yield _wrong_type(path, "a table", value)
        return
    fields = {field.encode_name: field for field in node.fields}
    for name in value:
        if name not in fields:
            yield _unknown(str(name), list(fields), path)
    for name, field in fields.items():
        if name in value:
            yield from _check(field.type, value[name], (*path, name))
        elif field.required:
            yield make_problem("hosting.missing_key", (*path, name), expected=_expected(field.type))


def _unknown(name: str, known: list[str], path: Path) -> Problem:
    suggestion = nearest(name, known)
    meant = show_path((*path, suggestion)) if suggestion else ""
    expected = ", ".join(known)
    return make_problem(
        "hosting.unknown_key", (*path, name), expected=expected, known=expected, suggestion=meant
    )


def _check_list(node: Any, value: object, path: Path, _: Mapping[str, Any]) -> Iterator[Problem]:
    if not isinstance(value, list | tuple):
        yield _wrong_type(path, _expected(node), value)
        return
    if node.max_length is not None and len(value) > node.max_length:
        yield _bad_value(path, f"a list of at most {node.max_length}", f"a list of {len(value)}")
        return
    for index, item in enumerate(value):
        yield from _check(node.item_type, item, (*path, index))


def _check_text(node: Any, value: object, path: Path, extra: Mapping[str, Any]) -> Iterator[Problem]:
    expected = _expected(node, extra)
    if not isinstance(value, str):
        yield _wrong_type(path, expected, value)
    elif not (node.min_length or 0) <= len(value) <= (node.max_length or math.inf):
        yield _bad_value(path, expected, f"a text of {len(value)}" if value else "an empty text")
    elif node.min_length and value != value.strip():
        yield _bad_value(path, f"{expected}, with no blanks around it", shown(value))
    elif node.pattern and not re.fullmatch(node.pattern, value):
        yield _bad_value(path, expected, shown(value))
    elif found := _forbidden(value, allows_lines=extra.get("lines", False)):
        position, point = found
        yield make_problem("hosting.bad_text", path, got=point, point=point, position=position)


def _forbidden(text: str, *, allows_lines: bool) -> tuple[int, str] | None:
    """Return position and code point of the first character that no text of ours may have."""
    for position, character in enumerate(text, start=1):
        is_bad = (
            _UNSTORABLE.match(character) or (character < " " and character not in _LINE_ENDS)
            if allows_lines
            else printable(character, 12) != character
        )
        if is_bad:
            return position, f"U+{ord(character):04X}"
    return None


def _check_number(node: Any, value: object, path: Path, _: Mapping[str, Any]) -> Iterator[Problem]:
    expected = _expected(node)
    kinds = int if isinstance(node, inspect.IntType) else (int, float)
    if isinstance(value, bool) or not isinstance(value, kinds):
        yield _wrong_type(path, expected, value)
    elif not _or(node.ge, -_MOST) <= value <= _or(node.le, _MOST):
        yield _bad_value(path, expected, shown(value))


def _or(bound: float | None, otherwise: float) -> float:
    return otherwise if bound is None else bound


def _check_flag(node: Any, value: object, path: Path, _: Mapping[str, Any]) -> Iterator[Problem]:
    if not isinstance(value, bool):
        yield _wrong_type(path, _expected(node), value)


def _check_choice(node: Any, value: object, path: Path, _: Mapping[str, Any]) -> Iterator[Problem]:
    if not isinstance(value, str):
        yield _wrong_type(path, _expected(node), value)
    elif value not in node.values:
        suggestion = nearest(value, list(node.values))
        yield _bad_value(path, _expected(node), shown(value), suggestion)


def _check_moment(_: Any, value: object, path: Path, __: Mapping[str, Any]) -> Iterator[Problem]:
    moment = value
    if isinstance(value, str):
        with suppress(msgspec.ValidationError):
            moment = msgspec.convert(value, datetime)
    if not isinstance(moment, datetime):
        yield _wrong_type(path, _EXAMPLE, value)
    elif moment.tzinfo is None:
        yield make_problem("hosting.naive_time", path, expected=_EXAMPLE, got=shown(value))
    elif not 1970 < moment.year < 9999:
        yield _bad_value(path, "a time between the years 1971 and 9998", shown(value))


_CHECKS: Final[dict[type, Find]] = {
    inspect.StructType: _check_table,
    inspect.VarTupleType: _check_list,
    inspect.StrType: _check_text,
    inspect.IntType: _check_number,
    inspect.FloatType: _check_number,
    inspect.BoolType: _check_flag,
    inspect.LiteralType: _check_choice,
    inspect.DateTimeType: _check_moment,
}


def _expected(node: Any, extra: Mapping[str, Any] | None = None) -> str:
    """Return in words what a node takes."""
    if isinstance(node, inspect.Metadata):
        return _expected(node.type, node.extra)
    if extra and "expected" in extra:
        return str(extra["expected"])
    if isinstance(node, inspect.StrType):
        least = f"{node.min_length} to" if node.min_length else "at most"
        return f"a text of {least} {node.max_length:,} characters"
    if isinstance(node, inspect.IntType | inspect.FloatType):
        kind = "a whole number" if isinstance(node, inspect.IntType) else "a number"
        return kind if node.ge is None else f"{kind} from {node.ge:,} to {node.le:,}"
    if isinstance(node, inspect.LiteralType):
        return "one of " + ", ".join(map(str, node.values))
    if isinstance(node, inspect.VarTupleType):
        return "a list of tables, [[...]]" if isinstance(node.item_type, inspect.StructType) else "a list"
    if isinstance(node, inspect.BoolType):
        return "true or false"
    return "a table" if isinstance(node, inspect.StructType) else _EXAMPLE


def _wrong_type(path: Path, expected: str, value: object) -> Problem:
    return make_problem("hosting.wrong_type", path, expected=expected, got=kind_of(value))


def _bad_value(path: Path, expected: str, got: str, suggestion: str = "") -> Problem:
    return make_problem("hosting.bad_value", path, expected=expected, got=got, suggestion=suggestion)
