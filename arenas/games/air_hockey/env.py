"""Air hockey: mallets drive a puck into the other side's mouth; PettingZoo's Parallel API."""

from collections.abc import Mapping
from math import isnan, sqrt
from typing import Any, ClassVar, Final

import numpy as np
from gymnasium import spaces
from numpy.typing import NDArray
from pettingzoo import ParallelEnv

from arenas.games.air_hockey.drawing import picture_of
from arenas.games.air_hockey.physics import SPEED, TURN_SECONDS, Mallet, Order, Rink

SEATS: Final = {1: ("first", "second"), 2: ("first_0", "first_1", "second_0", "second_1")}
"""Names of the seats, by mallets a side."""
_DIAGONAL: Final = 0.5**0.5
CHOICES: Final[tuple[Order, ...]] = (
    (0.0, 0.0),
    (1.0, 0.0),
    (_DIAGONAL, _DIAGONAL),
    (0.0, 1.0),
    (-_DIAGONAL, _DIAGONAL),
    (-1.0, 0.0),
    (-_DIAGONAL, -_DIAGONAL),
    (0.0, -1.0),
    (_DIAGONAL, -_DIAGONAL),
)
"""What the numbers of the discrete variant stand for: to brake, then eight ways from ahead to the left."""
NUMBERS: Final = {1: 18, 2: 26}
"""How many numbers a seat sees, by mallets a side."""


class AirHockey(ParallelEnv):  # type: ignore[misc]  # PettingZoo's classes are untyped here.
    """Mallets drive a puck into the other side's mouth; three goals win.

    Observation, float32 (18,), or (26,) with two mallets a side; everything as seen from the own side of the
    table, whose middle is the origin (x ahead to the other's mouth, y to the left; metres, seconds, radians):
        0-3 own place and velocity (x, y, then along x and y)
        4-7 the other's place and velocity; with two a side the mate's, then both others' in seat order
        then the puck's place and velocity (4), and its spin, to the left above 0
        then own goals, the other side's goals
        then seconds the puck may stay on its half, seconds of regular time, seconds until the end

    Action: `Box(-1, 1, (2,))`, the wanted velocity along x and y in units of 5 m/s, cut to length 1; or with
    `continuous=False` one of 9: brake, or one of eight ways (`CHOICES`).
    Reward: 1 to each seat of the side that scores, -1 to the other side's, in the turn of the goal.
    """

    metadata: ClassVar[dict[str, Any]] = {  # Any: PettingZoo's own form.
        "name": "air_hockey_v1",
        "render_modes": ["rgb_array"],
        "render_fps": round(1 / TURN_SECONDS),
        "is_parallelizable": True,
    }

    def __init__(self, continuous: bool = True, side: int = 1, render_mode: str | None = None) -> None:
        """Make the environment.

        Args:
            continuous: whether actions are two numbers, or one of 9 choices.
            side: mallets a side, 1 or 2.
            render_mode: `rgb_array`, or None.

        Raises:
            ValueError: there are neither one nor two mallets a side, or the render mode is another one.
        """
        if render_mode not in (None, "rgb_array"):
            raise ValueError(f"render_mode is None or 'rgb_array', not {render_mode!r}.")
        if side not in SEATS:
            raise ValueError(f"side is 1 or 2 mallets, not {side!r}.")
        self.continuous = continuous
        self.side = side
        self.render_mode = render_mode
        self.possible_agents = list(SEATS[side])
        self.agents: list[str] = []
        self.rink: Rink | None = None
        self.observation_spaces: dict[str, spaces.Space[Any]] = {  # Any: Gymnasium's parameter.
            name: spaces.Box(-np.inf, np.inf, (NUMBERS[side],), np.float32) for name in SEATS[side]
        }
        self.action_spaces: dict[str, spaces.Space[Any]] = {  # Any: as above.
            name: spaces.Box(-1.0, 1.0, (2,), np.float32) if continuous else spaces.Discrete(len(CHOICES))
            for name in SEATS[side]
        }
        self._rng = np.random.default_rng()

    def observation_space(self, agent: str) -> spaces.Space[Any]:  # Any: as above.
        """Return the observation space of a seat."""
        return self.observation_spaces[agent]

    def action_space(self, agent: str) -> spaces.Space[Any]:  # Any: as above.
        """Return the action space of a seat."""
        return self.action_spaces[agent]

    def reset(
        self, seed: int | None = None, options: Mapping[str, object] | None = None
    ) -> tuple[dict[str, NDArray[np.float32]], dict[str, dict[str, object]]]:
        """Start a game at a new table; without a seed the next one of the last seed's stream."""
        if seed is not None:
            self._rng = np.random.default_rng(seed)
        self.rink = Rink(self._rng, self.side)
        self.agents = list(self.possible_agents)
        return self._observe(self.rink), {name: {} for name in self.possible_agents}

    def step(
        self,
        actions: Mapping[str, Any],  # Any: an array of two numbers or a whole number.
    ) -> tuple[
        dict[str, NDArray[np.float32]],
        dict[str, float],
        dict[str, bool],
        dict[str, bool],
        dict[str, dict[str, object]],
    ]:
        """Play one turn of all mallets.

        Raises:
            RuntimeError: the game is over, or never began.
            KeyError: an action is missing.
            ValueError: an action is not of its space; numbers beyond the bounds are cut.
        """
        rink = self.rink
        if rink is None or not self.agents:
            raise RuntimeError("Call reset first: no game is being played.")
        names, side = self.possible_agents, self.side
        read = _order if self.continuous else _choice
        scored = rink.play(tuple([read(actions[name], seat >= side) for seat, name in enumerate(names)]))
        rewards = dict.fromkeys(names, 0.0)
        if scored is not None:
            for seat, name in enumerate(names):
                rewards[name] = 1.0 if seat // side == scored else -1.0
        is_over = rink.winner() is not None
        if is_over:
            self.agents = []
        return (
            self._observe(rink),
            rewards,
            dict.fromkeys(names, is_over),
            dict.fromkeys(names, False),
            {name: {} for name in names},
        )

    def render(self) -> NDArray[np.uint8] | None:
        """Return the picture, uint8 (height, 640, 3); None without a render mode or before any reset."""
        if self.render_mode is None or self.rink is None:
            return None
        return picture_of(self.rink)

    def close(self) -> None:
        """Let go of the world."""
        self.rink = None
        self.agents = []

    def _observe(self, rink: Rink) -> dict[str, NDArray[np.float32]]:
        return dict(zip(self.possible_agents, views_of(rink), strict=True))


