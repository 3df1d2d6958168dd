"""The one turn loop: what every adapter offers to the referee, and what all of them share."""

import math
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from arenas.choices import Mask, idle_choice, random_choice
from arenas.codec import Box, DictSpace, Discrete, SpaceSchema
from arenas.errors import ArenaError, ArenaFaultError, ArenaUnavailableError, IllegalActionError
from arenas.spaces import schema_of
from arenas.spec import ArenaSpec


@dataclass(slots=True)
class Asked:
    """A seat that must act now."""

    seat: int
    observation: object
    """What the seat sees; a value of its observation schema, possibly shared with the environment."""
    mask: Mask | None
    """(n,), non-zero where a Discrete action is legal; None where every action is."""


@dataclass(frozen=True, slots=True)
class Seating:
    """The environment's side of the table, one element a seat."""

    names: tuple[str, ...]
    observation_spaces: tuple[object, ...]
    action_spaces: tuple[object, ...]
    infos: tuple[Mapping[str, object], ...]
    """What the environment tells beside the first observation: some put their mask here."""


class Adapter(ABC):
    """One environment behind the turn loop `reset`, `asked`, `step`, `asked`, ... until `is_over`.

    How it works. `asked` names the seats that must act: one (AEC), all that live (Parallel), seat 0
    (Gymnasium). `step` takes the actions of exactly those seats. The caller checks each action with
    `check_legal` first, so whatever the environment raises afterwards is its own fault.
    """

    spec: ArenaSpec
    seat_names: tuple[str, ...]
    """The environment's own agent names, in seat order."""
    observation_schemas: tuple[SpaceSchema, ...]
    action_schemas: tuple[SpaceSchema, ...]
    environment: Any  # Any: an object of a third-party library, for recorders that know it.
    """The environment without any wrapper."""
    rewards: list[float]
    """Sum of rewards since reset, one per seat."""
    turns: int
    """Steps of the environment since reset; in AEC arenas one per ply."""
    truncated: bool
    """Whether the episode was cut off, by the environment or by `spec.max_turns`."""
    is_over: bool

    def __init__(self, spec: ArenaSpec, environment: object, seating: Seating, limit: int) -> None:
        if len(seating.names) != spec.seats:
            raise ArenaUnavailableError(
                f"{spec.id} declares {spec.seats} seats, its environment has {len(seating.names)}."
            )
        self.spec = spec
        self.environment = environment
        self.seat_names = seating.names
        self.action_schemas = tuple(schema_of(space) for space in seating.action_spaces)
        seen = [schema_of(space) for space in seating.observation_spaces]
        self._masked = [
            _has_mask(schema, action) for schema, action in zip(seen, self.action_schemas, strict=True)
        ]
        self._masked_by_info = [
            not masked and isinstance(action, Discrete) and "action_mask" in info
            for masked, action, info in zip(self._masked, self.action_schemas, seating.infos, strict=True)
        ]
        self.observation_schemas = tuple(
            _with_mask(schema, action) if merged else schema
            for schema, action, merged in zip(seen, self.action_schemas, self._masked_by_info, strict=True)
        )
        self._starts = [getattr(action, "start", 0) for action in self.action_schemas]
        self._limit = min(limit, spec.max_turns)
        self._asked: list[Asked] | None = None
        self._died: list[int | None] = []
        self._begin()
        self.is_over = True

    @abstractmethod
    def reset(self, seed: int) -> None:
        """Start an episode.

        Raises:
            ArenaFaultError: the environment failed.
        """

    @abstractmethod
    def step(self, actions: Mapping[int, object]) -> None:
        """Apply the decoded actions of exactly the asked seats.

        Raises:
            IllegalActionError: the environment failed, and an action is one the mask forbids.
            ArenaFaultError: the environment failed on legal actions, or gave a reward that is no number.
        """

    @abstractmethod
    def _observe(self) -> list[Asked]:
        """Observe for the seats that must act now."""

    @abstractmethod
    def peek(self, seat: int) -> object:
        """Return what a seat would see now, asked or not; None where its agent died. Only to look on."""

    @abstractmethod
    def close(self) -> None:
        """Release what the environment holds."""

    def asked(self) -> Sequence[Asked]:
        """Return the seats that must act now; empty when the episode is over.

        Raises:
            ArenaFaultError: the environment failed to observe.
        """
        if self._asked is None:
            try:
                self._asked = [] if self.is_over else self._observe()
            except Exception as error:
                raise self._fault(error) from error
        return self._asked

    def check_legal(self, asked: Asked, action: object) -> None:
        """Refuse a decoded action that the mask forbids.

        Raises:
            IllegalActionError: the mask forbids the action.
        """
        mask = asked.mask
        if mask is not None and not mask[action - self._starts[asked.seat]]:  # type: ignore[operator]  # Discrete.
            raise IllegalActionError(f"Action {action} is not legal here.")

    def idle_action(self, seat: int, rng: np.random.Generator | None = None) -> object:
        """Return a legal stand-in for a seat that dropped out: zeros, 0, or a legal one.

        Args:
            seat: one of the asked seats.
            rng: where there is a mask, draw among the legal actions; without it the first is taken.
        """
        mask = self._mask_of(seat)
        if mask is not None and rng is not None:
            return random_choice(self.action_schemas[seat], rng, mask)
        return idle_choice(self.action_schemas[seat], mask)

    def random_action(self, seat: int, rng: np.random.Generator) -> object:
        """Return a random legal action for one of the asked seats."""
        return random_choice(self.action_schemas[seat], rng, self._mask_of(seat))

    def survival(self) -> list[int] | None:
        """Return the turn at which each seat's agent died (`turns` where it lives), None with one seat."""
        if len(self.seat_names) == 1:
            return None
        return [self.turns if died is None else died for died in self._died]

    def _begin(self) -> None:
        self.rewards = [0.0] * len(self.seat_names)
        self._died = [None] * len(self.seat_names)
        self.turns = 0
        self.truncated = False
        self.is_over = False
        self._asked = None

    def _mask_of(self, seat: int) -> Mask | None:
        return next((asked.mask for asked in self.asked() if asked.seat == seat), None)

    def _ask(self, seat: int, observation: Any, info: Mapping[str, Any]) -> Asked:  # Any: the environment's.
        if self.spec.wrappers and isinstance(observation, np.ndarray):
            # SuperSuit's frame stack moves on in place: what was seen before must not change with it.
            observation = observation.copy()
        if self._masked[seat]:
            return Asked(seat, observation, observation["action_mask"])
        if not self._masked_by_info[seat]:
            return Asked(seat, observation, None)
        schema = self.action_schemas[seat]
        assert isinstance(schema, Discrete)
        given = info.get("action_mask")
        mask = np.ones(schema.n, np.int8) if given is None else np.asarray(given, np.int8)
        return Asked(seat, {"action_mask": mask, "observation": observation}, mask)

    def _advance(self) -> None:
        """Count a turn that was played; cut the episode off at its limit."""
        self._asked = None
        total = sum(self.rewards)
        if not math.isfinite(total):
            raise ArenaFaultError(
                f"{self.spec.id} gave a reward that is no finite number at turn {self.turns}."
            )
        if self.turns >= self._limit and not self.is_over:
            self.is_over = True
            self.truncated = True

    def _fault(self, error: Exception, actions: Mapping[int, object] | None = None) -> ArenaError:
        """Name what went wrong inside the environment: a forbidden action, else its own fault."""
        for asked in self._asked or ():
            if actions is not None and asked.seat in actions:
                try:
                    self.check_legal(asked, actions[asked.seat])
                except IllegalActionError as illegal:
                    return illegal
        return ArenaFaultError(f"{self.spec.id} failed at turn {self.turns}: {type(error).__name__}: {error}")


def _has_mask(schema: SpaceSchema, action: SpaceSchema) -> bool:
    return (
        isinstance(schema, DictSpace)
        and isinstance(action, Discrete)
        and any(key == "action_mask" and _is_mask(part, action) for key, part in schema.items)
    )


def _is_mask(schema: SpaceSchema, action: Discrete) -> bool:
    return getattr(schema, "shape", None) == (action.n,)


def _with_mask(schema: SpaceSchema, action: SpaceSchema) -> DictSpace:
    assert isinstance(action, Discrete)
    mask = Box(shape=(action.n,), dtype="int8", low=0, high=1)
    return DictSpace(items=(("action_mask", mask), ("observation", schema)))
