"""Reads of what two agents did against each other, match by match, as sequential tests want it."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from coliseum.matches.models import Episode, Match, MatchState, Seat
from coliseum.matches.queries import COMMON_SCENARIO, PUBLIC_KINDS
from coliseum.submissions.models import Submission, Trial
from workers.spec import MatchKind

MOST = 5_000
"""Matches of two agents that are read."""


@dataclass(frozen=True, slots=True)
class Meeting:
    """One match of two agents, or the same scenario played by both alone."""

    match: str
    """Id; of the first agent's match where each played alone."""
    points: float
    """Mean of the first over the episodes: 1 ahead of the second, 0.5 level, 0 behind."""
    episodes: int


def trial_matches(trial: Trial, prefix: str) -> QuerySet[Match]:
    """Return the matches of a trial in the order they were asked for; those that were cancelled left out.

    By the seats of its two agents: an index finds those, and nothing else of a long league is read.
    """
    both = (trial.submission_id, trial.opponent_id)
    seats = Seat.objects.filter(submission__in=both, match__scenario__startswith=prefix)
    return (
        Match.objects.filter(pk__in=seats.values("match"), kind=MatchKind.GATE.value)
        .exclude(state=MatchState.CANCELLED)
        .order_by("id")
    )


def public_meetings(first: Submission, second: Submission) -> list[Meeting]:
    """Return all public rated matches in which two agents met, in the order they were asked for."""
    with_first = Seat.objects.filter(submission=first).values("match")
    both = Seat.objects.filter(submission=second, match__in=with_first).values("match")
    wanted = _counted().filter(pk__in=both).order_by("id")
    return meetings(list(wanted[:MOST].values_list("pk", flat=True)), first, second)


def _counted() -> QuerySet[Match]:
    return Match.objects.filter(
        kind__in=PUBLIC_KINDS, state=MatchState.FINISHED, is_counted=True, is_held=False
    )


def meetings(matches: Iterable[str], first: Submission, second: Submission) -> list[Meeting]:
    """Return what two agents did in these matches, in this order; matches without both are left out."""
    matches = list(matches)
    places: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    seats = Seat.objects.filter(match__in=matches, submission__in=(first, second))
    for match, submission, position in seats.values_list("match_id", "submission_id", "position"):
        places[match][submission].append(position)
    points: dict[str, list[float]] = defaultdict(list)
    for match, rows in Episode.objects.filter(match__in=matches).values_list("match_id", "seats"):
        own, other = (places[match][each.pk] for each in (first, second))
        if own and other:
            points[match].append(_ahead(-_mean_rank(rows, own), -_mean_rank(rows, other)))
    return [Meeting(match, sum(got) / len(got), len(got)) for match in matches if (got := points.get(match))]


def _mean_rank(rows: list[dict[str, Any]], positions: list[int]) -> float:  # Any: a stored seat
    ranks = [int(row["rank"]) for row in rows if row["agent"] in positions]
    return sum(ranks) / len(ranks)


def _ahead(own: float, other: float) -> float:
    return 0.5 * (1 + (own > other) - (own < other))


def solo_meetings(matches: Iterable[str], first: Submission, second: Submission) -> list[Meeting]:
    """Return, for arenas played alone, who earned more on each scenario that both played, in order."""
    rows = Episode.objects.filter(match__in=list(matches), match__seats__submission__in=(first, second))
    earned: dict[str, dict[int, dict[str, tuple[str, float]]]] = defaultdict(lambda: defaultdict(dict))
    columns = ("match_id", "match__scenario", "match__seats__submission_id", "index", "seats")
    for match, scenario, submission, index, seats in rows.order_by("match_id", "index").values_list(*columns):
        mean = sum(seat["score"] for seat in seats) / len(seats)
        earned[scenario][index][submission] = (match, mean)
    found = []
    for by_index in earned.values():
        pairs = [pair for pair in by_index.values() if len(pair) == 2]
        got = [_ahead(pair[first.pk][1], pair[second.pk][1]) for pair in pairs]
        if got:
            found.append(Meeting(pairs[0][first.pk][0], sum(got) / len(got), len(got)))
    return found


def public_solo_meetings(first: Submission, second: Submission) -> list[Meeting]:
    """Return who earned more on each scenario of a phase that two agents both played, in order."""
    matches = _counted().filter(
        seats__submission__in=(first, second), scenario__startswith=COMMON_SCENARIO, phase__isnull=False
    )
    found: list[Meeting] = []
    for phase in matches.order_by("phase").values_list("phase", flat=True).distinct():
        ids = matches.filter(phase=phase).order_by("id").values_list("pk", flat=True)[: 2 * MOST]
        found += solo_meetings(list(ids), first, second)
    return found


@dataclass(frozen=True, slots=True)
class Faced:
    """How an agent did against one other over its latest matches."""

    submission: str
    """Id of the other one."""
    matches: int
    points: float
    """Mean: 1 where it came before the other, 0.5 level, 0 behind."""


LATEST = 1_000
"""Matches of one agent that are looked through for opponents and losses."""


def opponents_of(submission: Submission) -> list[Faced]:
    """Return whom an agent met in its latest public rated matches, those that cost it most first."""
    points: dict[str, list[float]] = defaultdict(list)
    for _, own, others in _placed(submission):
        for other, rank in others:
            points[other].append(_ahead(-own, -rank))
    found = [Faced(other, len(got), sum(got) / len(got)) for other, got in points.items()]
    return sorted(found, key=lambda each: (each.points, -each.matches, each.submission))


def losses_of(submission: Submission) -> list[tuple[str, list[str]]]:
    """Return the latest matches in which somebody came before an agent, with who did, newest first."""
    lost = [
        (match, [other for other, rank in others if rank < own]) for match, own, others in _placed(submission)
    ]
    return [(match, winners) for match, winners in lost if winners]


def _seats_counted(submission: Submission) -> QuerySet[Seat]:
    """Return an agent's seats in public rated matches; nothing else of a long league is read."""
    return Seat.objects.filter(
        submission=submission,
        match__kind__in=PUBLIC_KINDS,
        match__state=MatchState.FINISHED,
        match__is_counted=True,
        match__is_held=False,
    )


def lowest_scores(submission: Submission, *, most: int) -> list[str]:
    """Return the public matches in which an agent that plays alone earned least, the worst first."""
    seats = _seats_counted(submission).filter(score__isnull=False)
    return list(seats.order_by("score", "-match_id").values_list("match_id", flat=True)[:most])


def _placed(submission: Submission) -> list[tuple[str, int, list[tuple[str, int]]]]:
    """Return match, own rank, and rank of each other member of the line-up, newest first."""
    ids = list(_seats_counted(submission).order_by("-match_id").values_list("match_id", flat=True)[:LATEST])
    rows: dict[str, list[tuple[str, int]]] = defaultdict(list)
    seats = Seat.objects.filter(match__in=ids, rank__isnull=False).order_by()
    for match, member, rank in seats.values_list("match_id", "submission_id", "rank"):
        rows[match].append((member, int(rank or 0)))
    found = []
    for match in dict.fromkeys(ids):
        own = [rank for member, rank in rows[match] if member == submission.pk]
        if own:
            others = [(member, rank) for member, rank in rows[match] if member != submission.pk]
            found.append((match, min(own), others))
    return found
