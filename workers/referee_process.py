"""The referee's parent side: start it without secrets, give it matches, take results."""

import os
import selectors
import struct
import subprocess
import sys
import time
from pathlib import Path
from typing import Self, TypeVar

import msgspec

from arenas import shelves
from workers.errors import IsolationError, MatchError
from workers.sandbox.cgroups import remove_groups_of
from workers.spec import Isolation, MatchResult, MatchSpec

_LENGTH = struct.Struct("<I")
_MOST_BYTES = 256 * 1024 * 1024
START_SECONDS = 60.0
MATCH_WALL_SECONDS = 1800.0
Message = TypeVar("Message", bound=msgspec.Struct)
SOURCE = Path(__file__).resolve().parent.parent
_PASSED_ON = ("COLISEUM_SANDBOX", "COLISEUM_DOCKER_HOST", "COLISEUM_DOCKER_RUNTIME")


class ProbeReport(msgspec.Struct, frozen=True):
    """One canary probe of the self-test."""

    name: str
    ok: bool
    expected: str
    got: str


class Hello(msgspec.Struct, frozen=True):
    """What a referee says when it is ready, or why it will not be."""

    isolation: Isolation = Isolation.NONE
    speed: float = 1.0
    """Of this host, where the self-test was asked for; 1 is the reference machine."""
    probes: tuple[ProbeReport, ...] = ()
    refusal: str = ""
    confined: bool = False
    """Whether the referee itself is behind all of its walls."""
    confinement: str = ""
    """Which wall is missing and why, as sentences."""


class Job(msgspec.Struct, frozen=True):
    """One match for the referee, with the packages it needs, by digest."""

    spec: MatchSpec
    packages: dict[str, bytes]


def write_frame(descriptor: int, message: msgspec.Struct) -> None:
    """Write a length-prefixed msgpack message whole."""
    payload = msgspec.msgpack.encode(message)
    view = memoryview(_LENGTH.pack(len(payload)) + payload)
    while view:
        view = view[os.write(descriptor, view) :]


def read_frame(descriptor: int, *, seconds: float | None = None) -> bytes:
    """Return the next message's bytes.

    Raises:
        EOFError: the other side is gone.
        TimeoutError: no whole message came within `seconds`.
    """
    deadline = None if seconds is None else time.monotonic() + seconds
    size = _LENGTH.unpack(_read_exactly(descriptor, _LENGTH.size, deadline))[0]
    if size > _MOST_BYTES:
        raise EOFError("a frame beyond all bounds")
    return _read_exactly(descriptor, size, deadline)


def _read_exactly(descriptor: int, size: int, deadline: float | None) -> bytes:
    parts = bytearray()
    with selectors.DefaultSelector() as selector:
        selector.register(descriptor, selectors.EVENT_READ)
        while len(parts) < size:
            left = None if deadline is None else max(0.0, deadline - time.monotonic())
            if not selector.select(left):
                raise TimeoutError
            chunk = os.read(descriptor, min(size - len(parts), 1 << 20))
            if not chunk:
                raise EOFError
            parts += chunk
    return bytes(parts)


class UnreadableError(Exception):
    """A message's bytes are not of its type; the process that sent it cannot be trusted any more."""


def read_message(descriptor: int, kind: type[Message], *, seconds: float | None = None) -> Message:
    """Return the next message, decoded and checked.

    Raises:
        EOFError: the other side is gone.
        TimeoutError: no whole message came within `seconds`.
        UnreadableError: what came is no `kind`.
    """
    payload = read_frame(descriptor, seconds=seconds)
    try:
        return msgspec.msgpack.decode(payload, type=kind)
    except (ValueError, RecursionError) as error:
        # Of the reader's own errors some are built-in ones: text that is not UTF-8, nesting without end.
        raise UnreadableError(str(error)) from error


class RefereeProcess:
    """A referee in a process of its own: no queue, no database, no environment of ours.

    Args:
        minimum: the weakest isolation it may play at.
        cpu: the core it and its agents stay on; None for any.
        selftest: run the canary probes before answering.

    Raises:
        IsolationError: this host cannot hold agents at that level; the message says why.
        MatchError: it did not start.
    """

    program = "workers.referee"
    """Module whose `main` is run."""

    def __init__(self, *, minimum: Isolation, cpu: int | None, selftest: bool = False) -> None:
        arguments = [f"--minimum={minimum.value}"]
        arguments += [f"--cpu={cpu}"] if cpu is not None else []
        arguments += ["--selftest"] if selftest else []
        # -I: no user site, no current folder, no PYTHON variables; the one path it needs is given by name.
        start = f"import sys; sys.path.insert(0, {str(SOURCE)!r}); from {self.program} import main; main()"
        self._process = subprocess.Popen(  # noqa: S603 - fixed arguments of our own
            [sys.executable, "-I", "-c", start, *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=referee_environment(),
            close_fds=True,
            start_new_session=True,
        )
        try:
            self.hello = read_message(self._out, Hello, seconds=START_SECONDS)
        except (EOFError, TimeoutError, UnreadableError) as error:
            self.close()
            raise MatchError("The referee did not start.") from error
        if self.hello.refusal:
            self.close()
            raise IsolationError(self.hello.refusal)

    @property
    def _out(self) -> int:
        if self._process.stdout is None:
            raise MatchError("The referee has no answer pipe.")
        return self._process.stdout.fileno()

    @property
    def is_alive(self) -> bool:
        """Say whether it can take another match."""
        return self._process.poll() is None

    def play(self, spec: MatchSpec, packages: dict[str, bytes]) -> MatchResult:
        """Have one match played.

        Raises:
            MatchError: the referee died, broke or overran the wall limit; it must be started again.
        """
        if self._process.stdin is None:
            raise MatchError("The referee has no job pipe.")
        try:
            write_frame(self._process.stdin.fileno(), Job(spec=spec, packages=packages))
            result = read_message(self._out, MatchResult, seconds=MATCH_WALL_SECONDS)
        except (EOFError, OSError, ValueError, UnreadableError) as error:
            self.close()
            raise MatchError(f"The referee broke off ({type(error).__name__}).") from error
        if (result.match, result.token) != (spec.match, spec.token):
            # The answer to a match whose reading was broken off before.
            self.close()
            raise MatchError("The referee answered for another match.")
        return result

    def close(self) -> None:
        """End it at once; its agents die with it."""
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()
        remove_groups_of(self._process.pid)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def referee_environment() -> dict[str, str]:
    """Return the whole environment of a referee: nothing that could hold a secret."""
    return {
        "PATH": "/usr/bin:/bin",
        "LANG": "C.UTF-8",
        "PYTHONHASHSEED": "0",
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "MKL_NUM_THREADS": "1",
        "ORT_DISABLE_TELEMETRY": "1",
        "SDL_VIDEODRIVER": "dummy",
        "SDL_AUDIODRIVER": "dummy",
        **shelves.variables(),
        **{name: os.environ[name] for name in _PASSED_ON if name in os.environ},
    }
