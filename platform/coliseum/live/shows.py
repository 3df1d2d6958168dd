"""Shows as the site sees them: what each channel plays now and next, and what people asked for.

How it works. A show is a table at which nobody sits. It begins when somebody watches a channel and there is
room, goes on as long as somebody watches, and gives way to people who wait for a table. All of it lies in
keys of the queue's server; of several web processes, the one that sets the key `after` begins the next show.
"""

import logging
import random
import secrets
import time
from typing import Final

import msgspec
import redis
from django.conf import settings
from kombu.exceptions import OperationalError

from arenas import registry
from coliseum.celery_app import app
from coliseum.live import tables
from coliseum.live.lineups import Plan, asked_for, cast_of, pick
from coliseum.live.opponents import limits_of
from workers.live import keys
from workers.live.wire import TableSpec
from workers.refusals import RefusedError

logger = logging.getLogger(__name__)

GAP_SECONDS: Final = 5
"""Between the end of a show and the next one."""
PACE = 1.0
"""How many times faster than their replays shows are played."""
PER_PERSON: Final = 2
"""Shows one person may have in the queue."""
MOST_ASKED: Final = 20
_BEGIN_SECONDS: Final = 20
"""How long a live worker may take to begin a show before it is given up."""
_ASKED: Final = "tv:asked"
_TROUBLES: Final = (redis.RedisError, OperationalError, OSError)


class Show(msgspec.Struct, frozen=True):
    """What is played on a channel."""

    table: str
    plan: Plan
    names: tuple[str, ...]
    """One per seat."""
    agents: tuple[str, ...]
    """Ids of the submissions by seat; empty for agents of the house."""


def is_on() -> bool:
    """Say whether shows can be played here: whether there is a live worker, and the operator wants them."""
    if not settings.LIVE_SHOWS:
        return False
    try:
        return tables.room()[0] > 0
    except RefusedError:
        return False


def current(channel: str) -> Show | None:
    """Return what a channel plays, or played last; None where that is long ago, or nobody can tell."""
    try:
        found = tables.client().get(_key(channel, "show"))
    except _TROUBLES:
        return None
    return msgspec.json.decode(bytes(found), type=Show) if found else None  # type: ignore[arg-type]


def is_over(show: Show) -> bool:
    """Say whether a show has ended, or was lost."""
    last = tables.last_word(show.table)
    if last:
        return last.get("kind") == "over"
    try:
        return not tables.client().exists(keys.alive_key(show.table))
    except _TROUBLES:
        return True


def planned(channel: str) -> Plan | None:
    """Return what comes next on a channel; it is drawn once and kept, so that all hear the same."""
    try:
        if asked := _first_asked(channel):
            return asked
        found = tables.client().get(_key(channel, "next"))
        if found:
            return msgspec.json.decode(bytes(found), type=Plan)  # type: ignore[arg-type]
        plan = pick(channel, rng=random.Random(secrets.randbits(64)))  # noqa: S311 - a choice, no secret
        if plan:
            tables.client().set(
                _key(channel, "next"), msgspec.json.encode(plan), ex=keys.OPEN_SECONDS, nx=True
            )
    except _TROUBLES:
        return None
    return plan


def begin_next(channel: str, *, after: str) -> Show | None:
    """Begin the next show of a channel; None if there is no room, or another process does it.

    Args:
        channel: an arena's id; empty for the main one.
        after: the table of the show before; empty if there was none.
    """
    try:
        if not _has_room():
            return None
        if not tables.client().set(_key(channel, f"after:{after}"), 1, nx=True, ex=_BEGIN_SECONDS):
            return None
        plan = planned(channel)
        if plan is None:
            return None
        _forget(channel, plan)
        return _begin(channel, plan)
    except _TROUBLES as error:
        logger.warning("broker_unreachable", extra={"problem": type(error).__name__})
        return None
    except RefusedError as refusal:
        # An agent was taken back since it was planned; the next look draws others.
        logger.info("show_refused", extra={"code": refusal.code})
        tables.client().delete(_key(channel, f"after:{after}"))
        return None


