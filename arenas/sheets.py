"""What a page tells of an arena that only its opened environment knows: seats, spaces, documentation."""

import sys
from typing import Final

import msgspec
import numpy as np

from arenas.adapters import Adapter
from arenas.codec import Box, DictSpace, Discrete, MultiBinary, MultiDiscrete, SpaceSchema, Text, TupleSpace
from arenas.mending import mended

_LEAST_WORDS: Final = 12
"""A docstring of fewer words tells nothing."""
_MOST_CHARACTERS: Final = 20_000


class SeatSheet(msgspec.Struct, frozen=True):
    """One seat, or several that are alike."""

    names: tuple[str, ...]
    """The environment's own names, in order of the seats."""
    seats: tuple[int, ...]
    role: str
    observation: tuple[str, ...]
    """The space in words, a line each part: `Box, float32, shape (8,), from -inf to inf`."""
    action: tuple[str, ...]


class Sheet(msgspec.Struct, frozen=True):
    """What the environment says of itself."""

    description: str
    """Its documentation as Markdown, headings from level 3 down; may be empty."""
    seats: tuple[SeatSheet, ...]
    library: str = ""
    """Module that holds it."""


def sheet_of(adapter: Adapter) -> Sheet:
    """Return what an opened arena says of itself."""
    home = type(adapter.environment).__module__
    return Sheet(_description(adapter), _seats(adapter), home)


def in_words(schema: SpaceSchema, name: str = "") -> tuple[str, ...]:
    """Return a space in words, a line each part of it.

    Args:
        schema: the wire form of the space.
        name: where it stands in a space around it: `observation`, `[2]`.
    """
    before = f"{name}: " if name else ""
    match schema:
        case Discrete():
            last = schema.start + schema.n - 1
            return (f"{before}Discrete, one of {schema.n}: {schema.start} to {last}",)
        case Box():
            low, high = _bound(schema.low, schema), _bound(schema.high, schema)
            return (f"{before}Box, {schema.dtype}, shape {tuple(schema.shape)}, from {low} to {high}",)
        case MultiDiscrete():
            numbers = ", ".join(str(n) for n in schema.nvec[:8]) + (", ..." if len(schema.nvec) > 8 else "")
            return (f"{before}MultiDiscrete, one of each of ({numbers}), shape {tuple(schema.shape)}",)
        case MultiBinary():
            return (f"{before}MultiBinary, 0 or 1, shape {tuple(schema.shape)}",)
        case Text():
            return (f"{before}Text, {schema.min_length} to {schema.max_length} characters",)
        case TupleSpace():
            parts = [in_words(item, f"{name}[{at}]") for at, item in enumerate(schema.items)]
            return tuple(line for part in parts for line in part)
        case DictSpace():
            parts = [in_words(item, f"{name}.{key}" if name else key) for key, item in schema.items]
            return tuple(line for part in parts for line in part)


def _bound(bound: float | bytes, schema: Box) -> str:
    if isinstance(bound, bytes):
        values = np.frombuffer(bound, schema.dtype)
        least, most = float(values.min()), float(values.max())
        return f"{least:g}" if least == most else f"{least:g}..{most:g}"
    return f"{bound:g}"


def _seats(adapter: Adapter) -> tuple[SeatSheet, ...]:
    alike: dict[tuple[object, ...], list[int]] = {}
    for seat in range(adapter.spec.seats):
        seen, done = adapter.observation_schemas[seat], adapter.action_schemas[seat]
        alike.setdefault((adapter.spec.role_of(seat), in_words(seen), in_words(done)), []).append(seat)
    return tuple(
        SeatSheet(
            names=tuple(adapter.seat_names[seat] for seat in seats),
            seats=tuple(seats),
            role=adapter.spec.role_of(seats[0]),
            observation=in_words(adapter.observation_schemas[seats[0]]),
            action=in_words(adapter.action_schemas[seats[0]]),
        )
        for seats in alike.values()
    )


def _description(adapter: Adapter) -> str:
    kind = type(adapter.environment)
    if kind.__module__.startswith("arenas.adapters"):
        return ""  # A game without documentation of its own, behind an adapter of ours.
    own = kind.__dict__.get("__doc__") or ""
    home = sys.modules.get(kind.__module__)
    texts = [own, getattr(home, "__doc__", None) or "", _documented_elsewhere(adapter)]
    told = max(texts, key=len) if len(own.split()) < 4 * _LEAST_WORDS else own
    if len(told.split()) < _LEAST_WORDS:
        return ""
    return mended(told[:_MOST_CHARACTERS], adapter.spec.title)


def _documented_elsewhere(adapter: Adapter) -> str:
    """Return the documentation of the module that is named like the environment: Atari's, MAgent's games."""
    name = adapter.spec.environment.rpartition("/")[2].partition("-v")[0]
    found = [
        module.__doc__ or ""
        for path, module in list(sys.modules.items())
        if path.endswith(f".{name}.{name}") and module is not None
    ]
    return max(found, key=len, default="")
