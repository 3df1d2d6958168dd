"""Tables at which people play, as the site sees them: keys of the queue's server, nothing in the database.

How it works. The site writes down who is to sit where and sends the table's id to the queue `live`. A live
worker takes it, and from then on site and worker share a list of presses, a stream of words, and two signs of
life. Whoever knows the id and holds the cookie from which the table was opened sits there, in any tab.
"""

import hashlib
import logging
import secrets
import time
from collections.abc import Mapping
from functools import cache
from typing import Final

import msgspec
import redis
from django.conf import settings
from kombu.exceptions import OperationalError

from arenas.spec import ArenaSpec
from coliseum.announcements import redis_url
from coliseum.celery_app import app
from workers.live import keys
from workers.live.wire import (
    REAL_TIME_SECONDS,
    TABLE_SECONDS,
    TURN_SECONDS,
    Chair,
    TableSpec,
)
from workers.refusals import RefusedError
from workers.spec import LimitsSpec

logger = logging.getLogger(__name__)

WORKER_SECONDS: Final = 12
"""A worker that has been silent for so long has no tables."""
_SECONDS: Final = 2.0
_WINDOW_MINUTES: Final = 10
_ID_CHARACTERS: Final = 43


@cache
def client() -> redis.Redis:
    """Return the connection pool to the queue's server."""
    return redis.Redis.from_url(
        redis_url(settings.BROKER_URL), socket_connect_timeout=_SECONDS, socket_timeout=_SECONDS
    )


def new_owner() -> str:
    """Return what the cookie of a new browser says."""
    return secrets.token_urlsafe(24)


def owner_digest(owner: str) -> str:
    """Return what is stored of a cookie."""
    return hashlib.sha256(owner.encode(errors="replace")).hexdigest()


def is_table_id(table: str) -> bool:
    """Say whether a text may be the id of a table."""
    return (
        len(table) == _ID_CHARACTERS and table.isascii() and table.replace("-", "").replace("_", "").isalnum()
    )


def room() -> tuple[int, int]:
    """Return how many tables there are, and how many people wait.

    Raises:
        RefusedError: `play.no_worker` where the queue's server does not answer.
    """
    try:
        workers: Mapping[bytes, bytes] = client().hgetall(keys.WORKERS)  # type: ignore[assignment]
        client().zremrangebyscore(keys.WAITING, 0, time.time() - keys.WAIT_SECONDS)
        waiting = int(client().zcard(keys.WAITING))
    except (redis.RedisError, OSError) as error:
        raise RefusedError("play.no_worker", retry_after=30) from error
    now = time.time()
    tables, gone = 0, []
    for name, told in workers.items():
        _, count, at = told.split(b"/")
        if now - float(at) < WORKER_SECONDS:
            tables += int(count)
        else:
            gone.append(name)
    if gone:
        client().hdel(keys.WORKERS, *gone)
    return tables, waiting


def why_not(arena: str) -> str:
    """Return why people cannot play in an arena; empty where they can, or where nobody knows yet."""
    try:
        found = client().hget(keys.ARENAS, arena)
    except (redis.RedisError, OSError):
        return ""
    return bytes(found).decode() if found else ""  # type: ignore[arg-type]


def playable() -> list[str]:
    """Return the ids of the arenas in which people can play, as far as a worker has told."""
    try:
        found: Mapping[bytes, bytes] = client().hgetall(keys.ARENAS)  # type: ignore[assignment]
    except (redis.RedisError, OSError):
        return []
    return sorted(name.decode() for name, reason in found.items() if not reason)


