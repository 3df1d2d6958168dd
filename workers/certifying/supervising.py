"""`certify`: an arena's certificate, made in a process that may hang, crash or eat memory without harm."""

import os
import selectors
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from types import MappingProxyType
from typing import IO, Final

import msgspec

from arenas import shelves
from arenas.certifying.certificate import Certificate, fingerprint_of, host_facts, version_facts
from arenas.certifying.checks import QUICK, ArenaCheck, Effort
from arenas.certifying.wire import encode_spec
from arenas.spec import MIB, ArenaSpec
from workers.certifying.child import PROGRAM, Order, Told

MEMORY_BYTES: Final = 4096 * MIB
_START_SECONDS: Final = 60.0
_EVIDENCE: Final = 400
_AT_ONCE: Final = 65_536


@dataclass(frozen=True, slots=True)
class Certified:
    """A certificate, and a stored trajectory to show; empty if none could be drawn."""

    certificate: Certificate
    preview: bytes


def certify(
    spec: ArenaSpec,
    effort: Effort = QUICK,
    *,
    on_check: Callable[[ArenaCheck], None] = lambda _: None,
    limits: Mapping[str, float] = MappingProxyType({}),
    memory_bytes: int = MEMORY_BYTES,
) -> Certified:
    """Check an arena in a process of its own. Nothing is raised for a faulty arena, whatever it does.

    Args:
        spec: the arena.
        effort: how much is played.
        on_check: told of each check as it is made.
        limits: seconds for steps, by their names, where they differ from what the steps ask for.
        memory_bytes: the process may take this much.
    """
    begin = time.monotonic()
    checks: list[ArenaCheck] = []
    sheet, preview = None, b""
    for told in _Child(spec, effort, limits, memory_bytes).lines():
        if told.check is not None:
            checks.append(told.check)
            on_check(told.check)
        sheet, preview = told.sheet or sheet, told.preview or preview
    certificate = Certificate(
        id=spec.id,
        ok=bool(checks) and all(check.ok or not check.blocks for check in checks),
        checks=tuple(checks),
        fingerprint=fingerprint_of(spec),
        date=datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        seconds=round(time.monotonic() - begin, 1),
        effort=effort.name,
        host=host_facts(),
        versions=version_facts(spec),
        sheet=sheet,
    )
    return Certified(certificate, preview)


class _Child:
    """The process, and what is known of how it is doing."""

    def __init__(
        self, spec: ArenaSpec, effort: Effort, limits: Mapping[str, float], memory_bytes: int
    ) -> None:
        self._order = msgspec.msgpack.encode(
            Order(spec=encode_spec(spec), effort=effort, memory_bytes=memory_bytes)
        )
        self._step = "process"
        self._limit = _START_SECONDS
        self._limits = limits

    def lines(self) -> Iterator[Told]:
        """Start it and pass on what it tells; a failed check is made of how it ends too early."""
        variables = {
            **os.environ,
            **shelves.variables(),
            "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
            "SDL_VIDEODRIVER": "dummy",
        }
        with tempfile.TemporaryFile() as talk, tempfile.TemporaryFile() as order:
            order.write(self._order)
            order.seek(0)
            process = subprocess.Popen(  # noqa: S603
                [sys.executable, "-c", PROGRAM],
                stdin=order,
                stdout=subprocess.PIPE,
                stderr=talk,
                env=variables,
                start_new_session=True,
            )
            assert process.stdout is not None
            try:
                for told in self._read(process.stdout):
                    yield told
                    if told.done:
                        return
                yield Told(check=self._crash(process, talk))
            except TimeoutError:
                detail = f"did not end within {self._limit:g} seconds"
                yield Told(check=ArenaCheck(self._step, False, None, detail))
            finally:
                _end(process)

    def _read(self, stream: IO[bytes]) -> Iterator[Told]:
        """Read lines until the stream ends.

        Raises:
            TimeoutError: the step that is under way takes too long.
        """
        os.set_blocking(stream.fileno(), False)
        kept = b""
        until = time.monotonic() + self._limit
        with selectors.DefaultSelector() as selector:
            selector.register(stream, selectors.EVENT_READ)
            while True:
                if not selector.select(max(0.0, until - time.monotonic())):
                    raise TimeoutError
                got = stream.read(_AT_ONCE)
                if not got:
                    return
                *lines, kept = (kept + got).split(b"\n")
                for line in lines:
                    told = msgspec.json.decode(line, type=Told)
                    if told.begins:
                        self._step = told.begins
                        self._limit = self._limits.get(told.begins, told.limit_seconds)
                        until = time.monotonic() + self._limit
                    yield told

    def _crash(self, process: subprocess.Popen[bytes], talk: IO[bytes]) -> ArenaCheck:
        """Say how it ended without being done."""
        code = process.wait()
        how = f"with exit status {code}" if code >= 0 else f"by {signal.Signals(-code).name}"
        talk.seek(0, os.SEEK_END)
        talk.seek(max(0, talk.tell() - _EVIDENCE))
        last = " ".join(talk.read().decode(errors="replace").split())
        return ArenaCheck(
            self._step, False, None, f"the process was ended {how}; last words: {last or 'none'}"
        )


def _end(process: subprocess.Popen[bytes]) -> None:
    """End the process with all it started."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    if process.stdout is not None:
        process.stdout.close()
