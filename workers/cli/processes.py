"""Long work in several processes, with a line that says how far it is."""

import multiprocessing
import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from typing import TypeVar

import click

from workers.cli.output import say
from workers.refusals import RefusedError

_Done = TypeVar("_Done")


def in_processes(calls: Sequence[Callable[[], _Done]], at_once: int) -> list[_Done]:
    """Make all calls, several at once, and return what they return in their order."""
    progress = _Progress(len(calls))
    with _one_thread_each():
        # Fresh processes: what the parent has imported and opened is none of their business.
        pool = ProcessPoolExecutor(min(at_once, len(calls)), mp_context=multiprocessing.get_context("spawn"))
        try:
            futures = [pool.submit(call) for call in calls]
            for _ in as_completed(futures):
                progress.step()
            return [future.result() for future in futures]
        except BrokenProcessPool as error:
            raise RefusedError(
                "cli.cannot_play", problem="A process of the simulation was killed."
            ) from error
        finally:
            progress.end()
            pool.shutdown(cancel_futures=True)


@contextmanager
def _one_thread_each() -> Iterator[None]:
    """Let linear algebra use one thread a process: the same bits for any number of cores."""
    names = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")
    before = {name: os.environ.get(name) for name in names}
    os.environ.update(dict.fromkeys(names, "1"))
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


class _Progress:
    """How far it is, on standard error: a line that changes at a terminal, a line now and then in a log."""

    def __init__(self, total: int) -> None:
        self._total = total
        self._done = 0
        self._began = self._said = time.monotonic()
        self._is_terminal = sys.stderr.isatty()

    def step(self) -> None:
        """Count one more."""
        self._done += 1
        now = time.monotonic()
        if now - self._said < (0.2 if self._is_terminal else 30.0):
            return
        self._said = now
        left = (now - self._began) / self._done * (self._total - self._done)
        text = f"{self._done} of {self._total}, at most {left / 60:.0f} min left"
        if self._is_terminal:
            click.echo(f"\r{text:<50}", err=True, nl=False)
        else:
            say(text)

    def end(self) -> None:
        """Leave the line."""
        if self._is_terminal:
            click.echo(f"\r{'':<50}\r", err=True, nl=False)
