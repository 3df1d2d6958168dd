"""Writes about matches: schedule, claim under a lease, record exactly once, sweep.

How it works. A match row is the only truth. Claiming is one conditional update that gives a batch of rows a
lease and a fencing token; a worker's messages carry that token, and whatever carries an older one changes
nothing. A lease that ends puts the match back into the queue; one that was really started three times in
vain ends as failed, which charges no agent.
"""

import hashlib
import hmac
import logging
import secrets
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F, Q, QuerySet

from coliseum import clock, storage
from coliseum.competitions.models import Competition, Phase
from coliseum.competitions.queries import open_phase_of
from coliseum.matches.bulk import insert_objects, insert_rows
from coliseum.matches.models import Episode, Match, MatchState, Seat, Worker
from coliseum.submissions.models import Submission
from workers.spec import MatchKind

logger = logging.getLogger(__name__)

VALIDATION_PRIORITY = 10
NEWCOMER_PRIORITY = 5
VALIDATION_SCENARIO = "validation"
"""All validations of a competition have the same seeds, so that agents that are alike are seen to be."""


@dataclass(frozen=True, slots=True)
class Plan:
    """A match somebody wants played."""

    kind: MatchKind
    lineup: tuple[Submission, ...]
    priority: int = 0
    reason: str = ""
    propensity: float = 1.0
    scenario: str = ""
    """Empty: the match has a scenario of its own."""
    phase: Phase | None = None
    """Whose leaderboard a league match counts for; the open one if left out."""
    is_held: bool = False
    """Whether its result is shown to nobody but hosts until they release it."""


@transaction.atomic
def schedule_matches(*, competition: Competition, plans: Sequence[Plan]) -> list[Match]:
    """Put matches into the queue."""
    now = clock.now()
    phaseless = [plan for plan in plans if plan.kind is MatchKind.LEAGUE and plan.phase is None]
    current = open_phase_of(competition) if phaseless else None
    matches = [
        Match(
            competition=competition,
            phase=plan.phase or (current if plan.kind is MatchKind.LEAGUE else None),
            is_held=plan.is_held,
            kind=plan.kind.value,
            priority=plan.priority,
            scenario=plan.scenario,
            reason=plan.reason,
            propensity=plan.propensity,
            queued_at=now,
        )
        for plan in plans
    ]
    insert_objects(matches)
    insert_rows(
        Seat,
        ("match", "position", "submission", "outcome", "forfeits", "usage"),
        [
            (match.pk, position, submission.pk, "", 0, b"")
            for match, plan in zip(matches, plans, strict=True)
            for position, submission in enumerate(plan.lineup)
        ],
    )
    return matches


def schedule_validation(*, submission: Submission) -> Match | None:
    """Queue the validation match of an upload; None if it has one already."""
    with transaction.atomic():
        Submission.objects.select_for_update().get(pk=submission.pk)
        if Match.objects.filter(kind=MatchKind.VALIDATION.value, seats__submission=submission).exists():
            return None
        plan = Plan(
            MatchKind.VALIDATION,
            (submission,),
            VALIDATION_PRIORITY,
            reason="validation",
            scenario=VALIDATION_SCENARIO,
        )
        return schedule_matches(competition=submission.entry.competition, plans=[plan])[0]


@transaction.atomic
def drop_validations(*, submission: Submission) -> None:
    """Remove all trace of a rehearsal's matches; a worker that still plays one reports to nobody."""
    matches = Match.objects.filter(kind=MatchKind.VALIDATION.value, seats__submission=submission)
    drawn = Episode.objects.filter(match__in=matches).exclude(trajectory="")
    keys = list(drawn.values_list("trajectory", flat=True))
    matches.delete()
    transaction.on_commit(lambda: storage.drop_trajectories(keys))


def episode_seed(secret: str, scenario: str, index: int) -> int:
    """Return the environment seed of one episode, 0 to 2**31 - 1.

    HMAC-SHA-256 under the phase's secret, so nobody can know a seed before its match is over, and everybody
    can check all of them once the secret is revealed.

    Args:
        secret: hex, `Match.seed_secret`.
        scenario: `Match.seed_source`.
        index: of the episode's seed, from 0; episodes that only swap seats share one.
    """
    return int.from_bytes(_keyed(secret, f"{scenario}:{index}")[:4]) >> 1


def agent_seed(secret: str, scenario: str, position: int) -> int:
    """Return what an agent's own random generators are set from; unrelated to the environment's seed."""
    return int.from_bytes(_keyed(secret, f"{scenario}:agent:{position}")[:4]) >> 1


def _keyed(secret: str, text: str) -> bytes:
    return hmac.digest(bytes.fromhex(secret), text.encode(), hashlib.sha256)


