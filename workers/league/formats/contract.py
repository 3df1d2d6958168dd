"""What goes into a stage of a tournament and what comes out: entries, pairings, scores, standings.

How it works: a stage is a frozen set of options with two pure functions, `due` and `standings`. Both take the
field and the history, and nothing else; so a stage that was paused, crashed or run twice goes on the same.
Whoever calls stores what is due, plays it, adds the scores to the history, and asks again. Nothing due means:
over.
"""

from dataclasses import dataclass, field
from math import isfinite
from typing import Literal, Protocol, TypeAlias

Leaving: TypeAlias = Literal["withdrawn", "disqualified"]
MOST_MATCHES = 1001
"""Most matches a pairing may be planned with."""


class FormatError(ValueError):
    """Options, field or history do not fit together; the caller shows the sentence or mends its records."""


@dataclass(frozen=True, slots=True)
class Field:
    """Who takes part in a stage."""

    entries: tuple[int, ...]
    """Ids of entries in seed order, best first."""
    ratings: tuple[float, ...] = ()
    """Rating of each entry, in the same order; empty where ratings do not break ties."""
    lot: int = 0
    """The tournament's seed: decides what nothing else decides."""

    def __post_init__(self) -> None:
        if len(set(self.entries)) != len(self.entries):
            raise FormatError("an entry is in the field twice")
        if self.ratings and len(self.ratings) != len(self.entries):
            raise FormatError(f"{len(self.ratings)} ratings for {len(self.entries)} entries")
        if not all(map(isfinite, self.ratings)):
            raise FormatError("a rating is not a number")


@dataclass(frozen=True, slots=True)
class Pairing:
    """Who meets whom; `round` and `number` together are its name within the stage."""

    round: int
    """From 1."""
    number: int
    """From 1, within its round."""
    lineup: tuple[int, ...]
    """Entries by seat of the first match; a single one has a bye."""
    label: str = field(default="", compare=False)
    """What people call it, where it has a name: "Final"."""
    why: str = field(default="", compare=False)
    """One sentence for the match page."""

    @property
    def name(self) -> tuple[int, int]:
        """Round and number."""
        return self.round, self.number

    @property
    def is_bye(self) -> bool:
        """Whether nobody sits opposite."""
        return len(self.lineup) == 1


@dataclass(frozen=True, slots=True)
class Score:
    """How one match of a pairing ended."""

    round: int
    number: int
    match: int
    """From 1, within its pairing."""
    points: tuple[float, ...]
    """By place in the pairing's line-up, 0 to 1: share of the others beaten, a tie half."""


@dataclass(frozen=True, slots=True)
class Departure:
    """An entry that left before the stage was over."""

    entry: int
    kind: Leaving
    after_round: int = 0
    """The last round it was paired in; it is in no later one."""


@dataclass(frozen=True, slots=True)
class History:
    """All that has happened in a stage; the order of each tuple means nothing."""

    pairings: tuple[Pairing, ...] = ()
    """Issued so far, played or not."""
    scores: tuple[Score, ...] = ()
    departures: tuple[Departure, ...] = ()


@dataclass(frozen=True, slots=True)
class Due:
    """A pairing that is still to be stored or played."""

    pairing: Pairing
    matches: int
    """How many it needs in all, as far as can be said now, those already played among them. 0: a bye."""


@dataclass(frozen=True, slots=True)
class Standing:
    """One row of a stage's table."""

    entry: int
    place: int
    """1 is best; shared where nothing separates. 0 is no place: disqualified, or results annulled."""
    points: float
    """Points in a table, pairings won in an elimination."""
    played: int
    """Pairings decided by play."""
    decided_by: str
    """What put it ahead of the next row: "points", "round", "group", "stage" or a tie-break; "lot" or "seed"
    where the two share a place."""
    values: tuple[tuple[str, float], ...]
    """Tie-breaks by name, in the order in which they are asked."""
    why: str


class Stage(Protocol):
    """One format with its options; both functions are pure and depend on nothing but their arguments."""

    def due(self, field: Field, history: History) -> tuple[Due, ...]:
        """Return all pairings that are not yet decided, new ones among them; none: the stage is over.

        Raises:
            FormatError: the history is not one of this stage.
        """
        ...

    def standings(self, field: Field, history: History) -> tuple[Standing, ...]:
        """Return the table, best first, at any time; where places are shared, the lot orders the rows.

        Raises:
            FormatError: the history is not one of this stage.
        """
        ...


def require_count(name: str, value: int, least: int, most: int = MOST_MATCHES) -> None:
    """Check a whole-number option.

    Raises:
        FormatError: it is out of range.
    """
    if not least <= value <= most:
        raise FormatError(f"{name} is {value}; it must be {least} to {most}")
