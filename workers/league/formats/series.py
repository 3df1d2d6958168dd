"""When a series of matches between two is decided, and by what."""

from dataclasses import dataclass
from math import floor

from workers.league.formats.contract import FormatError, require_count
from workers.league.formats.record import Encounter


@dataclass(frozen=True, slots=True)
class SeriesRule:
    """Best of so many matches; then extra ones while it is level; then the better seed."""

    best_of: int = 7
    extra: int = 4

    def __post_init__(self) -> None:
        require_count("best_of", self.best_of, 1)
        require_count("extra", self.extra, 0)
        if self.best_of % 2 == 0:
            raise FormatError(f"best_of is {self.best_of}; it must be odd")


@dataclass(frozen=True, slots=True)
class Decision:
    """What is known of a series."""

    winner: int | None
    """Place in the line-up, or nobody yet."""
    matches: int
    """How many matches it needs in all; never more than must be played."""
    why: str


def judge_series(encounter: Encounter, rule: SeriesRule, better_seed: int) -> Decision:
    """Decide a series of two, or say how many matches it needs.

    Args:
        encounter: a line-up of two; which matches came first does not matter.
        rule: the length.
        better_seed: place in the line-up that wins when even the extra matches leave it level.
    """
    played = encounter.played
    first, second = encounter.totals
    leader, lead = (0, first) if first > second else (1, second)
    text = f"{max(first, second):g}-{min(first, second):g}"
    if played < rule.best_of:
        missing = floor(rule.best_of / 2 - lead) + 1
        if missing > 0:
            return Decision(None, min(played + missing, rule.best_of), "Still open.")
        return Decision(leader, played, f"Best of {rule.best_of}: {text}.")
    if first != second:
        return Decision(leader, played, f"Best of {rule.best_of}: {text}" + _extra(played - rule.best_of))
    if played < rule.best_of + rule.extra:
        return Decision(None, played + 1, f"Level at {text}; an extra match decides.")
    return Decision(
        better_seed, played, f"Level at {text}" + _extra(rule.extra) + " The better seed goes on."
    )


def _extra(count: int) -> str:
    if count <= 0:
        return "."
    return f" after {count} extra {'match' if count == 1 else 'matches'}."
