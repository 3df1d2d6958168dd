"""Single elimination: who loses once is out; the best seeds have the byes and meet last."""

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
class SingleElimination:
    """Options of a single elimination. What was decided by play stands, whoever leaves later."""

    best_of: int = 7
    final_best_of: int = 0
    """0 is the same as the others."""
    extra: int = 4
    """Most extra matches of a series that is level; then the better seed goes on."""
    has_third_place: bool = False

    def __post_init__(self) -> None:
        SeriesRule(self.best_of, self.extra)
        SeriesRule(self.final_best_of or self.best_of, self.extra)

    def tree(self, entries: int) -> tuple[Node, ...]:
        """Return all nodes for so many entries, in order of rounds; a match for third follows the final."""
        size = tree_size(entries)
        sources = [Source("seed", seed) for seed in seed_positions(size)] if size else []
        nodes: list[Node] = []
        semifinals: list[Node] = []
        round_ = 0
        while len(sources) > 1:
            round_ += 1
            label = _label(len(sources))
            latest = [
                Node(round_, number, label, (sources[2 * number - 2], sources[2 * number - 1]))
                for number in range(1, len(sources) // 2 + 1)
            ]
            semifinals = latest if len(latest) == 2 else semifinals
            nodes += latest
            sources = [winner_of(node) for node in latest]
        if self.has_third_place and len(semifinals) == 2:
            losers = loser_of(semifinals[0]), loser_of(semifinals[1])
            nodes.append(Node(round_, 2, "Match for third place", losers, is_for_third=True))
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
        """Return places by the round in which each went out."""
        record = read_history(field, history)
        return place_all(field, record, self._solve(field, record), losses=1)

    def _solve(self, field: Field, record: Record) -> list[Outlook]:
        return solve(self.tree(len(field.entries)), field, record, self._rule)

    def _rule(self, node: Node) -> SeriesRule:
        is_final = node.label == "Final"
        return SeriesRule((is_final and self.final_best_of) or self.best_of, self.extra)


def _label(left: int) -> str:
    return {2: "Final", 4: "Semi-final", 8: "Quarter-final"}.get(left, f"Round of {left}")
