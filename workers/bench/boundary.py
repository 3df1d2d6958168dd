"""The boundary alone: what it costs to ask an agent in another process, beyond the work itself."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Final

import msgspec
import numpy as np

from arenas import registry
from arenas.codec import Box, Discrete, compile_codec
from workers.bench.goals import BARE, SANDBOXED
from workers.bench.measuring import Options, Variant, Workload, pause_of
from workers.bench.sandboxed import patient
from workers.environments import MOST_LANES
from workers.local import LocalArena
from workers.protocol import Start
from workers.sandbox import Launcher
from workers.seat import Seat

_STILL: Final = b"class Agent:\n    lanes = 16\n    def act(self, observation):\n        return 1\n"
_ACTION: Final = Discrete(7)


@dataclass(slots=True)
class Boundary:
    """One agent that answers at once, and the same work without it."""

    seat: Seat
    ask: Callable[[], object]
    """Encode an observation for each lane, ask, decode the actions."""
    bare: Callable[[], object]
    """The same in this process: encode and decode on both sides, and call the agent."""


def open_boundary(launcher: Launcher, box: Box, lanes: int = 1) -> Boundary:
    """Start an agent that sees a box of zeros.

    Args:
        launcher: starts its process.
        box: what it sees.
        lanes: how many observations go in one frame.
    """
    limits = patient(registry.get("connect_four-v3").limits)
    seat = Seat(launcher, limits)
    seat.load(_STILL, "agent.py", lanes=lanes)
    start = Start("boundary-v0", 0, 1, box, _ACTION)
    for lane in range(lanes):
        seat.reset(msgspec.structs.replace(start, lane=lane))
    sees, acts = compile_codec(box, trusted=True), compile_codec(_ACTION)
    observations = [np.zeros(box.shape, box.dtype) for _ in range(lanes)]
    numbers, size = bytes(range(lanes)), acts.size
    cuts = [slice(lane * size, lane * size + size) for lane in range(lanes)]

    def ask() -> object:
        answer = seat.act(b"".join([sees.encode(each) for each in observations]), numbers)
        return [acts.decode(bytes(answer[cut])) for cut in cuts]

    def act(_observation: object) -> int:
        return 1

    def bare() -> object:
        encoded = [sees.encode(each) for each in observations]
        answers = [acts.encode(act(sees.decode(each))) for each in encoded]
        return [acts.decode(answer) for answer in answers]

    return Boundary(seat, ask, bare)


def picture(*shape: int) -> Box:
    """Return the space of an image of bytes."""
    return Box(shape, "uint8", 0, 255)


_SMALL: Final = Box((84,), "float32", 0, 1)
_BOXES: Final = (("84x84x3", picture(84, 84, 3)), ("210x160x3", picture(210, 160, 3)))


@contextmanager
def _boundary(_options: Options) -> Iterator[Sequence[Variant]]:
    with ExitStack() as opened:
        launcher = opened.enter_context(LocalArena.open(registry.get("connect_four-v3"))).launcher

        def begun(box: Box, lanes: int = 1) -> Boundary:
            boundary = open_boundary(launcher, box, lanes)
            opened.callback(boundary.seat.close)
            return boundary

        small, many = begun(_SMALL), begun(_SMALL, MOST_LANES)

        def share(seconds: float) -> float:
            """Return microseconds for one of the lanes."""
            return pause_of(many.ask)(seconds) / MOST_LANES

        variants = [
            Variant(SANDBOXED, pause_of(small.ask)),
            Variant(BARE, pause_of(small.bare)),
            Variant(f"336 B, {MOST_LANES} lanes", share),
        ]
        for name, box in _BOXES:
            large = begun(box)
            variants.append(Variant(name, pause_of(large.ask), over=f"{name} bare"))
            variants.append(Variant(f"{name} bare", pause_of(large.bare), over=f"{name} bare"))
        yield variants


BOUNDARY: Final = Workload(
    "boundary",
    "µs",
    "One act of an agent that answers at once, 336 bytes seen; bare is the same encoding and decoding "
    "without the other process. Microseconds: less is better.",
    _boundary,
)
