"""What all answers have in common: they are frozen, they become rows, and unknown fields are ignored.

Fields are those of the published schema, by the same names. A field that is added to the API later has a
default here, so that an older server is still understood.
"""

from collections.abc import Iterable
from typing import Any

import msgspec

Row = dict[str, Any]  # Any: whatever the columns hold


class Answer(msgspec.Struct, frozen=True):
    """Base of all answers."""

    def to_dict(self) -> Row:
        """Return it as JSON values: texts, numbers, lists, dicts; times as texts."""
        found: Row = _plain(self)
        return found


class Listing(Answer, frozen=True):
    """Base of answers with `items`."""

    def to_rows(self) -> list[Row]:
        """Return the items as rows, as `pandas.DataFrame` takes them; times stay datetimes."""
        return rows_of(getattr(self, "items", ()))


def rows_of(answers: Iterable[Answer]) -> list[Row]:
    """Return answers as rows: columns by name, nested answers as dicts and lists."""
    return [{name: _cell(getattr(answer, name)) for name in answer.__struct_fields__} for answer in answers]


def _cell(value: object) -> object:
    return _plain(value) if isinstance(value, tuple | dict | msgspec.Struct) else value


def _plain(value: object) -> Any:  # Any: JSON
    """Return JSON values, with lists for tuples."""
    return msgspec.json.decode(msgspec.json.encode(value))
