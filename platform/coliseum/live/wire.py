"""The two paths that must be quick: a press to the table, and words from it, without the database."""

import asyncio
import time
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any, Final

import msgspec
import redis.asyncio
from django.conf import settings
from redis.exceptions import RedisError

from coliseum.announcements import redis_url
from coliseum.live.tables import is_table_id, owner_digest
from workers.live import keys
from workers.live.ending import ending
from workers.live.wire import PRESS_BYTES, Press, TableSpec
from workers.refusals import RefusedError

_BLOCK_MILLISECONDS: Final = 1500
_AWAY_SECONDS: Final = 20.0
"""How long the queue's server may be away before a table is given up."""
_SIGN_SECONDS: Final = 4.0
_PAUSE_SECONDS: Final = 0.5


def _connect() -> "redis.asyncio.Redis":
    return redis.asyncio.Redis.from_url(
        redis_url(settings.BROKER_URL), socket_connect_timeout=2.0, socket_timeout=5.0
    )


async def press(table: str, owner: str, body: bytes) -> None:
    """Hand a press to the table.

    Raises:
        RefusedError: `play.bad_press`, `request.too_large`, `rate.limited`, `not_found` or `play.no_worker`.
    """
    if not is_table_id(table):
        raise RefusedError("not_found", kind="table", id=table)
    if len(body) > PRESS_BYTES:
        raise RefusedError("request.too_large", body_limit=f"{PRESS_BYTES} bytes")
    try:
        wanted = msgspec.json.decode(body, type=Press)
    except (ValueError, RecursionError) as error:
        raise RefusedError("play.bad_press") from error
    try:
        async with _connect() as client:
            await _check(client, table, owner)
            async with client.pipeline(transaction=True) as pipe:
                pipe.rpush(keys.press_key(table), msgspec.json.encode(wanted))
                pipe.ltrim(keys.press_key(table), -keys.PRESSES, -1)
                pipe.expire(keys.press_key(table), keys.ALIVE_SECONDS)
                length = (await pipe.execute())[0]
    except (RedisError, OSError) as error:
        raise RefusedError("play.no_worker", retry_after=5) from error
    if length > keys.PRESSES:
        raise RefusedError("rate.limited", limit=keys.PRESSES * 60, retry_after=1)


async def check(table: str, owner: str) -> None:
    """Refuse a browser that does not sit at the table.

    Raises:
        RefusedError: `not_found`, or `play.no_worker`.
    """
    try:
        async with _connect() as client:
            await _check(client, table, owner)
    except (RedisError, OSError) as error:
        raise RefusedError("play.no_worker", retry_after=5) from error


async def _check(client: "redis.asyncio.Redis", table: str, owner: str) -> None:
    found = await client.get(keys.spec_key(table)) if is_table_id(table) and owner else None
    if found is None or msgspec.json.decode(found, type=TableSpec).owner != owner_digest(owner):
        raise RefusedError("not_found", kind="table", id=table)


async def now(table: str) -> bytes:
    """Return all there is to know of a table now, as a JSON object on one line; empty before its first word.

    Raises:
        RedisError: the queue's server is away.
    """
    async with _connect() as client:
        found: Any = await client.get(keys.now_key(table))
        return bytes(found or b"")


async def words(table: str) -> AsyncGenerator[bytes, None]:
    """Yield what the table says, as JSON objects on one line: first the state as it is, at the end its end.

    An empty one says that nothing happened, so that a browser that is gone is noticed.
    """
    away_since = 0.0
    told_away = False
    while True:
        try:
            async with _connect() as client, aclosing(_listen(client, table)) as heard:
                async for word in heard:
                    away_since, told_away = 0.0, False
                    yield word
            return
        except (RedisError, OSError):
            away_since = away_since or time.monotonic()
            if time.monotonic() - away_since > _AWAY_SECONDS:
                yield msgspec.json.encode(ending("broken"))
                return
            if not told_away:
                told_away = True
                yield b'{"kind":"note","text":"The table does not answer. Trying again."}'
            await asyncio.sleep(_PAUSE_SECONDS)


async def _listen(client: "redis.asyncio.Redis", table: str) -> AsyncGenerator[bytes, None]:
    async with client.pipeline(transaction=True) as pipe:
        pipe.get(keys.now_key(table))
        pipe.xrevrange(keys.word_key(table), count=1)
        now, latest = await pipe.execute()
    since = latest[0][0] if latest else b"0"
    if now:
        yield now
        if _is_last(now):
            return
    elif _is_last(word := await _silence(client, table, began=False)):
        yield word
        return
    elif word:
        yield word
    began, signed = bool(now), 0.0
    while True:
        if time.monotonic() - signed > _SIGN_SECONDS:
            signed = time.monotonic()
            await client.set(keys.here_key(table), 1, ex=keys.HERE_SECONDS)
        found = await _news(client, table, since)
        for place, told in found:
            since, began = place, True
            yield told
            if _is_last(told):
                return
        if not found:
            word = await _silence(client, table, began=began)
            yield word
            if word and _is_last(word):
                return


async def _news(client: "redis.asyncio.Redis", table: str, since: bytes) -> list[tuple[bytes, bytes]]:
    """Return what was said after a place in the stream, each with its place; wait a little for it."""
    answer: Any = await client.xread({keys.word_key(table): since}, block=_BLOCK_MILLISECONDS)
    return [(place, fields[b"b"]) for _, entries in answer or () for place, fields in entries]


async def _silence(client: "redis.asyncio.Redis", table: str, *, began: bool) -> bytes:
    """Return what to say of a table that says nothing: its place in the queue, its loss, or nothing."""
    async with client.pipeline(transaction=False) as pipe:
        pipe.zrank(keys.WAITING, table)
        pipe.zscore(keys.WAITING, table)
        pipe.exists(keys.alive_key(table))
        pipe.exists(keys.spec_key(table))
        ahead, asked_at, is_alive, is_known = await pipe.execute()
    if ahead is not None and time.time() - asked_at < keys.WAIT_SECONDS:
        seconds = int(time.time() - asked_at)
        return msgspec.json.encode({"kind": "waiting", "ahead": ahead, "seconds": seconds})
    if is_alive:
        return b""
    return msgspec.json.encode(ending("broken" if began or is_known else "unknown"))


def _is_last(word: bytes) -> bool:
    return word.startswith(b'{"kind":"over"')
