"""The trusted agent: plays an ONNX model in the jail, one call for all episodes in flight.

How it works. `reset` fits the model to the seat's spaces, once for each kind of seat, and tries it on zeros,
with a batch of two where the model says that it takes batches: an exporter may have fixed the batch deep
inside. A model that fails there is asked for one episode at a time. All this is ours, but it runs inside the
jail, since what an ONNX file can do to onnxruntime nobody knows.
"""

import os
from collections.abc import Sequence
from functools import cached_property
from itertools import accumulate
from typing import Any, Final

import numpy as np

from workers.nocode.alone import alone
from workers.nocode.choosing import Choice, ModelError, check_shape
from workers.nocode.feeding import Array
from workers.nocode.fitting import Plan, SeatSpaces, fit
from workers.nocode.frames import layout_of, wire_of
from workers.nocode.manifest import MANIFEST, MODEL, Section, read_manifest
from workers.nocode.ports import Port, Session
from workers.refusals import RefusedError
from workers.start import Space, StartView

_TYPES: Final = {
    "tensor(float)": "float32",
    "tensor(double)": "float64",
    "tensor(float16)": "float16",
    "tensor(int64)": "int64",
    "tensor(int32)": "int32",
    "tensor(int8)": "int8",
    "tensor(uint8)": "uint8",
    "tensor(bool)": "bool",
}


def is_without_code(folder: str) -> bool:
    """Say whether a package in the jail is a model and not a Python agent."""
    there = os.path.isfile
    if there(os.path.join(folder, "agent.py")):
        return False
    return there(os.path.join(folder, MODEL)) or there(os.path.join(folder, MANIFEST))


class ModelAgent:
    """What the runner asks: `reset` like any agent, and `act_frame` for the actions of a whole frame."""

    def __init__(self, folder: str) -> None:
        """Open the models of a package.

        Raises:
            RefusedError: the manifest is none.
            ModelError: a model cannot be opened.
        """
        path = os.path.join(folder, MANIFEST)
        content = b""
        if os.path.isfile(path):
            with open(path, "rb") as file:
                content = file.read()
        self._manifest = read_manifest(content)
        names = {section.model for section in self._manifest.sections if self._is_there(folder, section)}
        self._opened = {name: _Opened(os.path.join(folder, name)) for name in sorted(names)}
        self._played: dict[tuple[object, ...], _Played] = {}
        self._lanes: dict[int, _Lane] = {}

    def _is_there(self, folder: str, section: Section) -> bool:
        """Say whether to open a model; where every role has its own, the top of the file may name none."""
        return bool(section is not self._manifest) or os.path.isfile(os.path.join(folder, section.model))

    def reset(self, start: StartView) -> None:
        """Begin an episode in its lane.

        Raises:
            ModelError: the model does not fit the seat.
        """
        section = self._manifest.section_of(start.role)
        if section.model not in self._opened:
            raise ModelError(f"policy.toml has no model for the role {start.role}.")
        # One process may sit in seats of different shapes, one after the other or side by side.
        key = (start.role, _facts(start.observation_space), _facts(start.action_space))
        if key not in self._played:
            spaces = SeatSpaces(start.seat, start.role, start.observation_space, start.action_space)
            self._played[key] = self._opened[section.model].play(section, spaces)
        self._lanes[start.lane] = _Lane(self._played[key], start.seed)

    def act_frame(self, seen: memoryview, lanes: Sequence[int]) -> bytes | list[object]:
        """Answer a frame.

        Args:
            seen: the observations of some lanes one behind the other, as their codec writes them.
            lanes: their numbers, as in `start.lane`.

        Returns:
            The actions as their codec writes them; or one for each lane, for the codec to judge.
        """
        if len(lanes) == 1:
            short = self._lanes[lanes[0]].played.alone
            action = short(seen) if short else None
            if action is not None:
                return action
        asked = [self._lanes[number] for number in lanes]
        first = asked[0].played
        if all(lane.played is first for lane in asked):
            actions = first.actions(seen, asked)
            return first.wire.encoded(actions) if first.is_certain else first.listed(actions)
        return _mixed(seen, asked)


def _mixed(seen: memoryview, lanes: Sequence["_Lane"]) -> list[object]:
    """Answer lanes in seats of different shapes."""
    ends = list(accumulate(lane.played.size for lane in lanes))
    cuts = [seen[end - lane.played.size : end] for end, lane in zip(ends, lanes, strict=True)]
    answers: list[object] = [None] * len(lanes)
    for played in dict.fromkeys(lane.played for lane in lanes):
        places = [place for place, lane in enumerate(lanes) if lane.played is played]
        part = memoryview(b"".join([cuts[place] for place in places]))
        actions = played.listed(played.actions(part, [lanes[place] for place in places]))
        for place, action in zip(places, actions, strict=True):
            answers[place] = action
    return answers


class _Lane:
    """One episode in flight."""

    def __init__(self, played: "_Played", seed: int) -> None:
        self.played = played
        self.states: list[Array] = [memory.zero for memory in played.plan.memories]
        self._seed = seed

    @cached_property
    def rng(self) -> np.random.Generator:
        """Return the generator of the episode; most models never draw."""
        return np.random.default_rng(self._seed)


