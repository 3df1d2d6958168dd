"""What one refusal code is: status, exit code, and its texts."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import IntEnum
from types import MappingProxyType

from workers.refusals.text import fields_of


class Exit(IntEnum):
    """Exit codes of the command line."""

    DONE = 0
    REFUSED = 1
    USAGE = 2
    NOT_ALLOWED = 3
    NOT_FOUND = 4
    TROUBLE = 5
    """Network or server: the same command may simply be tried again."""
    FAILED_VALIDATION = 6
    INTERRUPTED = 130


@dataclass(frozen=True, slots=True)
class Wording:
    """One way to say a code; which of several is used is decided by the names given."""

    message: str
    """Template in the syntax of `workers.refusals.text.render`."""
    hint: str = ""
    """What to do next; may use the same names."""
    status: int = 0
    """HTTP status where it differs from the code's."""
    fields: frozenset[str] = frozenset()
    """Names the caller must give; filled in by `tell`."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """A reason to say no, shown alike by site, API and command line."""

    code: str
    status: int
    exit_code: Exit
    wordings: tuple[Wording, ...]


def tell(message: str, hint: str = "", *, status: int = 0) -> Wording:
    """Make a wording and note which names it needs."""
    return Wording(message, hint, status, (fields_of(message) | fields_of(hint)) - {"retry_after"})


def refuse(code: str, status: int, *wordings: Wording, exit_code: Exit | None = None) -> Refusal:
    """Make one row of the table; without an exit code it follows from the status."""
    return Refusal(code, status, _exit_code(status) if exit_code is None else exit_code, wordings)


def collect(*groups: Iterable[Refusal]) -> Mapping[str, Refusal]:
    """Join rows to one read-only table.

    Raises:
        ValueError: two rows share a code, or two wordings of one row need the same names.
    """
    table: dict[str, Refusal] = {}
    for row in (row for group in groups for row in group):
        if row.code in table or len({wording.fields for wording in row.wordings}) < len(row.wordings):
            raise ValueError(f"refusal code {row.code} is ambiguous")
        table[row.code] = row
    return MappingProxyType(table)


def _exit_code(status: int) -> Exit:
    if status >= 500:
        return Exit.TROUBLE
    return {401: Exit.NOT_ALLOWED, 404: Exit.NOT_FOUND}.get(status, Exit.REFUSED)
