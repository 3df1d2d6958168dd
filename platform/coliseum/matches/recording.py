"""Writing match results: exactly once, or not at all, a batch at a time.

How it works. One transaction locks the rows of a batch that are still held by the token their result carries;
what carries another one is dropped. The held ones are written with one statement a table, the drivers'
`executemany`: an ORM object a row would take ten times as long. A result that the database itself refuses is
found by halving the batch, and given back to the queue alone.
"""

import hashlib
import json
import logging
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import DataError, IntegrityError, transaction

from coliseum import clock, faults, storage
from coliseum.competitions.models import Competition, Phase
from coliseum.matches.bulk import insert_rows, update_rows
from coliseum.matches.fields import pack_seats, pack_usage
from coliseum.matches.models import Episode, Match, MatchState, Seat, Versions
from coliseum.matches.services import release_match
from coliseum.submissions.services import record_verdict
from workers.spec import EpisodeResult, MatchKind, MatchResult, Outcome

logger = logging.getLogger(__name__)

_NEEDED = ("id", "competition", "phase", "kind", "state", "token", "attempt")
_UNSTORABLE = (DataError, IntegrityError, OverflowError, ValueError)
"""What drivers and databases say to values that do not fit; a lost connection is none of them."""


@dataclass(slots=True)
class _Held:
    """A result whose match is running under the result's own token."""

    result: MatchResult
    match: Match
    lineup: int
    """Members of the line-up."""
    trajectories: dict[int, str] = field(default_factory=dict)
    """Storage keys by episode."""


def record_results(results: Sequence[MatchResult]) -> list[Match]:
    """Record a worker's results in one transaction; return the matches that are finished, or failed, by it.

    A result whose token is not the match's current one is dropped. One that makes no sense, or reports a
    fault of ours, gives the match back to the queue.
    """
    kept = _keep_trajectories(results)
    faults.point("before_record_commit")
    with transaction.atomic():
        held = _held(results)
        for each in held:
            each.trajectories = kept.get(each.match.pk, {})
        done = _record(held, clock.now())
        faults.point("inside_record")
    return done


def _keep_trajectories(results: Sequence[MatchResult]) -> dict[str, dict[int, str]]:
    """Store the drawn forms that came along, before any row names them.

    A late worker's are not kept: they would stand where those of the attempt that counts stand.
    """
    drawn = [result for result in results if any(episode.trajectory for episode in result.episodes)]
    if not drawn:
        return {}
    tokens = dict(
        Match.objects.filter(pk__in=[result.match for result in drawn], state=MatchState.RUNNING).values_list(
            "pk", "token"
        )
    )
    return {
        result.match: {
            index: storage.put_trajectory(result.match, index, episode.trajectory)
            for index, episode in enumerate(result.episodes)
            if episode.trajectory
        }
        for result in drawn
        if tokens.get(result.match) == result.token
    }


def _held(results: Sequence[MatchResult]) -> list[_Held]:
    """Lock the matches that these results may finish.

    In order of their ids, as `extend_leases` does, so that nobody waits in a circle.
    """
    wanted = {result.match: result for result in reversed(results)}
    running = Match.objects.filter(pk__in=wanted, state=MatchState.RUNNING).order_by("pk").only(*_NEEDED)
    rows = {match.pk: match for match in running.select_for_update(no_key=True)}
    competitions = Competition.objects.in_bulk({match.competition_id for match in rows.values()})
    phases = Phase.objects.in_bulk({match.phase_id for match in rows.values() if match.phase_id})
    lineups: dict[str, int] = {}
    for match_id in Seat.objects.filter(match__in=rows).order_by().values_list("match_id", flat=True):
        lineups[match_id] = lineups.get(match_id, 0) + 1
    held = []
    for result in results:
        match = rows.get(result.match)
        if match is None or match.token != result.token or wanted[result.match] is not result:
            logger.info("result_refused", extra={"match": result.match, "code": "lease.lost"})
            continue
        match.competition = competitions[match.competition_id]
        if match.phase_id:
            match.phase = phases[match.phase_id]
            match.phase.competition = match.competition
        held.append(_Held(result, match, lineups.get(match.pk, 0)))
    return held


def _record(held: Sequence[_Held], now: datetime) -> list[Match]:
    """Finish the matches whose results make sense and give the others back."""
    good, done = [], []
    for each in held:
        problem = each.result.error or _nonsense(each)
        if not problem:
            good.append(each)
            continue
        if not each.result.error:
            refused = {"match": each.match.pk, "code": "result.invalid", "problem": problem}
            logger.warning("result_refused", extra=refused)
        if match := _give_back(each, problem):
            done.append(match)
    return done + _write_all(good, now)


def _give_back(each: _Held, problem: str) -> Match | None:
    """Put a match back into the queue; return it if that was its last attempt."""
    release_match(match_id=each.match.pk, token=each.result.token, problem=problem)
    each.match.refresh_from_db(fields=["state", "error", "token", "lease_until", "finished_at"])
    return each.match if each.match.state == MatchState.FAILED else None


def _write_all(held: Sequence[_Held], now: datetime) -> list[Match]:
    """Write results; when the database refuses, halve the batch until the bad one is alone."""
    if not held:
        return []
    try:
        with transaction.atomic():
            return _write(held, now)
    except _UNSTORABLE as error:
        if len(held) == 1:
            logger.warning("result_unstorable", extra={"match": held[0].match.pk, "problem": str(error)})
            failed = _give_back(held[0], f"The result cannot be stored: {type(error).__name__}.")
            return [failed] if failed else []
    middle = len(held) // 2
    return _write_all(held[:middle], now) + _write_all(held[middle:], now)