class _Opened:
    """A model in onnxruntime."""

    def __init__(self, path: str) -> None:
        self._session = _open(path)
        self._inputs = [_port(each) for each in self._session.get_inputs()]
        self._outputs = [_port(each) for each in self._session.get_outputs()]

    def play(self, section: Section, spaces: SeatSpaces) -> "_Played":
        """Fit the model to a seat.

        Raises:
            ModelError: it does not fit.
        """
        try:
            plan = fit(section, self._inputs, self._outputs, spaces)
        except RefusedError as error:
            raise ModelError(error.message) from None
        return _Played(self._session, plan, spaces)


class _Played:
    """A model in a seat."""

    def __init__(self, session: Session, plan: Plan, spaces: SeatSpaces) -> None:
        layout = layout_of(spaces.observation)
        self.plan = plan
        self.size = layout.size
        """Bytes of an observation."""
        self.wire = wire_of(spaces.action)
        self.is_certain = plan.choice.is_certain
        self._is_number = spaces.action.kind == "discrete"
        self._run = session.run
        self._feeds = [(feed, layout.fields[feed.path]) for feed in plan.feeds]
        self._mask = None if plan.choice.mask is None else layout.fields[plan.choice.mask]
        self._memories = plan.memories
        self._outputs = [plan.output, *(memory.output for memory in plan.memories)]
        self._choice: Choice = plan.choice
        self._try(1)
        self._takes_batches = plan.takes_batches and self._bears_two()
        self.alone = alone(plan, layout, self.wire, session)
        """The short way to answer one observation, where there is one."""

    def actions(self, seen: memoryview, lanes: Sequence[_Lane]) -> Array:
        """Return an action for each lane; one call of the model where it takes batches."""
        if len(lanes) == 1 or self._takes_batches:
            return self._answer(seen, lanes)
        cuts = [seen[at * self.size :] for at in range(len(lanes))]
        return np.concatenate([self._answer(cut, [lane]) for cut, lane in zip(cuts, lanes, strict=True)])

    def listed(self, actions: Array) -> list[object]:
        """Return actions one by one, as Python agents give them."""
        return actions.tolist() if self._is_number else list(actions)

    def _answer(self, seen: memoryview, lanes: Sequence[_Lane]) -> Array:
        count = len(lanes)
        fed = {feed.port: feed.rows(field.view(seen, count)) for feed, field in self._feeds}
        rows = self._remembering(fed, lanes) if self._memories else self._run(self._outputs, fed)[0]
        check_shape(self.plan.output, rows, (count, *self._choice.item))
        legal = None if self._mask is None else self._mask.view(seen, count)
        return self._choice.choose(rows, legal, (lane.rng for lane in lanes))

    def _remembering(self, fed: dict[str, Array], lanes: Sequence[_Lane]) -> Array:
        """Run a model with state: put the lanes' states together, and take them apart again."""
        for at, memory in enumerate(self._memories):
            states = [lane.states[at] for lane in lanes]
            fed[memory.port] = (
                states[0] if len(states) == 1 else np.concatenate(states, axis=memory.axis or 0)
            )
        rows, *states = self._run(self._outputs, fed)
        for at, (memory, state) in enumerate(zip(self._memories, states, strict=True)):
            pieces = [state] if len(lanes) == 1 else np.split(state, len(lanes), axis=memory.axis or 0)
            for lane, piece in zip(lanes, pieces, strict=True):
                lane.states[at] = piece
        return rows  # type: ignore[no-any-return]  # onnxruntime has no types

    def _bears_two(self) -> bool:
        try:
            self._try(2)
        except Exception:  # Whatever it is: one at a time it works.
            return False
        return True

    def _try(self, size: int) -> None:
        """Run the model on zeros.

        Raises:
            ModelError: it gives something else than it declares.
        """
        fed = {feed.port: np.zeros((size, *feed.item), feed.dtype) for feed, _ in self._feeds}
        for memory in self._memories:
            fed[memory.port] = np.concatenate([memory.zero] * size, axis=memory.axis or 0)
        rows, *states = self._run(self._outputs, fed)
        check_shape(self.plan.output, rows, (size, *self._choice.item))
        for memory, state in zip(self._memories, states, strict=True):
            if state.shape != fed[memory.port].shape:
                raise ModelError(
                    f"The state {memory.output} has the shape {state.shape}, not {fed[memory.port].shape}."
                )


def _facts(space: Space) -> tuple[object, ...]:
    """Return what makes two spaces the same, in a form that can be a key."""
    bounds = [None if bound is None else bound.tobytes() for bound in (space.low, space.high)]
    items = [(key, _facts(inner)) for key, inner in (space.items or {}).items()]
    return (space.kind, space.shape, space.dtype, space.n, space.first, *bounds, *items)


def _open(path: str) -> Session:
    """Open a model on one thread, without profiling, telemetry or anything beside the model's own bytes."""
    import onnxruntime

    onnxruntime.set_default_logger_severity(4)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.execution_mode = onnxruntime.ExecutionMode.ORT_SEQUENTIAL
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_EXTENDED
    options.enable_profiling = False
    options.log_severity_level = 4
    with open(path, "rb") as file:
        content = file.read()
    try:
        return onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])
    except Exception as error:  # onnxruntime's errors share no base class of their own.
        name = os.path.basename(path)
        raise ModelError(f"onnxruntime {onnxruntime.__version__} cannot open {name}: {error}") from None


def _port(found: Any) -> Port:  # Any: onnxruntime has no types.
    shape = tuple(axis if isinstance(axis, int) and axis >= 0 else None for axis in found.shape)
    return Port(found.name, _TYPES.get(found.type, found.type), shape)
