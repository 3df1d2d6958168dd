"""From the values of competition.toml to what a form shows of them, and back."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from functools import cache
from typing import Any, Final

import msgspec
from msgspec import inspect

from workers.hosting.file import TABLES
from workers.hosting.zones import find_zone

_UNITS: Final = {"": 1, "b": 1, "k": 1 << 10, "m": 1 << 20, "g": 1 << 30}
_SIZE: Final = re.compile(r"([0-9]{1,12}(?:\.[0-9]{1,6})?) ?(?:([kmg])(?:i?b)?|b)?", re.IGNORECASE)
_WHOLE: Final = re.compile(r"-?[0-9]{1,18}")
_NUMBER: Final = re.compile(r"-?[0-9]{1,18}(?:[.,][0-9]{1,18})?")

Raw = str | list[str] | bool
Value = Any  # what JSON has: texts, numbers, lists, nothing


@dataclass(frozen=True, slots=True)
class Key:
    """One key of a table, as a form sees it."""

    table: str
    name: str
    kind: str
    """choice, flag, maybe, number, size, moment, baselines, numbers, lines, text, or line."""
    default: Value
    required: bool
    choices: tuple[str, ...] = ()
    least: float | None = None
    most: float | None = None
    is_whole: bool = True

    @property
    def path(self) -> str:
        """Return its name as people write it: `limits.step_seconds`."""
        return f"{self.table}.{self.name}"


@cache
def keys_of(table: str) -> Mapping[str, Key]:
    """Return the keys of a table by name, in the file's order."""
    struct: Any = inspect.type_info(TABLES[table])  # Any: msgspec's type of a struct
    return {field.encode_name: _key(table, field) for field in struct.fields}


def _key(table: str, field: Any) -> Key:  # Any: msgspec's type of a field
    node: Any = field.type  # Any: as above
    extra: Mapping[str, Any] = {}
    is_optional = False
    while isinstance(node, inspect.Metadata | inspect.UnionType):
        if isinstance(node, inspect.Metadata):
            node, extra = node.type, node.extra or {}
        else:
            is_optional = True
            node = next(each for each in node.types if not isinstance(each, inspect.NoneType))
    default = None if field.required or field.default is msgspec.NODEFAULT else field.default
    name = field.encode_name
    return Key(
        table=table,
        name=name,
        kind=_kind(name, node, extra, is_optional=is_optional),
        default=list(default) if isinstance(default, tuple) else default,
        required=field.required,
        choices=tuple(map(str, node.values)) if isinstance(node, inspect.LiteralType) else (),
        least=getattr(node, "ge", None),
        most=getattr(node, "le", None),
        is_whole=not isinstance(node, inspect.FloatType),
    )


def _kind(name: str, node: Any, extra: Mapping[str, Any], *, is_optional: bool) -> str:  # Any: as in `_key`
    if name in {"baselines", "cuts"}:
        return "baselines" if name == "baselines" else "numbers"
    if isinstance(node, inspect.BoolType):
        return "maybe" if is_optional else "flag"
    if isinstance(node, inspect.IntType | inspect.FloatType):
        return "size" if name.endswith("_bytes") else "number"
    if isinstance(node, inspect.StrType):
        return "text" if extra.get("lines") else "line"
    simple: dict[Any, str] = {
        inspect.LiteralType: "choice",
        inspect.DateTimeType: "moment",
        inspect.VarTupleType: "lines",
    }
    return simple[type(node)]


def show(key: Key, value: Value, zone: str, baselines: list[str]) -> Raw:
    """Return what a form shows of a value; None is the key's default.

    Args:
        key: of the value.
        value: as the file has it, times as ISO texts.
        zone: in which times are shown; empty is UTC.
        baselines: names of all baselines of the arena.
    """
    value = key.default if value is None else value
    if key.kind == "flag":
        return bool(value)
    if key.kind == "baselines":
        return list(baselines if value is None else value)
    if value is None:
        return ""
    if key.kind == "maybe":
        return "yes" if value else "no"
    if key.kind == "size":
        return _show_size(value)
    if key.kind == "moment":
        return _show_moment(value, zone)
    if key.kind in {"lines", "numbers"}:
        return ("\n" if key.kind == "lines" else ", ").join(map(str, value))
    return str(value)


def read(key: Key, raw: Raw, zone: str, baselines: list[str]) -> Value:
    """Return the value that a form's text means; what cannot be read stays the text, for the check to refuse.

    Args:
        key: of the value.
        raw: what was sent.
        zone: in which times are meant; empty is UTC.
        baselines: names of all baselines of the arena; all of them chosen means the default.
    """
    if isinstance(raw, bool):
        return raw
    if isinstance(raw, list):
        return None if sorted(raw) == sorted(baselines) else raw
    if key.kind == "text":
        return raw.replace("\r\n", "\n")
    text = raw.strip()
    if key.kind == "lines":
        return [line.strip() for line in text.splitlines() if line.strip()]
    if not text:
        return "" if key.required or key.default == "" else None
    readers = {"number": _read_number, "size": _read_size, "numbers": _read_numbers}
    if key.kind in readers:
        return readers[key.kind](text)
    if key.kind == "maybe":
        return {"yes": True, "no": False}.get(text, text)
    return _read_moment(text, zone) if key.kind == "moment" else text


def _show_size(value: Value) -> str:
    if not isinstance(value, int):
        return str(value)
    for unit, factor in (("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10)):
        if value and value % factor == 0:
            return f"{value // factor} {unit}"
    return str(value)


def _read_size(text: str) -> Value:
    found = _SIZE.fullmatch(text)
    if found is None:
        return text
    count = float(found[1]) * _UNITS[(found[2] or "").lower()]
    return int(count) if count == math.floor(count) else text


def _read_number(text: str) -> Value:
    if _WHOLE.fullmatch(text):
        return int(text)
    return float(text.replace(",", ".")) if _NUMBER.fullmatch(text) else text


def _read_numbers(text: str) -> Value:
    return [_read_number(part) for part in text.replace(",", " ").split()]


def _place(zone: str) -> tzinfo:
    return (find_zone(zone) if zone else None) or UTC


def _show_moment(value: Value, zone: str) -> str:
    try:
        moment = datetime.fromisoformat(str(value)).astimezone(_place(zone))
    except (ValueError, OverflowError):
        return str(value)
    return moment.strftime("%Y-%m-%dT%H:%M")


def _read_moment(text: str, zone: str) -> Value:
    """Return an ISO text with the difference to UTC that is in force then, or the text as it is."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return text
    if moment.tzinfo is None and 1970 < moment.year < 9999 and ("T" in text or " " in text):
        return moment.replace(tzinfo=_place(zone)).isoformat()
    return text


def moved(value: Value, zone: str) -> Value:
    """Return a time as it reads in another zone."""
    try:
        return datetime.fromisoformat(str(value)).astimezone(_place(zone)).isoformat()
    except (ValueError, OverflowError):
        return value