def _write(held: Sequence[_Held], now: datetime) -> list[Match]:
    _finish_matches(held, now)
    _write_episodes(held)
    _write_seats(held)
    for each in held:
        if each.match.kind == MatchKind.VALIDATION.value:
            # In the same transaction: a finished validation without its verdict cannot exist.
            usage = each.result.usage[0] if each.result.usage else None
            tested = each.match.seats.select_related("submission__entry").get()
            record_verdict(submission=tested.submission, checks=each.result.checks, usage=usage)
    return [each.match for each in held]


def _finish_matches(held: Sequence[_Held], now: datetime) -> None:
    versions = _versions([each.result.versions for each in held])
    keys = []
    for each in held:
        match, result = each.match, each.result
        keys.append((match.pk, result.token))
        match.state = MatchState.FINISHED
        match.finished_at = now
        match.worker = result.worker[:80]
        match.isolation = result.isolation.value
        match.speed = result.speed
        match.limit_factor = result.limit_factor
        match.seconds = result.seconds
        match.played_with = versions.get(_versions_digest(result.versions))
        match.digest = match_digest([episode.digest for episode in result.episodes])
        match.error = match.token = ""
        match.lease_until = None
        match.attempt = max(match.attempt, 1)
    columns = (
        *("state", "finished_at", "worker", "isolation", "speed", "limit_factor", "seconds"),
        *("played_with_id", "digest", "error", "token", "lease_until", "attempt"),
    )
    rows = [[getattr(each.match, name) for name in columns] for each in held]
    # Locked above and named by the token again: whatever else holds the row, this changes nothing of it.
    update_rows(Match, columns, rows, where=("id", "token"), keys=keys)


def _versions(wanted: Iterable[dict[str, str]]) -> dict[str, Versions]:
    """Return the row of each set of versions by its digest; make those that are not there yet."""
    named = {_versions_digest(values): values for values in wanted if values}
    found = {str(each.digest): each for each in Versions.objects.filter(digest__in=named)}
    if lacking := named.keys() - found.keys():
        Versions.objects.bulk_create(
            (Versions(digest=name, values=named[name]) for name in lacking), ignore_conflicts=True
        )
        found |= {str(each.digest): each for each in Versions.objects.filter(digest__in=lacking)}
    return found


def _versions_digest(values: dict[str, str]) -> str:
    return hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()[:32]


def match_digest(episodes: Sequence[str]) -> str:
    """Return the digest of a match from its episodes' digests, in order."""
    return hashlib.sha256("\n".join(episodes).encode()).hexdigest()


def match_score(episodes: Sequence[EpisodeResult], agent: int) -> float:
    """Return an agent's score of a match: the mean over episodes of the mean over its seats."""
    scores = [[seat.score for seat in episode.seats if seat.agent == agent] for episode in episodes]
    means = [sum(own) / len(own) for own in scores if own]
    return sum(means) / len(means)


def _nonsense(each: _Held) -> str:
    """Return what is wrong with a result, or an empty text."""
    result = each.result
    if each.match.kind == MatchKind.VALIDATION.value:
        return "" if result.checks else "a validation without checks"
    if not result.episodes:
        return "no episodes"
    for episode in result.episodes:
        if any(not 0 <= seat.agent < each.lineup for seat in episode.seats) or not episode.seats:
            return f"seats must name one of {each.lineup} agents"
        if any(
            not (math.isfinite(seat.score) and math.isfinite(seat.total_reward)) for seat in episode.seats
        ):
            return f"rewards must be {len(episode.seats)} finite numbers"
    return ""


def _write_episodes(held: Sequence[_Held]) -> None:
    columns = ("match", "index", "seed", "seating", "seats", "turns", "truncated", "digest", "actions")
    insert_rows(
        Episode,
        (*columns, "trajectory", "thought"),
        [
            (
                *(each.match.pk, index, episode.seed, episode.seating, pack_seats(episode.seats)),
                *(episode.turns, episode.truncated, episode.digest, episode.actions),
                *(each.trajectories.get(index, ""), episode.thought),
            )
            for each in held
            for index, episode in enumerate(each.result.episodes)
        ],
    )


def _write_seats(held: Sequence[_Held]) -> None:
    rows = []
    keys = []
    for each in held:
        standing = [_seat_result(each.result, position) for position in range(each.lineup)]
        scores = sorted((score for _, score, _ in standing if score is not None), reverse=True)
        for position, (outcome, score, forfeits) in enumerate(standing):
            rank = scores.index(score) + 1 if score is not None else None
            usage = each.result.usage[position] if position < len(each.result.usage) else None
            rows.append((outcome, score, rank, forfeits, pack_usage(usage) if usage else b""))
            keys.append((each.match.pk, position))
    columns = ("outcome", "score", "rank", "forfeits", "usage")
    update_rows(Seat, columns, rows, where=("match", "position"), keys=keys)


def _seat_result(result: MatchResult, position: int) -> tuple[str, float | None, int]:
    """Return a member's worst outcome, its score, and how many of its seats it forfeited."""
    own = [seat for episode in result.episodes for seat in episode.seats if seat.agent == position]
    if not own:
        return "", None, 0
    faulty = [seat.outcome for seat in own if seat.outcome.is_forfeit]
    return (faulty[0] if faulty else Outcome.OK).value, match_score(result.episodes, position), len(faulty)
