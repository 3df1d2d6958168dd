"""Tank duel: two tanks hunt each other among walls; PettingZoo's Parallel API."""

from collections.abc import Mapping
from math import isnan
from typing import Any, ClassVar, Final

import numpy as np
from gymnasium import spaces
from numpy.typing import NDArray
from pettingzoo import ParallelEnv

from arenas.games.tank_duel.drawing import picture_of
from arenas.games.tank_duel.physics import TURN_SECONDS, Duel, Order
from arenas.games.tank_duel.sight import NUMBERS, seen_by

SEATS: Final = ("first", "second")
_WAYS: Final = (0.0, 1.0, -1.0)
CHOICES: Final = tuple(
    (throttle, turn, turret, fires)
    for fires in (False, True)
    for throttle in _WAYS
    for turn in _WAYS
    for turret in _WAYS
)
"""What the numbers of the discrete variant stand for: throttle, turn, turret, fire; 0 is to do nothing."""


class TankDuel(ParallelEnv):  # type: ignore[misc]  # PettingZoo's classes are untyped here.
    """Two tanks hunt each other among walls while a storm closes in.

    Observation, float32 (43,), the same for both seats, as seen from the own hull (x ahead, y to the left;
    metres, seconds, radians), the field turned so that each begins at its left end:
        0-1 the middle of the field
        2-3 cosine and sine of the own heading in the field
        4-6 own speed ahead, to the left, and rate of turn
        7-8 cosine and sine of the turret against the hull
        9 own hit points, 10 seconds until the gun is loaded
        11 whether the other is in sight, 12 seconds since it was
        13-14 the other's place, 15-16 cosine and sine of its heading, 17-18 those of its gun, 19-20 its speed
            along x and y, 21 its hit points: all as last seen; before that, as at the start
        22 whether a shell is in sight, 23-24 its place, 25-26 its speed along x and y
        27 radius of the calm, 28 the next radius, 29 seconds until then
        30-37 metres to the wall, 5 at most, in eight directions around the hull, anticlockwise from ahead
        38-42 metres to the wall, 12 at most, at -60, -30, 0, 30 and 60 degrees from the turret

    Action: `Box(-1, 1, (4,))`, throttle, turn, turret (both to the left) and fire (on above 0); or with
    `continuous=False` one of 54: throttle, turn, turret and fire of `CHOICES`.
    Reward: 1 to the winner and -1 to the loser in the last turn, else 0; both 0 in a draw.
    Info: `dealt` and `taken`, hit points of this turn by shells.
    """

    metadata: ClassVar[dict[str, Any]] = {  # Any: PettingZoo's own form.
        "name": "tank_duel_v1",
        "render_modes": ["rgb_array"],
        "render_fps": round(1 / TURN_SECONDS),
        "is_parallelizable": True,
    }

    def __init__(self, continuous: bool = True, render_mode: str | None = None) -> None:
        """Make the environment.

        Args:
            continuous: whether actions are four numbers, or one of 54 choices.
            render_mode: `rgb_array`, or None.

        Raises:
            ValueError: the render mode is another one.
        """
        if render_mode not in (None, "rgb_array"):
            raise ValueError(f"render_mode is None or 'rgb_array', not {render_mode!r}.")
        self.continuous = continuous
        self.render_mode = render_mode
        self.possible_agents = list(SEATS)
        self.agents: list[str] = []
        self.duel: Duel | None = None
        self.left = 0
        """The seat whose tank starts at the left of the field: the tank 0 of the duel."""
        seen = spaces.Box(-np.inf, np.inf, (NUMBERS,), np.float32)
        self.observation_spaces = dict.fromkeys(SEATS, seen)
        self.action_spaces = {name: _actions(continuous) for name in SEATS}
        self._rng = np.random.default_rng()

    def observation_space(self, agent: str) -> spaces.Space[Any]:  # Any: Gymnasium's parameter.
        """Return the observation space of a seat."""
        return self.observation_spaces[agent]

    def action_space(self, agent: str) -> spaces.Space[Any]:  # Any: as above.
        """Return the action space of a seat."""
        return self.action_spaces[agent]

    def reset(
        self, seed: int | None = None, options: Mapping[str, object] | None = None
    ) -> tuple[dict[str, NDArray[np.float32]], dict[str, dict[str, object]]]:
        """Start a round in a new world; without a seed the next one of the last seed's stream."""
        if seed is not None:
            self._rng = np.random.default_rng(seed)
        self.left = int(self._rng.integers(2))
        self.duel = Duel(self._rng)
        self.agents = list(SEATS)
        return self._observe(self.duel), {name: {} for name in SEATS}

    def step(
        self,
        actions: Mapping[str, Any],  # Any: an array of four numbers or a whole number.
    ) -> tuple[
        dict[str, NDArray[np.float32]],
        dict[str, float],
        dict[str, bool],
        dict[str, bool],
        dict[str, dict[str, object]],
    ]:
        """Play one turn of both tanks.

        Raises:
            RuntimeError: the round is over, or never began.
            KeyError: an action is missing.
            ValueError: an action is not of its space; numbers beyond the bounds are cut, what is no number
                counts as 0.
        """
        duel = self.duel
        if duel is None or not self.agents:
            raise RuntimeError("Call reset first: no round is being played.")
        read = _order if self.continuous else _choice
        orders = read(actions[SEATS[0]]), read(actions[SEATS[1]])
        duel.play(orders[self.left], orders[1 - self.left])
        winner = duel.winner()
        rewards = dict.fromkeys(SEATS, 0.0)
        if winner is not None:
            self.agents = []
            if winner >= 0:
                seat = winner ^ self.left
                rewards[SEATS[seat]], rewards[SEATS[1 - seat]] = 1.0, -1.0
        is_over = winner is not None
        taken, other = duel.damage(self.left), duel.damage(1 - self.left)
        return (
            self._observe(duel),
            rewards,
            {SEATS[0]: is_over, SEATS[1]: is_over},
            {SEATS[0]: False, SEATS[1]: False},
            {SEATS[0]: {"dealt": other, "taken": taken}, SEATS[1]: {"dealt": taken, "taken": other}},
        )

    def observe(self, agent: str) -> NDArray[np.float32]:
        """Return what a seat sees now.

        Raises:
            RuntimeError: no round was begun.
        """
        if self.duel is None:
            raise RuntimeError("Call reset first: no round is being played.")
        return seen_by(self.duel, SEATS.index(agent) ^ self.left)

    def render(self) -> NDArray[np.uint8] | None:
        """Return the picture, uint8 (384, 480, 3); None without a render mode or before the first reset."""
        if self.render_mode is None or self.duel is None:
            return None
        return picture_of(self.duel, self.left)

    def close(self) -> None:
        """Let go of the world."""
        self.duel = None
        self.agents = []

    def _observe(self, duel: Duel) -> dict[str, NDArray[np.float32]]:
        return {SEATS[0]: seen_by(duel, self.left), SEATS[1]: seen_by(duel, 1 - self.left)}


def _actions(continuous: bool) -> spaces.Space[Any]:  # Any: as above.
    return spaces.Box(-1.0, 1.0, (4,), np.float32) if continuous else spaces.Discrete(len(CHOICES))


def _order(action: NDArray[np.float32]) -> Order:
    throttle, turn, turret, fire = np.asarray(action, float).tolist()
    return _cut(throttle), _cut(turn), _cut(turret), fire > 0


def _cut(number: float) -> float:
    """Return a number cut to -1 to 1, and 0 for what is none."""
    return 0.0 if isnan(number) else min(1.0, max(-1.0, number))


def _choice(action: int) -> Order:
    if not 0 <= action < len(CHOICES):
        raise ValueError(f"An action is 0 to {len(CHOICES) - 1}, not {action}.")
    return CHOICES[action]