def open_table(
    *,
    arena: ArenaSpec,
    seat: int,
    chairs: tuple[Chair, ...],
    limits: LimitsSpec,
    owner: str,
    place: str,
    back: str,
) -> TableSpec:
    """Open a table and ask for a worker; the one this browser had before is left.

    Args:
        arena: what is played.
        seat: the person's.
        chairs: one per seat.
        limits: of the agents.
        owner: of the browser's cookie.
        place: the address the request came from, for the limit.
        back: address of the page to start again from.

    Raises:
        RefusedError: `play.no_worker`, `play.full` or `play.too_many`.
    """
    tables, waiting = room()
    if not tables:
        raise RefusedError("play.no_worker", retry_after=30)
    if waiting >= settings.LIVE_WAITING:
        raise RefusedError("play.full", waiting=waiting, retry_after=60)
    spec = TableSpec(
        table=secrets.token_urlsafe(32),
        owner=owner_digest(owner),
        arena=arena.id,
        seat=seat,
        chairs=chairs,
        seed=secrets.randbelow(2**31),
        limits=limits,
        opened_at=time.time(),
        back=back,
        turn_seconds=TURN_SECONDS,
        table_seconds=TABLE_SECONDS if arena.idle_action is None else REAL_TIME_SECONDS,
    )
    try:
        _count(place)
        _leave_former(spec.owner)
        _write(spec)
        app.send_task(keys.TASK, args=[spec.table], queue=keys.QUEUE, expires=keys.WAIT_SECONDS)
    except (redis.RedisError, OperationalError, OSError) as error:
        raise RefusedError("play.no_worker", retry_after=30) from error
    logger.info("table_opened", extra={"table": spec.table[:8], "arena": arena.id})
    return spec


def _count(place: str) -> None:
    """Count a table against the address it is opened from.

    Raises:
        RefusedError: `play.too_many`.
    """
    key = f"live:from:{owner_digest(place)}:{int(time.time()) // (60 * _WINDOW_MINUTES)}"
    with client().pipeline(transaction=False) as pipe:
        pipe.incr(key)
        pipe.expire(key, 60 * _WINDOW_MINUTES)
        opened = int(pipe.execute()[0])
    if opened > settings.LIVE_TABLES_PER_ADDRESS:
        raise RefusedError(
            "play.too_many",
            limit=settings.LIVE_TABLES_PER_ADDRESS,
            minutes=_WINDOW_MINUTES,
            retry_after=60 * _WINDOW_MINUTES,
        )


def _leave_former(owner: str) -> None:
    former = client().get(keys.owner_key(owner))
    if former:
        leave(bytes(former).decode())  # type: ignore[arg-type]


def _write(spec: TableSpec) -> None:
    with client().pipeline(transaction=True) as pipe:
        pipe.set(keys.spec_key(spec.table), msgspec.json.encode(spec), ex=keys.OPEN_SECONDS)
        pipe.set(keys.owner_key(spec.owner), spec.table, ex=keys.OPEN_SECONDS)
        pipe.set(keys.here_key(spec.table), 1, ex=keys.HERE_SECONDS)
        pipe.zadd(keys.WAITING, {spec.table: spec.opened_at})
        pipe.execute()


def table_for(table: str, owner: str) -> TableSpec:
    """Return a table to the browser that opened it.

    Raises:
        RefusedError: `not_found` for everybody else, `play.no_worker` where the queue's server is away.
    """
    if is_table_id(table) and owner:
        try:
            found = client().get(keys.spec_key(table))
        except (redis.RedisError, OSError) as error:
            raise RefusedError("play.no_worker", retry_after=30) from error
        spec = msgspec.json.decode(bytes(found), type=TableSpec) if found else None  # type: ignore[arg-type]
        if spec is not None and secrets.compare_digest(spec.owner, owner_digest(owner)):
            return spec
    raise RefusedError("not_found", kind="table", id=table)


def last_word(table: str) -> dict[str, object]:
    """Return the state of a table as it was last told whole; empty before the first word."""
    try:
        found = client().get(keys.now_key(table))
    except (redis.RedisError, OSError):
        return {}
    return msgspec.json.decode(bytes(found), type=dict[str, object]) if found else {}  # type: ignore[arg-type]


def leave(table: str) -> None:
    """Give up a table: one that is played ends, one that waits is not begun."""
    with client().pipeline(transaction=True) as pipe:
        pipe.rpush(keys.press_key(table), keys.LEAVE)
        pipe.expire(keys.press_key(table), keys.ALIVE_SECONDS)
        pipe.zrem(keys.WAITING, table)
        waits = pipe.execute()[2]
    if waits:
        client().delete(keys.spec_key(table), keys.press_key(table))


def replay_of(table: str) -> bytes:
    """Return the stored trajectory of a table that is over.

    Raises:
        RefusedError: `not_found` where there is none, or no more.
    """
    try:
        found = client().get(keys.replay_key(table))
    except (redis.RedisError, OSError) as error:
        raise RefusedError("play.no_worker", retry_after=30) from error
    if not found:
        raise RefusedError("not_found", kind="replay", id=table)
    return bytes(found)  # type: ignore[arg-type]
