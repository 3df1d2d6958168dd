"""Which part of an observation feeds which input of the model, and whether it fits."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from workers.nocode.feeding import Array, Feed, Path
from workers.nocode.manifest import Input, Section, clip_bounds
from workers.nocode.ports import Port, shown
from workers.refusals import RefusedError
from workers.start import Space

MASK = "action_mask"
_MAIN = "observation"
_KINDS = ("box", "discrete", "multi_discrete", "multi_binary")


@dataclass(frozen=True, slots=True)
class Part:
    """One array or number of an observation."""

    path: Path
    space: Space

    @property
    def size(self) -> int:
        """Return how many numbers it has."""
        return math.prod(self.space.shape)


def parts_of(space: Space) -> dict[str, Part]:
    """Return the parts of an observation by their names in policy.toml; one array alone is `observation`."""
    if space.items is None:
        return {_MAIN: Part((), space)} if space.kind in _KINDS else {}
    return {"/".join(map(str, part.path)): part for part in _leaves(space, ())}


def _leaves(space: Space, path: Path) -> Iterator[Part]:
    if space.items is None:
        if space.kind in _KINDS:
            yield Part(path, space)
        return
    for key, inner in space.items.items():
        yield from _leaves(inner, (*path, key))


def fit_inputs(section: Section, ports: Sequence[Port], space: Space, seat: int) -> tuple[Feed, ...]:
    """Return what feeds each input.

    Args:
        section: of the manifest.
        ports: the model's inputs that are no state.
        space: of the seat's observations.
        seat: its number, for messages.

    Raises:
        RefusedError: `onnx.bad_shape`, `onnx.input_mismatch` or `manifest.bad_value`.
    """
    parts = parts_of(space)
    feeds = []
    for port in ports:
        _check_axes(port, section.model)
        settings = section.input.get(port.name, Input())
        name = settings.part or _part_named(port, ports, section, parts)
        if name not in parts:
            known = list(parts) or "nothing a model can take"
            if settings.part:
                raise _mismatch(port=port.name, part=name, seat=seat, known=known)
            raise _mismatch(file=section.model, port=port.name, seat=seat, known=known)
        feeds.append(_feed(port, name, parts[name], settings, (section.model, seat)))
    return tuple(feeds)


def _part_named(port: Port, ports: Sequence[Port], section: Section, parts: Mapping[str, Part]) -> str:
    """Find the part for an input by its name; the one input left over gets the observation proper."""
    if port.name in parts:
        return port.name
    unclear = [
        each for each in ports if each.name not in parts and not section.input.get(each.name, Input()).part
    ]
    rest = [name for name in parts if name != MASK]
    if len(unclear) > 1:
        return ""
    return _MAIN if _MAIN in parts else rest[0] if len(rest) == 1 else ""


def _check_axes(port: Port, file: str) -> None:
    is_batch = port.shape is not None and bool(port.shape) and port.shape[0] in (None, 1)
    if not is_batch or None in port.item or 0 in port.item:
        got = shown(port.dtype, port.shape or ())
        raise RefusedError("onnx.bad_shape", file=file, port=f"the input {port.name}", got=got, field="file")


def _feed(port: Port, name: str, part: Part, settings: Input, case: tuple[str, int]) -> Feed:
    file, seat = case
    space = part.space
    item = tuple(int(axis or 0) for axis in port.item)
    whole = space.shape
    if settings.channels == "first" and len(whole) > 1:
        whole = (whole[-1], *whole[:-1])
    shapes = [whole, (part.size,)] if space.shape else [(), (1,)]
    is_hot = space.kind == "discrete" and port.is_float and item == (space.n,) and space.n > 1
    loses = space.dtype.startswith("float") and not port.is_float
    if not is_hot and (item not in shapes or loses):
        expected = " or ".join(dict.fromkeys(shown(space.dtype, (None, *shape)) for shape in shapes))
        if space.kind == "discrete":
            expected += f", or {shown('float32', (None, space.n))} with one 1 in it"
        raise _mismatch(file=file, port=port.name, got=str(port), part=name, seat=seat, expected=expected)
    mean, scale, bounds = _normalisation(port, part, settings)
    return Feed(
        port=port.name,
        path=part.path,
        dtype=np.dtype(port.dtype),
        item=item,
        one_hot=space.n if is_hot else 0,
        first=space.first,
        mean=mean,
        scale=scale,
        bounds=bounds,
        channels_first=settings.channels == "first" and len(space.shape) > 1,
    )


def _normalisation(
    port: Port, part: Part, settings: Input
) -> tuple[Array | None, Array | None, tuple[float, float] | None]:
    """Return mean and 1 / std in the part's shape or for its last axis, and the bounds of `clip`."""
    shapes: list[Array] = []
    for key, given in (("mean", settings.mean), ("std", settings.std)):
        numbers = np.array(given, np.float64)
        if numbers.size == part.size and numbers.ndim:
            numbers = numbers.reshape(part.space.shape)
        elif numbers.ndim and numbers.shape != part.space.shape[-1:]:
            last = part.space.shape[-1] if part.space.shape else 1
            expected = f"one number or {part.size} (or {last}, one for each place of the last axis)"
            raise RefusedError(
                "manifest.bad_value",
                key=f"input.{port.name}.{key}",
                expected=expected,
                got=f"{numbers.size} numbers",
                field="file",
            )
        shapes.append(numbers)
    mean, std = shapes
    is_plain = not mean.any() and bool((std == 1).all())
    if not port.is_float and (not is_plain or settings.clip is not None):
        problem = f"the input {port.name} takes {port.dtype}, so nothing can be normalised"
        raise RefusedError("manifest.bad_value", problem=problem, field="file")
    bounds = None if settings.clip is None else clip_bounds(settings.clip)
    return (None, None, bounds) if is_plain else (mean, 1.0 / std, bounds)


def _mismatch(**values: Any) -> RefusedError:  # Any: as the wording asks.
    return RefusedError("onnx.input_mismatch", field="file", **values)
