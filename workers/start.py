"""What an agent sees of the arena: its `start` object and the two spaces in it."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from arenas.codec import (
    Box,
    DictSpace,
    Discrete,
    MultiBinary,
    MultiDiscrete,
    SpaceSchema,
    Text,
    TupleSpace,
)
from arenas.intake import Bound
from workers.protocol import Start

Numbers: TypeAlias = NDArray[Any]  # Any: the element type is a run-time fact.
_WIDE: float = 1e6
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True, slots=True)
class Space:
    """One space, light enough to need no library; only the fields of its kind are set."""

    kind: str
    """discrete, box, multi_discrete, multi_binary, text, tuple or dict."""
    shape: tuple[int, ...] = ()
    dtype: str = ""
    n: int = 0
    """discrete: how many values, from `first` on."""
    first: int = 0
    low: Numbers | None = None
    high: Numbers | None = None
    """box and multi_discrete: the least and the greatest value of each element."""
    items: "dict[str | int, Space] | None" = None
    """tuple and dict: the parts."""
    max_length: int = 0
    alphabet: str = ""

    def __post_init__(self) -> None:
        """Shut the bounds: every episode is shown the same ones."""
        for bound in (self.low, self.high):
            if bound is not None:
                bound.setflags(write=False)

    def sample(self, rng: np.random.Generator) -> object:
        """Draw a value of the space; any value of a bounded range is equally likely."""
        match self.kind:
            case "discrete":
                return self.first + int(rng.integers(self.n))
            case "text":
                length = int(rng.integers(self.max_length + 1))
                return "".join(rng.choice(list(self.alphabet or _LETTERS), length))
            case "tuple":
                return tuple(item.sample(rng) for item in (self.items or {}).values())
            case "dict":
                return {key: item.sample(rng) for key, item in (self.items or {}).items()}
        assert self.low is not None
        assert self.high is not None
        if self.dtype.startswith("float"):
            low, high = np.maximum(self.low, -_WIDE), np.minimum(self.high, _WIDE)
            return np.clip(np.asarray(rng.uniform(low, high), self.dtype), self.low, self.high)
        drawn: Numbers = rng.integers(self.low, self.high, endpoint=True, dtype=np.int64).astype(self.dtype)
        return drawn


@dataclass(frozen=True, slots=True)
class StartView:
    """What `reset(start)` gets before each episode."""

    arena: str
    seat: int
    """0 moves first where there is an order."""
    role: str
    """`predator` or `prey`, say; empty where seats do not differ."""
    seats: int
    seed: int
    """A seed for the agent's own random generators; it tells nothing of the environment."""
    observation_space: Space
    action_space: Space
    lane: int = 0
    """Which of the episodes that are played side by side begins; 0 where they follow one another."""


def view(start: Start) -> StartView:
    """Turn the wire form into what the agent sees."""
    return StartView(
        arena=start.arena,
        seat=start.seat,
        role=start.role,
        seats=start.seats,
        seed=start.seed,
        observation_space=space_of(start.observation_schema),
        action_space=space_of(start.action_schema),
        lane=start.lane,
    )


@lru_cache(maxsize=256)
def space_of(schema: SpaceSchema) -> Space:
    """Build the light space of a schema, once."""
    match schema:
        case Discrete(n=n, start=first):
            return Space("discrete", dtype="int64", n=n, first=first)
        case Box(shape=shape, dtype=dtype, low=low, high=high):
            return Space("box", shape, dtype, low=_fill(low, dtype, shape), high=_fill(high, dtype, shape))
        case MultiDiscrete(nvec=nvec, shape=shape, start=start, dtype=dtype):
            least = np.array(start or (0,) * len(nvec), np.int64)
            most = least + np.array(nvec, np.int64) - 1
            return Space("multi_discrete", shape, dtype, low=least.reshape(shape), high=most.reshape(shape))
        case MultiBinary(shape=shape):
            zeros = np.zeros(shape, np.int8)
            return Space("multi_binary", shape, "int8", low=zeros, high=zeros + 1)
        case Text(max_length=max_length, charset=charset):
            return Space("text", max_length=max_length, alphabet=charset)
        case TupleSpace(items=parts):
            return Space("tuple", items={at: space_of(part) for at, part in enumerate(parts)})
        case DictSpace(items=named):
            return Space("dict", items={key: space_of(part) for key, part in named})


def _fill(bound: Bound, dtype: str, shape: tuple[int, ...]) -> Numbers:
    """Return a bound as an array of the space's own type; endless bounds of integers are its ends."""
    if isinstance(bound, bytes):
        return np.frombuffer(bound, np.dtype(dtype).newbyteorder("<")).astype(dtype).reshape(shape)
    if np.dtype(dtype).kind in "iu":
        ends = np.iinfo(dtype)
        bound = int(min(max(bound, ends.min), ends.max))
    return np.full(shape, bound, dtype)
