"""From rows to what a format reads: the plan, and the field and history of every stage."""

from collections import defaultdict
from dataclasses import dataclass

from coliseum.tournaments.models import Departure as DepartureRow
from coliseum.tournaments.models import PairedMatch, Stage, Tournament
from coliseum.tournaments.models import Pairing as PairingRow
from coliseum.tournaments.queries import arena_of
from workers.league.formats import Departure, Due, Field, History, Pairing, Plan, Score, Standing
from workers.league.formats.named import named_plan


@dataclass(frozen=True, slots=True)
class Course:
    """How a tournament has gone so far, all of it or what is released."""

    plan: Plan
    stages: tuple[Stage, ...]
    fields: tuple[Field, ...]
    """One for each stage that has started."""
    histories: tuple[History, ...]

    def due(self) -> tuple[Due, ...]:
        """Return what is open in the last stage that has started.

        Raises:
            FormatError: the rows are not those of this format.
        """
        return self.plan.due(self.fields, self.histories)

    def next_field(self) -> Field | None:
        """Return the field of the stage to start now, if one is.

        Raises:
            FormatError: the rows are not those of this format.
        """
        return self.plan.next_field(self.fields, self.histories)

    def standings(self) -> tuple[Standing, ...]:
        """Return the table of the whole; empty before the start.

        Raises:
            FormatError: the rows are not those of this format.
        """
        return self.plan.standings(self.fields, self.histories) if self.fields else ()


def plan_of(tournament: Tournament) -> Plan:
    """Return the plan of a tournament's format.

    Raises:
        FormatError: its options do not fit the arena, or the arena is gone.
    """
    seats = arena_of(tournament.competition).lineup
    return named_plan(tournament.format, tournament.options, seats=seats)


def read_course(tournament: Tournament, *, released_only: bool = False) -> Course:
    """Return how a tournament has gone.

    Args:
        tournament: any.
        released_only: leave out what its host holds back, and whatever follows from that.

    Raises:
        FormatError: its options do not fit the arena.
    """
    stages = list(tournament.stages.all())
    rows: dict[int, list[PairingRow]] = defaultdict(list)
    for row in PairingRow.objects.filter(stage__in=stages).order_by("stage_id", "round", "number"):
        rows[row.stage_id].append(row)
    if released_only:
        stages = _released_stages(stages, rows)
    kept = {
        stage.pk: [row for row in rows[stage.pk] if row.is_released or not released_only] for stage in stages
    }
    scores = _scores({row.pk: row for each in kept.values() for row in each})
    departures: dict[int, list[DepartureRow]] = defaultdict(list)
    for left in DepartureRow.objects.filter(stage__in=stages).select_related("entrant"):
        departures[left.stage_id].append(left)
    histories = []
    for stage in stages:
        held = [row.round for row in rows[stage.pk] if not row.is_released] if released_only else []
        histories.append(
            History(
                tuple(_pairing(row) for row in kept[stage.pk]),
                tuple(scores[stage.pk]),
                tuple(
                    Departure(left.entrant.number, left.kind, left.after_round)  # type: ignore[arg-type]  # checked by choices
                    for left in departures[stage.pk]
                    # Its last round is still held back: that it came so far is not known yet.
                    if not held or left.after_round < min(held)
                ),
            )
        )
    fields = tuple(Field(tuple(s.entries), tuple(s.ratings), tournament.lot) for s in stages)
    return Course(plan_of(tournament), tuple(stages), fields, tuple(histories))


def _released_stages(stages: list[Stage], rows: dict[int, list[PairingRow]]) -> list[Stage]:
    """Return the stages whose fields everybody may know: all up to the first that has results held back."""
    shown = []
    for stage in stages:
        shown.append(stage)
        if not all(row.is_released for row in rows[stage.pk]):
            break
    return shown


def _pairing(row: PairingRow) -> Pairing:
    return Pairing(row.round, row.number, tuple(row.lineup), row.label, row.why)


def _scores(rows: dict[int, PairingRow]) -> dict[int, list[Score]]:
    scores: dict[int, list[Score]] = defaultdict(list)
    played = PairedMatch.objects.filter(pairing__stage__in={row.stage_id for row in rows.values()})
    for pairing, number, points in played.exclude(points__isnull=True).values_list(
        "pairing_id", "number", "points"
    ):
        row = rows.get(pairing)
        if row is not None and points:
            scores[row.stage_id].append(Score(row.round, row.number, number, tuple(points)))
    return scores
