"""Sumo: two tracked machines push each other out of a shrinking ring; PettingZoo's Parallel API."""

from collections.abc import Mapping
from typing import Any, ClassVar, Final

import numpy as np
from gymnasium import spaces
from numpy.typing import NDArray
from pettingzoo import ParallelEnv

from arenas.games.sumo.drawing import picture_of
from arenas.games.sumo.physics import TURN_SECONDS, Bout, Machine

SEATS: Final = ("first", "second")
CHOICES: Final = tuple(
    (throttle, turn, boost)
    for boost in (False, True)
    for throttle in (0.0, 1.0, -1.0)
    for turn in (0.0, 1.0, -1.0)
)
"""What the numbers of the discrete variant stand for: throttle, turn and boost; 0 is to stand still."""
NUMBERS: Final = 17


class Sumo(ParallelEnv):  # type: ignore[misc]  # PettingZoo's classes are untyped here.
    """Two tracked machines push each other out of a ring that shrinks.

    Observation, float32 (17,), the same for both seats, everything as seen from the own machine (x ahead, y
    to the left; metres, seconds, radians):
        0-1 the ring's centre
        2-4 own speed ahead, to the left, and rate of turn
        5 own charge, 0 to 1
        6-7 the other's place
        8-9 cosine and sine of the other's heading
        10-12 the other's speed along x and y, and rate of turn
        13 the other's charge
        14 radius of the ring, 15 radius after the next plank has fallen, 16 seconds until then

    Action: `Box(-1, 1, (3,))`, throttle, turn (to the left) and boost (on above 0); or with
    `continuous=False` one of 18: throttle, turn and boost of `CHOICES`.
    Reward: 1 to the winner and -1 to the loser in the last turn, else 0; both 0 in a draw.
    """

    metadata: ClassVar[dict[str, Any]] = {  # Any: PettingZoo's own form.
        "name": "sumo_v1",
        "render_modes": ["rgb_array"],
        "render_fps": round(1 / TURN_SECONDS),
        "is_parallelizable": True,
    }

    def __init__(self, continuous: bool = True, render_mode: str | None = None) -> None:
        """Make the environment.

        Args:
            continuous: whether actions are three numbers, or one of 18 choices.
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
        self.bout: Bout | None = None
        seen = spaces.Box(-np.inf, np.inf, (NUMBERS,), np.float32)
        done = spaces.Box(-1.0, 1.0, (3,), np.float32) if continuous else spaces.Discrete(len(CHOICES))
        self.observation_spaces = dict.fromkeys(SEATS, seen)
        self.action_spaces = {SEATS[0]: done, SEATS[1]: _twin(done)}
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
        self.bout = Bout(self._rng)
        self.agents = list(SEATS)
        return self._observe(self.bout), {name: {} for name in SEATS}

    def step(
        self,
        actions: Mapping[str, Any],  # Any: an array of three numbers or a whole number.
    ) -> tuple[
        dict[str, NDArray[np.float32]],
        dict[str, float],
        dict[str, bool],
        dict[str, bool],
        dict[str, dict[str, object]],
    ]:
        """Play one turn of both machines.

        Raises:
            RuntimeError: the round is over, or never began.
            KeyError: an action is missing.
            ValueError: an action is not of its space; numbers beyond the bounds are cut.
        """
        bout = self.bout
        if bout is None or not self.agents:
            raise RuntimeError("Call reset first: no round is being played.")
        one, two = actions[SEATS[0]], actions[SEATS[1]]
        if self.continuous:
            bout.play((_order(one), _order(two)))
        else:
            bout.play((_choice(one), _choice(two)))
        winner = bout.winner()
        rewards = dict.fromkeys(SEATS, 0.0)
        if winner is not None:
            self.agents = []
            if winner >= 0:
                rewards[SEATS[winner]], rewards[SEATS[1 - winner]] = 1.0, -1.0
        is_over = winner is not None
        return (
            self._observe(bout),
            rewards,
            {SEATS[0]: is_over, SEATS[1]: is_over},
            {SEATS[0]: False, SEATS[1]: False},
            {SEATS[0]: {}, SEATS[1]: {}},
        )

    def render(self) -> NDArray[np.uint8] | None:
        """Return the picture, uint8 (480, 480, 3); None without a render mode or before the first reset."""
        if self.render_mode is None or self.bout is None:
            return None
        return picture_of(self.bout)

    def close(self) -> None:
        """Let go of the world."""
        self.bout = None
        self.agents = []

    def _observe(self, bout: Bout) -> dict[str, NDArray[np.float32]]:
        one, two = bout.machines
        ring = (bout.radius, *bout.next_fall())
        return {SEATS[0]: seen_by(one, two, ring), SEATS[1]: seen_by(two, one, ring)}


def _twin(space: spaces.Space[Any]) -> spaces.Space[Any]:  # Any: as above.
    """Return an equal space with a random generator of its own."""
    if isinstance(space, spaces.Discrete):
        return spaces.Discrete(int(space.n))
    return spaces.Box(-1.0, 1.0, (3,), np.float32)


def _order(action: NDArray[np.float32]) -> tuple[float, float, bool]:
    throttle, turn, boost = np.asarray(action).tolist()
    return min(1.0, max(-1.0, throttle)), min(1.0, max(-1.0, turn)), boost > 0


def _choice(action: int) -> tuple[float, float, bool]:
    if not 0 <= action < len(CHOICES):
        raise ValueError(f"An action is 0 to {len(CHOICES) - 1}, not {action}.")
    return CHOICES[action]


def seen_by(own: Machine, other: Machine, ring: tuple[float, float, float]) -> NDArray[np.float32]:
    """Return what a machine sees.

    Args:
        own: the machine that looks.
        other: the other one.
        ring: radius, radius after the next fall, and seconds until then.
    """
    ahead, left = own.cos, own.sin
    x, y = other.x - own.x, other.y - own.y
    return np.array(
        (
            -own.x * ahead - own.y * left,
            own.x * left - own.y * ahead,
            own.vx * ahead + own.vy * left,
            own.vy * ahead - own.vx * left,
            own.spin,
            own.charge,
            x * ahead + y * left,
            y * ahead - x * left,
            other.cos * ahead + other.sin * left,
            other.sin * ahead - other.cos * left,
            other.vx * ahead + other.vy * left,
            other.vy * ahead - other.vx * left,
            other.spin,
            other.charge,
            *ring,
        ),
        np.float32,
    )
