"""What is wrong with a file, all of it together."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from workers.hosting.lines import Path
from workers.refusals import REFUSALS, RefusedError, printable

_EMPTY: Final = '""'


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to put right."""

    code: str
    place: Path
    """Where, key by key; empty for the file as a whole."""
    message: str
    hint: str
    expected: str = ""
    got: str = ""
    line: int | None = None
    """Where that stands, or the table it belongs into; None where there are no lines to tell."""

    @property
    def path(self) -> str:
        """Return where, as `tournament[1].format`."""
        return show_path(self.place)

    def as_row(self) -> dict[str, str | int | None]:
        """Return what every door shows of it."""
        return {
            "code": self.code,
            "path": self.path,
            "line": self.line,
            "message": self.message,
            "expected": self.expected,
            "got": self.got,
            "hint": self.hint,
        }

    def __str__(self) -> str:
        place = f"line {self.line}: " if self.line else ""
        return f"{place}{self.message}"


class BadFileError(RefusedError):
    """A file that no competition can be opened from; carries every problem that was found."""

    def __init__(self, problems: Sequence[Problem], file: str = "The file") -> None:
        super().__init__(
            "hosting.bad_file", file=file, count=len(problems), first=str(problems[0]), field=problems[0].path
        )
        self.problems = tuple(problems)

    def as_problem(self, request_id: str = "") -> dict[str, Any]:  # Any: JSON
        """Return the JSON body every door sends, with the list of problems in it."""
        body = super().as_problem(request_id)
        return {"error": {**body["error"], "problems": [each.as_row() for each in self.problems]}}


def make_problem(
    code: str,
    place: Path,
    *,
    line: int | None = None,
    expected: str = "",
    got: str = "",
    **values: Any,  # what the wording names: texts and whole numbers
) -> Problem:
    """Return a problem in the words of the table of refusals.

    Args:
        code: of the table.
        place: where; the wording may name it as `path`.
        line: of the text, from 1.
        expected: what should stand there; the wording may name it.
        got: what stands there; the wording may name it.
        values: what else the wording names.
    """
    known: dict[str, Any] = {
        "path": show_path(place) or "The file",
        "expected": expected,
        "got": got,
    } | values
    known = {name: value for name, value in known.items() if value != ""}
    # Of several wordings the one that says most with what is known.
    fitting = [wording.fields for wording in REFUSALS[code].wordings if wording.fields <= known.keys()]
    error = RefusedError(code, **{name: known[name] for name in max(fitting, key=len)})
    return Problem(code, place, error.message, error.hint, expected, got, line)


def show_path(path: Path) -> str:
    """Return a path as people write it: `tournament[1].format`."""
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else "." + (printable(part, 40) or _EMPTY)
    return text.removeprefix(".")
