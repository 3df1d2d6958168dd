"""What the model's output means as an action, and whether it fits."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from workers.nocode.choosing import Choice, Continuous, Drawn, Given, Greatest, Several
from workers.nocode.feeding import Path
from workers.nocode.manifest import Output, Section
from workers.nocode.ports import Port, shown
from workers.refusals import RefusedError
from workers.start import Space

_KINDS = ("discrete", "multi_discrete", "box")


def fit_output(
    section: Section, ports: Sequence[Port], space: Space, mask: Path | None, seat: int
) -> tuple[str, Choice]:
    """Return the name of the output that decides, and how it becomes an action.

    Args:
        section: of the manifest.
        ports: the model's outputs.
        space: of the seat's actions.
        mask: where its observations say which actions are legal, if they do.
        seat: its number, for messages.

    Raises:
        RefusedError: `onnx.output_mismatch`.
    """
    settings, file = section.output, section.model
    port = _port(section, ports)
    if space.kind not in _KINDS or (space.kind == "box" and not space.dtype.startswith("float")):
        raise _mismatch(seat=seat, kind=space.kind)
    chooses = port.is_float and space.kind != "box"
    is_asked = settings.kind != "auto"
    kind = settings.kind if is_asked else "logits" if chooses else "action"
    wants_float = kind != "action" or space.kind == "box"
    if kind != "action" and space.kind == "box":
        raise _asked(f'kind = "{kind}"', port, file, "is a continuous action")
    if is_asked and wants_float != port.is_float:
        raise _asked(f'kind = "{kind}"', port, file, f"is {port.dtype}")
    _check_keys(settings, kind, space, port, file)
    items = _items(space, kind)
    found = next((item for item in items if _agrees(port, item)), None)
    if found is None or wants_float != port.is_float:
        raise _mismatch(file=file, port=port.name, got=str(port), seat=seat, expected=_expected(space))
    return port.name, _choice(settings, kind, space, found, mask if settings.mask else None)


def _port(section: Section, ports: Sequence[Port]) -> Port:
    """Find the output by its name; without one it is the first that is no state."""
    name = section.output.name
    if name:
        found = next((port for port in ports if port.name == name), None)
        if found is None:
            known = [port.name for port in ports]
            raise _mismatch(port=name, file=section.model, known=known)
        return found
    states = set(section.state.values())
    return next((port for port in ports if port.name not in states), ports[0])


def _check_keys(settings: Output, kind: str, space: Space, port: Port, file: str) -> None:
    """Refuse keys that would change nothing."""
    if space.kind != "box":
        for key, is_set in (("squash", settings.squash != "none"), ("rescale", settings.rescale)):
            if is_set:
                raise _asked(f"output.{key}", port, file, "chooses, it is no continuous action")
    elif settings.rescale:
        assert space.low is not None
        assert space.high is not None
        if not (np.isfinite(space.low).all() and np.isfinite(space.high).all()):
            raise _asked("output.rescale", port, file, "is an action without bounds")
    if settings.choose == "sample" and kind != "logits":
        raise _asked('output.choose = "sample"', port, file, "gives no logits")


def _items(space: Space, kind: str) -> list[tuple[int, ...]]:
    """Return the shapes one row may have."""
    if space.kind == "discrete":
        return [(space.n,)] if kind != "action" else [(), (1,)]
    size = math.prod(space.shape)
    if space.kind == "multi_discrete" and kind != "action":
        return [(sum(_sizes(space)),)]
    return list(dict.fromkeys([space.shape, (size,)]))


def _sizes(space: Space) -> tuple[int, ...]:
    assert space.low is not None
    assert space.high is not None
    return tuple((space.high - space.low + 1).reshape(-1).tolist())


def _agrees(port: Port, item: tuple[int, ...]) -> bool:
    """Say whether a row can have this shape; an axis the model does not tell may have any length."""
    if port.shape is None:
        return True
    if not port.shape or port.shape[0] not in (None, 1) or len(port.shape) != len(item) + 1:
        return False
    return all(axis in (None, wanted) for axis, wanted in zip(port.item, item, strict=True))


def _expected(space: Space) -> str:
    def options(dtype: str, kind: str) -> list[str]:
        return [shown(dtype, (None, *item)) for item in _items(space, kind)]

    if space.kind == "box":
        return " or ".join(options("float32", "action"))
    return " or ".join([*options("float32", "logits"), *options("int64", "action")])


def _choice(settings: Output, kind: str, space: Space, item: tuple[int, ...], mask: Path | None) -> Choice:
    is_drawn = settings.choose == "sample"
    if space.kind == "box":
        assert space.low is not None
        assert space.high is not None
        return Continuous(item, space.low, space.high, settings.squash == "tanh", settings.rescale)
    if kind == "action":
        return Given(item, space.shape)
    if space.kind == "multi_discrete":
        assert space.low is not None
        return Several(item, _sizes(space), space.low, settings.temperature if is_drawn else None)
    if is_drawn:
        return Drawn(item, space.first, mask, settings.temperature)
    return Greatest(item, space.first, mask)


def _mismatch(**values: Any) -> RefusedError:  # Any: as the wording asks.
    return RefusedError("onnx.output_mismatch", field="file", **values)


def _asked(key: str, port: Port, file: str, problem: str) -> RefusedError:
    return _mismatch(key=key, port=port.name, file=file, problem=problem)
