"""Elimination as a tree of pairings: who comes from where, who is through, who is out.

How it works: a tree is a list of nodes in order of rounds. Each side of a node is a seed, or the winner or
the loser of an earlier node. Single and double elimination differ only in their trees; one solver walks both.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal, TypeAlias

from workers.league.formats.contract import Due, Field, FormatError, Pairing
from workers.league.formats.record import Encounter, Record
from workers.league.formats.series import SeriesRule, judge_series


@dataclass(frozen=True, slots=True)
class Source:
    """Where one side of a node comes from."""

    kind: Literal["seed", "winner", "loser"]
    number: int
    """Of the seed, from 1; or of the node within its round."""
    round: int = 0
    """Of the node."""


@dataclass(frozen=True, slots=True)
class Node:
    """One pairing of the tree, played or not."""

    round: int
    number: int
    label: str
    sources: tuple[Source, Source]
    is_reset: bool = False
    """Played only if the winner of the node before it came in with a loss."""
    is_for_third: bool = False

    @property
    def name(self) -> tuple[int, int]:
        """Round and number, as of the pairing."""
        return self.round, self.number


Side: TypeAlias = int | Literal["open"] | None
"""An entry, nobody, or not yet known."""
OPEN: Final = "open"


@dataclass(frozen=True, slots=True)
class Outlook:
    """What is known of a node."""

    node: Node
    sides: tuple[Side, Side]
    winner: Side
    loser: Side
    due: Due | None
    """The pairing, while it is open."""
    is_played: bool
    why: str
    """How it was decided."""


def winner_of(node: Node) -> Source:
    """Return the source that is a node's winner."""
    return Source("winner", node.number, node.round)


def loser_of(node: Node) -> Source:
    """Return the source that is a node's loser."""
    return Source("loser", node.number, node.round)


def seed_positions(size: int) -> tuple[int, ...]:
    """Return the seeds, from 1, from the top of the tree down: 1 and 2 can meet in the final only.

    Args:
        size: a power of two.
    """
    seeds = [1]
    while len(seeds) < size:
        seeds = [seed for one in seeds for seed in (one, 2 * len(seeds) + 1 - one)]
    return tuple(seeds)


def tree_size(entries: int) -> int:
    """Return the smallest power of two that holds so many entries; 0 for none."""
    return 1 << (entries - 1).bit_length() if entries else 0


def solve(
    nodes: Sequence[Node], field: Field, record: Record, rule_of: Callable[[Node], SeriesRule]
) -> list[Outlook]:
    """Walk a tree in order of its rounds.

    Args:
        nodes: earlier rounds first.
        field: the seeds.
        record: the checked history.
        rule_of: how long a node's series is.

    Raises:
        FormatError: a pairing was issued that the tree does not have.
    """
    seeds = {entry: place for place, entry in enumerate(field.entries, start=1)}
    known: dict[tuple[int, int], Outlook] = {}
    for node in nodes:
        first, second = (_resolve(source, field, known) for source in node.sources)
        known[node.name] = _look(node, (first, second), record, rule_of(node), seeds, known)
    for name, encounter in record.encounters.items():
        sides = known[name].sides if name in known else ()
        if sorted(encounter.pairing.lineup) != sorted(side for side in sides if isinstance(side, int)):
            raise FormatError(f"pairing {name[1]} of round {name[0]} is another in the tree")
    return list(known.values())


def _resolve(source: Source, field: Field, known: Mapping[tuple[int, int], Outlook]) -> Side:
    if source.kind == "seed":
        return field.entries[source.number - 1] if source.number <= len(field.entries) else None
    outlook = known[source.round, source.number]
    return outlook.winner if source.kind == "winner" else outlook.loser


def _look(
    node: Node,
    sides: tuple[Side, Side],
    record: Record,
    rule: SeriesRule,
    seeds: Mapping[int, int],
    known: Mapping[tuple[int, int], Outlook],
) -> Outlook:
    if OPEN in sides:
        return Outlook(node, sides, OPEN, OPEN, None, False, "")
    if node.is_reset:
        final = known[node.sources[0].round, node.sources[0].number]
        if final.winner == final.sides[0]:
            return Outlook(node, (None, None), *sides, None, False, "No reset: the winner has not lost.")
    here = sorted((side for side in sides if isinstance(side, int)), key=lambda entry: seeds[entry])
    if not here:
        return Outlook(node, sides, None, None, None, False, "Nobody was left.")
    if len(here) == 1:
        # Who had left by then does not go on, not even without an opponent.
        stays = None if record.has_left_before(here[0], node.round) else here[0]
        return Outlook(node, sides, stays, None, None, False, "A bye: there was no opponent.")
    outlook = _look_at_two(node, (here[0], here[1]), record, rule, seeds)
    return replace(outlook, sides=sides)


def _look_at_two(
    node: Node, pair: tuple[int, int], record: Record, rule: SeriesRule, seeds: Mapping[int, int]
) -> Outlook:
    """Decide a node of two entries, the better seed first."""
    why = f"Seed {seeds[pair[0]]} against seed {seeds[pair[1]]}. {node.label}, best of {rule.best_of}."
    planned = Pairing(node.round, node.number, pair, node.label, why)
    encounter = record.encounters.get(node.name, Encounter(planned))
    lineup = encounter.pairing.lineup
    if sorted(lineup) != sorted(pair):
        raise FormatError(f"pairing {node.number} of round {node.round} is another in the tree")
    decision = judge_series(encounter, rule, better_seed=lineup.index(pair[0]))
    if decision.winner is not None:
        winner, loser = lineup[decision.winner], lineup[1 - decision.winner]
        return Outlook(node, pair, winner, loser, None, True, decision.why)
    stayed = record.remaining(planned)
    if len(stayed) == 2:
        return Outlook(node, pair, OPEN, OPEN, Due(encounter.pairing, decision.matches), False, decision.why)
    if not stayed:
        return Outlook(node, pair, None, None, None, False, "Both have left.")
    loser = pair[0] if stayed[0] == pair[1] else pair[1]
    return Outlook(node, pair, stayed[0], loser, None, False, "A walkover: the opponent has left.")
