"""A competition as TOML: what was read comes back the same, keys with their defaults left out."""

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

import msgspec

from workers.hosting.file import CompetitionFile


def write_toml(file: CompetitionFile) -> str:
    """Return the text of competition.toml; `read_toml` gives the same file again."""
    tables = msgspec.to_builtins(file, builtin_types=(datetime,))
    return "\n".join(_tables(tables))


def _tables(tables: Mapping[str, Any]) -> Iterator[str]:  # Any: texts, numbers, times, lists, tables
    for name, table in tables.items():
        if isinstance(table, list | tuple):
            yield from (_table(f"[[{name}]]", each) for each in table)
        elif table or name == "final":
            yield _table(f"[{name}]", table)


def _table(header: str, table: Mapping[str, Any]) -> str:
    lines = (f"{key} = {write_value(value)}\n" for key, value in table.items())
    return f"{header}\n" + "".join(lines)


def write_value(value: object) -> str:
    """Return one value as TOML writes it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return _write_text(value)
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(write_value, value))}]"
    return repr(value)


def _write_text(text: str) -> str:
    """Return a text; of several lines as it reads, where nothing in it would be read otherwise."""
    if "\n" in text and "\r" not in text and '"""' not in text and not text.endswith('"'):
        return '"""\n' + text.replace("\\", "\\\\").replace("\t", "\\t") + '"""'
    # JSON's escapes are TOML's, but for the one character JSON leaves as it is.
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
