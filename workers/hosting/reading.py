"""From the bytes of a file, or the values of a call, to a competition; or all that is wrong with it.

How it works: size and text first, then the parser. Of what was parsed the shape of every key is checked, and
what has to fit together in all tables whose keys are right; the problems of both are told at once.
"""

import re
import tomllib
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

import msgspec

from workers.hosting.file import CompetitionFile
from workers.hosting.lines import Path, TooDeepError, find_lines, line_of
from workers.hosting.problems import BadFileError, Problem, make_problem
from workers.hosting.rules import find_conflicts
from workers.hosting.shape import find_problems

MOST_BYTES: Final = 256 * 1024
_PLACE: Final = re.compile(r"(.*?) \(at line (\d+), column (\d+)\)", re.DOTALL)


def read_toml(content: bytes, *, now: datetime | None = None, file: str = "The file") -> CompetitionFile:
    """Return the competition that a file describes.

    Args:
        content: of competition.toml.
        now: nothing in it may end before; None where it may be of the past.
        file: its name, for the message.

    Raises:
        BadFileError: with every problem, each with its line.
    """
    text = _decode(content, file)
    try:
        lines = find_lines(text)
        values = tomllib.loads(text)
    except (TooDeepError, RecursionError) as error:
        raise BadFileError([_alone("hosting.too_deep", getattr(error, "line", None))], file) from error
    except ValueError as error:
        found = _PLACE.fullmatch(str(error))
        problem, line = (found[1], int(found[2])) if found else (str(error), None)
        raise BadFileError([_alone("hosting.bad_toml", line, problem=problem)], file) from error
    return read_values(values, now=now, file=file, lines=lines)


def read_values(
    values: object,
    *,
    now: datetime | None = None,
    file: str = "The file",
    lines: dict[Path, int] | None = None,
) -> CompetitionFile:
    """Return the competition that plain values describe, as parsed from TOML or JSON.

    Args:
        values: the tables by name.
        now: as in `read_toml`.
        file: its name, for the message.
        lines: where each key stands, if that is known.

    Raises:
        BadFileError: with every problem.
    """
    problems = find_all(values, now=now)
    if problems:
        raise BadFileError(_placed(problems, lines or {}), file)
    return msgspec.convert(values, CompetitionFile)


def find_all(values: object, *, now: datetime | None = None) -> list[Problem]:
    """Return everything that is wrong with plain values; arguments as in `read_values`."""
    problems = find_problems(CompetitionFile, values)
    if problems:
        return problems + _further(values, problems, now)
    return find_conflicts(msgspec.convert(values, CompetitionFile), now=now)


def _further(values: object, problems: list[Problem], now: datetime | None) -> list[Problem]:
    """Return what does not fit together in the tables that have no problem of their own."""
    bad = {each.place for each in problems}
    bad_tables = {place[: 2 if place[:1] == ("tournament",) else 1] for place in bad}
    if () in bad_tables or not isinstance(values, dict):
        return []
    about = values.get("competition")
    arena = about.get("arena") if isinstance(about, dict) else None
    is_known = isinstance(arena, str) and ("competition", "arena") not in bad
    sound: dict[str, Any] = {  # Any: values that were found right
        name: value for name, value in values.items() if (name,) not in bad_tables and name != "tournament"
    }
    sound["competition"] = {"slug": "a", "title": "a", "arena": arena if is_known else "a"}
    listed = values.get("tournament", ())
    if ("tournament",) not in bad_tables and isinstance(listed, list):
        sound["tournament"] = [
            {"name": f"\0{index}"} if ("tournament", index) in bad_tables else each
            for index, each in enumerate(listed)
        ]
    found = find_conflicts(msgspec.convert(sound, CompetitionFile), now=now)
    return [each for each in found if each.place not in bad and each.place[:2] not in bad_tables]


def _decode(content: bytes, file: str) -> str:
    if len(content) > MOST_BYTES:
        raise BadFileError([too_large()], file)
    if b"\0" in content:
        row = content[: content.index(b"\0")].count(b"\n") + 1
        raise BadFileError([_alone("hosting.not_text", row, row=row)], file)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = content[: error.start]
        row, position = before.count(b"\n") + 1, error.start - before.rfind(b"\n")
        raise BadFileError([_alone("hosting.not_text", row, row=row, position=position)], file) from error
    if not text.strip():
        raise BadFileError([_alone("hosting.empty")], file)
    return text


def too_large() -> Problem:
    """Return the problem of a file of more bytes than are read."""
    return _alone("hosting.too_large", limit=f"{MOST_BYTES // 1024} kB")


def _alone(code: str, line: int | None = None, **values: Any) -> Problem:  # Any: as in `make_problem`
    return make_problem(code, (), line=line, **values)


def _placed(problems: list[Problem], lines: dict[Path, int]) -> list[Problem]:
    """Return problems with their lines, in the order in which they stand in the file."""
    placed = [replace(each, line=line_of(lines, each.place)) for each in problems]
    return sorted(placed, key=lambda each: each.line or 0)
