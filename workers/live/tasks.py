"""The live worker's queue door: take a table, fetch its agents, hold it until it is over."""

import logging
import os
import threading
import time
from functools import cache
from pathlib import Path
from typing import Any, Final

import redis
from celery.signals import worker_ready, worker_shutting_down

from arenas import registry
from arenas.errors import UnknownArenaError
from workers.baselines import baseline_package
from workers.blobs import PackageShelf
from workers.errors import BlobError
from workers.live import keys
from workers.live.celery_app import app
from workers.live.relay import Relay
from workers.live.wire import TableSpec
from workers.spec import Isolation

logger = logging.getLogger(__name__)

_BEAT_SECONDS: Final = 3.0
_SOCKET_SECONDS: Final = 5.0


@cache
def client() -> redis.Redis:
    """Return the connection pool to the queue's server."""
    return redis.Redis.from_url(
        keys.redis_url(os.environ["COLISEUM_BROKER_URL"]),
        socket_connect_timeout=_SOCKET_SECONDS,
        socket_timeout=_SOCKET_SECONDS,
    )


@cache
def relay() -> Relay:
    """Return this worker's tables."""
    return Relay(client(), Isolation(int(os.environ.get("COLISEUM_MIN_ISOLATION", "2"))))


@cache
def _shelf() -> PackageShelf:
    folder = os.environ.get("COLISEUM_FILES")
    return PackageShelf(Path(folder) if folder else None, keep_bytes=64 * 1024 * 1024)


@app.task(name=keys.TASK)  # type: ignore[untyped-decorator]  # Celery has no types
def play(table: str) -> None:
    """Hold a table, if somebody still waits at it."""
    spec = relay().take(table)
    if spec is not None:
        relay().play(spec, lambda: packages_of(spec))


@app.task(name=keys.SHOW_TASK)  # type: ignore[untyped-decorator]  # as above
def show(table: str) -> None:
    """Begin a show in a thread of its own: the pool's are for people."""
    spec = relay().take(table)
    if spec is not None:
        threading.Thread(
            target=relay().play, args=(spec, lambda: packages_of(spec)), name="show", daemon=True
        ).start()


def packages_of(spec: TableSpec) -> dict[str, bytes]:
    """Return the packages of the agents at a table, by name of the baseline or by digest.

    Raises:
        BlobError: one cannot be had.
    """
    found: dict[str, bytes] = {}
    try:
        arena = registry.get(spec.arena)
        for chair in spec.chairs:
            if chair.agent is not None:
                found[chair.agent.digest] = _shelf().fetch(chair.agent)
            elif chair.baseline:
                found[chair.baseline] = baseline_package(arena, chair.baseline)[0]
    except (UnknownArenaError, KeyError, OSError) as error:
        raise BlobError(f"An agent of this table cannot be had ({type(error).__name__}).") from error
    return found


@worker_ready.connect  # type: ignore[untyped-decorator]  # Celery has no types
def begin(sender: Any, **_: object) -> None:  # Any: Celery's consumer
    """Start the referee, and tell the site every few seconds how many tables there are."""
    relay().start()
    name, tables = f"{os.uname().nodename}:{os.getpid()}", int(sender.pool.limit or 1)

    def beat() -> None:
        while True:
            try:
                free = tables if relay().is_ready(_BEAT_SECONDS) else 0
                client().hset(keys.WORKERS, name, f"{relay().tables}/{free}/{time.time():.0f}")
            except (redis.RedisError, OSError) as error:
                logger.warning("broker_unreachable", extra={"problem": type(error).__name__})
            time.sleep(_BEAT_SECONDS)

    threading.Thread(target=beat, name="heartbeat", daemon=True).start()


@worker_shutting_down.connect  # type: ignore[untyped-decorator]  # Celery has no types
def end(**_: object) -> None:
    """Tell the people at the tables, so that the tasks end and the worker can."""
    threading.Thread(target=relay().stop, name="stop", daemon=True).start()
