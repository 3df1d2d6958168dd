"""Handing matches to workers: claim a batch, send it; the row is the truth, the message a hint."""

import logging
import math
from collections.abc import Sequence
from functools import partial
from statistics import median

import msgspec
from django.conf import settings
from django.db import transaction
from kombu.exceptions import OperationalError

from arenas import registry
from arenas.spec import ArenaSpec
from coliseum.celery_app import app
from coliseum.competitions.calibrations import league_arena
from coliseum.matches.audits import audited_by
from coliseum.matches.models import Match, MatchState
from coliseum.matches.queries import lineup_files, waiting_matches
from coliseum.matches.replays import is_drawn_from_actions
from coliseum.matches.services import agent_seed, claim_batch, episode_seed, release_match
from coliseum.matches.waiting import living_workers
from workers.seating import seatings
from workers.spec import AgentRef, Batch, EpisodeSpec, Isolation, LimitsSpec, MatchKind, MatchSpec

logger = logging.getLogger(__name__)

BATCHES_PER_SLOT = 2
LEAST_SECONDS = 0.2
"""Work that a batch should carry where there is enough of it."""
UNKNOWN_SECONDS = 0.5
"""What a match is thought to take before the first was played."""


def send_waiting_matches() -> int:
    """Send as many batches as the live workers can start soon; return how many matches were sent."""
    sent = 0
    free = _free_batches()
    # What waits is shared among the slots: else one would play it all while the others stand idle.
    share = math.ceil(waiting_matches(most=settings.BATCH_MATCHES * free) / free) if free else 0
    for _ in range(free):
        batch = claim_batch(limit=settings.BATCH_MATCHES, fits=partial(_batch_size, share=share))
        if not batch:
            break
        if not _send(batch):
            break
        sent += len(batch)
    return sent


def _free_batches() -> int:
    """Return how many batches the workers have room for: one in play and one waiting per slot."""
    slots = sum(living_workers().values_list("slots", flat=True)) or 1
    out = Match.objects.filter(state=MatchState.RUNNING).values("token").distinct().count()
    return max(0, slots * BATCHES_PER_SLOT - out)


def _batch_size(competition_id: str, *, share: int) -> int:
    """Return how many of a competition's matches make a good batch, by how long the latest ones took.

    At least LEAST_SECONDS of work, or the queue's own 2 ms a task would be felt. At most BATCH_SECONDS: a
    validation that comes in waits until the batches before it are played. Between the two, a slot's share.
    """
    seconds = max(_match_seconds(competition_id), 1e-4)
    size = min(settings.BATCH_SECONDS / seconds, max(share, LEAST_SECONDS / seconds))
    return int(min(settings.BATCH_MATCHES, max(1.0, size)))


def _match_seconds(competition_id: str) -> float:
    """Return what a league match takes: the median of the latest, which one hanging agent does not move."""
    latest = Match.objects.filter(
        competition_id=competition_id, kind=MatchKind.LEAGUE.value, state=MatchState.FINISHED
    ).order_by("-id")
    known = list(latest.values_list("seconds", flat=True)[:20])
    return median(known) if known else UNKNOWN_SECONDS


def _send(matches: list[Match]) -> bool:
    """Send a claimed batch; with no broker, put it back at once and say so."""
    batch = Batch(id=matches[0].token, matches=match_specs(matches))
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
    return match_specs([match])[0]


def match_specs(matches: Sequence[Match]) -> tuple[MatchSpec, ...]:
    """Return what a worker needs to play these matches of one competition."""
    competition = matches[0].competition
    arena, league = registry.get(competition.arena), league_arena(competition)
    limits = {name: getattr(arena.limits, name) for name in LimitsSpec.__struct_fields__}
    held_to = msgspec.convert(limits | competition.limits, LimitsSpec)
    lineups = _lineups(matches)
    specs = []
    for match in matches:
        kind = MatchKind(match.kind)
        # An audit plays the very same match: its seeds are those of the first playing.
        seeded = audited_by(match) if kind is MatchKind.AUDIT else match
        source = seeded.seed_source
        secret = seeded.seed_secret
        way = league if kind is MatchKind.LEAGUE and not (match.phase and match.phase.is_final) else arena
        lineup = lineups[match.pk]
        specs.append(
            MatchSpec(
                match=match.pk,
                token=match.token,
                kind=kind,
                arena=arena.id,
                lineup=lineup,
                episodes=_episodes(seeded, way, is_again=kind is MatchKind.AUDIT)
                if kind is not MatchKind.VALIDATION
                else (),
                limits=held_to,
                minimum_isolation=Isolation(settings.MINIMUM_ISOLATION),
                seed=episode_seed(secret, source, 0),
                agent_seeds=tuple(agent_seed(secret, source, position) for position in range(len(lineup))),
                records=not is_drawn_from_actions(arena),
            )
        )
    return tuple(specs)


def _episodes(match: Match, way: ArenaSpec, *, is_again: bool) -> tuple[EpisodeSpec, ...]:
    """Return the episodes of a match: all seatings on each seed, or those it had when it was played."""
    if is_again:
        played = match.episodes.values_list("seed", "seating")
        return tuple(EpisodeSpec(seed=seed, seating=tuple(seating)) for seed, seating in played)
    seeds = [episode_seed(match.seed_secret, match.seed_source, index) for index in range(way.episodes)]
    return tuple(EpisodeSpec(seed=seed, seating=seating) for seed in seeds for seating in seatings(way))


def _lineups(matches: Sequence[Match]) -> dict[str, tuple[AgentRef, ...]]:
    """Return the members of each match's line-up, in order, with one query."""
    lineups: dict[str, tuple[AgentRef, ...]] = {}
    for match_id, submission, digest, file_name in lineup_files([match.pk for match in matches]):
        ref = AgentRef(submission=submission, digest=digest, file_name=file_name)
        lineups[match_id] = (*lineups.get(match_id, ()), ref)
    return lineups
