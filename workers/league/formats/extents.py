"""How long a tournament will be, before it starts."""

from dataclasses import dataclass

from workers.league.formats.contract import Field, Stage
from workers.league.formats.double_elimination import DoubleElimination
from workers.league.formats.groups import Groups
from workers.league.formats.plan import Plan
from workers.league.formats.round_robin import RoundRobin
from workers.league.formats.single_elimination import SingleElimination
from workers.league.formats.swiss import Swiss
from workers.league.formats.tables import Tables


@dataclass(frozen=True, slots=True)
class Extent:
    """Rounds, pairings and matches; a series may be over early, and draws may make it longer."""

    rounds: int = 0
    pairings: int = 0
    least_matches: int = 0
    most_matches: int = 0
    """Without the extra matches of level series."""

    def __add__(self, other: "Extent") -> "Extent":
        """Return the extent of both, one after the other."""
        return Extent(
            self.rounds + other.rounds,
            self.pairings + other.pairings,
            self.least_matches + other.least_matches,
            self.most_matches + other.most_matches,
        )


def extent_of(plan: Plan, entries: int) -> Extent:
    """Return how long a plan is for a field of so many entries that all stay to the end."""
    total = Extent()
    for part in plan.parts:
        entries = min(part.cut or entries, entries)
        total += _stage(part.stage, entries)
    return total


def _stage(stage: Stage, entries: int) -> Extent:
    if entries < 2:
        return Extent()
    if isinstance(stage, SingleElimination | DoubleElimination):
        return _elimination(stage, entries)
    if isinstance(stage, RoundRobin):
        return _round_robin(stage, entries)
    if isinstance(stage, Groups):
        dealt = stage.deal(Field(tuple(range(entries))))
        parts = [_round_robin(stage.inner, len(group.entries)) for group in dealt]
        both = sum(parts, Extent())
        return Extent(
            max(part.rounds for part in parts), both.pairings, both.least_matches, both.most_matches
        )
    if isinstance(stage, Swiss | Tables):
        size = stage.seats if isinstance(stage, Tables) else 2
        rounds = stage.rounds_for(entries)
        pairings = rounds * (entries // size)
        return Extent(rounds, pairings, pairings * stage.matches, pairings * stage.matches)
    raise TypeError(f"{type(stage).__name__} has no extent")


def _round_robin(stage: RoundRobin, entries: int) -> Extent:
    # Of an odd number one sits out in each round.
    rounds = stage.cycles * (entries - 1 + entries % 2) if entries > 1 else 0
    pairings = stage.cycles * entries * (entries - 1) // 2
    return Extent(rounds, pairings, pairings * stage.matches, pairings * stage.matches)


def _elimination(stage: SingleElimination | DoubleElimination, entries: int) -> Extent:
    tree = stage.tree(entries)
    losses = 1 if isinstance(stage, SingleElimination) else 2
    # All but the winner lose so often; a bye is no pairing. Third place needs two losers of semi-finals.
    pairings = losses * (entries - 1) + (entries > 3 and any(node.is_for_third for node in tree))
    final = stage.final_best_of or stage.best_of
    lengths = [stage.best_of] * (pairings - 1) + [final]
    # The winner of a double elimination may have lost once: then the final is played again.
    again = final if any(node.is_reset for node in tree) else 0
    rounds = len({node.round for node in tree if not node.is_reset})
    return Extent(rounds, pairings, sum(length // 2 + 1 for length in lengths), sum(lengths) + again)
