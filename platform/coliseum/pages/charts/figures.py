"""What a plot is on a page: a picture, a sentence that says what it shows, and a table."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

Content: TypeAlias = Mapping[str, Any]  # Any: JSON of `leaderboards.models.Plot`, shaped by its name
Names: TypeAlias = Mapping[str, str]
"""What agents are called, by submission id."""

_UNITS: Final = {
    "elo": gettext_lazy("rating"),
    "score": gettext_lazy("score"),
    "return": gettext_lazy("return"),
}


@dataclass(frozen=True, slots=True)
class Figure:
    """One drawn plot."""

    svg: SafeString
    """The picture; its own label is `summary`."""
    summary: str
    """What it shows, for those who cannot see it; figures of now, not a description of the axes."""
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    """The same as a table; empty where a table would hold a thousand cells (the file has them)."""


Drawing: TypeAlias = Callable[[Content, Names], Figure]


def unit_of(content: Content) -> str:
    """Return what the numbers are called."""
    return str(_UNITS[_unit(content)])


def _unit(content: Content) -> str:
    unit = str(content.get("unit"))
    return unit if unit in _UNITS else "elo"


def written(value: float | None, content: Content) -> str:
    """Return a number in the unit's usual precision; nothing for what is unknown."""
    if value is None:
        return ""
    return f"{value:.0f}" if _unit(content) == "elo" else f"{value:.2f}"


def percent(value: float | None) -> str:
    """Return a share as whole per cents; nothing for what is unknown."""
    return "" if value is None else f"{100 * value:.0f} %"


def between(low: str, high: str) -> str:
    """Return an interval in words."""
    return _("%(low)s to %(high)s") % {"low": low, "high": high}


def known(content: Content, names: Names) -> tuple[list[str], list[int]]:
    """Return the agents of a plot whose names are known, and their positions."""
    at = [index for index, agent in enumerate(content["agents"]) if agent in names]
    return [names[content["agents"][index]] for index in at], at


def square(table: Sequence[Sequence[float | None]], at: Sequence[int]) -> list[list[float | None]]:
    """Return the rows and columns of a square table at some positions."""
    return [[table[row][column] for column in at] for row in at]
