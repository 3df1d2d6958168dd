"""Writing a match result: exactly once, or not at all."""

import hashlib
import logging
import math
from collections.abc import Sequence

import msgspec
from django.db import transaction

from coliseum import clock, faults, storage
from coliseum.matches.models import Episode, Match, MatchState, Seat
from coliseum.matches.services import release_match
from coliseum.submissions.services import record_verdict
from workers.spec import EpisodeResult, MatchKind, MatchResult, Outcome

logger = logging.getLogger(__name__)


def record_results(results: Sequence[MatchResult]) -> list[Match]:
    """Record a worker's results in one transaction; return the matches that are finished by it.

    A result whose token is not the match's current one is dropped. One that makes no sense, or reports a
    fault of ours, gives the match back to the queue.
    """
    keys = {
        (result.match, index): storage.put_trajectory(result.match, index, episode.trajectory)
        for result in results
        for index, episode in enumerate(result.episodes)
        if episode.trajectory
    }
    faults.point("before_record_commit")
    finished = []
    with transaction.atomic():
        for result in results:
            # A savepoint each: one bad result must not cost the others of its batch.
            with transaction.atomic():
                if match := _record(result, keys):
                    finished.append(match)
        faults.point("inside_record")
    return finished


def _record(result: MatchResult, keys: dict[tuple[str, int], str]) -> Match | None:
    running = Match.objects.filter(pk=result.match, token=result.token, state=MatchState.RUNNING)
    match = running.select_related("competition").first()
    if match is None:
        logger.info("result_refused", extra={"match": result.match, "code": "lease.lost"})
        return None
    seats = list(match.seats.select_related("submission__entry").order_by("position"))
    problem = result.error or _nonsense(result, match, len(seats))
    if problem:
        release_match(match_id=match.pk, token=result.token, problem=problem)
        match.refresh_from_db()
        return match if match.state == MatchState.FAILED else None
    now = clock.now()
    written = running.update(
        state=MatchState.FINISHED,
        finished_at=now,
        worker=result.worker[:80],
        isolation=result.isolation.value,
        speed=result.speed,
        seconds=result.seconds,
        versions=result.versions,
        digest=match_digest([episode.digest for episode in result.episodes]),
        error="",
        lease_until=None,
        attempt=max(match.attempt, 1),
    )
    if not written:
        return None
    _write_episodes(match, result, keys)
    _write_seats(seats, result)
    if match.kind == MatchKind.VALIDATION.value:
        # In the same transaction: a finished validation without its verdict cannot exist.
        usage = result.usage[0] if result.usage else None
        record_verdict(submission=seats[0].submission, checks=result.checks, usage=usage)
    match.refresh_from_db()
    return match


def match_digest(episodes: Sequence[str]) -> str:
    """Return the digest of a match from its episodes' digests, in order."""
    return hashlib.sha256("\n".join(episodes).encode()).hexdigest()


def match_score(episodes: Sequence[EpisodeResult], agent: int) -> float:
    """Return an agent's score of a match: the mean over episodes of the mean over its seats."""
    scores = [[seat.score for seat in episode.seats if seat.agent == agent] for episode in episodes]
    means = [sum(own) / len(own) for own in scores if own]
    return sum(means) / len(means)


def _nonsense(result: MatchResult, match: Match, lineup: int) -> str:
    """Return what is wrong with a result, or an empty text."""
    if match.kind == MatchKind.VALIDATION.value:
        return "" if result.checks else "a validation without checks"
    if not result.episodes:
        return "no episodes"
    for episode in result.episodes:
        if any(not 0 <= seat.agent < lineup for seat in episode.seats) or not episode.seats:
            return f"seats must name one of {lineup} agents"
        if any(
            not (math.isfinite(seat.score) and math.isfinite(seat.total_reward)) for seat in episode.seats
        ):
            return f"rewards must be {len(episode.seats)} finite numbers"
    return ""


def _write_episodes(match: Match, result: MatchResult, keys: dict[tuple[str, int], str]) -> None:
    Episode.objects.bulk_create(
        Episode(
            match=match,
            index=index,
            seed=episode.seed,
            seating=list(episode.seating),
            seats=msgspec.to_builtins(episode.seats),
            turns=episode.turns,
            truncated=episode.truncated,
            digest=episode.digest,
            actions=episode.actions,
            trajectory=keys.get((match.pk, index), ""),
        )
        for index, episode in enumerate(result.episodes)
    )


def _write_seats(seats: list[Seat], result: MatchResult) -> None:
    for seat in seats:
        own = [each for episode in result.episodes for each in episode.seats if each.agent == seat.position]
        if own:
            faulty = [each.outcome for each in own if each.outcome.is_forfeit]
            seat.outcome = (faulty[0] if faulty else Outcome.OK).value
            seat.forfeits = len(faulty)
            seat.score = match_score(result.episodes, seat.position)
        if seat.position < len(result.usage):
            seat.usage = msgspec.to_builtins(result.usage[seat.position])
    scores = sorted((seat.score for seat in seats if seat.score is not None), reverse=True)
    for seat in seats:
        seat.rank = scores.index(seat.score) + 1 if seat.score is not None else None
    Seat.objects.bulk_update(seats, ["outcome", "forfeits", "score", "rank", "usage"])
