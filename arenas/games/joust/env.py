"""Joust: two walkers with lances meet on a bridge that loses its planks; PettingZoo's Parallel API."""

from collections.abc import Mapping
from math import cos, sin
from typing import Any, ClassVar, Final

import numpy as np
from gymnasium import spaces
from numpy.typing import NDArray
from pettingzoo import ParallelEnv

from arenas.games.joust.drawing import picture_of
from arenas.games.joust.gaits import CHOICES, goals_of
from arenas.games.joust.physics import JOINTS, LAST_TURN, TURN_SECONDS, Bout, Five

SEATS: Final = ("first", "second")
NUMBERS: Final = 37


class Joust(ParallelEnv):  # type: ignore[misc]  # PettingZoo's classes are untyped here.
    """Two walkers with lances meet on a bridge that loses its planks.

    Observation, float32 (37,), the same for both seats: each sees itself looking to the right (metres,
    seconds, radians; angles are positive where the hull leans back, where a leg or the lance rises ahead):
        0-4 own hull: height over the bridge, lean, speed ahead and up, rate of turn
        5-9 own joints: hip and knee of one leg, hip and knee of the other, lance; 10-14 their rates
        15-16 height of the soles of both legs
        17-18 cosine and sine of the own drum's beat
        19-24 the other's hull: how far ahead, height, lean, speed towards where one looks, up, rate of turn
        25-29 the other's joints
        30-31 cosine and sine of the other's beat
        32-33 how far the bridge reaches behind and ahead of the own hull, 34 seconds until planks fall
        35 ground won, 36 seconds until the round ends

    Action: `Box(-1, 1, (5,))`, for each joint (in the order of 5-9) the angle it shall have, over its range;
    or with `continuous=False` one of 12: a way to walk or stand and where to turn the lance, `CHOICES`.
    Reward: 1 to the winner and -1 to the loser in the last turn, else 0; both 0 in a draw.
    """

    metadata: ClassVar[dict[str, Any]] = {  # Any: PettingZoo's own form.
        "name": "joust_v1",
        "render_modes": ["rgb_array"],
        "render_fps": round(1 / TURN_SECONDS),
        "is_parallelizable": True,
    }

    def __init__(self, continuous: bool = True, render_mode: str | None = None) -> None:
        """Make the environment.

        Args:
            continuous: whether actions are five numbers, or one of 12 choices.
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
        self.observation_spaces = {
            name: spaces.Box(-np.inf, np.inf, (NUMBERS,), np.float32) for name in SEATS
        }
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
        self.bout = Bout(self._rng)
        self.agents = list(SEATS)
        return self._observe(self.bout), {name: {} for name in SEATS}

    def step(
        self,
        actions: Mapping[str, Any],  # Any: an array of five numbers or a whole number.
    ) -> tuple[
        dict[str, NDArray[np.float32]],
        dict[str, float],
        dict[str, bool],
        dict[str, bool],
        dict[str, dict[str, object]],
    ]:
        """Play one turn of both walkers.

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
            bout.play((angles_of(one), angles_of(two)))
        else:
            bout.play((_choice(bout, 0, one), _choice(bout, 1, two)))
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
        """Return the picture, uint8 (240, 640, 3); None without a render mode or before the first reset."""
        if self.render_mode is None or self.bout is None:
            return None
        return picture_of(self.bout)

    def close(self) -> None:
        """Let go of the world."""
        self.bout = None
        self.agents = []

    def _observe(self, bout: Bout) -> dict[str, NDArray[np.float32]]:
        return {SEATS[0]: seen_by(bout, 0), SEATS[1]: seen_by(bout, 1)}


def _actions(continuous: bool) -> spaces.Space[Any]:  # Any: as above.
    return spaces.Box(-1.0, 1.0, (len(JOINTS),), np.float32) if continuous else spaces.Discrete(len(CHOICES))


def angles_of(action: NDArray[np.float32]) -> Five:
    """Return the angles that five numbers, -1 to 1 over the joints' ranges, stand for."""
    hip, knee, hip_two, knee_two, lance = (
        kind.low + (min(1.0, max(-1.0, number)) + 1.0) * 0.5 * (kind.high - kind.low)
        for kind, number in zip(JOINTS, np.asarray(action).tolist(), strict=True)
    )
    return hip, knee, hip_two, knee_two, lance


def _choice(bout: Bout, seat: int, action: int) -> Five:
    if not 0 <= action < len(CHOICES):
        raise ValueError(f"An action is 0 to {len(CHOICES) - 1}, not {action}.")
    return goals_of(action, bout.walkers[seat], bout.beat(seat))


def seen_by(bout: Bout, seat: int) -> NDArray[np.float32]:
    """Return what a seat sees, as `Joust` says; looking to the left nothing is different."""
    own, other = bout.walkers[seat], bout.walkers[1 - seat]
    beat, beat_two = bout.beat(seat), bout.beat(1 - seat)
    along = own.side * own.x
    ground = bout.ground()
    return np.array(
        (
            *(own.y, own.angle, own.vx, own.vy, own.spin),
            *own.bends,
            *own.rates(),
            *own.feet(),
            *(cos(beat), sin(beat)),
            *(own.side * other.x - along, other.y, other.angle, -other.vx, other.vy, other.spin),
            *other.bends,
            *(cos(beat_two), sin(beat_two)),
            *(bout.half + along, bout.half - along, bout.next_fall()[1]),
            *(-ground if seat else ground, (LAST_TURN - bout.turn) * TURN_SECONDS),
        ),
        np.float32,
    )