def ask(*, arena: str, agents: list[str], by: str, asked_by: int) -> int:
    """Put a show into the queue; return how many are played before it.

    Raises:
        RefusedError: `tv.too_many`, `tv.full`, `play.no_worker`, or what `lineups.asked_for` raises.
    """
    plan = asked_for(arena=arena, keys=agents, by=by, asked_by=asked_by)
    try:
        waiting = _asked()
        if sum(each.asked_by == asked_by for each in waiting) >= PER_PERSON:
            raise RefusedError("tv.too_many", limit=PER_PERSON, retry_after=60)
        if len(waiting) >= MOST_ASKED:
            raise RefusedError("tv.full", waiting=len(waiting), retry_after=120)
        tables.client().rpush(_ASKED, msgspec.json.encode(plan))
    except _TROUBLES as error:
        raise RefusedError("play.no_worker", retry_after=30) from error
    return len(waiting)


def waiting(channel: str = "") -> list[Plan]:
    """Return what people asked for, the oldest first; on an arena's channel its own alone."""
    try:
        return [plan for plan in _asked() if not channel or plan.arena == channel]
    except _TROUBLES:
        return []


def _asked() -> list[Plan]:
    found: list[bytes] = tables.client().lrange(_ASKED, 0, -1)  # type: ignore[assignment]
    return [msgspec.json.decode(content, type=Plan) for content in found]


def _first_asked(channel: str) -> Plan | None:
    known = set(registry.names())
    return next(
        (each for each in _asked() if each.arena in known and (not channel or each.arena == channel)), None
    )


def _forget(channel: str, plan: Plan) -> None:
    """Take a plan out of the queue, or off the card that announced it."""
    if plan.asked_by:
        tables.client().lrem(_ASKED, 1, msgspec.json.encode(plan).decode())
    else:
        tables.client().delete(_key(channel, "next"))


def _has_room() -> bool:
    """Say whether one more show may begin: people who wait for a table come first."""
    if not is_on():
        return False
    if tables.room()[1]:
        return False
    alive = tables.client().zcount(keys.SHOWS, time.time() - _BEGIN_SECONDS, "+inf")
    return int(alive) < settings.LIVE_SHOWS


def _begin(channel: str, plan: Plan) -> Show:
    cast = cast_of(plan)
    spec = TableSpec(
        table=secrets.token_urlsafe(32),
        owner="",
        arena=plan.arena,
        seat=-1,
        chairs=cast.chairs,
        seed=secrets.randbelow(2**31),
        limits=limits_of(cast.spec, cast.changes),
        opened_at=time.time(),
        pace=PACE,
    )
    agents = tuple(chair.agent.submission if chair.agent else "" for chair in cast.chairs)
    show = Show(spec.table, plan, tuple(chair.name for chair in cast.chairs), agents)
    with tables.client().pipeline(transaction=True) as pipe:
        pipe.set(keys.spec_key(spec.table), msgspec.json.encode(spec), ex=keys.OPEN_SECONDS)
        pipe.set(keys.here_key(spec.table), 1, ex=keys.HERE_SECONDS)
        pipe.set(keys.alive_key(spec.table), 1, ex=_BEGIN_SECONDS)
        pipe.zremrangebyscore(keys.SHOWS, 0, time.time() - keys.WAIT_SECONDS)
        pipe.zadd(keys.SHOWS, {spec.table: time.time()})
        pipe.set(_key(channel, "show"), msgspec.json.encode(show), ex=keys.OPEN_SECONDS)
        pipe.execute()
    app.send_task(keys.SHOW_TASK, args=[spec.table], queue=keys.QUEUE, expires=_BEGIN_SECONDS)
    logger.info("show_begun", extra={"table": spec.table[:8], "arena": plan.arena})
    return show


def _key(channel: str, what: str) -> str:
    return f"tv:{channel}:{what}"
