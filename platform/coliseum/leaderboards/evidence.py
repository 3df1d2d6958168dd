"""What a phase's finished matches say, kept by each process and read on from where the last look ended.

How it works. A finished match does not change, so it is read once. Ids sort by time of creation: all matches
up to the oldest one that still waits or runs are settled, and only younger ids are looked through again. A
match that finishes later than its turn is found by the count, one that was voided by its name; the second is
rare and makes the process read everything anew.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from threading import RLock

from django.db.models import Min, QuerySet

from arenas import registry
from arenas.spec import ArenaSpec
from coliseum.competitions.models import Phase
from coliseum.matches.models import Episode, Match, MatchState, Seat
from coliseum.matches.queries import COMMON_SCENARIO
from workers.league.ledger import EpisodeResult, MatchResult, Objective, SeatResult
from workers.league.tally import Tally
from workers.spec import Outcome

PORTION = 500
"""Matches that are read with one set of queries."""
MOST_EPISODES = 1000
"""A match has fewer; it makes numbers of scenarios that do not hang on how many there are."""


@dataclass(slots=True)
class Record:
    """What one agent did in all rated matches."""

    matches: int = 0
    wins: int = 0
    draws: int = 0
    losses: int = 0
    forfeits: int = 0
    episodes: int = 0
    opponents: set[str] = field(default_factory=set)


@dataclass(slots=True)
class Evidence:
    """All rated matches of a phase."""

    tally: Tally
    records: defaultdict[str, Record] = field(default_factory=lambda: defaultdict(Record))
    until: str = ""
    """Up to this id all matches were settled when they were read."""
    ahead: set[str] = field(default_factory=set)
    """Ids beyond it that were read."""
    uncounted: frozenset[str] = frozenset()
    """Ids of finished matches that did not count."""


_kept: dict[str, Evidence] = {}
lock = RLock()
"""Held by whoever uses kept evidence: a web process has several threads."""


def objective_of(arena: ArenaSpec) -> Objective:
    """Return what is compared in an arena's leagues."""
    if arena.lineup == 1:
        return "score" if arena.statistic == "iqm" else "mean_score"
    if arena.objective != "return":
        return "rank"
    return "return" if arena.zero_sum else "general_return"


def finished_matches(phase: Phase) -> QuerySet[Match]:
    """Return the matches whose results are there, rated or not."""
    return Match.objects.filter(phase=phase, state=MatchState.FINISHED)


def uncounted_matches(phase: Phase) -> QuerySet[Match]:
    """Return the finished matches that do not count; a few."""
    return Match.objects.filter(phase=phase, is_counted=False, state=MatchState.FINISHED)


def rated_matches(phase: Phase) -> int:
    """Return how many matches the leaderboard must know."""
    # Two counts, each of an index alone; one count of both conditions would look up every row.
    return finished_matches(phase).count() - uncounted_matches(phase).count()


def read_evidence(phase: Phase, *, is_warm: bool = False) -> Evidence:
    """Return all rated matches of a phase.

    Args:
        phase: whose.
        is_warm: read on from what this process knows already; the caller holds `lock`.
    """
    arena = registry.get(phase.competition.arena)
    uncounted = frozenset(uncounted_matches(phase).values_list("pk", flat=True))
    known = _kept.get(phase.key) if is_warm else None
    if known is None or _was_voided(known, uncounted):
        known = Evidence(Tally(objective_of(arena), has_roles=bool(arena.roles)))
    known.uncounted = uncounted
    wanted = rated_matches(phase)
    waiting = _oldest_waiting(phase)
    _read_on(phase, known)
    if len(known.tally.matches) < wanted:
        _catch_up(phase, known)
    _settle(known, waiting)
    if is_warm:
        _kept[phase.key] = known
    return known


def evidence_of(phase: Phase, ids: Sequence[str]) -> Evidence:
    """Return what these matches of a phase say, whether they count or not; nothing of it is kept.

    Args:
        phase: whose.
        ids: of finished matches, in order.
    """
    arena = registry.get(phase.competition.arena)
    found = Evidence(Tally(objective_of(arena), has_roles=bool(arena.roles)))
    _add(found, ids)
    return found


def _was_voided(known: Evidence, uncounted: frozenset[str]) -> bool:
    fresh = uncounted - known.uncounted
    return bool(fresh and fresh.intersection(known.tally.matches))


