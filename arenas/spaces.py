"""Gymnasium spaces to wire schemas."""

from typing import Any

import numpy as np
from gymnasium import spaces

from arenas.codec import Box, DictSpace, Discrete, MultiBinary, MultiDiscrete, SpaceSchema, Text, TupleSpace
from arenas.errors import UnsupportedSpaceError
from arenas.intake import Bound

_MOST_SCALARS = 2**28
_KINDS = "biuf"


def schema_of(space: object) -> SpaceSchema:
    """Return the wire form of a Gymnasium space.

    Raises:
        UnsupportedSpaceError: the space, or a part of it, has no wire form.
    """
    match space:
        case spaces.Discrete():
            return Discrete(n=int(space.n), start=int(space.start))
        case spaces.MultiBinary():
            return MultiBinary(shape=_shape(space))
        case spaces.MultiDiscrete():
            return _multi_discrete(space)
        case spaces.Box():
            return _box(space)
        case spaces.Text():
            characters = "".join(sorted(space.character_set))
            return Text(
                max_length=int(space.max_length), min_length=int(space.min_length), charset=characters
            )
        case spaces.Tuple():
            return TupleSpace(items=tuple(schema_of(part) for part in space.spaces))
        case spaces.Dict():
            if not all(type(key) is str for key in space.spaces):
                raise UnsupportedSpaceError("A Dict space has a key that is no text.")
            return DictSpace(
                items=tuple((key, schema_of(part)) for key, part in sorted(space.spaces.items()))
            )
    raise UnsupportedSpaceError(f"A space of type {type(space).__name__} has no wire form.")


def _box(space: spaces.Box) -> Box:
    name = _dtype(space)
    low, high = _bound(space.low, name), _bound(space.high, name)
    return Box(shape=_shape(space), dtype=name, low=low, high=high)


def _multi_discrete(space: spaces.MultiDiscrete) -> MultiDiscrete:
    nvec = tuple(int(n) for n in space.nvec.ravel())
    start = tuple(int(first) for first in space.start.ravel())
    return MultiDiscrete(
        nvec=nvec, shape=_shape(space), start=start if any(start) else (), dtype=_dtype(space)
    )


def _shape(space: Any) -> tuple[int, ...]:  # Any: gymnasium ships no types for its spaces here.
    shape = tuple(int(length) for length in space.shape)
    if np.prod(shape, dtype=float) > _MOST_SCALARS:
        raise UnsupportedSpaceError(f"A space of shape {shape} is too large.")
    return shape


def _dtype(space: Any) -> str:  # Any: as above.
    dtype: np.dtype[Any] = np.dtype(space.dtype)
    if dtype.kind not in _KINDS or dtype.itemsize > 8:
        raise UnsupportedSpaceError(f"Arrays of {dtype.name} have no wire form.")
    return dtype.name


def _bound(bound: np.ndarray[tuple[int, ...], np.dtype[Any]], dtype: str) -> Bound:
    """Return one scalar where all elements share it, else the raw array."""
    first = bound.flat[0].item() if bound.size else 0
    if bool((bound == first).all()):
        return float(first) if dtype.startswith("float") else int(first)
    return bytes(np.ascontiguousarray(bound, np.dtype(dtype).newbyteorder("<")).tobytes())
