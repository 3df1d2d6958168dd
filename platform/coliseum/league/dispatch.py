"""Handing matches to workers: claim a batch, send it; the row is the truth, the message a hint."""

import logging
from datetime import timedelta

import msgspec
from django.conf import settings
from django.db import transaction
from django.db.models import Avg
from kombu.exceptions import OperationalError

from arenas import registry
from coliseum import clock
from coliseum.celery_app import app
from coliseum.matches.models import Match, MatchState, Worker
from coliseum.matches.services import agent_seed, claim_batch, episode_seed, release_match
from workers.seating import seatings
from workers.spec import AgentRef, Batch, EpisodeSpec, Isolation, LimitsSpec, MatchKind, MatchSpec

logger = logging.getLogger(__name__)

WORKER_ALIVE_SECONDS = 20
BATCHES_PER_SLOT = 2


def send_waiting_matches() -> int:
    """Send as many batches as the live workers can start soon; return how many matches were sent."""
    sent = 0
    for _ in range(_free_batches()):
        batch = claim_batch(limit=settings.BATCH_MATCHES, fits=_batch_size)
        if not batch:
            break
        if not _send(batch):
            break
        sent += len(batch)
    return sent


def _free_batches() -> int:
    """Return how many batches the workers have room for: one in play and one waiting per slot."""
    alive = Worker.objects.filter(
        seen_at__gt=clock.now() - timedelta(seconds=WORKER_ALIVE_SECONDS), problem=""
    )
    slots = sum(alive.values_list("slots", flat=True)) or 1
    out = Match.objects.filter(state=MatchState.RUNNING).values("token").distinct().count()
    return max(0, slots * BATCHES_PER_SLOT - out)


def _batch_size(competition_id: str) -> int:
    """Return how many of a competition's matches make about BATCH_SECONDS of work, from the latest played."""
    latest = Match.objects.filter(
        competition_id=competition_id, kind=MatchKind.LEAGUE.value, state=MatchState.FINISHED
    ).order_by("-id")[:20]
    average = latest.aggregate(average=Avg("seconds"))["average"] or 0.5
    return int(min(settings.BATCH_MATCHES, max(1, settings.BATCH_SECONDS / max(average, 0.01))))


def _send(matches: list[Match]) -> bool:
    """Send a claimed batch; with no broker, put it back at once and say so."""
    batch = Batch(id=matches[0].token, matches=tuple(match_spec(match) for match in matches))
    try:
        app.send_task("matches.play", args=[msgspec.to_builtins(batch)], queue="matches")
    except (OperationalError, OSError) as error:
        logger.warning("broker_unreachable", extra={"problem": type(error).__name__})
        with transaction.atomic():
            for match in matches:
                release_match(match_id=match.pk, token=match.token, problem="The queue was not reachable.")
        return False
    return True


def match_spec(match: Match) -> MatchSpec:
    """Return what a worker needs to play this match."""
    arena = registry.get(match.competition.arena)
    seats = list(match.seats.all())
    kind = MatchKind(match.kind)
    episodes: tuple[EpisodeSpec, ...] = ()
    if kind is not MatchKind.VALIDATION:
        episodes = tuple(
            EpisodeSpec(seed=episode_seed(match.competition, match.scenario, index), seating=seating)
            for index in range(arena.episodes)
            for seating in seatings(arena)
        )
    limits = {
        name: getattr(arena.limits, name) for name in LimitsSpec.__struct_fields__
    } | match.competition.limits
    return MatchSpec(
        match=match.pk,
        token=match.token,
        kind=kind,
        arena=arena.id,
        lineup=tuple(
            AgentRef(
                submission=seat.submission_id,
                digest=seat.submission.package_id,
                file_name=seat.submission.package.file_name,
            )
            for seat in seats
        ),
        episodes=episodes,
        limits=msgspec.convert(limits, LimitsSpec),
        minimum_isolation=Isolation(settings.MINIMUM_ISOLATION),
        seed=episode_seed(match.competition, match.scenario, 0),
        agent_seeds=tuple(agent_seed(match.competition, match.scenario, seat.position) for seat in seats),
    )
