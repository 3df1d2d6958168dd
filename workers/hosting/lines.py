"""On which line of a TOML text each key stands: the standard library's parser does not tell.

How it works: the text is cut into pieces by one pattern, and only statements are looked at: table headers,
and keys before an equals sign. Of a text that is TOML every piece is right; of one that is not, those before
the mistake are. Keys inside an inline table or a list have the line of the statement they stand in.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final, TypeAlias

Path: TypeAlias = tuple[str | int, ...]
"""Keys, and places in lists of tables: ("tournament", 1, "format")."""

MOST_PARTS: Final = 16
"""Parts of a dotted key; the standard library's parser takes a minute for one of 100,000."""
MOST_BRACKETS: Final = 32

_PIECE: Final = re.compile(
    r'"""(?:\\.|[^\\])*?"{3,5}'
    r"|'''.*?'{3,5}"
    r'|"(?:\\.|[^"\\\n])*"'
    r"|'[^'\n]*'"
    r"|\#[^\n]*"
    r"|\n|[\[\]{}=.]"
    r"|[^\s\[\]{}=\#\"'.]+"
    r"|[\"']",
    re.DOTALL,
)


class TooDeepError(ValueError):
    """A key has too many parts, or brackets too many levels, for any file of ours."""

    def __init__(self, line: int) -> None:
        self.line = line
        super().__init__(f"line {line}")


@dataclass(frozen=True, slots=True)
class Statement:
    """The pieces of one statement, and where it begins."""

    line: int
    pieces: list[str] = field(default_factory=list)


def find_lines(text: str) -> dict[Path, int]:
    """Return the line, from 1, of each table and key of a text.

    Raises:
        TooDeepError: nothing of ours is nested so deeply; told before any parser tries.
    """
    lines: dict[Path, int] = {}
    lists: dict[Path, int] = {}
    table: Path = ()
    for statement in _statements(text):
        pieces = statement.pieces
        is_header = pieces[0] == "["
        is_list = pieces[:2] == ["[", "["]
        parts = _parts(pieces[1 + is_list :] if is_header else pieces)
        if len(parts) > MOST_PARTS:
            raise TooDeepError(statement.line)
        if is_list:
            place = _resolve(parts, lists)
            lists[place] = lists.get(place, -1) + 1
            table = (*place, lists[place])
            lines.setdefault(place, statement.line)
        elif is_header:
            table = _resolve(parts, lists)
        lines.setdefault(table if is_header else (*table, *parts), statement.line)
    return lines


def line_of(lines: dict[Path, int], path: Path) -> int | None:
    """Return the line of a key, or of the nearest table around it that has one."""
    while path:
        if path in lines:
            return lines[path]
        path = path[:-1]
    return None


def _statements(text: str) -> Iterator[Statement]:
    """Yield statements without comments and line ends.

    Raises:
        TooDeepError: brackets.
    """
    line, depth = 1, 0
    current = Statement(1)
    for found in _PIECE.finditer(text):
        piece = found.group()
        if piece == "\n":
            line += 1
            if depth <= 0 and current.pieces:
                yield current
                current = Statement(line)
            continue
        if piece[0] != "#":
            current = current if current.pieces else Statement(line)
            current.pieces.append(piece)
            depth += (piece in "[{") - (piece in "]}")
            if depth > MOST_BRACKETS:
                raise TooDeepError(line)
        line += piece.count("\n")
    if current.pieces:
        yield current


def _parts(pieces: list[str]) -> tuple[str, ...]:
    """Return the parts of the dotted key that pieces begin with; one more than allowed is enough to know."""
    parts: list[str] = []
    for piece in pieces:
        if piece in {"=", "]"} or len(parts) > MOST_PARTS:
            break
        if piece != ".":
            parts.append(piece[1:-1] if piece[0] in "\"'" else piece)
    return tuple(parts)


def _resolve(parts: tuple[str, ...], lists: dict[Path, int]) -> Path:
    """Return the path of a header: below a list of tables its latest one is meant."""
    path: Path = ()
    for part in parts[:-1]:
        path = (*path, part)
        if path in lists:
            path = (*path, lists[path])
    return (*path, *parts[-1:])
