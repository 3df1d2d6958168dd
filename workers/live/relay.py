"""Between the queue's server and the live referee: presses one way, words the other.

How it works. One thread keeps a referee, reads its words and puts them where the site finds them; a thread
for each table, the queue's task, hands on presses and looks after signs of life. The referee never sees the
queue's password; this process never looks into what agents or browsers sent.
"""

import logging
import threading
import time
from collections.abc import Callable
from typing import Any, Final

import msgspec
import redis

from workers.errors import IsolationError, MatchError
from workers.live import keys
from workers.live.ending import ending
from workers.live.referee_process import LiveRefereeProcess
from workers.live.wire import WIRE_VERSION, Order, Press, TableSpec, Word
from workers.spec import Isolation

logger = logging.getLogger(__name__)

_LOOK_SECONDS: Final = 1.0
_START_SECONDS: Final = 30.0
_AGAIN_SECONDS: Final = (0.0, 0.5, 2.0, 5.0)
"""Waits before a referee that ended is started again; the last is repeated."""
_STEADY_SECONDS: Final = 60.0
_PATIENCE_SECONDS: Final = 3.0
"""So long somebody may wait for a table before shows give way; taking a free one is a matter of moments."""
_TRIES: Final = 40
_RETRY_SECONDS: Final = 0.25