def _oldest_waiting(phase: Phase) -> str:
    """Return the id of the oldest match that is not played yet; "~", after all ids, if there is none."""
    oldest = [
        Match.objects.filter(phase=phase, state=state).aggregate(oldest=Min("pk"))["oldest"] or "~"
        for state in (MatchState.QUEUED, MatchState.RUNNING)
    ]
    return min(oldest)


def _read_on(phase: Phase, known: Evidence) -> None:
    young = finished_matches(phase).filter(is_counted=True, pk__gt=known.until).order_by("pk")
    ids = [each for each in young.values_list("pk", flat=True) if each not in known.ahead]
    _add(known, ids)


def _catch_up(phase: Phase, known: Evidence) -> None:
    """Read what finished after its turn: run again by an administrator, or counted again."""
    there = set(known.tally.matches)
    rated = finished_matches(phase).filter(is_counted=True).order_by("pk").values_list("pk", flat=True)
    _add(known, [each for each in rated if each not in there])


def _settle(known: Evidence, waiting: str) -> None:
    settled = {each for each in known.ahead if each < waiting}
    known.until = max(settled, default=known.until)
    known.ahead -= settled


def _add(known: Evidence, ids: Sequence[str]) -> None:
    for start in range(0, len(ids), PORTION):
        portion = ids[start : start + PORTION]
        for match in read_results(portion):
            known.tally.add(match)
            if match.match > known.until:
                known.ahead.add(match.match)
        _keep_records(known, portion)


def read_results(ids: Sequence[str]) -> Iterator[MatchResult]:
    """Yield the results of finished matches as a ledger holds them, in order of ids; at most `PORTION`."""
    lineups: dict[str, list[str]] = defaultdict(list)
    seats = Seat.objects.filter(match__in=ids).order_by("match_id", "position")
    for match_id, submission_id in seats.values_list("match_id", "submission_id"):
        lineups[match_id].append(submission_id)
    scenarios = dict(Match.objects.filter(pk__in=ids).order_by().values_list("pk", "scenario"))
    episodes: dict[str, list[EpisodeResult]] = defaultdict(list)
    rows = Episode.objects.filter(match__in=ids).order_by("match_id", "index")
    for match_id, index, seed, results, digest in rows.values_list(
        "match_id", "index", "seed", "seats", "digest"
    ):
        number = scenario_number(scenarios[match_id], index)
        seated = tuple(
            SeatResult(
                agent=seat["agent"],
                rank=seat["rank"],
                reward=seat["total_reward"],
                score=seat["score"],
                gift=seat["outcome"] != Outcome.OK.value and seat["failed_turn"] <= 1,
            )
            for seat in results
        )
        episodes[match_id].append(EpisodeResult(seed if number is None else number, seated, digest))
    for match_id in sorted(ids):
        yield MatchResult(match_id, tuple(lineups[match_id]), tuple(episodes[match_id]))


def scenario_number(scenario: str, index: int) -> int | None:
    """Return what stands for the seed of an episode that all agents play; None where the seed itself may.

    The seed of a common scenario will be played again, so that nobody may know it yet.
    """
    if not scenario.startswith(COMMON_SCENARIO):
        return None
    return int(scenario.removeprefix(COMMON_SCENARIO)) * MOST_EPISODES + index


def _keep_records(known: Evidence, ids: Sequence[str]) -> None:
    tables: dict[str, list[tuple[str, float, int]]] = defaultdict(list)
    seats = Seat.objects.filter(match__in=ids).values_list("match_id", "submission_id", "score", "forfeits")
    for match_id, submission_id, score, forfeits in seats:
        tables[match_id].append((submission_id, score or 0.0, forfeits))
    episodes: dict[str, int] = defaultdict(int)
    for match_id in Episode.objects.filter(match__in=ids).order_by().values_list("match_id", flat=True):
        episodes[match_id] += 1
    for match_id, table in tables.items():
        best = max(score for _, score, _ in table)
        leaders = sum(score == best for _, score, _ in table)
        for submission_id, score, forfeits in table:
            record = known.records[submission_id]
            record.matches += 1
            record.episodes += episodes[match_id]
            record.forfeits += bool(forfeits)
            record.opponents.update(other for other, _, _ in table if other != submission_id)
            if len(table) > 1:
                record.wins += score == best and leaders == 1
                record.draws += score == best and leaders > 1
                record.losses += score != best
