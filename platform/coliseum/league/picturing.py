"""Pictures on demand: ask a match worker for them, keep what it sends."""

import logging

import msgspec
from kombu.exceptions import OperationalError

from coliseum.celery_app import app
from coliseum.matches import pictures
from coliseum.matches.models import Episode
from workers.picturing import PicturesResult, PicturesSpec
from workers.replaying import forfeits_of
from workers.spec import SeatResult

logger = logging.getLogger(__name__)
EXPIRES_SECONDS = pictures.PATIENCE.total_seconds()


def want_pictures(episode: Episode) -> None:
    """Have pictures of an episode made, unless they are there or under way.

    Raises:
        RefusedError: `rate.limited` while too many are being made.
    """
    if not pictures.ask_pictures(episode):
        return
    spec = PicturesSpec(
        match=episode.match_id,
        index=episode.index,
        arena=episode.match.competition.arena,
        seed=episode.seed,
        actions=bytes(episode.actions),
        digest=episode.digest,
        forfeits=forfeits_of(msgspec.convert(tuple(episode.seats), tuple[SeatResult, ...])),
    )
    try:
        app.send_task(
            "matches.pictures", args=[msgspec.to_builtins(spec)], queue="matches", expires=EXPIRES_SECONDS
        )
    except (OperationalError, OSError) as error:
        logger.warning("broker_unreachable", extra={"problem": type(error).__name__})
        keep_pictures(
            PicturesResult(
                spec.match, spec.index, problem="The queue of the match workers was not reachable."
            )
        )


def keep_pictures(result: PicturesResult) -> None:
    """Record what a worker made."""
    pictures.record_pictures(
        match=result.match,
        index=result.index,
        content=result.pictures,
        problem=result.problem,
        seconds=result.seconds,
    )
