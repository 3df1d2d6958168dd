"""The site's queue doors: decode, call the conductor, nothing else."""

import logging
from typing import Any

import msgspec
from celery import shared_task

from coliseum.competitions.queries import phases_in_play
from coliseum.leaderboards.services import is_behind
from coliseum.league import boards, conductor, exporting, picturing, telling
from coliseum.matches.services import record_worker
from workers.picturing import PicturesResult
from workers.spec import WIRE_VERSION, MatchResult

logger = logging.getLogger(__name__)


@shared_task(name="league.tick")  # type: ignore[untyped-decorator]  # Celery has no types
def tick() -> None:
    """Do what is due: sweep, rate, pair, send."""
    conductor.tick()


@shared_task(name="league.rate")  # type: ignore[untyped-decorator]  # Celery has no types
def rate(phase: int) -> None:
    """Refit a phase's leaderboard if it is behind."""
    wanted = phases_in_play().filter(pk=int(phase)).first()
    if wanted and is_behind(wanted):
        boards.rate(wanted)


@shared_task(name="league.tell")  # type: ignore[untyped-decorator]  # Celery has no types
def tell() -> None:
    """Tell people what is new; send mails and webhooks."""
    telling.look()


@shared_task(name="league.make_export")  # type: ignore[untyped-decorator]  # Celery has no types
def make_export(export: str) -> None:
    """Make a person's zip, if nobody else does."""
    exporting.make_export(str(export))


@shared_task(name="league.study")  # type: ignore[untyped-decorator]  # Celery has no types
def study(phase: int) -> None:
    """Compute the slow columns and plots of a phase's leaderboard if they are due."""
    if wanted := phases_in_play().filter(pk=int(phase)).first():
        boards.study(wanted)


@shared_task(name="league.record_results")  # type: ignore[untyped-decorator]  # Celery has no types
def record_results(payload: list[Any]) -> None:  # Any: untrusted JSON, typed by msgspec on the next line
    """Record what a match worker sent; what is no MatchResult of our version is dropped and logged."""
    results = []
    for item in payload:
        if isinstance(item, dict) and item.get("version") != WIRE_VERSION:
            # Looked at first: the fields of another version may not even fit.
            versions = {"theirs": item.get("version"), "ours": WIRE_VERSION}
            logger.error("result_refused", extra={"code": "worker.version", **versions})
            continue
        try:
            results.append(msgspec.convert(item, MatchResult))
        except msgspec.ValidationError as error:
            logger.warning("result_invalid", extra={"code": "result.invalid", "problem": str(error)})
    conductor.on_results(results)


@shared_task(name="league.record_pictures")  # type: ignore[untyped-decorator]  # Celery has no types
def record_pictures(payload: dict[str, Any]) -> None:  # Any: untrusted JSON, typed by msgspec below
    """Keep pictures that a match worker made; what is no PicturesResult is dropped and logged."""
    try:
        picturing.keep_pictures(msgspec.convert(payload, PicturesResult))
    except msgspec.ValidationError as error:
        logger.warning("pictures_invalid", extra={"code": "result.invalid", "problem": str(error)})


@shared_task(name="league.extend_leases")  # type: ignore[untyped-decorator]  # Celery has no types
def keep_leases(token: str, worker: str) -> None:
    """Note that a worker still plays a batch."""
    conductor.on_at_work(token=str(token), worker=str(worker))


@shared_task(name="league.record_worker")  # type: ignore[untyped-decorator]  # Celery has no types
def keep_worker(report: dict[str, Any]) -> None:  # Any: untrusted JSON, each value is converted below
    """Note what a match worker says of itself."""
    record_worker(
        name=str(report["name"]),
        slots=int(report["slots"]),
        isolation=int(report["isolation"]),
        speed=float(report["speed"]),
        checks=list(report["checks"]),
        problem=str(report["problem"]),
    )
