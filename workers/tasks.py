"""The match worker's queue door: take a batch, have the referee play it, send the results.

How it works. This process talks to the queue and therefore holds its password; the referee is a process of
its own without any secret. A thread renews the batch's lease while matches are played, so that a worker
which dies or is cut off loses the batch after one lease.
"""

import ctypes
import logging
import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
from billiard import current_process
from celery.signals import worker_init, worker_process_init, worker_process_shutdown, worker_ready
from kombu.exceptions import OperationalError

from workers.blobs import PackageShelf
from workers.celery_app import app
from workers.errors import MatchError
from workers.picturing import PicturesSpec, picture_episode
from workers.referee_process import RefereeProcess
from workers.spec import WIRE_VERSION, Batch, Isolation, MatchResult, MatchSpec
from workers.speed import limit_factor, scaled_limits

logger = logging.getLogger(__name__)

HEARTBEAT_SECONDS = min(5.0, float(os.environ.get("COLISEUM_LEASE_SECONDS", "30")) / 6)
"""A lease is renewed six times before it would end."""
FLUSH_SECONDS = 0.2
FLUSH_BYTES = 1_000_000
_PR_SET_PDEATHSIG = 1


@cache
def _shelf() -> PackageShelf:
    folder = os.environ.get("COLISEUM_FILES")
    return PackageShelf(Path(folder) if folder else None)


def minimum_isolation() -> Isolation:
    """Return the weakest level this worker may play at, from COLISEUM_MIN_ISOLATION."""
    return Isolation(int(os.environ.get("COLISEUM_MIN_ISOLATION", "2")))


def _own_cpu() -> int:
    """Return the core of this pool process: one match, referee and agents, stays on one core."""
    cores = sorted(os.sched_getaffinity(0))
    return cores[getattr(current_process(), "index", 0) % len(cores)]


class _Table:
    """This pool process's referee, started at the first batch and again whenever it is gone."""

    def __init__(self) -> None:
        self.referee: RefereeProcess | None = None
        self.cpu = -1

    def take(self) -> RefereeProcess:
        if self.cpu < 0:
            self.cpu = _own_cpu()
        if self.referee is None or not self.referee.is_alive:
            self.clear()
            self.referee = RefereeProcess(minimum=minimum_isolation(), cpu=self.cpu)
        return self.referee

    def clear(self) -> None:
        if self.referee is not None:
            self.referee.close()
            self.referee = None


_table = _Table()


@app.task(name="matches.play")  # type: ignore[untyped-decorator]  # Celery has no types
def play(payload: dict[str, Any]) -> None:  # Any: untrusted JSON, typed by msgspec on the next line
    """Play the matches of a batch and send what each gave."""
    if payload.get("version") != WIRE_VERSION:
        # Looked at first: the fields of another version may not even fit.
        logger.error("wire_version", extra={"theirs": payload.get("version"), "ours": WIRE_VERSION})
        return
    batch = msgspec.convert(payload, Batch)
    outbox = _Outbox()
    with _lease(batch.id):
        for spec in batch.matches:
            outbox.add(_play_one(spec))
        outbox.flush()


def _play_one(spec: MatchSpec) -> MatchResult:
    """Play a match with limits that fit this worker's speed; league matches and validations alike."""
    started = time.monotonic()
    speed = float(_report.get("speed", 1.0))
    factor = limit_factor(speed)
    held_to = msgspec.structs.replace(spec, limits=scaled_limits(spec.limits, factor))
    try:
        packages = {ref.digest: _shelf().fetch(ref) for ref in spec.lineup}
        result = _table.take().play(held_to, packages)
        # The worker's own measure, not that of the referee process, which may have started at a busy moment.
        return msgspec.structs.replace(result, speed=speed, limit_factor=factor)
    except MatchError as error:
        # Our fault, whatever it is: the site tries the match again and charges nobody.
        logger.warning("match_error", extra={"match": spec.match, "problem": str(error)})
        _table.clear()
        return MatchResult(
            match=spec.match,
            token=spec.token,
            worker=worker_name(),
            isolation=Isolation.NONE,
            seconds=time.monotonic() - started,
            error=str(error) or type(error).__name__,
        )


