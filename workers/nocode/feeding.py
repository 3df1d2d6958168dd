"""A part of the observations of several episodes to one array, as an input of the model takes it."""

from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Array: TypeAlias = NDArray[Any]  # Any: the element type is a run-time fact.
Path: TypeAlias = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Feed:
    """What one input of the model gets."""

    port: str
    path: Path
    """Where the part lies in an observation."""
    dtype: np.dtype[Any]
    item: tuple[int, ...]
    """Shape for one episode, without the batch axis."""
    one_hot: int = 0
    """A choice out of so many becomes as many zeros and one 1."""
    first: int = 0
    """The least value of a choice."""
    mean: Array | None = None
    scale: Array | None = None
    """1 / std; None with `mean` None where nothing is normalised."""
    bounds: tuple[float, float] | None = None
    channels_first: bool = False

    @property
    def is_plain(self) -> bool:
        """Say whether the numbers go in as they are."""
        return not (self.one_hot or self.channels_first or self.mean is not None or self.bounds is not None)

    def rows(self, parts: Array) -> Array:
        """Return what the input gets, (episodes, *item).

        Args:
            parts: of the observations, (episodes, *shape); left as it is.
        """
        if self.one_hot:
            return self._hot(parts)
        normalises = self.mean is not None or self.bounds is not None
        # In float64, as training libraries reckon: float32 would lose digits where mean is much above std.
        rows = parts.astype(np.float64 if normalises else self.dtype)
        if self.mean is not None and self.scale is not None:
            rows = (rows - self.mean) * self.scale
        if self.bounds is not None:
            rows = np.clip(rows, *self.bounds)
        if self.channels_first:
            rows = np.moveaxis(rows, -1, 1)
        return np.ascontiguousarray(rows.reshape(len(parts), *self.item), self.dtype)

    def _hot(self, parts: Array) -> Array:
        rows = np.zeros((len(parts), self.one_hot), self.dtype)
        rows[np.arange(len(parts)), parts - self.first] = 1
        return rows
