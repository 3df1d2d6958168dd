"""Outputs of the model to actions, one for each episode of a batch."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar, Final, Protocol

import numpy as np

from workers.nocode.feeding import Array, Path

NAN: Final = "The model's output holds NaN."


class ModelError(Exception):
    """The model cannot be played here; the agent crashes with these words."""


class NumberError(Exception):
    """The model gave NaN, or infinity where an action needs a number; the agent crashes with these words."""


class Choice(Protocol):
    """How rows of the model's output become actions."""

    @property
    def item(self) -> tuple[int, ...]:
        """Return the shape of one row."""
        ...

    @property
    def mask(self) -> Path | None:
        """Return where an observation says which choices are legal, None if that is not asked."""
        ...

    @property
    def is_certain(self) -> bool:
        """Say whether what is chosen always lies in the action space."""
        ...

    def choose(self, rows: Array, legal: Array | None, rngs: Iterable[np.random.Generator]) -> Array:
        """Return an action for each row, (episodes, *shape of an action).

        Args:
            rows: the model's output, (episodes, *item).
            legal: what lies at `mask`, (episodes, choices).
            rngs: a generator for each row; used by choices that draw.

        Raises:
            NumberError: a row holds what no action can be made of.
        """
        ...


@dataclass(frozen=True, slots=True)
class Greatest:
    """The choice with the greatest number; of equal ones the first."""

    item: tuple[int, ...]
    first: int = 0
    """The action of the first number."""
    mask: Path | None = None
    """Where an observation says which choices are legal."""

    is_certain: ClassVar = True

    def choose(self, rows: Array, legal: Array | None, _rngs: Iterable[np.random.Generator]) -> Array:
        """Return whole numbers."""
        if legal is not None:
            rows = _masked(rows, legal)
        # NaN counts as the greatest, so one that is legal shows here.
        if math.isnan(rows.max()):
            raise NumberError(NAN)
        chosen: Array = rows.argmax(axis=1)
        return chosen + self.first


@dataclass(frozen=True, slots=True)
class Drawn:
    """A choice drawn by the softmax of the numbers."""

    item: tuple[int, ...]
    first: int = 0
    mask: Path | None = None
    temperature: float = 1.0

    is_certain: ClassVar = True

    def choose(self, rows: Array, legal: Array | None, rngs: Iterable[np.random.Generator]) -> Array:
        """Return whole numbers."""
        rows = rows.astype(np.float64)
        if legal is not None:
            rows = _masked(rows, legal)
        return _draw(rows / self.temperature, rngs) + self.first


@dataclass(frozen=True, slots=True)
class Several:
    """Several choices at once: the row is cut into one piece for each, and each is chosen like one alone."""

    item: tuple[int, ...]
    sizes: tuple[int, ...]
    """How many numbers each piece has."""
    low: Array
    """The least action of each choice, in the action's shape."""
    temperature: float | None = None
    """None takes the greatest; else it is drawn."""

    mask: ClassVar = None
    is_certain: ClassVar = True

    def choose(self, rows: Array, _legal: Array | None, rngs: Iterable[np.random.Generator]) -> Array:
        """Return int64 arrays in the action's shape."""
        if np.isnan(rows).any():
            raise NumberError(NAN)
        pieces = np.split(rows, np.cumsum(self.sizes)[:-1], axis=1)
        if self.temperature is None:
            picked = [piece.argmax(axis=1) for piece in pieces]
        else:
            rngs = list(rngs)
            picked = [_draw(piece.astype(np.float64) / self.temperature, rngs) for piece in pieces]
        return np.stack(picked, axis=1).reshape(len(rows), *self.low.shape) + self.low


@dataclass(frozen=True, slots=True)
class Given:
    """Whole numbers that are the action already."""

    item: tuple[int, ...]
    shape: tuple[int, ...]
    """Of the action."""

    mask: ClassVar = None
    is_certain: ClassVar = False

    def choose(self, rows: Array, _legal: Array | None, _rngs: Iterable[np.random.Generator]) -> Array:
        """Return whole numbers or arrays of them; others look whether they are legal."""
        return rows.reshape(len(rows), *self.shape)


@dataclass(frozen=True, slots=True)
class Continuous:
    """Real numbers, brought into the bounds of the action space."""

    item: tuple[int, ...]
    low: Array
    high: Array
    squash: bool = False
    rescale: bool = False

    mask: ClassVar = None
    is_certain: ClassVar = True

    def choose(self, rows: Array, _legal: Array | None, _rngs: Iterable[np.random.Generator]) -> Array:
        """Return arrays in the action's shape and type."""
        values: Array = rows.reshape(len(rows), *self.low.shape)
        if not np.isfinite(values).all():
            raise NumberError("The model's output holds NaN or infinity.")
        if self.squash:
            values = np.tanh(values)
        if self.rescale:
            values = self.low + (values + 1) * ((self.high - self.low) / 2)
        return np.clip(values, self.low, self.high).astype(self.low.dtype)


def check_shape(output: str, rows: Array, wanted: tuple[int, ...]) -> None:
    """Compare what came from the model with what it declares.

    Raises:
        ModelError: it is something else.
    """
    if rows.shape != wanted:
        raise ModelError(f"The model's output {output} has the shape {rows.shape}, not {wanted}.")


def _masked(rows: Array, legal: Array) -> Array:
    """Return the rows with minus infinity where a choice is not legal; NaN stays only where it is legal."""
    masked: Array = np.where(legal, rows, -np.inf)
    return masked


def _draw(rows: Array, rngs: Iterable[np.random.Generator]) -> Array:
    """Draw a place of each row by its softmax."""
    most = rows.max(axis=1, keepdims=True, initial=-math.inf)
    if not np.isfinite(most).all():
        raise NumberError("The model's logits hold NaN or infinity.")
    heights = np.exp(rows - most).cumsum(axis=1)
    drawn = np.array([[rng.random()] for rng in rngs]) * heights[:, -1:]
    chosen: Array = (heights <= drawn).sum(axis=1)
    return chosen
