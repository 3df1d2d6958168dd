"""A tournament of several stages: who goes from one into the next, and the table of the whole."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from workers.league.formats.contract import Due, Field, FormatError, History, Stage, Standing, require_count
from workers.league.formats.groups import Groups
from workers.league.formats.single_elimination import SingleElimination
from workers.league.formats.swiss import Swiss


@dataclass(frozen=True, slots=True)
class Part:
    """One stage of a tournament, and how many enter it."""

    stage: Stage
    cut: int = 0
    """So many of the stage before; 0 is all."""


@dataclass(frozen=True, slots=True)
class Plan:
    """The stages of a tournament.

    The field of a stage is fixed when it starts and kept by the caller: who leaves later, or is disqualified
    for what he did before, does not change who went on.
    """

    parts: tuple[Part, ...]

    def __post_init__(self) -> None:
        if not self.parts:
            raise FormatError("a tournament has at least one stage")
        for part in self.parts:
            require_count("cut", part.cut, 0, 100_000)

    def next_field(self, fields: Sequence[Field], histories: Sequence[History]) -> Field | None:
        """Return the field of the next stage, or nothing while the last one goes on or when there is no next.

        Args:
            fields: of the stages that have started; the first is the tournament's.
            histories: one for each.

        Raises:
            FormatError: a history is not one of its stage.
        """
        started = len(fields)
        self._check(fields, histories)
        if started == len(self.parts) or self.due(fields, histories):
            return None
        before, history = fields[-1], histories[-1]
        count = self.parts[started].cut or len(before.entries)
        stage = self.parts[started - 1].stage
        if isinstance(stage, Groups):
            entries = stage.qualified(before, history, count)
        else:
            gone = {left.entry for left in history.departures}
            rows = stage.standings(before, history)
            entries = tuple(row.entry for row in rows if row.place and row.entry not in gone)[:count]
        rating = dict(zip(before.entries, before.ratings, strict=False))
        ratings = tuple(rating[entry] for entry in entries) if rating else ()
        return Field(entries, ratings, before.lot)

    def due(self, fields: Sequence[Field], histories: Sequence[History]) -> tuple[Due, ...]:
        """Return what is open in the last stage that has started."""
        self._check(fields, histories)
        return self.parts[len(fields) - 1].stage.due(fields[-1], histories[-1])

    def is_over(self, fields: Sequence[Field], histories: Sequence[History]) -> bool:
        """Say whether the last stage has been played to its end."""
        return len(fields) == len(self.parts) and not self.due(fields, histories)

    def standings(self, fields: Sequence[Field], histories: Sequence[History]) -> tuple[Standing, ...]:
        """Return the table of the whole: those of the last stage, then who went out in the one before."""
        self._check(fields, histories)
        rows: list[Standing] = []
        unplaced: list[Standing] = []
        listed: set[int] = set()
        for part, field, history in reversed(list(zip(self.parts, fields, histories, strict=False))):
            shared: dict[int, int] = {}
            for row in part.stage.standings(field, history):
                if row.entry in listed:
                    continue
                listed.add(row.entry)
                if not row.place:
                    unplaced.append(row)
                    continue
                place = shared.setdefault(row.place, 1 + len(rows))
                rows.append(replace(row, place=place))
        for index, row in enumerate(rows[:-1]):
            if not row.decided_by:
                rows[index] = replace(row, decided_by="stage")
        return (*rows, *unplaced)

    def _check(self, fields: Sequence[Field], histories: Sequence[History]) -> None:
        if not 1 <= len(fields) <= len(self.parts) or len(fields) != len(histories):
            raise FormatError(
                f"{len(fields)} fields and {len(histories)} histories for {len(self.parts)} stages"
            )


def groups_and_knockout(*, groups: int, cut: int, best_of: int = 5) -> Plan:
    """Return the plan of a group stage and an elimination of the best of the groups."""
    return Plan((Part(Groups(groups)), Part(SingleElimination(best_of, has_third_place=True), cut)))


def swiss_and_cut(*, rounds: int = 0, cut: int = 8, best_of: int = 7) -> Plan:
    """Return the plan that finds a winner in few matches: a Swiss, and an elimination of its best."""
    return Plan((Part(Swiss(rounds)), Part(SingleElimination(best_of, has_third_place=True), cut)))
