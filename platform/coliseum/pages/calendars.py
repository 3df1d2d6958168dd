"""Calendar files as RFC 5545 has them: a few moments with titles, in UTC."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from coliseum import clock

_LINE_BYTES: Final = 75
_NAMED: Final = {"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n"}


@dataclass(frozen=True, slots=True)
class Event:
    """One moment."""

    uid: str
    """The same for the same event for ever, so that a calendar moves it instead of keeping two."""
    title: str
    at: datetime
    url: str


def calendar(name: str, events: Iterable[Event]) -> str:
    """Return a calendar file; its lines end and are folded as section 3.1 of RFC 5545 says."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Coliseum//Dates//EN", f"X-WR-CALNAME:{_text(name)}"]
    for event in events:
        lines += [
            "BEGIN:VEVENT",
            f"UID:{event.uid}",
            f"DTSTAMP:{_moment(clock.now())}",
            f"DTSTART:{_moment(event.at)}",
            f"SUMMARY:{_text(event.title)}",
            f"URL:{event.url}",
            "END:VEVENT",
        ]
    return "".join(f"{_folded(line)}\r\n" for line in [*lines, "END:VCALENDAR"])


def _moment(value: datetime) -> str:
    return value.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _text(value: str) -> str:
    plain = "".join(character for character in value if character == "\n" or character.isprintable())
    return "".join(_NAMED.get(character, character) for character in plain)


def _folded(line: str) -> str:
    """Cut a line into pieces of 75 bytes at most, never within a character."""
    pieces, size = [""], 0
    for character in line:
        width = len(character.encode())
        if size + width > _LINE_BYTES:
            pieces.append(" ")
            size = 1
        pieces[-1] += character
        size += width
    return "\r\n".join(pieces)
