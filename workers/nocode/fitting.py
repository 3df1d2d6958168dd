"""Compare a model with the spaces of a seat: a plan how to play it there, or the exact reason why not."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from arenas.codec import SpaceSchema
from arenas.spec import ArenaSpec
from workers.nocode.choosing import Choice
from workers.nocode.feeding import Array, Feed
from workers.nocode.input_fit import MASK, fit_inputs, parts_of
from workers.nocode.manifest import Section
from workers.nocode.output_fit import fit_output
from workers.nocode.ports import Port, shown
from workers.refusals import RefusedError
from workers.start import Space, space_of


@dataclass(frozen=True, slots=True)
class SeatSpaces:
    """What a seat sees and does."""

    seat: int
    role: str
    observation: Space
    action: Space


def spaces_of(
    spec: ArenaSpec, observations: Sequence[SpaceSchema], actions: Sequence[SpaceSchema]
) -> tuple[SeatSpaces, ...]:
    """Return what each seat of an arena sees and does, from the schemas of its open environment."""
    return tuple(
        SeatSpaces(seat, spec.role_of(seat), space_of(observation), space_of(action))
        for seat, (observation, action) in enumerate(zip(observations, actions, strict=True))
    )


@dataclass(frozen=True, slots=True)
class Memory:
    """A recurrent state: an output of this turn that is an input of the next."""

    port: str
    output: str
    axis: int | None
    """Where the batch is; None where the model takes one episode at a time."""
    zero: Array
    """The state before the first turn, of a batch of one."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How a model is played in a seat."""

    feeds: tuple[Feed, ...]
    memories: tuple[Memory, ...]
    output: str
    choice: Choice
    takes_batches: bool
    """Whether every input of the model declares a batch of any size."""


def fit(section: Section, inputs: Sequence[Port], outputs: Sequence[Port], spaces: SeatSpaces) -> Plan:
    """Return how a model is played in a seat.

    Args:
        section: of the manifest.
        inputs: of the model.
        outputs: of the model.
        spaces: of the seat.

    Raises:
        RefusedError: `onnx.bad_shape`, `onnx.input_mismatch`, `onnx.output_mismatch`, `manifest.bad_value`.
    """
    names = [port.name for port in inputs]
    for name in (*section.input, *section.state):
        if name not in names:
            raise RefusedError(
                "onnx.input_mismatch", port=name, file=section.model, known=names, field="file"
            )
    memories = tuple(_memory(port, section, outputs) for port in inputs if port.name in section.state)
    others = [port for port in inputs if port.name not in section.state]
    feeds = fit_inputs(section, others, spaces.observation, spaces.seat)
    mask = parts_of(spaces.observation).get(MASK)
    path = mask.path if mask and mask.space.shape == (spaces.action.n,) else None
    output, choice = fit_output(section, outputs, spaces.action, path, spaces.seat)
    is_open = all(port.shape is not None and port.shape[0] is None for port in others)
    takes_batches = is_open and all(memory.axis is not None for memory in memories)
    return Plan(feeds, memories, output, choice, takes_batches)


def _memory(port: Port, section: Section, outputs: Sequence[Port]) -> Memory:
    output = section.state[port.name]
    if output not in [each.name for each in outputs]:
        known = [each.name for each in outputs]
        raise RefusedError("onnx.output_mismatch", port=output, file=section.model, known=known, field="file")
    shape = port.shape or ()
    if shape.count(None) > 1 or 0 in shape or not shape:
        raise RefusedError(
            "onnx.bad_shape",
            file=section.model,
            port=f"the state {port.name}",
            got=shown(port.dtype, shape),
            field="file",
        )
    axis = shape.index(None) if None in shape else None
    zero = np.zeros([1 if each is None else each for each in shape], port.dtype)
    return Memory(port.name, output, axis, zero)
