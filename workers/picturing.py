"""Make pictures of an episode in a process of its own, with an end to its time, memory and output.

How it works. The queue task starts this module as a program without any secret in its environment, writes the
episode to its input and reads the WebP from its output. An environment that hangs, eats memory or crashes
while it renders costs nothing but this one child.
"""

import resource
import subprocess
import sys
import time
from typing import BinaryIO, Final, NoReturn

import msgspec

from arenas import registry
from arenas.errors import ArenaError
from arenas.pictures import MOST_BYTES, make_pictures
from arenas.replay import decode_log
from workers.referee_process import SOURCE, referee_environment

SECONDS: Final = 120
"""Wall time after which an episode has no pictures."""
_MEMORY: Final = 4 * 1024**3
_START: Final = f"import sys; sys.path.insert(0, {str(SOURCE)!r}); from workers.picturing import main; main()"
_REFUSED: Final = 3
"""Exit status of a child that says in its output why there are no pictures."""


class PicturesSpec(msgspec.Struct, frozen=True):
    """One episode that somebody wants to see."""

    match: str
    index: int
    arena: str
    seed: int
    actions: bytes
    """The stored action log."""
    digest: str
    forfeits: dict[int, int] = msgspec.field(default_factory=dict)
    """For each seat that forfeited the turn in which it did."""


class PicturesResult(msgspec.Struct, frozen=True):
    """Its pictures, or why there are none."""

    match: str
    index: int
    pictures: bytes = b""
    problem: str = ""
    """In a sentence; empty when the pictures were made."""
    seconds: float = 0.0


def picture_episode(spec: PicturesSpec, *, seconds: float = SECONDS) -> PicturesResult:
    """Return an episode's pictures, made by a child process; its failure is the result's problem."""
    began = time.monotonic()
    pictures, problem = b"", ""
    try:
        child = subprocess.run(  # noqa: S603 - fixed arguments of our own
            ["/usr/bin/nice", "-n", "10", sys.executable, "-I", "-c", _START],
            input=msgspec.msgpack.encode(spec),
            capture_output=True,
            env=referee_environment(),
            timeout=seconds,
            check=False,
        )
    except subprocess.TimeoutExpired:
        problem = f"It took longer than {seconds:g} s."
    else:
        if child.returncode == 0 and 0 < len(child.stdout) <= MOST_BYTES:
            pictures = child.stdout
        elif child.returncode == _REFUSED:
            problem = child.stdout.decode(errors="replace")[:400]
        else:
            problem = "The environment failed while it was drawn."
    return PicturesResult(spec.match, spec.index, pictures, problem, time.monotonic() - began)


def main() -> None:
    """Read an episode from the input, write its pictures to the output."""
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    out = sys.stdout.buffer
    # What environments print must not get among the bytes of the picture.
    sys.stdout = sys.stderr
    try:
        spec = msgspec.msgpack.decode(sys.stdin.buffer.read(), type=PicturesSpec)
        pictures = make_pictures(
            registry.get(spec.arena),
            seed=spec.seed,
            log=decode_log(spec.actions),
            forfeits=spec.forfeits,
            digest=spec.digest,
        )
    except ArenaError as error:
        _refuse(out, str(error))
    except Exception as error:
        # The border of this process: what third-party code raises becomes a sentence.
        _refuse(out, f"The environment failed while it was drawn ({type(error).__name__}).")
    out.write(pictures)
    out.flush()


def _refuse(out: BinaryIO, problem: str) -> NoReturn:
    out.write(problem.encode())
    out.flush()
    sys.exit(_REFUSED)
