"""What changed between two versions of an agent, file by file, within bounds of size and time."""

import io
import time
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from coliseum import storage
from coliseum.pages.rows import Row
from coliseum.pages.wording import size
from coliseum.submissions.models import Package

FILES: Final = 200
TEXT_BYTES: Final = 200_000
"""A larger file is told by its size."""
LINES: Final = 5_000
"""A longer file is told by its number of lines."""
ROWS: Final = 2_000
"""Lines of differences on one page."""
LINE_CHARACTERS: Final = 400
SECONDS: Final = 2.0
"""After that much comparing, what is left is told by its size."""
_AROUND: Final = 3


@dataclass(frozen=True, slots=True)
class _File:
    """One file of a package as its directory tells it, and its content where that is short text."""

    size: int
    checksum: int
    """CRC-32, as the archive has it."""
    lines: list[str] | None


class _TooLongError(Exception):
    """The comparison took longer than a page may."""


class _Matcher(SequenceMatcher[str]):
    """Compares lines until a deadline; texts can be made for which it would take minutes."""

    def __init__(self, old: list[str], new: list[str], deadline: float) -> None:
        super().__init__(None, old, new)
        self._deadline = deadline

    def find_longest_match(  # type: ignore[override]  # as difflib itself calls it
        self, alo: int = 0, ahi: int | None = None, blo: int = 0, bhi: int | None = None
    ) -> object:
        if time.monotonic() > self._deadline:
            raise _TooLongError
        return super().find_longest_match(alo, ahi, blo, bhi)


def difference_rows(old: Package, new: Package) -> list[Row]:
    """Return what submissions/changes.html prints: one row a file that changed, in order of names.

    A row has `name`, `what` (a few words) and `lines`: old number, new number, word and text of each line.
    """
    before, after = _files(old), _files(new)
    deadline = time.monotonic() + SECONDS
    room = ROWS
    rows = []
    changed = [name for name in sorted({*before, *after}) if not _same(before.get(name), after.get(name))]
    for name in changed[:FILES]:
        row = _row(name, before.get(name), after.get(name), deadline)
        row["is_cut"] = len(row["lines"]) > room
        row["lines"] = row["lines"][:room]
        room -= len(row["lines"])
        rows.append(row)
    return rows


def _same(one: _File | None, other: _File | None) -> bool:
    return one is not None and other is not None and (one.size, one.checksum) == (other.size, other.checksum)


def _row(name: str, old: _File | None, new: _File | None, deadline: float) -> Row:
    was, now = (each.lines if each else [] for each in (old, new))
    row: Row = {"name": name, "what": _sizes(old, new), "lines": []}
    if was is None or now is None:
        return row
    try:
        row["lines"] = list(_lines(was, now, deadline))
    except _TooLongError:
        return row | {"what": "; ".join((row["what"], _("too different to compare line by line")))}
    added = sum(line["word"] == "added" for line in row["lines"])
    removed = sum(line["word"] == "removed" for line in row["lines"])
    return row | {"what": f"{row['what']}, +{added} -{removed}"}


def _sizes(old: _File | None, new: _File | None) -> str:
    if old is None and new is not None:
        return _("new, %(size)s") % {"size": size(new.size)}
    if new is None and old is not None:
        return _("removed, it had %(size)s") % {"size": size(old.size)}
    if old is None or new is None:
        return ""
    if old.lines is None or new.lines is None:
        sums = {
            "old": size(old.size),
            "new": size(new.size),
            "sum": f"{old.checksum:08x}",
            "sums": f"{new.checksum:08x}",
        }
        return _("%(old)s, now %(new)s; CRC-32 %(sum)s, now %(sums)s") % sums
    return size(new.size)


def _lines(old: list[str], new: list[str], deadline: float) -> Iterator[Row]:
    """Yield the lines that changed with some around them; a gap stands for those left out."""
    seen = 0
    for group in _Matcher(old, new, deadline).get_grouped_opcodes(_AROUND):
        first = group[0][1]
        if first > seen:
            hidden = first - seen
            text = ngettext("%(count)d line", "%(count)d lines", hidden) % {"count": hidden}
            yield {"word": "gap", "old": "", "new": "", "text": text}
        for tag, one, other, start, end in group:
            if tag == "equal":
                for step in range(other - one):
                    yield _line("", one + step, start + step, old[one + step])
                continue
            yield from (_line("removed", at, None, old[at]) for at in range(one, other))
            yield from (_line("added", None, at, new[at]) for at in range(start, end))
        seen = group[-1][2]


def _line(word: str, old: int | None, new: int | None, text: str) -> Row:
    shown = text if len(text) <= LINE_CHARACTERS else text[:LINE_CHARACTERS] + "…"
    return {
        "word": word,
        "sign": {"added": "+", "removed": "-"}.get(word, ""),
        "old": "" if old is None else old + 1,
        "new": "" if new is None else new + 1,
        "text": shown,
    }


def _files(package: Package) -> dict[str, _File]:
    """Return a package's files by name. What lies in storage has passed the inspection of archives."""
    if package.file_name != "agent.zip":
        content = storage.read_package(package.digest)
        return {package.file_name: _File(len(content), zlib.crc32(content), _text(content))}
    found = {}
    with storage.open_package(package.digest) as stored, zipfile.ZipFile(stored) as archive:
        for member in sorted(archive.infolist(), key=lambda each: each.filename)[: 10 * FILES]:
            if member.is_dir():
                continue
            is_short = member.file_size <= TEXT_BYTES
            lines = _text(_read(archive, member)) if is_short else None
            found[member.filename] = _File(member.file_size, member.CRC, lines)
    return found


def _read(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes:
    with archive.open(member) as opened:
        return opened.read(TEXT_BYTES + 1)


def _text(content: bytes) -> list[str] | None:
    """Return the lines of a short text; None for anything else."""
    if len(content) > TEXT_BYTES or b"\0" in content:
        return None
    try:
        # Not str.splitlines: that would also cut at form feeds and other signs inside a line.
        lines = io.StringIO(content.decode("utf-8"), newline=None).read().removesuffix("\n").split("\n")
    except UnicodeDecodeError:
        return None
    return lines if len(lines) <= LINES else None
