"""Worlds without Box2D that are drawn as shapes: particle worlds (mpe2) and the cart pole."""

import math
from typing import Any

from arenas.recorders.stage import GROUND, INK, Body, Row, Shape, circle, colour, line, polygon
from arenas.recorders.timeline import Recorded


class ParticleStage:
    """A particle world: agents move, landmarks stand."""

    def __init__(self, adapter: Recorded) -> None:
        self._environment = adapter.environment
        self._seats = adapter.spec.seats

    def bodies(self) -> list[Body]:
        """Return one circle for each agent, and for each landmark that is no obstacle: those lie on top.

        A landmark that agents stand on would be hidden if it were drawn below them.
        """
        agents = self._environment.world.agents
        self._moving = [*agents, *(mark for mark in self._environment.world.landmarks if _is_goal(mark))]
        seats = {id(agent): seat for seat, agent in enumerate(agents[: self._seats])}
        return [Body([_disc(entity, (0.0, 0.0))], seats.get(id(entity))) for entity in self._moving]

    def row(self) -> Row:
        """Return x, y and angle (always 0) of each body in turn."""
        found: list[float] = []
        for entity in self._moving:
            place = entity.state.p_pos
            found += (float(place[0]), float(place[1]), 0.0)
        return tuple(found)

    def changed(self) -> bool:
        """Particles never come or go."""
        return False

    def still(self) -> list[Shape]:
        """Return the obstacles."""
        marks = self._environment.world.landmarks
        self._reach = max([1.0, *(float(abs(mark.state.p_pos).max() + mark.size) for mark in marks)])
        return [_disc(mark, tuple(mark.state.p_pos)) for mark in marks if not _is_goal(mark)]

    def bounds(self, reach: tuple[float, float, float, float]) -> list[float] | str:
        """Return the square that holds the arena and every way that was gone, up to three times its size."""
        side = round(min(max(self._reach, *(abs(value) for value in reach)) + 0.2, 3.0), 3)
        return [-side, -side, side, side]


class CartPoleStage:
    """The cart pole: a cart on a rail, a pole on a pin."""

    def __init__(self, adapter: Recorded) -> None:
        self._environment = adapter.environment

    def bodies(self) -> list[Body]:
        """Return cart and pole."""
        length = 2 * float(self._environment.length)
        cart = polygon([(-0.25, -0.3), (0.25, -0.3), (0.25, 0.0), (-0.25, 0.0)], "#3b4252", INK)
        pole = polygon([(-0.05, -0.05), (0.05, -0.05), (0.05, length), (-0.05, length)], "#d08770", INK)
        pin = circle((0.0, 0.0), 0.05, "#8185cc", INK)
        return [Body([cart], 0), Body([pole, pin], 0)]

    def row(self) -> Row:
        """Return x, y and angle of cart and pole."""
        x, _, angle, _ = self._environment.state
        return (float(x), 0.3, 0.0, float(x), 0.25, -float(angle))

    def changed(self) -> bool:
        """Cart and pole stay."""
        return False

    def still(self) -> list[Shape]:
        """Return the rail and the two places beyond which the episode ends."""
        edge = float(self._environment.x_threshold)
        fall = math.tan(float(self._environment.theta_threshold_radians))
        rail = line([(-edge - 0.3, 0.0), (edge + 0.3, 0.0)], INK)
        posts = [line([(x, 0.0), (x, 0.25 + fall)], GROUND) for x in (-edge, edge)]
        return [rail, *posts]

    def bounds(self, reach: tuple[float, float, float, float]) -> list[float] | str:
        """Return the whole rail."""
        edge = float(self._environment.x_threshold) + 0.4
        return [-edge, -0.6, edge, 2.0]


def is_particle_world(environment: object) -> bool:
    """Say whether the environment holds a particle world."""
    world = getattr(environment, "world", None)
    return hasattr(world, "landmarks") and hasattr(world, "agents")


def is_cart_pole(environment: object) -> bool:
    """Say whether the environment is a cart pole."""
    return hasattr(environment, "theta_threshold_radians") and hasattr(environment, "x_threshold")


def _is_goal(mark: Any) -> bool:  # Any: mpe2 has no types.
    return bool(mark.movable or not mark.collide)


def _disc(entity: Any, centre: tuple[float, float]) -> Shape:  # Any: as above.
    return circle(centre, float(entity.size), colour(entity.color), INK)
