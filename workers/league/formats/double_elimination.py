"""Double elimination: who loses twice is out; the final is played again if it is the winner's first loss."""

from dataclasses import dataclass

from workers.league.formats.contract import Due, Field, History, Standing
from workers.league.formats.knockout import (
    Node,
    Outlook,
    Source,
    loser_of,
    seed_positions,
    solve,
    tree_size,
    winner_of,
)
from workers.league.formats.placing import place_all
from workers.league.formats.record import Record, read_history
from workers.league.formats.series import SeriesRule


@dataclass(frozen=True, slots=True)
class DoubleElimination:
    """Options of a double elimination."""

    best_of: int = 5
    final_best_of: int = 0
    """Of the final and its reset; 0 is the same as the others."""
    extra: int = 4
    """Most extra matches of a series that is level; then the better seed goes on."""
    has_reset: bool = True
    """Whoever comes to the final without a loss has to lose twice there."""

    def __post_init__(self) -> None:
        SeriesRule(self.best_of, self.extra)
        SeriesRule(self.final_best_of or self.best_of, self.extra)

    def tree(self, entries: int) -> tuple[Node, ...]:
        """Return all nodes for so many entries, in order of rounds; the reset is the last."""
        size = tree_size(entries)
        if size < 2:
            return ()
        winners = _winners_side(size)
        losers = _losers_side(winners)
        round_ = 2 * len(winners)
        first = winner_of(winners[-1][0])
        second = winner_of(losers[-1][0]) if losers else loser_of(winners[-1][0])
        final = Node(round_, 1, "Final", (first, second))
        nodes = [node for side in (*winners, *losers) for node in side]
        nodes = [*sorted(nodes, key=lambda node: node.name), final]
        if self.has_reset:
            nodes.append(
                Node(round_ + 1, 1, "Final reset", (winner_of(final), loser_of(final)), is_reset=True)
            )
        return tuple(nodes)

    def outlooks(self, field: Field, history: History) -> list[Outlook]:
        """Return what is known of every node, for the page.

        Raises:
            FormatError: the history is not one of this stage.
        """
        return self._solve(field, read_history(field, history))

    def due(self, field: Field, history: History) -> tuple[Due, ...]:
        """Return all pairings whose two entries are known and which are not decided."""
        return tuple(one.due for one in self.outlooks(field, history) if one.due is not None)

    def standings(self, field: Field, history: History) -> tuple[Standing, ...]:
        """Return places by the round of the last loss."""
        record = read_history(field, history)
        return place_all(field, record, self._solve(field, record), losses=2)

    def _solve(self, field: Field, record: Record) -> list[Outlook]:
        return solve(self.tree(len(field.entries)), field, record, self._rule)

    def _rule(self, node: Node) -> SeriesRule:
        is_final = node.label.startswith("Final")
        return SeriesRule((is_final and self.final_best_of) or self.best_of, self.extra)


def _winners_side(size: int) -> list[list[Node]]:
    """Return the rounds of those who have not lost: 1, 2, 4, 6 ... of the whole."""
    sources = [Source("seed", seed) for seed in seed_positions(size)]
    sides: list[list[Node]] = []
    while len(sources) > 1:
        turn = len(sides) + 1
        round_ = max(1, 2 * (turn - 1))
        label = f"Winners' round {turn}" if len(sources) > 2 else "Winners' final"
        sides.append(
            [
                Node(round_, number, label, (sources[2 * number - 2], sources[2 * number - 1]))
                for number in range(1, len(sources) // 2 + 1)
            ]
        )
        sources = [winner_of(node) for node in sides[-1]]
    return sides


def _losers_side(winners: list[list[Node]]) -> list[list[Node]]:
    """Return the rounds of those who have lost once: among themselves and against the newly lost, in turn."""
    sides: list[list[Node]] = []
    sources = [loser_of(node) for node in winners[0]]
    for turn, dropping in enumerate(winners[1:], start=1):
        sources = [
            winner_of(node) for node in _add_round(sides, list(zip(sources[::2], sources[1::2], strict=True)))
        ]
        fresh = _crossed([loser_of(node) for node in dropping], turn)
        sources = [winner_of(node) for node in _add_round(sides, list(zip(fresh, sources, strict=True)))]
    if sides:
        last = sides[-1][0]
        sides[-1] = [Node(last.round, last.number, "Losers' final", last.sources)]
    return sides


def _add_round(sides: list[list[Node]], pairs: list[tuple[Source, Source]]) -> list[Node]:
    turn = len(sides) + 1
    # An even round is shared with the winners' side, whose numbers come first.
    offset = len(pairs) if turn % 2 else 0
    nodes = [
        Node(turn + 1, offset + number, f"Losers' round {turn}", sources)
        for number, sources in enumerate(pairs, start=1)
    ]
    sides.append(nodes)
    return nodes


def _crossed(fresh: list[Source], turn: int) -> list[Source]:
    """Let the newly lost come in far from whom they have met: reversed, halves exchanged, each half reversed.

    Of all such orders this one puts off the first possible rematch longest, for up to 64 entries (tried all).
    """
    half = len(fresh) // 2
    if turn % 3 == 1:
        return fresh[::-1]
    if turn % 3 == 2:
        return fresh[half:] + fresh[:half]
    return fresh[:half][::-1] + fresh[half:][::-1]
