"""A frame's bytes as arrays: where the parts of an encoded observation lie, and actions as bytes.

How it works. A codec writes the parts of a value one behind the other, in the order of the space and without
gaps, and a frame holds such values of one size. So a part of all observations of a frame is one strided array
over its bytes, and nothing is taken apart. Only texts vary in length: they stand behind all other parts, in
frames of one observation.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from workers.nocode.feeding import Array, Path
from workers.start import Space

_TEXT_BYTES: Final = 4
"""Among the other parts a text has its length."""


@dataclass(frozen=True, slots=True)
class Wire:
    """The numbers of one array of a space in a frame."""

    dtype: np.dtype[Any]
    """Choices have the smallest type that counts them."""
    least: Array | int | None = None
    """Choices are counted from 0 in a frame; None where they are in the space too."""

    def encoded(self, actions: Array) -> bytes:
        """Return actions, (episodes, *shape) and certain to be of the space, as the bytes of a frame."""
        counted = actions if self.least is None else actions - self.least
        return counted.astype(self.dtype).tobytes()


def wire_of(space: Space) -> Wire:
    """Return how a frame carries a space of one array or number."""
    if space.kind == "discrete":
        return Wire(_counting(space.n - 1), space.first or None)
    if space.kind == "multi_discrete":
        assert space.low is not None
        assert space.high is not None
        most = int((space.high - space.low).max(initial=0))
        return Wire(_counting(most), space.low if space.low.any() else None)
    return Wire(np.dtype(space.dtype).newbyteorder("<"))


@dataclass(frozen=True, slots=True)
class Field:
    """A part of the observations of a frame."""

    wire: Wire
    offset: int
    """Bytes before it in an observation."""
    shape: tuple[int, ...]
    strides: tuple[int, ...]
    """Bytes from one observation to the next, then from element to element."""

    def view(self, seen: memoryview, count: int) -> Array:
        """Return the part of each of the first `count` observations, (count, *shape); mostly not a copy."""
        wire = self.wire
        part: Array = np.ndarray((count, *self.shape), wire.dtype, seen, self.offset, self.strides)
        return part if wire.least is None else part.astype(np.int64) + wire.least


@dataclass(frozen=True, slots=True)
class Layout:
    """An observation in a frame."""

    size: int
    """Bytes, without texts."""
    fields: dict[Path, Field]


def layout_of(space: Space) -> Layout:
    """Say where the parts of an observation lie."""
    leaves = list(_leaves(space, ()))
    size = sum(_bytes_of(leaf) for _, leaf in leaves)
    fields, offset = {}, 0
    for path, leaf in leaves:
        if leaf.kind != "text":
            wire = wire_of(leaf)
            inner = np.empty(leaf.shape, wire.dtype).strides
            fields[path] = Field(wire, offset, leaf.shape, (size, *inner))
        offset += _bytes_of(leaf)
    return Layout(size, fields)


def _leaves(space: Space, path: Path) -> Iterator[tuple[Path, Space]]:
    if space.items is None:
        yield path, space
        return
    for key, inner in space.items.items():
        yield from _leaves(inner, (*path, key))


def _bytes_of(leaf: Space) -> int:
    return _TEXT_BYTES if leaf.kind == "text" else math.prod(leaf.shape) * wire_of(leaf).dtype.itemsize


def _counting(most: int) -> np.dtype[Any]:
    return np.min_scalar_type(most).newbyteorder("<")
