"""From a competition's finished matches to the rows of its leaderboard: reads, fits, writes nothing."""

from collections import defaultdict
from dataclasses import dataclass, field

import numpy as np
from django.db.models import QuerySet
from numpy.typing import NDArray

from arenas import registry
from arenas.spec import ArenaSpec
from coliseum.competitions.models import Competition
from coliseum.matches.models import Episode, Match, MatchState, Seat
from coliseum.submissions.models import Submission
from workers.league.comparisons import Comparisons
from workers.league.rating import Fit, fit
from workers.league.results import Episode as RatedEpisode
from workers.league.results import compare_episodes
from workers.league.scores import ScoreTable, fit_scores
from workers.league.totals import Total, compare_totals
from workers.spec import MatchKind

RATED_KINDS = (MatchKind.LEAGUE.value,)


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
    matches: int = 0
    wins: int = 0
    draws: int = 0
    losses: int = 0
    forfeits: int = 0
    opponents: int = 0


@dataclass(frozen=True, slots=True)
class Computed:
    """A whole leaderboard as its results give it."""

    rows: tuple[Row, ...]
    """In order of rank; only agents that take a place."""
    matches: int
    digest: str
    parameters: dict[str, float]
    fit: Fit | None = None
    agents: tuple[str, ...] = ()
    """Submission ids by agent index of the fit."""


@dataclass(slots=True)
class Record:
    """What one agent did in all rated matches."""

    matches: int = 0
    wins: int = 0
    draws: int = 0
    losses: int = 0
    forfeits: int = 0
    opponents: set[str] = field(default_factory=set)


def rated_matches(competition: Competition) -> int:
    """Return how many matches the leaderboard must know."""
    return Match.objects.filter(
        competition=competition, kind__in=RATED_KINDS, state=MatchState.FINISHED
    ).count()


def unplaced(competition: Competition) -> QuerySet[Submission]:
    """Return the active agents that have rated matches but no place on the stored leaderboard."""
    return Submission.objects.filter(
        entry__competition=competition,
        entry__disqualified_at__isnull=True,
        is_active=True,
        standing__isnull=True,
        seats__match__kind__in=RATED_KINDS,
        seats__match__state=MatchState.FINISHED,
    ).distinct()


def compute(competition: Competition) -> Computed:
    """Fit a leaderboard from its results, from nothing else: the same rows give the same numbers."""
    arena = registry.get(competition.arena)
    lineups = _lineups(competition)
    field_ids = _field(competition, lineups)
    records = _records(competition, field_ids)
    if arena.lineup == 1:
        return _scored(competition, field_ids, lineups, records)
    return _rated(competition, arena, field_ids, lineups, records)


def _lineups(competition: Competition) -> dict[str, list[str]]:
    """Return the submissions of each rated match by line-up position."""
    lineups: dict[str, list[str]] = defaultdict(list)
    seats = _rated_seats(competition).order_by("match_id", "position")
    for match_id, submission_id in seats.values_list("match_id", "submission_id"):
        lineups[match_id].append(submission_id)
    return lineups


def _rated_seats(competition: Competition) -> QuerySet[Seat]:
    return Seat.objects.filter(
        match__competition=competition, match__kind__in=RATED_KINDS, match__state=MatchState.FINISHED
    )


def _rated_episodes(competition: Competition) -> QuerySet[Episode]:
    return Episode.objects.filter(
        match__competition=competition, match__kind__in=RATED_KINDS, match__state=MatchState.FINISHED
    ).order_by("match_id", "index")


@dataclass(frozen=True, slots=True)
class _Field:
    """The agents of a leaderboard by index, in order of upload."""

    ids: tuple[str, ...]
    index: dict[str, int]
    owners: tuple[int, ...]
    active: NDArray[np.bool_]
    """(agents,) who takes a place."""


def _field(competition: Competition, lineups: dict[str, list[str]]) -> _Field:
    wanted = {submission for lineup in lineups.values() for submission in lineup}
    submissions = list(
        Submission.objects.filter(entry__competition=competition).select_related("entry__team").order_by("id")
    )
    submissions = [each for each in submissions if each.pk in wanted or _takes_place(each)]
    teams: dict[str, int] = {}
    owners = []
    for number, each in enumerate(submissions):
        # The house's baselines are competitors of each other, not copies of one owner's agent.
        key = each.pk if each.entry.team.is_house else each.entry.team_id
        owners.append(teams.setdefault(key, number))
    return _Field(
        ids=tuple(each.pk for each in submissions),
        index={each.pk: number for number, each in enumerate(submissions)},
        owners=tuple(owners),
        active=np.array([_takes_place(each) for each in submissions], bool),
    )


def _takes_place(submission: Submission) -> bool:
    return submission.is_active and not submission.entry.is_disqualified


