"""From a phase's finished matches to the rows of its leaderboard: reads, fits, writes nothing."""

import math
from collections import Counter
from contextlib import nullcontext
from dataclasses import dataclass, field

from django.db.models import QuerySet

from arenas import registry
from coliseum.competitions.models import Phase
from coliseum.leaderboards.evidence import Evidence, Record, lock, read_evidence
from coliseum.leaderboards.models import Standing
from coliseum.matches.models import Match, MatchState
from coliseum.submissions.models import Submission
from coliseum.submissions.queries import paired_in, players_in
from workers.league.columns import Columns, columns_of
from workers.league.rating import Fit
from workers.league.rerating import parameters_of, place_of
from workers.league.tally import Members, Table, Tally, members_of

MANY_FORFEITS = 0.1
"""Share of an agent's matches with a forfeit from which on its row says so."""


@dataclass(frozen=True, slots=True)
class Row:
    """One computed standing; the fields are those of `Standing`."""

    submission_id: str
    rank: int
    rank_low: int
    rank_high: int
    rating: float
    low: float
    high: float
    p_best: float
    provisional: bool
    p_top3: float = 0.0
    p_top10: float = 0.0
    field_rate: float | None = None
    worst_opponent_id: str | None = None
    worst_rate: float | None = None
    worst_low: float | None = None
    band: int = 0
    episodes_to_next: float | None = None
    flags: list[str] = field(default_factory=list)
    matches: int = 0
    wins: int = 0
    draws: int = 0
    losses: int = 0
    forfeits: int = 0
    episodes: int = 0
    opponents: int = 0


@dataclass(frozen=True, slots=True)
class Computed:
    """A whole leaderboard as its results give it."""

    rows: tuple[Row, ...]
    """In order of rank; only agents that take a place."""
    matches: int
    voided: int
    """Finished matches that do not count."""
    digest: str
    parameters: dict[str, float]
    notes: dict[str, object]
    """What the board as a whole is to say."""
    members: Members
    table: Table
    tally: Tally

    @property
    def fit(self) -> Fit | None:
        """Return the fit of comparisons, if it is one."""
        return self.table if isinstance(self.table, Fit) else None

    @property
    def agents(self) -> tuple[str, ...]:
        """Return submission ids by agent index of the table."""
        return self.members.ids


def unplaced(phase: Phase) -> QuerySet[Submission]:
    """Return the agents that play in a phase, have rated matches but no place on the stored leaderboard."""
    placed = Standing.objects.filter(phase=phase).values("submission_id")
    rated = Match.objects.filter(phase=phase, state=MatchState.FINISHED, is_counted=True)
    waiting = list(players_in(phase).exclude(pk__in=placed).values_list("pk", flat=True))
    return players_in(phase).filter(pk__in=waiting, seats__match__in=rated).distinct()


def compute(phase: Phase, *, is_warm: bool = False) -> Computed:
    """Fit a leaderboard from its results, from nothing else: the same rows give the same numbers.

    Args:
        phase: whose.
        is_warm: read only what this process has not read before; the numbers are the same.
    """
    with lock if is_warm else nullcontext():
        return compute_from(phase, read_evidence(phase, is_warm=is_warm))


def compute_from(phase: Phase, evidence: Evidence) -> Computed:
    """Fit a leaderboard from what some matches say."""
    members = _members(phase, evidence.tally)
    table = evidence.tally.table(members)
    columns = columns_of(table, members)
    rows = [
        _row(evidence, members, table, columns, at)
        for at in range(len(members.ids))
        if members.active[at] and table.rank[at] > 0
    ]
    return Computed(
        rows=tuple(sorted(rows, key=lambda row: (row.rank, row.submission_id))),
        matches=len(evidence.tally.matches),
        voided=len(evidence.uncounted),
        digest=table.digest(),
        parameters=parameters_of(table),
        notes=_notes(phase, table, columns) | {"repeats": evidence.tally.repeats},
        members=members,
        table=table,
        tally=evidence.tally,
    )


def standing_of_agents(phase: Phase, played: set[str]) -> list[tuple[str, str, bool]]:
    """Return id, owner and whether it takes a place, of each agent that plays or played."""
    playing = set(players_in(phase).values_list("pk", flat=True))
    # Background agents are met and rated, but take no place.
    paired = set(paired_in(phase).values_list("pk", flat=True))
    wanted = Submission.objects.filter(entry__competition=phase.competition_id).order_by("id")
    rows = wanted.values_list("pk", "entry__team_id", "entry__team__is_house")
    return [
        # The house's baselines are competitors of each other, not copies of one owner's agent.
        (each, each if is_house else team, each in playing)
        for each, team, is_house in rows
        if each in playing or each in paired or each in played
    ]


def _members(phase: Phase, tally: Tally) -> Members:
    return members_of(standing_of_agents(phase, set(tally.agents)))


def _row(evidence: Evidence, members: Members, table: Table, columns: Columns, at: int) -> Row:
    record = evidence.records.get(members.ids[at], Record())
    worst = columns.worst
    has_worst = worst is not None and worst.opponent[at] >= 0
    return Row(
        submission_id=members.ids[at],
        **place_of(table, at)._asdict(),
        p_top3=round(float(columns.p_top[0, at]), 4),
        p_top10=round(float(columns.p_top[1, at]), 4),
        field_rate=_number(columns.field_rate[at]),
        worst_opponent_id=members.ids[worst.opponent[at]] if worst and has_worst else None,
        worst_rate=_number(worst.rate[at]) if worst and has_worst else None,
        worst_low=_number(worst.exploitability[at]) if worst and has_worst else None,
        band=int(columns.band[at]),
        episodes_to_next=_number(columns.episodes_to_next[at], 1),
        flags=[*columns.reasons[at], *_forfeits(record)],
        matches=record.matches,
        wins=record.wins,
        draws=record.draws,
        losses=record.losses,
        forfeits=record.forfeits,
        episodes=record.episodes,
        opponents=len(record.opponents),
    )


def _number(value: float, digits: int = 4) -> float | None:
    """Return a rounded number, or nothing for what is not finite: JSON has no word for it."""
    return round(float(value), digits) if math.isfinite(value) else None


def _forfeits(record: Record) -> list[str]:
    return ["forfeits"] if record.forfeits > MANY_FORFEITS * record.matches else []


def _notes(phase: Phase, table: Table, columns: Columns) -> dict[str, object]:
    arena = registry.get(phase.competition.arena)
    notes: dict[str, object] = {
        "no_separation": columns.is_unseparated,
        "bands": len(Counter(each for each in columns.band.tolist() if each >= 0)),
    }
    if isinstance(table, Fit):
        notes["intransitivity"] = round(table.intransitivity_elo, 1)
        notes["seats_cancel"] = not len(table.seat_elo) and arena.lineup > 1
    return notes
