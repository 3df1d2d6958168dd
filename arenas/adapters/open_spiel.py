"""OpenSpiel's compiled games behind the turn loop: one seat acts at a time, chance plays itself.

How it works. The game writes what a seat sees straight into one array, and of the mask only the entries that
differ from the last turn's are touched, so a turn costs microseconds. What a seat sees is the game's
observation where all is open; where something is hidden it is the information state, which holds what the
seat knows and remembers and nothing else, or, in games without one, the observation, which OpenSpiel defines
as a part of it. Chance (cards, dice) is drawn from the episode's seed.
"""

import difflib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np

from arenas.adapters.turns import Adapter, Asked, Seating
from arenas.errors import ArenaUnavailableError
from arenas.headless import import_headless
from arenas.spec import ArenaSpec

_CHANCE: Final = -1  # pyspiel.PlayerId.CHANCE
_TERMINAL: Final = -4  # pyspiel.PlayerId.TERMINAL
_FPS: Final = 2


@dataclass(slots=True)
class Table:
    """What a recorder may look at; agents never get hold of it."""

    name: str
    """OpenSpiel's short name: `connect_four`."""
    state: Any  # Any: pyspiel has no types.
    """The state of the running episode."""
    last_action: int = -1
    """The action of the last turn; -1 before the first."""
    metadata: dict[str, object] = field(default_factory=lambda: {"render_fps": _FPS})


class OpenSpielAdapter(Adapter):
    """One sequential game of OpenSpiel; a turn is one move of one seat."""

    def __init__(self, spec: ArenaSpec) -> None:
        """Load the game that `spec.environment` names, with the arena's arguments as its parameters.

        Raises:
            ArenaUnavailableError: there is no such game, or it is of a kind that has no place here.
        """
        spiel = import_headless("pyspiel")
        spaces = import_headless("gymnasium.spaces")
        game = _load(spiel, spec)
        kind = game.get_type()
        if kind.dynamics != spiel.GameType.Dynamics.SEQUENTIAL:
            raise ArenaUnavailableError(f"{spec.id}: only games where one seat moves at a time are played.")
        if kind.chance_mode == spiel.GameType.ChanceMode.SAMPLED_STOCHASTIC:
            raise ArenaUnavailableError(f"{spec.id}: the game draws its own chance, so no seed repeats it.")
        self._game = game
        self._pays_early = kind.reward_model == spiel.GameType.RewardModel.REWARDS
        self._has_chance = kind.chance_mode != spiel.GameType.ChanceMode.DETERMINISTIC
        self._view, seen = _view_of(spiel, game)
        self._mask = np.zeros(game.num_distinct_actions(), np.int8)
        self._marked: Sequence[int] = ()
        space = spaces.Dict(
            {
                "observation": spaces.Box(-np.inf, np.inf, seen.shape, np.float32),
                "action_mask": spaces.Box(0, 1, self._mask.shape, np.int8),
            }
        )
        seats = range(game.num_players())
        seating = Seating(
            names=tuple(f"player_{seat}" for seat in seats),
            observation_spaces=tuple(space for _ in seats),
            action_spaces=tuple(spaces.Discrete(self._mask.size) for _ in seats),
            infos=tuple({} for _ in seats),
        )
        super().__init__(spec, Table(kind.short_name, game.new_initial_state()), seating, spec.max_turns)
        self._shape = seen.shape
        shown = {"observation": seen, "action_mask": self._mask}
        self._turns_of = [[Asked(seat, shown, self._mask)] for seat in seats]
        self._next = _TERMINAL
        self._draw: Callable[[], float] = np.random.default_rng(0).random

    def reset(self, seed: int) -> None:
        """Start an episode.

        Raises:
            ArenaFaultError: the game failed.
        """
        self._begin()
        try:
            if self._has_chance:
                self._draw = np.random.default_rng(seed).random
            self._state = self.environment.state = self._game.new_initial_state()
            self.environment.last_action = -1
            self._settle()
        except Exception as error:
            raise self._fault(error) from error

    def step(self, actions: Mapping[int, object]) -> None:
        """Apply the action of the asked seat.

        Raises:
            IllegalActionError: the game failed, and the action is one the mask forbids.
            ArenaFaultError: the game failed on a legal action, or gave a reward that is no number.
        """
        try:
            action = self.environment.last_action = actions[self._next]
            self._state.apply_action(action)
            self.turns += 1
            self._settle()
        except Exception as error:
            raise self._fault(error, actions) from error
        self._advance()

    def peek(self, seat: int) -> object:
        """Return a copy of what a seat would see now, asked or not."""
        self._asked = None  # All seats' views go through one array, which is written to here.
        state = self.environment.state
        self._view.set_from(state, seat)
        seen = self._view.tensor.reshape(self._shape).copy()
        mask = np.zeros_like(self._mask)
        if seat == state.current_player():
            mask[state.legal_actions()] = 1
        return {"observation": seen, "action_mask": mask}

    def close(self) -> None:
        """Release the game's state."""
        self._state = self.environment.state = None

    def _settle(self) -> None:
        """Play chance until a seat must move or the game is over; count what was earned."""
        state = self._state
        while (player := state.current_player()) == _CHANCE:
            state.apply_action(_drawn(state.chance_outcomes(), self._draw()))
        self._next = player
        self.is_over = player == _TERMINAL
        if self.is_over or self._pays_early:
            self.rewards[:] = state.returns()

    def _observe(self) -> list[Asked]:
        self._view.set_from(self._state, self._next)
        legal = self._state.legal_actions()
        self._mask[self._marked] = 0
        self._mask[legal] = 1
        self._marked = legal
        return self._turns_of[self._next]


def _load(spiel: Any, spec: ArenaSpec) -> Any:  # Any: pyspiel has no types.
    known = spiel.registered_names()
    if spec.environment not in known:
        near = difflib.get_close_matches(spec.environment, known, n=3)
        hint = f" The nearest: {', '.join(near)}." if near else ""
        raise ArenaUnavailableError(f"{spec.id}: OpenSpiel has no game {spec.environment!r} here.{hint}")
    return spiel.load_game(spec.environment, dict(spec.arguments))


def _view_of(spiel: Any, game: Any) -> tuple[Any, np.ndarray[Any, np.dtype[np.float32]]]:  # Any: as above.
    """Return what writes a seat's view and the array that it writes to, in the tensor's own shape.

    Raises:
        ArenaUnavailableError: the game has no tensors.
    """
    kind = game.get_type()
    hides = kind.information != spiel.GameType.Information.PERFECT_INFORMATION
    recalls = hides and kind.provides_information_state_tensor
    # Without the wanted tensor there is no observer, or an empty one, and to use it would crash the process.
    if not recalls and not kind.provides_observation_tensor:
        raise ArenaUnavailableError(f"OpenSpiel's {kind.short_name} shows its seats no tensor.")
    wanted = spiel.IIGObservationType(perfect_recall=recalls)
    view = import_headless("open_spiel.python.observation").make_observation(game, wanted)
    shape = game.information_state_tensor_shape() if recalls else game.observation_tensor_shape()
    return view, view.tensor.reshape(shape)


def _drawn(outcomes: Sequence[tuple[int, float]], point: float) -> int:
    """Return the outcome of chance that a point in [0, 1) falls to."""
    for action, probability in outcomes:
        point -= probability
        if point < 0:
            return action
    return outcomes[-1][0]  # The probabilities may add up to a hair less than one.
