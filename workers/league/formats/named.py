"""Formats by name, with the options that a form, a file or a call may give: from plain values to a plan."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from workers.league.formats.contract import MOST_MATCHES, FormatError, require_count
from workers.league.formats.double_elimination import DoubleElimination
from workers.league.formats.groups import Groups
from workers.league.formats.plan import Part, Plan
from workers.league.formats.round_robin import RoundRobin
from workers.league.formats.single_elimination import SingleElimination
from workers.league.formats.swiss import Swiss
from workers.league.formats.tables import Tables

Value: TypeAlias = int | bool
Values: TypeAlias = Mapping[str, Any]  # Any: checked by `check_options`, then of the option's kind


@dataclass(frozen=True, slots=True)
class Option:
    """One thing a host may choose about a format."""

    name: str
    label: str
    default: Value
    """Its type is the option's kind."""
    least: int = 0
    most: int = MOST_MATCHES
    help: str = ""


@dataclass(frozen=True, slots=True)
class NamedFormat:
    """A format as people choose it."""

    name: str
    label: str
    summary: str
    """One sentence: what happens, and what it is good for."""
    options: tuple[Option, ...]
    plan: Callable[[Values, int], Plan]
    """From checked options and the seats of a match."""
    is_for_two: bool = True
    """Whether its pairings are of two; else they fill tables of any size."""


_MATCHES = Option("matches", "Matches of a pairing", 1, 1, 99)
_ROUNDS = Option("rounds", "Rounds", 0, 0, 200, "0: as many as the field needs.")
_CUT = Option("cut", "How many go on", 8, 2, 256)
_THIRD = Option("third_place", "Match for third place", True)


def _best_of(default: int) -> Option:
    return Option("best_of", "Best of", default, 1, 99, "Odd. A match is played in all seatings.")


_FINAL = Option("final_best_of", "Final: best of", 0, 0, 99, "0: like the others.")
_ALL = (
    NamedFormat(
        "round_robin",
        "Round robin",
        "Everybody meets everybody; the fairest, and the longest in a large field.",
        (Option("cycles", "How often each meets each", 1, 1, 10, "2: a double round robin."), _MATCHES),
        lambda chosen, _: Plan((Part(RoundRobin(chosen["cycles"], chosen["matches"])),)),
    ),
    NamedFormat(
        "swiss",
        "Swiss",
        "In each round everybody meets somebody of about the same score, nobody twice.",
        (_ROUNDS, _MATCHES, Option("accelerated", "The strong meet earlier", False)),
        lambda chosen, _: Plan(
            (Part(Swiss(chosen["rounds"], chosen["matches"], is_accelerated=chosen["accelerated"])),)
        ),
    ),
    NamedFormat(
        "single_elimination",
        "Single elimination",
        "Who loses a series is out; quick, and luck weighs most.",
        (_best_of(7), _FINAL, _THIRD),
        lambda chosen, _: Plan(
            (
                Part(
                    SingleElimination(
                        chosen["best_of"], chosen["final_best_of"], has_third_place=chosen["third_place"]
                    )
                ),
            )
        ),
    ),
    NamedFormat(
        "double_elimination",
        "Double elimination",
        "Who loses two series is out.",
        (
            _best_of(5),
            _FINAL,
            Option("reset", "Who comes to the final without a loss has to lose twice there", True),
        ),
        lambda chosen, _: Plan(
            (Part(DoubleElimination(chosen["best_of"], chosen["final_best_of"], has_reset=chosen["reset"])),)
        ),
    ),
    NamedFormat(
        "groups_and_knockout",
        "Groups and knockout",
        "Small round robins; the best of each go into an elimination.",
        (
            Option("groups", "Groups", 4, 1, 256),
            Option("cycles", "How often each meets each in its group", 1, 1, 10),
            _CUT,
            _best_of(5),
            _THIRD,
        ),
        lambda chosen, _: Plan(
            (Part(Groups(chosen["groups"], RoundRobin(chosen["cycles"]))), _knockout(chosen))
        ),
    ),
    NamedFormat(
        "swiss_and_cut",
        "Swiss and top cut",
        "A Swiss tournament, then an elimination of its best: finds a winner in few matches.",
        (_ROUNDS, _CUT, _best_of(7), _THIRD),
        lambda chosen, _: Plan((Part(Swiss(chosen["rounds"])), _knockout(chosen))),
    ),
    NamedFormat(
        "tables",
        "Tables",
        "For arenas of several seats: in each round everybody sits at a table of other agents.",
        (
            _ROUNDS,
            Option("by_score", "Those of like score sit together", False),
            Option("matches", "Matches at a table", 1, 1, 99),
        ),
        lambda chosen, seats: Plan(
            (Part(Tables(seats, chosen["rounds"], chosen["by_score"], chosen["matches"])),)
        ),
        is_for_two=False,
    ),
)
FORMATS: Final[Mapping[str, NamedFormat]] = {one.name: one for one in _ALL}


def formats_for(seats: int) -> tuple[NamedFormat, ...]:
    """Return the formats that suit an arena whose line-ups have so many members."""
    if seats < 2:
        return ()
    return tuple(one for one in _ALL if seats == 2 or not one.is_for_two)


def check_options(name: str, options: Values) -> dict[str, Value]:
    """Return all options of a format, defaults filled in.

    Raises:
        FormatError: there is no such format or option, or a value is of another kind or out of range.
    """
    form = _named(name)
    known = {option.name: option for option in form.options}
    for given in options:
        if given not in known:
            raise FormatError(f"{name} has no option {given!r}; there are {', '.join(known)}")
    chosen: dict[str, Value] = {}
    for option in form.options:
        value = options.get(option.name, option.default)
        if type(value) is not type(option.default):
            wanted = "true or false" if isinstance(option.default, bool) else "a whole number"
            raise FormatError(f"{option.name} must be {wanted}")
        if not isinstance(value, bool):
            require_count(option.name, value, option.least, option.most)
        chosen[option.name] = value
    return chosen


def named_plan(name: str, options: Values, *, seats: int) -> Plan:
    """Return the plan of a format with options.

    Args:
        name: of the format, a key of `FORMATS`.
        options: by name; what is left out has its default.
        seats: members of a match's line-up in the arena.

    Raises:
        FormatError: the options do not fit the format, or the format not the arena.
    """
    form = _named(name)
    if form not in formats_for(seats):
        fitting = ", ".join(one.name for one in formats_for(seats)) or "none"
        raise FormatError(f"{name} does not suit an arena with line-ups of {seats}; fitting: {fitting}")
    return form.plan(check_options(name, options), seats)


def _named(name: str) -> NamedFormat:
    form = FORMATS.get(name)
    if form is None:
        raise FormatError(f"there is no format {name!r}; there are {', '.join(FORMATS)}")
    return form


def _knockout(chosen: Values) -> Part:
    stage = SingleElimination(chosen["best_of"], has_third_place=chosen["third_place"])
    return Part(stage, chosen["cut"])
