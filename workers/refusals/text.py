"""Foreign text made safe to show, and the formatting of refusal messages."""

import string
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Final

SHORT: Final = 40
"""Characters kept of an identifier somebody sent."""
LONG: Final = 200
"""Characters kept of any other foreign text."""

_HIDDEN: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def printable(text: str, limit: int = LONG) -> str:
    r"""Return text cut to a length, with everything invisible written as an escape.

    Control, bidi, zero-width, private and unassigned characters and lone surrogates become `\x1b` or
    `\u202e`, so that the result is one line which reads the same everywhere.

    Args:
        text: what somebody else wrote.
        limit: most characters kept; a longer text ends in an ellipsis.
    """
    escaped: list[str] = []
    size = 0
    for character in text[: limit + 1]:
        shown = _escaped(character) if unicodedata.category(character) in _HIDDEN else character
        if size + len(shown) > limit:
            return _fitting(escaped, limit) + "…"
        escaped.append(shown)
        size += len(shown)
    return "".join(escaped)


def _fitting(pieces: list[str], limit: int) -> str:
    """Join whole pieces, leaving room for the ellipsis."""
    while pieces and sum(map(len, pieces)) > limit - 1:
        pieces.pop()
    return "".join(pieces)


def _escaped(character: str) -> str:
    point = ord(character)
    if point <= 0xFF:
        return f"\\x{point:02x}"
    return f"\\u{point:04x}" if point <= 0xFFFF else f"\\U{point:08x}"


def fields_of(template: str) -> frozenset[str]:
    """Return the names a template asks for."""
    return frozenset(name for _, name, _, _ in string.Formatter().parse(template) if name)


def render(template: str, values: Mapping[str, object]) -> str:
    """Fill a template: texts are made printable, numbers get thousands separators.

    A format spec on a text is its length limit (`{name:40}`); on a whole number it is the word counted
    (`{wanted:seat|seats}` gives `1 seat`, `2 seats`).

    Raises:
        KeyError: the template asks for a name that was not given: a bug of the caller.
    """
    return template.format_map({name: _Shown(value) for name, value in values.items()})


class _Shown:
    """A value that knows how to stand in a message."""

    __slots__ = ("value",)

    def __init__(self, value: object) -> None:
        self.value = value

    def __format__(self, spec: str) -> str:
        value = self.value
        if isinstance(value, int) and not isinstance(value, bool):
            one, _, many = spec.partition("|")
            return f"{value:,} {one if value == 1 else many}" if spec else f"{value:,}"
        if isinstance(value, Sequence) and not isinstance(value, str | bytes):
            return ", ".join(printable(str(item), SHORT) for item in value)
        return printable(str(value), int(spec) if spec else LONG)
