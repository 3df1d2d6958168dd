"""The same actions in a second interpreter, with another hash seed, must give the same digest."""

import os
import subprocess
import sys
import tempfile
import time
from typing import IO, BinaryIO, Final

import msgspec

from arenas import shelves
from arenas.certifying.checks import ArenaCheck
from arenas.certifying.playing import Played
from arenas.certifying.wire import decode_spec, encode_spec
from arenas.replay import decode_log, encode_log, replay_episode
from arenas.spec import ArenaSpec

SECONDS: Final = 120.0
_WORDS: Final = 500
PROGRAM: Final = (
    "import sys; from arenas.certifying.second import replay_in_child; replay_in_child(sys.stdin.buffer)"
)


class _Order(msgspec.Struct):
    """What the second process is told."""

    spec: bytes
    seed: int
    log: bytes


def check_second_process(
    spec: ArenaSpec, played: Played, *, program: str = PROGRAM, limit_seconds: float = SECONDS
) -> ArenaCheck:
    """Play an episode again from its log in a process of its own."""
    order = _Order(spec=encode_spec(spec), seed=played.seed, log=encode_log(played.log))
    variables = {
        **os.environ,
        **shelves.variables(),
        "PYTHONHASHSEED": "4242",
        "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
    }
    begin = time.perf_counter()
    # Files and not pipes: a process that the environment leaves behind would hold a pipe open.
    with tempfile.TemporaryFile() as told, tempfile.TemporaryFile() as talk:
        try:
            done = subprocess.run(  # noqa: S603
                [sys.executable, "-c", program],
                input=msgspec.msgpack.encode(order),
                stdout=told,
                stderr=talk,
                env=variables,
                timeout=limit_seconds,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return ArenaCheck(
                "second_process", False, limit_seconds, "the second process did not end in time"
            )
        seconds = time.perf_counter() - begin
        answer, words = (_text_of(file) for file in (told, talk))
    if done.returncode:
        detail = words[-_WORDS:] or f"it ended with {done.returncode}"
        return ArenaCheck("second_process", False, seconds, detail)
    same = answer.split()[-1:] == [played.digest]
    detail = "seconds" if same else "the same actions gave another digest in a second process"
    return ArenaCheck("second_process", same, seconds, detail)


def _text_of(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read().decode(errors="replace").strip()


def replay_in_child(stream: BinaryIO) -> None:
    """Replay the order read from a stream and print its digest; the main function of the second process."""
    order = msgspec.msgpack.decode(stream.read(), type=_Order)
    replayed = replay_episode(
        decode_spec(order.spec), seed=order.seed, log=decode_log(order.log), forfeits={}
    )
    sys.stdout.write(replayed.digest)