class Relay:
    """The tables of this worker.

    Args:
        client: the queue's server; shared by threads.
        minimum: the weakest isolation it may play at.
    """

    def __init__(self, client: redis.Redis, minimum: Isolation) -> None:
        self._client = client
        self._minimum = minimum
        self._referee: LiveRefereeProcess | None = None
        self._ready = threading.Event()
        self._stopping = threading.Event()
        self._over: dict[str, threading.Event] = {}
        self._shows: set[str] = set()
        self._keeper = threading.Thread(target=self._keep, name="referee", daemon=True)

    @property
    def tables(self) -> int:
        """Return at how many tables people sit."""
        return len(self._over) - len(self._shows)

    def is_ready(self, seconds: float = 0.0) -> bool:
        """Say whether the referee runs, at once or within some seconds."""
        return self._ready.wait(seconds)

    def start(self) -> None:
        """Start the referee."""
        self._keeper.start()

    def stop(self) -> None:
        """Tell everybody that the worker goes, and end the referee."""
        self._stopping.set()
        for table in list(self._over):
            self._end(table, "stopped")
        if self._referee is not None:
            self._referee.close()

    def take(self, table: str) -> TableSpec | None:
        """Return what is to be played at a table, and show that it was taken; None if that cannot be."""
        try:
            # The sign of life first: who waits no more and has no sign of life is lost.
            self._client.set(keys.alive_key(table), 1, ex=keys.BEGIN_SECONDS)
            self._client.zrem(keys.WAITING, table)
            found: Any = self._client.get(keys.spec_key(table))
            spec = msgspec.json.decode(bytes(found), type=TableSpec) if found else None
        except (redis.RedisError, OSError, ValueError) as error:
            logger.warning("table_unreadable", extra={"problem": type(error).__name__})
            return None
        if spec is not None and spec.version != WIRE_VERSION:
            logger.error("wire_version", extra={"theirs": spec.version, "ours": WIRE_VERSION})
            return None
        return spec

    def play(self, spec: TableSpec, packages: Callable[[], dict[str, bytes]]) -> None:
        """Hold a table until it is over.

        Args:
            spec: of the table.
            packages: fetches what the agents are; may raise MatchError.
        """
        over = self._over[spec.table] = threading.Event()
        if spec.is_show:
            self._shows.add(spec.table)
        try:
            if not self._ready.wait(_START_SECONDS) or self._referee is None:
                raise MatchError("No referee is to be had.")
            order = Order(spec.table, spec=spec, packages=packages())
            self._sign(spec.table)  # Not sooner: it is a shorter one than `take` gave for all of the above.
            self._referee.send(order)
            self._hand_on(spec.table, over)
        except MatchError as error:
            logger.warning("live_match_error", extra={"table": spec.table[:8], "problem": str(error)})
            self._end(spec.table, "broken")
        finally:
            self._over.pop(spec.table, None)
            self._shows.discard(spec.table)

    def _hand_on(self, table: str, over: threading.Event) -> None:
        """Hand on presses until the last word is said.

        Raises:
            MatchError: the referee is gone.
        """
        signed = seen = time.monotonic()
        while not over.is_set():
            now = time.monotonic()
            try:
                if now - signed >= _LOOK_SECONDS:
                    signed = now
                    seen = now if self._sign(table) else seen
                found: Any = self._client.blpop([keys.press_key(table)], timeout=_LOOK_SECONDS)
            except (redis.RedisError, OSError) as error:
                logger.warning("broker_unreachable", extra={"problem": type(error).__name__})
                seen = time.monotonic()  # Nobody can show that they are there.
                over.wait(_RETRY_SECONDS)
                continue
            if now - seen > keys.HERE_SECONDS:
                self._send(Order(table, leave="away"))
            elif table in self._shows and self._is_wanted_by_people():
                self._send(Order(table, leave="gives_way"))
            elif found:
                self._send(_order(table, found[1]))

    def _send(self, order: Order | None) -> None:
        """Hand on an order.

        Raises:
            MatchError: the referee is gone.
        """
        if order is not None:
            if self._referee is None:
                raise MatchError("The live referee is gone.")
            self._referee.send(order)

    def _sign(self, table: str) -> bool:
        """Give a sign of life for a table; say whether the browser gave one."""
        with self._client.pipeline(transaction=False) as pipe:
            pipe.set(keys.alive_key(table), 1, ex=keys.ALIVE_SECONDS)
            pipe.exists(keys.here_key(table))
            if table in self._shows:
                pipe.zadd(keys.SHOWS, {table: time.time()})
            return bool(pipe.execute()[1])

    def _is_wanted_by_people(self) -> bool:
        """Say whether somebody has waited for a table for some time: shows must not slow them down."""
        try:
            since = time.time() - _PATIENCE_SECONDS
            return bool(self._client.zcount(keys.WAITING, since - keys.WAIT_SECONDS, since))
        except (redis.RedisError, OSError):
            return False

    def _keep(self) -> None:
        """Keep a referee running, and read what it says. It dies with this thread."""
        failures = 0
        while not self._stopping.wait(_AGAIN_SECONDS[min(failures, len(_AGAIN_SECONDS) - 1)]):
            began = time.monotonic()
            try:
                self._referee = LiveRefereeProcess(minimum=self._minimum, cpu=None)
                self._ready.set()
                while True:
                    self._deliver(self._referee.receive())
            except (MatchError, IsolationError) as error:
                if not self._stopping.is_set():
                    logger.warning("live_referee_ended", extra={"problem": str(error)})
            self._ready.clear()
            if self._referee is not None:
                self._referee.close()
            for table in list(self._over):
                self._end(table, "stopped" if self._stopping.is_set() else "broken")
            failures = 1 if time.monotonic() - began > _STEADY_SECONDS else failures + 1

    def _end(self, table: str, why: str) -> None:
        body = msgspec.json.encode(ending(why))
        self._deliver(Word(table, body, is_whole=True, is_over=True))

    def _deliver(self, word: Word) -> None:
        """Put a word where the site finds it; one that must not be lost is tried for some seconds."""
        for _ in range(_TRIES if word.is_whole and not word.whole else 1):
            try:
                self._put(word)
                break
            except (redis.RedisError, OSError) as error:
                logger.warning("broker_unreachable", extra={"problem": type(error).__name__})
                self._stopping.wait(_RETRY_SECONDS)
        over = self._over.get(word.table)
        if word.is_over and over is not None:
            over.set()

    def _put(self, word: Word) -> None:
        if not word.table:
            arenas = msgspec.json.decode(word.body, type=dict[str, str])
            self._client.hset(keys.ARENAS, mapping=arenas)  # type: ignore[arg-type]  # str is fine
            return
        with self._client.pipeline(transaction=True) as pipe:
            out = keys.word_key(word.table)
            pipe.xadd(out, {"b": word.body}, maxlen=keys.OUT_LENGTH, approximate=True)
            pipe.expire(out, keys.OPEN_SECONDS)
            if word.is_whole:
                pipe.set(keys.now_key(word.table), word.whole or word.body, ex=keys.OPEN_SECONDS)
            if word.is_over:
                pipe.zrem(keys.SHOWS, word.table)
                pipe.delete(keys.press_key(word.table))
                pipe.rpush(keys.press_key(word.table), keys.OVER)  # Who waits for presses wakes up.
                pipe.expire(keys.press_key(word.table), keys.ALIVE_SECONDS)
                for kept in (keys.spec_key(word.table), keys.now_key(word.table)):
                    pipe.expire(kept, keys.REPLAY_SECONDS)
            if word.replay and len(word.replay) <= keys.REPLAY_BYTES:
                pipe.set(keys.replay_key(word.table), word.replay, ex=keys.REPLAY_SECONDS)
            pipe.execute()


def _order(table: str, content: bytes) -> Order | None:
    """Return what a browser's message asks for; None for what the site should not have let through."""
    if content == keys.LEAVE:
        return Order(table, leave="left")
    try:
        return Order(table, press=msgspec.json.decode(content, type=Press))
    except (ValueError, RecursionError):
        return None
