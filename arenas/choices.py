"""Actions chosen without an agent: random legal ones, and the idle one of a seat that dropped out."""

from typing import Any, TypeAlias

import numpy as np

from arenas.codec import Box, DictSpace, Discrete, MultiBinary, MultiDiscrete, SpaceSchema, Text, TupleSpace
from arenas.intake import Array, bound_array

Mask: TypeAlias = np.ndarray[tuple[int, ...], np.dtype[Any]]  # Any: environments use int8, bool and others.

_WIDEST = 1e3
_ALPHABET = "abcdefghijklmnopqrstuvwxyz "


def random_choice(schema: SpaceSchema, rng: np.random.Generator, mask: Mask | None = None) -> object:
    """Draw an action uniformly, among the legal ones where there is a mask.

    Unbounded numbers are drawn from the bounds cut at plus and minus 1000.

    Args:
        schema: the wire form of the action space.
        rng: the source of randomness.
        mask: (n,), non-zero where a Discrete action is legal; ignored for other spaces.
    """
    match schema:
        case Discrete():
            return schema.start + _random_index(schema.n, rng, mask)
        case Box():
            return _random_box(schema, rng)
        case MultiDiscrete():
            drawn = rng.integers(0, np.array(schema.nvec, np.int64)) + np.array(schema.start or 0, np.int64)
            return drawn.astype(schema.dtype).reshape(schema.shape)
        case MultiBinary():
            return np.asarray(rng.integers(0, 2, schema.shape), np.int8)
        case Text():
            length = int(rng.integers(schema.min_length, schema.max_length + 1))
            letters = schema.charset or _ALPHABET
            return "".join(letters[index] for index in rng.integers(0, len(letters), length).tolist())
        case TupleSpace():
            return tuple(random_choice(item, rng) for item in schema.items)
        case DictSpace():
            return {key: random_choice(item, rng) for key, item in schema.items}


def idle_choice(schema: SpaceSchema, mask: Mask | None = None) -> object:
    """Return the action that does least: zeros, the first number, the first legal one.

    Args:
        schema: the wire form of the action space.
        mask: (n,), non-zero where a Discrete action is legal; ignored for other spaces.
    """
    match schema:
        case Discrete():
            return schema.start + (int(np.argmax(mask != 0)) if mask is not None else 0)
        case Box():
            low, high = _bounds(schema)
            return np.asarray(np.clip(np.zeros(schema.shape, schema.dtype), low, high))
        case MultiDiscrete():
            first = np.array(schema.start or (0,) * len(schema.nvec), schema.dtype)
            return first.reshape(schema.shape)
        case MultiBinary():
            return np.zeros(schema.shape, np.int8)
        case Text():
            return (schema.charset or _ALPHABET)[0] * schema.min_length
        case TupleSpace():
            return tuple(idle_choice(item) for item in schema.items)
        case DictSpace():
            return {key: idle_choice(item) for key, item in schema.items}


def _random_index(n: int, rng: np.random.Generator, mask: Mask | None) -> int:
    if mask is None:
        return int(rng.integers(n))
    legal = np.flatnonzero(mask)
    return int(legal[rng.integers(len(legal))]) if len(legal) else 0


def _random_box(schema: Box, rng: np.random.Generator) -> Array:
    low, high = _bounds(schema)
    if low.dtype.kind == "b":
        return np.asarray(rng.integers(0, 2, schema.shape), np.bool_)
    if low.dtype.kind in "iu":
        return np.asarray(rng.integers(low, high, endpoint=True, dtype=low.dtype))
    least, most = np.maximum(low, -_WIDEST), np.minimum(high, _WIDEST)
    drawn = (least + (most - least) * rng.random(schema.shape)).astype(low.dtype)
    return np.asarray(np.clip(drawn, low, high))


def _bounds(schema: Box) -> tuple[Array, Array]:
    dtype = np.dtype(schema.dtype)
    return bound_array(schema.low, dtype, schema.shape), bound_array(schema.high, dtype, schema.shape)