def _order(action: NDArray[np.float32], is_turned: bool) -> Order:
    x, y = np.asarray(action).tolist()
    if isnan(x) or isnan(y):
        raise ValueError(f"An action is two numbers from -1 to 1, not {[x, y]}.")
    x, y = min(1.0, max(-1.0, x)), min(1.0, max(-1.0, y))
    length = sqrt(x * x + y * y)
    speed = SPEED / length if length > 1.0 else SPEED
    return (-x * speed, -y * speed) if is_turned else (x * speed, y * speed)


def _choice(action: int, is_turned: bool) -> Order:
    if not 0 <= action < len(CHOICES):
        raise ValueError(f"An action is 0 to {len(CHOICES) - 1}, not {action}.")
    x, y = CHOICES[action]
    return (-x * SPEED, -y * SPEED) if is_turned else (x * SPEED, y * SPEED)


def views_of(rink: Rink) -> list[NDArray[np.float32]]:
    """Return what each seat sees, in seat order."""
    clocks = rink.clocks()
    puck = rink.puck
    one, two = float(rink.goals[0]), float(rink.goals[1])
    ahead = (puck.x, puck.y, puck.vx, puck.vy, puck.spin, one, two, *clocks)
    behind = (-puck.x, -puck.y, -puck.vx, -puck.vy, puck.spin, two, one, *clocks)
    if rink.side == 1:
        first, second = rink.mallets
        return [
            np.array((*_plain(first), *_plain(second), *ahead), np.float32),
            np.array((*_turned(second), *_turned(first), *behind), np.float32),
        ]
    a, b, c, d = rink.mallets
    return [
        np.array((*own, *mate, *others, *rest), np.float32)
        for own, mate, others, rest in (
            (_plain(a), _plain(b), (*_plain(c), *_plain(d)), ahead),
            (_plain(b), _plain(a), (*_plain(c), *_plain(d)), ahead),
            (_turned(c), _turned(d), (*_turned(a), *_turned(b)), behind),
            (_turned(d), _turned(c), (*_turned(a), *_turned(b)), behind),
        )
    ]


def _plain(mallet: Mallet) -> tuple[float, float, float, float]:
    return mallet.x, mallet.y, mallet.vx, mallet.vy


def _turned(mallet: Mallet) -> tuple[float, float, float, float]:
    return -mallet.x, -mallet.y, -mallet.vx, -mallet.vy
