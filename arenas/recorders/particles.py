"""Worlds without Box2D that are drawn as shapes: particle worlds (mpe2) and the cart pole."""

import math
from typing import Any, Final

from arenas.recorders.stage import GROUND, INK, Body, Row, Shape, circle, colour, line, polygon
from arenas.recorders.timeline import Recorded

_LETTERS: Final = "ABCDEFGHIJ"


class ParticleStage:
    """A particle world: agents move, goals lie on top, obstacles and woods lie below."""

    def __init__(self, adapter: Recorded) -> None:
        self._environment = adapter.environment
        self._seats = adapter.spec.seats
        world = adapter.environment.world
        self._moods = [
            entity
            for entity in (*world.agents, *world.landmarks)
            if hasattr(entity, "alive") or _holds(entity)
        ]
        """Treasures that come and go, and those who carry them: their colours change."""
        self._speakers = [agent for agent in world.agents if not agent.silent]
        self._drawn: list[object] = []

    def bodies(self) -> list[Body]:
        """Return one circle for each agent, and over them one for each goal, lest it be hidden."""
        world = self._environment.world
        goals = [mark for mark in world.landmarks if self._is_goal(mark) and getattr(mark, "alive", True)]
        self._moving = [*world.agents, *goals]
        self._drawn = self._mood()
        seats = {id(agent): seat for seat, agent in enumerate(world.agents[: self._seats])}
        bodies = []
        for number, entity in enumerate(self._moving):
            layer = int(number >= len(world.agents))
            bodies.append(Body([_disc(entity, (0.0, 0.0))], seats.get(id(entity)), str(entity.name), layer))
        return bodies

    def row(self) -> Row:
        """Return x, y and angle (always 0) of each body in turn."""
        found: list[float] = []
        for entity in self._moving:
            place = entity.state.p_pos
            found += (float(place[0]), float(place[1]), 0.0)
        return tuple(found)

    def changed(self) -> bool:
        """Say whether a treasure came, went or changed hands."""
        return bool(self._moods) and self._mood() != self._drawn

    def still(self) -> list[Shape]:
        """Return the obstacles, and what is larger than those who move through it."""
        marks = self._environment.world.landmarks
        self._reach = max(
            [1.0, *(float(abs(mark.state.p_pos).max() + mark.size) for mark in marks if self._is_here(mark))]
        )
        # Woods lie below the rocks in them.
        below = sorted(
            (mark for mark in marks if not self._is_goal(mark)), key=lambda mark: bool(mark.collide)
        )
        return [_disc(mark, tuple(mark.state.p_pos)) for mark in below]

    def bounds(self, reach: tuple[float, float, float, float]) -> list[float] | str:
        """Return the square that holds the arena and every way that was gone, up to three times its size."""
        side = round(min(max(self._reach, *(abs(value) for value in reach)) + 0.2, 3.0), 3)
        return [-side, -side, side, side]

    def label(self) -> str:
        """Return what is being said, by whom; particles speak in letters."""
        words = []
        for agent in self._speakers:
            heard = [float(value) for value in agent.state.c]
            if any(heard):
                words.append(f"{_name(agent)} says {_LETTERS[heard.index(max(heard))]}")
        return ", ".join(words)

    def _mood(self) -> list[object]:
        return [
            (getattr(entity, "alive", None), getattr(entity, "type", None), getattr(entity, "holding", None))
            for entity in self._moods
        ]

    def _is_here(self, mark: Any) -> bool:  # Any: mpe2 has no types.
        return bool(getattr(mark, "alive", True))

    def _is_goal(self, mark: Any) -> bool:  # Any: as above.
        widest = max(float(agent.size) for agent in self._environment.world.agents)
        return bool(mark.movable or (not mark.collide and mark.size <= widest))


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


def _holds(entity: Any) -> bool:  # Any: as above.
    return hasattr(entity, "holding")


def _name(agent: Any) -> str:  # Any: as above.
    """Return what an agent is called: `Alice` for alice_0, `Agent 1` where there are several of a kind."""
    kind, _, number = str(agent.name).rpartition("_")
    known = {"leadadversary": "Leader", "agent": f"Agent {int(number) + 1}"}
    return known.get(kind, kind.capitalize())


def _disc(entity: Any, centre: tuple[float, float]) -> Shape:  # Any: as above.
    return circle(centre, float(entity.size), colour(entity.color), INK)