@app.task(name="matches.pictures")  # type: ignore[untyped-decorator]  # Celery has no types
def picture(payload: dict[str, Any]) -> None:  # Any: untrusted JSON, typed by msgspec on the next line
    """Make pictures of an episode in a child process and send them."""
    result = picture_episode(msgspec.convert(payload, PicturesSpec))
    app.send_task("league.record_pictures", args=[msgspec.to_builtins(result)], queue="site")


class _Outbox:
    """Results on their way to the site, sent together when small or quick."""

    def __init__(self) -> None:
        self._waiting: list[Any] = []  # Any: plain JSON values made by msgspec
        self._bytes = 0
        self._since = time.monotonic()

    def add(self, result: MatchResult) -> None:
        self._waiting.append(msgspec.to_builtins(result))
        self._bytes += sum(len(each.actions) + len(each.trajectory) for each in result.episodes)
        if self._bytes > FLUSH_BYTES or time.monotonic() - self._since > FLUSH_SECONDS:
            self.flush()

    def flush(self) -> None:
        if self._waiting:
            app.send_task("league.record_results", args=[self._waiting], queue="site")
        self._waiting, self._bytes, self._since = [], 0, time.monotonic()


@contextmanager
def _lease(token: str) -> Iterator[None]:
    """Renew a batch's lease from now on until the block ends."""
    over = threading.Event()

    def renew() -> None:
        while True:
            _send_quietly("league.extend_leases", token, worker_name())
            if over.wait(HEARTBEAT_SECONDS):
                return

    keeper = threading.Thread(target=renew, name="lease", daemon=True)
    keeper.start()
    try:
        yield
    finally:
        over.set()
        keeper.join(timeout=HEARTBEAT_SECONDS)


def _send_quietly(task: str, *args: object) -> None:
    try:
        app.send_task(task, args=args, queue="site", expires=60)
    except (OperationalError, OSError) as error:
        # The next beat tries again; a lease that ends meanwhile costs only time.
        logger.warning("broker_unreachable", extra={"problem": type(error).__name__})


def worker_name() -> str:
    """Return what this worker is called on the site: host and process of the pool's parent."""
    parent = os.getppid() if current_process().name != "MainProcess" else os.getpid()
    return f"{os.uname().nodename}:{parent}"


@worker_init.connect  # type: ignore[untyped-decorator]  # Celery has no types
def check_isolation(**_: object) -> None:
    """Prove the walls on this host before the first match; refuse to start where they do not hold."""
    with RefereeProcess(minimum=minimum_isolation(), cpu=None, selftest=True) as referee:
        _report.update(
            isolation=referee.hello.isolation.value,
            speed=referee.hello.speed,
            checks=msgspec.to_builtins(referee.hello.probes),
        )
    logger.info("isolation_proved", extra={"level": _report["isolation"]})


_report: dict[str, Any] = {}  # Any: the JSON report of this worker, built once by check_isolation


@worker_ready.connect  # type: ignore[untyped-decorator]  # Celery has no types
def report_worker(sender: Any, **_: object) -> None:  # Any: Celery's consumer
    """Tell the site every few seconds that this worker is there and what it can do."""
    report = {"name": worker_name(), "slots": int(sender.pool.limit or 1), "problem": "", **_report}

    def beat() -> None:
        while True:
            _send_quietly("league.record_worker", report)
            time.sleep(HEARTBEAT_SECONDS)

    threading.Thread(target=beat, name="heartbeat", daemon=True).start()


@worker_process_init.connect  # type: ignore[untyped-decorator]  # Celery has no types
def die_with_parent(**_: object) -> None:
    """End this pool process when the worker above it is gone; the pool itself would wait for ever."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


@worker_process_shutdown.connect  # type: ignore[untyped-decorator]  # Celery has no types
def close_referee(**_: object) -> None:
    """End this pool process's referee and its agents."""
    _table.clear()