def _records(competition: Competition, agents: _Field) -> dict[str, Record]:
    records = {each: Record() for each in agents.ids}
    tables: dict[str, list[tuple[str, float, int]]] = defaultdict(list)
    seats = _rated_seats(competition).values_list("match_id", "submission_id", "score", "forfeits")
    for match_id, submission_id, score, forfeits in seats:
        tables[match_id].append((submission_id, score or 0.0, forfeits))
    for table in tables.values():
        best = max(score for _, score, _ in table)
        leaders = sum(score == best for _, score, _ in table)
        for submission_id, score, forfeits in table:
            record = records[submission_id]
            record.matches += 1
            record.forfeits += bool(forfeits)
            record.opponents.update(other for other, _, _ in table if other != submission_id)
            if len(table) > 1:
                record.wins += score == best and leaders == 1
                record.draws += score == best and leaders > 1
                record.losses += score != best
    return records


def _rated(
    competition: Competition,
    arena: ArenaSpec,
    agents: _Field,
    lineups: dict[str, list[str]],
    records: dict[str, Record],
) -> Computed:
    comparisons = _comparisons(competition, arena, agents, lineups)
    table = fit(comparisons, agents=len(agents.ids), owners=agents.owners, active=agents.active)
    rows = [
        Row(
            submission_id=submission,
            rank=int(table.rank[at]),
            rank_low=int(table.rank_low[at]),
            rank_high=int(table.rank_high[at]),
            rating=round(float(table.elo[at]), 3),
            low=round(float(table.low[at]), 3),
            high=round(float(table.high[at]), 3),
            p_best=round(float(table.p_best[at]), 4),
            provisional=bool(table.provisional[at]),
            **_counts(records[submission]),
        )
        for at, submission in enumerate(agents.ids)
        if agents.active[at] and table.rank[at] > 0
    ]
    return Computed(
        rows=_in_order(rows),
        matches=len(lineups),
        digest=table.digest(),
        parameters={
            "sigma0": round(table.sigma0, 6),
            "kappa": round(table.kappa, 6),
            "tau": round(table.tau, 6),
        },
        fit=table,
        agents=agents.ids,
    )


def _comparisons(
    competition: Competition, arena: ArenaSpec, agents: _Field, lineups: dict[str, list[str]]
) -> Comparisons:
    numbers = {match: number for number, match in enumerate(sorted(lineups))}
    episodes = _rated_episodes(competition)
    rated = []
    totals: dict[str, list[float]] = {}
    for match_id, seats in episodes.values_list("match_id", "seats"):
        lineup = lineups[match_id]
        if arena.objective == "return":
            total = totals.setdefault(match_id, [0.0] * len(lineup))
            for agent in range(len(lineup)):
                own = [seat["total_reward"] for seat in seats if seat["agent"] == agent]
                # The mean over its seats: three predators share one reward and must not count thrice.
                total[agent] += sum(own) / max(1, len(own))
            continue
        rated.append(
            RatedEpisode(
                match=numbers[match_id],
                agents=tuple(agents.index[lineup[seat["agent"]]] for seat in seats),
                ranks=tuple(seat["rank"] for seat in seats),
                gifts=tuple(at for at, seat in enumerate(seats) if _gives(seat)),
            )
        )
    if arena.objective == "return":
        return compare_totals(
            (
                Total(numbers[match], tuple(agents.index[each] for each in lineups[match]), tuple(total))
                for match, total in totals.items()
            ),
            owners=agents.owners,
        )
    return compare_episodes(rated, owners=agents.owners)


def _gives(seat: dict[str, object]) -> bool:
    """Say whether a seat forfeited before it really played."""
    return seat["outcome"] != "ok" and int(str(seat["failed_turn"])) <= 1


def _scored(
    competition: Competition, agents: _Field, lineups: dict[str, list[str]], records: dict[str, Record]
) -> Computed:
    """Rate an arena where agents play alone, by their scores on common scenarios."""
    episodes = _rated_episodes(competition)
    seeds, who, scores = [], [], []
    for match_id, seed, seats in episodes.values_list("match_id", "seed", "seats"):
        seeds.append(seed)
        who.append(agents.index[lineups[match_id][0]])
        scores.append(sum(seat["score"] for seat in seats) / len(seats))
    table: ScoreTable = fit_scores(
        np.array(seeds, np.int64),
        np.array(who, np.int64),
        np.array(scores, float),
        agents=len(agents.ids),
        active=agents.active,
    )
    rows = [
        Row(
            submission_id=submission,
            rank=int(table.rank[at]),
            rank_low=int(table.rank_low[at]),
            rank_high=int(table.rank_high[at]),
            rating=round(float(table.score[at]), 4),
            low=round(float(table.low[at]), 4),
            high=round(float(table.high[at]), 4),
            p_best=round(float(table.p_best[at]), 4),
            provisional=bool(table.provisional[at]),
            **_counts(records[submission]),
        )
        for at, submission in enumerate(agents.ids)
        if agents.active[at] and table.rank[at] > 0
    ]
    return Computed(
        rows=_in_order(rows),
        matches=len(lineups),
        digest=table.digest(),
        parameters={"common_seeds": float(table.common_seeds)},
        agents=agents.ids,
    )


def _in_order(rows: list[Row]) -> tuple[Row, ...]:
    return tuple(sorted(rows, key=lambda row: (row.rank, row.submission_id)))


def _counts(record: Record) -> dict[str, int]:
    return {
        "matches": record.matches,
        "wins": record.wins,
        "draws": record.draws,
        "losses": record.losses,
        "forfeits": record.forfeits,
        "opponents": len(record.opponents),
    }
