"""Groups: the field is dealt into small round robins, whose best go on."""

from dataclasses import dataclass, field, replace

from workers.league.formats.contract import Due, Field, History, Pairing, Standing, require_count
from workers.league.formats.knockout import tree_size
from workers.league.formats.record import read_history
from workers.league.formats.round_robin import RoundRobin


@dataclass(frozen=True, slots=True)
class Groups:
    """Options of a group stage. Seeds are dealt like a snake, so that groups are equally strong."""

    groups: int = 4
    """Never more than leave two entries in each."""
    inner: RoundRobin = field(default_factory=RoundRobin)

    def __post_init__(self) -> None:
        require_count("groups", self.groups, 1, 256)

    def deal(self, field: Field) -> tuple[Field, ...]:
        """Return the field of each group, in seed order."""
        count = max(1, min(self.groups, len(field.entries) // 2))
        dealt: list[list[int]] = [[] for _ in range(count)]
        for place in range(len(field.entries)):
            lap, step = divmod(place, count)
            dealt[step if lap % 2 == 0 else count - 1 - step].append(place)
        return tuple(
            Field(
                tuple(field.entries[place] for place in places),
                tuple(field.ratings[place] for place in places) if field.ratings else (),
                field.lot,
            )
            for places in dealt
        )

    def due(self, field: Field, history: History) -> tuple[Due, ...]:
        """Return all pairings of all groups that are open, in order of rounds."""
        due = [
            replace(one, pairing=_moved(one, offset, f"Group {index}"))
            for index, (group, offset, part) in enumerate(self._parts(field, history), start=1)
            for one in self.inner.due(group, part)
        ]
        return tuple(sorted(due, key=lambda one: one.pairing.name))

    def tables(self, field: Field, history: History) -> tuple[tuple[Standing, ...], ...]:
        """Return the table of each group, for the page.

        Raises:
            FormatError: the history is not one of this stage.
        """
        return tuple(self.inner.standings(group, part) for group, _, part in self._parts(field, history))

    def standings(self, field: Field, history: History) -> tuple[Standing, ...]:
        """Return all winners of groups, then all seconds ...; level ones by points a pairing, then seed."""
        tables = self.tables(field, history)
        group_of = {row.entry: index for index, table in enumerate(tables) for row in table}
        seed_of = {entry: seed for seed, entry in enumerate(field.entries)}
        by_place: dict[int, list[Standing]] = {}
        for table in tables:
            for position, row in enumerate((row for row in table if row.place), start=1):
                by_place.setdefault(position, []).append(row)
        rows: list[Standing] = []
        for position in sorted(by_place):
            level = sorted(by_place[position], key=lambda row: (-_rate(row), seed_of[row.entry]))
            rows += [
                replace(
                    row,
                    place=len(rows) + 1 + index,
                    decided_by="group",
                    why=f"Number {position} of group {group_of[row.entry] + 1}. {row.why}",
                )
                for index, row in enumerate(level)
            ]
        return (*rows, *(row for table in tables for row in table if not row.place))

    def qualified(self, field: Field, history: History, count: int) -> tuple[int, ...]:
        """Return who goes on, in seed order for an elimination; those who have left are passed over.

        Of equal places in their groups some are exchanged, so that, where that can be, nobody meets his own
        group again in his first match that stands: of the first round, or of the second after two byes.

        Raises:
            FormatError: the history is not one of this stage.
        """
        gone = {left.entry for left in history.departures}
        tables = [[row.entry for row in table if row.place] for table in self.tables(field, history)]
        group_of = {entry: index for index, table in enumerate(tables) for entry in table}
        level_of = {entry: position for table in tables for position, entry in enumerate(table)}
        rows = [row.entry for row in self.standings(field, history) if row.place and row.entry not in gone]
        seeds = rows[:count]
        meetings = first_meetings(len(seeds))

        def clashes(order: list[int]) -> int:
            return sum(group_of[order[high]] == group_of[order[low]] for high, low in meetings)

        for low in range(len(seeds) - 1, 0, -1):
            for other in range(low - 1, -1, -1):
                changed = [*seeds]
                changed[low], changed[other] = seeds[other], seeds[low]
                if level_of[seeds[low]] == level_of[seeds[other]] and clashes(changed) < clashes(seeds):
                    seeds = changed
        return tuple(seeds)

    def _parts(self, field: Field, history: History) -> list[tuple[Field, int, History]]:
        """Return each group's field, the number its pairings start after, and its history."""
        read_history(field, history)
        parts = []
        offset = 0
        for group in self.deal(field):
            mine = set(group.entries)
            names = {pairing.name for pairing in history.pairings if mine.issuperset(pairing.lineup)}
            part = History(
                tuple(replace(p, number=p.number - offset) for p in history.pairings if p.name in names),
                tuple(
                    replace(s, number=s.number - offset)
                    for s in history.scores
                    if (s.round, s.number) in names
                ),
                history.departures,
            )
            parts.append((group, offset, part))
            offset += len(group.entries) // 2
        return parts


def _moved(due: Due, offset: int, label: str) -> Pairing:
    """Return a group's pairing under its number in the whole stage."""
    return replace(due.pairing, number=due.pairing.number + offset, label=label)


def _rate(row: Standing) -> float:
    """Return points a played pairing, so that groups of different size compare."""
    return row.points / row.played if row.played else 0.0


def first_meetings(count: int) -> list[tuple[int, int]]:
    """Return the pairings of an elimination that stand from the start, as places in seed order from 0."""
    size = tree_size(count)
    byes = size - count
    first = [(high, size - 1 - high) for high in range(byes, size // 2)]
    second = [(high, size // 2 - 1 - high) for high in range(size // 4) if size // 2 - 1 - high < byes]
    return first + second