@transaction.atomic
def claim_batch(*, limit: int, fits: Callable[[str], int] | None = None) -> list[Match]:
    """Take the next matches of the queue under one lease and token; empty if there are none.

    Args:
        limit: most matches of a batch.
        fits: how many matches of a competition (by id) make a batch of a good length; `limit` if left out.

    A validation, and a match that was already tried, is claimed alone: the first for a quick verdict, the
    second so that a match which kills its worker takes no other match with it.
    """
    waiting = (
        Match.objects.filter(state=MatchState.QUEUED)
        .exclude(competition__state="paused", kind__in=(MatchKind.LEAGUE.value, MatchKind.GATE.value))
        .order_by("-priority", "id")
    )
    if connection.features.has_select_for_update_skip_locked:
        waiting = waiting.select_for_update(skip_locked=True, of=("self",))
    first = list(waiting[:limit])
    if not first:
        return []
    chosen = first[:1]
    if not _goes_alone(first[0]):
        alike = [
            match
            for match in first
            if not _goes_alone(match) and match.competition_id == first[0].competition_id
        ]
        chosen = alike[: max(1, fits(first[0].competition_id))] if fits else alike
    competition = Competition.objects.get(pk=first[0].competition_id)
    lease: dict[str, Any] = {  # Any: the columns of a lease
        "state": MatchState.RUNNING,
        "token": secrets.token_hex(16),
        "lease_until": clock.now() + timedelta(seconds=settings.LEASE_SECONDS),
        "started_at": None,
        "worker": "",
    }
    # The rows are locked: by the select on PostgreSQL, by the transaction itself on SQLite.
    Match.objects.filter(pk__in=[match.pk for match in chosen], state=MatchState.QUEUED).update(**lease)
    phases = Phase.objects.in_bulk({match.phase_id for match in chosen if match.phase_id})
    for match in chosen:
        match.competition = competition
        match.phase = phases[match.phase_id] if match.phase_id else None
        for name, value in lease.items():
            setattr(match, name, value)
    return chosen


def _goes_alone(match: Match) -> bool:
    return match.kind == MatchKind.VALIDATION.value or match.attempt > 0


@transaction.atomic
def extend_leases(*, token: str, worker: str) -> int:
    """Note that a worker is at work on a batch; the first such note counts as the start of an attempt.

    Returns:
        How many matches the token still holds; 0 tells the worker to drop the batch.
    """
    now = clock.now()
    until = now + timedelta(seconds=settings.LEASE_SECONDS)
    held = _locked_in_order(Match.objects.filter(token=token, state=MatchState.RUNNING))
    started = held.filter(started_at__isnull=True).update(
        started_at=now, attempt=F("attempt") + 1, worker=worker, lease_until=until
    )
    return started or held.update(lease_until=until)


def _locked_in_order(matches: QuerySet[Match]) -> QuerySet[Match]:
    """Lock rows in the order in which recording locks them, so that the two never wait for each other."""
    if not connection.features.has_select_for_update:
        return matches
    ids = list(matches.order_by("pk").select_for_update(no_key=True).values_list("pk", flat=True))
    return matches.filter(pk__in=ids)


def release_match(*, match_id: str, token: str, problem: str) -> str:
    """Give a match back after a fault of ours; returns its new state, or "" when the lease was lost."""
    held = Match.objects.filter(pk=match_id, token=token, state=MatchState.RUNNING)
    return _release(held, problem=problem)


def sweep_leases() -> list[Match]:
    """Re-queue the matches whose lease ended; return those that failed for good."""
    ended = list(
        Match.objects.filter(state=MatchState.RUNNING, lease_until__lt=clock.now()).values_list("pk", "token")
    )
    failed = []
    for match_id, token in ended:
        held = Match.objects.filter(pk=match_id, token=token, lease_until__lt=clock.now())
        if _release(held, problem="The worker stopped answering.") == MatchState.FAILED:
            failed.append(match_id)
    return list(Match.objects.filter(pk__in=failed).select_related("competition"))


def _release(held: QuerySet[Match], *, problem: str) -> str:
    """Move a running match to failed if it used up its attempts, else back into the queue."""
    now = clock.now()
    running = held.filter(state=MatchState.RUNNING)
    worn_out = running.filter(attempt__gte=settings.MATCH_ATTEMPTS).update(
        state=MatchState.FAILED, error=problem[:400], finished_at=now, token="", lease_until=None
    )
    if worn_out:
        logger.error("match_failed", extra={"problem": problem})
        return MatchState.FAILED
    queued = running.update(
        state=MatchState.QUEUED, error=problem[:400], token="", lease_until=None, started_at=None
    )
    return MatchState.QUEUED if queued else ""


def requeue_failed(*, match: Match) -> bool:
    """Try a match again that failed by our fault; False if it did not fail."""
    return bool(
        Match.objects.filter(pk=match.pk, state=MatchState.FAILED).update(
            state=MatchState.QUEUED, attempt=0, error="", finished_at=None
        )
    )


def cancel_matches(*, competition: Competition, submissions: Iterable[Submission]) -> int:
    """Take the waiting league matches of these submissions out of the queue."""
    waiting = Match.objects.filter(
        Q(seats__submission__in=list(submissions)), competition=competition, state=MatchState.QUEUED
    )
    return Match.objects.filter(pk__in=waiting.values("pk")).update(
        state=MatchState.CANCELLED, finished_at=clock.now()
    )


def cancel_phase_matches(*, phase: Phase) -> int:
    """Take the waiting matches of a phase out of the queue; those that are being played still count."""
    return Match.objects.filter(phase=phase, state=MatchState.QUEUED).update(
        state=MatchState.CANCELLED, finished_at=clock.now()
    )


def cancel_waiting(*, match_ids: Sequence[str]) -> int:
    """Take matches out of the queue that nobody has begun; return how many."""
    return Match.objects.filter(pk__in=match_ids, state=MatchState.QUEUED).update(
        state=MatchState.CANCELLED, finished_at=clock.now()
    )


def show_results(*, match_ids: Sequence[str]) -> int:
    """Show everybody matches whose results were held back; return how many."""
    return Match.objects.filter(pk__in=match_ids, is_held=True).update(is_held=False)


def record_worker(
    *, name: str, slots: int, isolation: int, speed: float, checks: list[object], problem: str
) -> None:
    """Note what a match worker says of itself."""
    Worker.objects.update_or_create(
        name=name[:80],
        defaults={
            "seen_at": clock.now(),
            "slots": max(1, min(slots, 512)),
            "isolation": isolation,
            "speed": speed,
            "checks": checks,
            "problem": problem[:400],
        },
    )
