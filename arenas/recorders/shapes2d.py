"""Worlds of moving shapes as tracks: Box2D, sumo, air hockey, pistons, particles, the cart pole.

How it works. A stage knows one kind of world: it lists the bodies once and after each turn says where
they are, as one flat row. Rows become tracks only at the end, so a turn costs microseconds; what stands
still is drawn once.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from arenas.errors import ArenaError
from arenas.recorders.air_hockey import AirHockeyStage, is_air_hockey
from arenas.recorders.box2d import Box2dStage, has_box2d
from arenas.recorders.butterfly import PaddlesStage, ZombieStage, is_cooperative_pong, is_zombie_field
from arenas.recorders.joust import JoustStage, is_joust
from arenas.recorders.mechanisms import (
    AcrobotStage,
    MountainCarStage,
    PendulumStage,
    is_acrobot,
    is_mountain_car,
    is_pendulum,
)
from arenas.recorders.particles import CartPoleStage, ParticleStage, is_cart_pole, is_particle_world
from arenas.recorders.pistons import PistonStage, is_pistonball
from arenas.recorders.racing import RacingStage, is_racing
from arenas.recorders.stage import Body, Row, Stage
from arenas.recorders.sumo import SumoStage, is_sumo
from arenas.recorders.tank_duel import TankDuelStage, is_tank_duel
from arenas.recorders.timeline import Recorded, Thought, Timeline
from arenas.recorders.traffic import TrafficStage, is_traffic
from arenas.trajectory import Trajectory, track

_KNOWN: Final[tuple[tuple[Callable[[Any], bool], Callable[[Recorded], Stage]], ...]] = (
    (is_racing, RacingStage),
    (is_air_hockey, AirHockeyStage),
    (has_box2d, Box2dStage),
    (is_sumo, SumoStage),
    (is_joust, JoustStage),
    (is_tank_duel, TankDuelStage),
    (is_pistonball, PistonStage),
    (is_cooperative_pong, PaddlesStage),
    (is_traffic, TrafficStage),
    (is_zombie_field, ZombieStage),
    (is_particle_world, ParticleStage),
    (is_cart_pole, CartPoleStage),
    (is_acrobot, AcrobotStage),
    (is_pendulum, PendulumStage),
    (is_mountain_car, MountainCarStage),
)
"""Pairs of `is_it(environment)` and what makes its stage; the first that fits is taken."""


def stage_of(adapter: Recorded) -> Stage | None:
    """Return the stage for the environment's world, or None where it has none that is known."""
    for recognises, stage in _KNOWN:
        if recognises(adapter.environment):
            return stage(adapter)
    return None


@dataclass(slots=True)
class _Span:
    """Frames during which the same bodies were there."""

    first: int
    bodies: list[Body]
    rows: list[Row] = field(default_factory=list)


class ShapesRecorder:
    """Records where every body is, frame by frame."""

    _stage: Stage

    def start(self, adapter: Recorded) -> None:
        """Draw frame 0 and all that stands still.

        Raises:
            ArenaError: the environment's world is of no known kind.
        """
        # Looked up now: some arenas have a new environment, and with it a new world, in each episode.
        stage = stage_of(adapter)
        if stage is None:
            raise ArenaError(f"{adapter.spec.id} has no world of shapes to draw.")
        self._stage = stage
        colours = getattr(stage, "colours", None)
        self._timeline = Timeline(adapter, "shapes2d", colours=colours() if colours else ())
        self._spans = [_Span(0, self._stage.bodies())]
        self._still = self._stage.still()
        self._rows = self._spans[0].rows
        self._rows.append(self._stage.row())

    def turn(self, adapter: Recorded, actor: int, label: str | None = None) -> None:
        """Draw the frame after a step."""
        if self._stage.changed():
            self._spans.append(_Span(self._timeline.frames, self._stage.bodies()))
            self._rows = self._spans[-1].rows
        words = getattr(self._stage, "label", None) if label is None else None
        self._timeline.turn(adapter, actor, words() if words else label)
        self._rows.append(self._stage.row())

    def finish(self, thought: Thought = ()) -> bytes:
        """Return the stored trajectory."""
        bodies = _bodies_of(self._spans)
        xs = [value for span in self._spans for row in span.rows for value in row[0::3]] or [0.0]
        ys = [value for span in self._spans for row in span.rows for value in row[1::3]] or [0.0]
        bounds = self._stage.bounds((min(xs), min(ys), max(xs), max(ys)))
        return self._timeline.stored({"bounds": bounds, "static": self._still, "bodies": bodies}, thought)


@dataclass(slots=True)
class _Stay:
    """One body from the frame it came to the frame it left."""

    body: Body
    first: int
    places: list[tuple[float, ...]]
    """x, y and angle of each frame."""


def _bodies_of(spans: list[_Span]) -> list[Trajectory]:
    """Return the bodies with their tracks; one with a name goes on over the spans as long as it is there."""
    stays: list[_Stay] = []
    named: dict[str, _Stay] = {}
    for span in spans:
        columns = list(zip(*span.rows, strict=True))
        for index, body in enumerate(span.bodies):
            places = list(zip(*columns[3 * index : 3 * index + 3], strict=True))
            known = named.get(body.name) if body.name else None
            if known and known.body == body and known.first + len(known.places) == span.first:
                known.places += places
                continue
            stays.append(_Stay(body, span.first, places))
            named[body.name] = stays[-1]
    stays.sort(key=lambda stay: stay.body.layer)
    return [_stored(stay) for stay in stays]


def _stored(stay: _Stay) -> Trajectory:
    x, y, angle = zip(*stay.places, strict=True)
    return {
        "shapes": stay.body.shapes,
        "seat": stay.body.seat,
        "x": track(x),
        "y": track(y),
        "angle": track(angle),
        "from": stay.first,
        "to": stay.first + len(stay.places) - 1,
    }
