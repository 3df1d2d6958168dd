"""Gymnasium's classic control beside the cart pole: acrobot, pendulum, mountain cars."""

import math
from typing import Final

from arenas.recorders.stage import GROUND, INK, Body, Row, Shape, circle, line, polygon
from arenas.recorders.timeline import Recorded

_ROD: Final = "#d08770"
_FAR_ROD: Final = "#5e81ac"
_PIN: Final = "#3b4252"
_GOAL: Final = "#5b8c4a"
_FLAG: Final = "#cccc00"
_STEPS: Final = 60
"""Straight pieces the hills are drawn with."""


class _Standing:
    """What mechanisms have in common: their bodies never come or go."""

    def __init__(self, adapter: Recorded) -> None:
        self._environment = adapter.environment

    def changed(self) -> bool:
        """Say that nothing came or went."""
        return False


class AcrobotStage(_Standing):
    """Two links that hang from a pin; angle 0 hangs down, the second angle counts from the first link."""

    def bodies(self) -> list[Body]:
        """Return both links, drawn as they hang down."""
        upper, lower = float(self._environment.LINK_LENGTH_1), float(self._environment.LINK_LENGTH_2)
        return [Body(_rod(-upper, _ROD), 0), Body(_rod(-lower, _FAR_ROD), 0)]

    def row(self) -> Row:
        """Return x, y and angle of both links."""
        first, second = (float(angle) for angle in self._environment.state[:2])
        length = float(self._environment.LINK_LENGTH_1)
        joint = (length * math.sin(first), -length * math.cos(first))
        return (0.0, 0.0, first, *joint, first + second)

    def still(self) -> list[Shape]:
        """Return the line that the lower end has to get above."""
        return [line([(-2.2, 1.0), (2.2, 1.0)], _GOAL)]

    def bounds(self, _: tuple[float, float, float, float]) -> list[float] | str:
        """Return as far as the links reach."""
        return [-2.2, -2.2, 2.2, 2.2]


class PendulumStage(_Standing):
    """One rod on a motor; angle 0 stands upright."""

    def bodies(self) -> list[Body]:
        """Return the rod, drawn as it stands up."""
        return [Body(_rod(float(self._environment.l), _ROD), 0)]

    def row(self) -> Row:
        """Return x, y and angle of the rod."""
        return (0.0, 0.0, float(self._environment.state[0]))

    def still(self) -> list[Shape]:
        """Return a mark where the rod is to stand."""
        length = float(self._environment.l)
        return [line([(0.0, 0.0), (0.0, length + 0.15)], _GOAL)]

    def bounds(self, _: tuple[float, float, float, float]) -> list[float] | str:
        """Return as far as the rod reaches."""
        reach = round(float(self._environment.l) + 0.25, 3)
        return [-reach, -reach, reach, reach]


class MountainCarStage(_Standing):
    """A car in a valley between two hills: the ground is sin(3 x)."""

    def bodies(self) -> list[Body]:
        """Return the car, drawn on level ground, its middle between the wheels."""
        hull = polygon([(-0.07, 0.03), (0.07, 0.03), (0.06, 0.09), (-0.06, 0.09)], _PIN, INK)
        wheels = [circle((x, 0.025), 0.025, "#8a8f99", INK) for x in (-0.04, 0.04)]
        return [Body([hull, *wheels], 0)]

    def row(self) -> Row:
        """Return x, y and angle of the car."""
        x = float(self._environment.state[0])
        return (x, _height(x), math.atan(1.35 * math.cos(3 * x)))

    def still(self) -> list[Shape]:
        """Return the hills and the flag."""
        left, right = float(self._environment.min_position), float(self._environment.max_position)
        steps = [left + (right - left) * step / _STEPS for step in range(_STEPS + 1)]
        hills = polygon([(left, -0.1), *((x, _height(x)) for x in steps), (right, -0.1)], GROUND, INK)
        goal = float(self._environment.goal_position)
        foot, top = _height(goal), _height(goal) + 0.2
        flag = polygon([(goal, top), (goal + 0.1, top - 0.03), (goal, top - 0.06)], _FLAG, INK)
        return [hills, line([(goal, foot), (goal, top)], INK), flag]

    def bounds(self, _: tuple[float, float, float, float]) -> list[float] | str:
        """Return both hills."""
        return [float(self._environment.min_position), -0.1, float(self._environment.max_position), 1.3]


def is_acrobot(environment: object) -> bool:
    """Say whether the environment is an acrobot."""
    return hasattr(environment, "LINK_LENGTH_1") and hasattr(environment, "LINK_LENGTH_2")


def is_pendulum(environment: object) -> bool:
    """Say whether the environment is a pendulum."""
    return hasattr(environment, "max_torque") and hasattr(environment, "l")


def is_mountain_car(environment: object) -> bool:
    """Say whether the environment is a mountain car, of either kind."""
    return hasattr(environment, "goal_position") and hasattr(environment, "min_position")


def _height(x: float) -> float:
    return 0.45 * math.sin(3 * x) + 0.55


def _rod(length: float, fill: str) -> list[Shape]:
    """Return a rod that ends at (0, length), and the pin it turns on."""
    corners = [(-0.06, 0.0), (0.06, 0.0), (0.06, length), (-0.06, length)]
    return [
        polygon(corners, fill, INK),
        circle((0.0, length), 0.06, fill, INK),
        circle((0, 0), 0.05, _PIN, INK),
    ]
