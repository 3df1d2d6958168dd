"""Matches worth a look: who won against the odds, who fought closely, who fought long."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from django.db.models import QuerySet, Sum

from coliseum.leaderboards.models import Standing
from coliseum.matches.models import Episode, Match, MatchState, Seat

Sort = Literal["upset", "longest", "closest"]
SORTS: Final[tuple[Sort, ...]] = ("upset", "longest", "closest")
CLOSE: Final = 0.5
"""What is farther apart was no close fight: 3 to 1 is one, 4 to 0 is not."""
_LEAST_SCORE: Final = 1e-9
LOOKED_AT: Final = 1000
"""So many of the latest matches are compared; older ones are found by date."""


@dataclass(frozen=True, slots=True)
class Highlight:
    """What a match is remarkable for."""

    match: str
    value: float
    """upset: by how many rating points the winner stood below the best it beat.
    longest: turns of all episodes.
    closest: difference of the first two scores as a share of both, 0 for a draw."""


def highlights(matches: QuerySet[Match], sort: Sort) -> list[Highlight]:
    """Return the latest finished ones of some matches, the most remarkable first; others are left out.

    A bounded look: in a league of a million matches it costs what it costs in one of a thousand.
    """
    finished = matches.filter(state=MatchState.FINISHED, is_counted=True).order_by("-id")
    latest = list(finished.values_list("pk", "phase_id")[:LOOKED_AT])
    if sort == "longest":
        found = _longest([match for match, _ in latest])
    else:
        found = (_upsets if sort == "upset" else _closest)(dict(latest))
    sign = 1 if sort == "closest" else -1
    order = {match: place for place, (match, _) in enumerate(latest)}
    return sorted(found, key=lambda each: (sign * each.value, order[each.match]))


def _longest(matches: Sequence[str]) -> list[Highlight]:
    turns = (
        Episode.objects.filter(match__in=matches).order_by().values_list("match_id").annotate(Sum("turns"))
    )
    return [Highlight(match, float(count)) for match, count in turns]


def _upsets(phases: dict[str, int | None]) -> list[Highlight]:
    ratings = _ratings({phase for phase in phases.values() if phase is not None})
    found = []
    for match, seats in _seats(list(phases)).items():
        rated = [(rank, ratings.get((phases[match], submission))) for submission, rank, _ in seats]
        winners = [rating for rank, rating in rated if rank == 1]
        others = [rating for rank, rating in rated if rank != 1 and rating is not None]
        if len(winners) == 1 and winners[0] is not None and others and max(others) > winners[0]:
            found.append(Highlight(match, max(others) - winners[0]))
    return found


def _closest(phases: dict[str, int | None]) -> list[Highlight]:
    found = []
    for match, seats in _seats(list(phases)).items():
        scores = sorted((score for _, _, score in seats if score is not None), reverse=True)
        if len(scores) < 2:
            continue
        apart = (scores[0] - scores[1]) / max(abs(scores[0]) + abs(scores[1]), _LEAST_SCORE)
        if apart <= CLOSE:
            found.append(Highlight(match, apart))
    return found


def _seats(matches: Sequence[str]) -> dict[str, list[tuple[str, int | None, float | None]]]:
    """Return submission, rank and score of the line-ups; those with a forfeit are no fights."""
    rows = Seat.objects.filter(match__in=matches).order_by("match_id", "position")
    found = defaultdict(list)
    forfeited = set()
    for match, submission, rank, score, forfeits in rows.values_list(
        "match_id", "submission_id", "rank", "score", "forfeits"
    ):
        found[match].append((submission, rank, score))
        if forfeits:
            forfeited.add(match)
    return {match: seats for match, seats in found.items() if match not in forfeited}


def _ratings(phases: set[int]) -> dict[tuple[int | None, str], float]:
    rows = Standing.objects.filter(phase__in=phases, provisional=False).order_by()
    return {
        (phase, submission): rating
        for phase, submission, rating in rows.values_list("phase_id", "submission_id", "rating")
    }
