"""Marks of an SVG: rectangles, lines, words; colours are those of the tokens, so that dark pages work."""

import math
from collections.abc import Iterable, Sequence
from typing import Final, TypeAlias

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from coliseum.pages.wording import counted

WIDTH: Final = 360
"""Units of every picture: on a phone about a pixel each, on a desk one and a half."""
INK: Final = "var(--ink)"
SOFT: Final = "var(--soft)"
LINE: Final = "var(--line)"
ACCENT: Final = "var(--accent)"
WIN: Final = "var(--win)"
LOSS: Final = "var(--loss)"
NEUTRAL: Final = "var(--draw)"
SEATS: Final = tuple(f"var(--seat-{number})" for number in range(8))

Point: TypeAlias = tuple[float, float]


def picture(height: float, label: str, marks: Iterable[SafeString]) -> SafeString:
    """Return a whole SVG of WIDTH by `height` units with its label."""
    return format_html(
        '<svg class="plot" viewBox="0 0 {} {}" role="img" aria-label="{}">{}</svg>',
        WIDTH,
        round(height),
        label,
        format_html_join("", "{}", ((mark,) for mark in marks)),
    )


def rect(
    at: Point, size: tuple[float, float], fill: str, *, opacity: float = 1.0, title: str = ""
) -> SafeString:
    """Return a filled rectangle; the title shows when pointed at."""
    return format_html(
        '<rect x="{}" y="{}" width="{}" height="{}" fill="{}"{}>{}</rect>',
        _short(at[0]),
        _short(at[1]),
        _short(max(0.0, size[0])),
        _short(max(0.0, size[1])),
        fill,
        format_html(' fill-opacity="{}"', _short(opacity)) if opacity < 1 else "",
        _title(title),
    )


def dot(at: Point, radius: float, fill: str, *, title: str = "") -> SafeString:
    """Return a filled circle; the title shows when pointed at."""
    return format_html(
        '<circle cx="{}" cy="{}" r="{}" fill="{}">{}</circle>',
        _short(at[0]),
        _short(at[1]),
        _short(radius),
        fill,
        _title(title),
    )


def line(start: Point, end: Point, stroke: str = LINE, *, width: float = 1.0, dashes: str = "") -> SafeString:
    """Return a straight line."""
    return format_html(
        '<line x1="{}" y1="{}" x2="{}" y2="{}" stroke="{}" stroke-width="{}"{}/>',
        *(_short(value) for value in (*start, *end)),
        stroke,
        _short(width),
        format_html(' stroke-dasharray="{}"', dashes) if dashes else "",
    )


def path(points: Sequence[Point], stroke: str, *, width: float = 1.5, title: str = "") -> SafeString:
    """Return a line through points."""
    return format_html(
        '<polyline points="{}" fill="none" stroke="{}" stroke-width="{}">{}</polyline>',
        _points(points),
        stroke,
        _short(width),
        _title(title),
    )


def area(points: Sequence[Point], fill: str, *, opacity: float = 0.18) -> SafeString:
    """Return a filled outline."""
    return format_html(
        '<polygon points="{}" fill="{}" fill-opacity="{}"/>', _points(points), fill, _short(opacity)
    )


def words(
    at: Point, text: str, *, anchor: str = "start", size: float = 11.0, fill: str = INK, title: str = ""
) -> SafeString:
    """Return a text; `at` is the end of its base line that `anchor` names."""
    return format_html(
        '<text x="{}" y="{}" text-anchor="{}" font-size="{}" fill="{}">{}{}</text>',
        _short(at[0]),
        _short(at[1]),
        anchor,
        _short(size),
        fill,
        _title(title),
        text,
    )


def upright(at: Point, text: str, *, size: float = 10.0, fill: str = SOFT) -> SafeString:
    """Return a text that reads upwards from `at`."""
    x, y = _short(at[0]), _short(at[1])
    return format_html(
        '<text x="{}" y="{}" transform="rotate(-90 {} {})" font-size="{}" fill="{}">{}</text>',
        x,
        y,
        x,
        y,
        _short(size),
        fill,
        text,
    )


def clipped(text: str, letters: int) -> str:
    """Return a text cut to so many letters; the version at its end is kept."""
    if len(text) <= letters:
        return text
    name, _, version = text.rpartition(" v")
    if name and version.isdigit():
        return f"{name[: letters - len(version) - 3].rstrip(' ,')}… v{version}"
    return text[: letters - 1].rstrip() + "…"


def ticks(low: float, high: float, most: int = 5) -> list[float]:
    """Return round numbers between two ends, at most so many."""
    if not high > low:
        return [low]
    rough = (high - low) / max(1, most)
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(power * nice for nice in (1, 2, 2.5, 5, 10) if power * nice >= rough)
    first = math.ceil(low / step - 1e-9)
    count = math.floor(high / step + 1e-9) - first + 1
    return [round((first + number) * step, 12) for number in range(count)]


def tick_words(value: float) -> str:
    """Return a tick's number without needless zeros."""
    return f"{value:g}" if abs(value) < 10_000 else counted(value)


def _title(text: str) -> SafeString:
    return format_html("<title>{}</title>", text) if text else SafeString("")


def _points(points: Sequence[Point]) -> str:
    return " ".join(f"{_short(x)},{_short(y)}" for x, y in points)


def _short(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")
