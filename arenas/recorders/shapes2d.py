"""Worlds of moving shapes as tracks: Box2D, sumo, pistons, particles, the cart pole.

How it works. A stage knows one kind of world: it lists the bodies once and after each turn says where
they are, as one flat row. Rows become tracks only at the end, so a turn costs microseconds; what stands
still is drawn once.
"""

from dataclasses import dataclass, field

from arenas.errors import ArenaError
from arenas.recorders.box2d import Box2dStage, has_box2d
from arenas.recorders.particles import CartPoleStage, ParticleStage, is_cart_pole, is_particle_world
from arenas.recorders.pistons import PistonStage, is_pistonball
from arenas.recorders.stage import Body, Row, Stage
from arenas.recorders.sumo import SumoStage, is_sumo
from arenas.recorders.timeline import Recorded, Timeline
from arenas.trajectory import Trajectory, track


def stage_of(adapter: Recorded) -> Stage | None:
    """Return the stage for the environment's world, or None where it has none that is known."""
    if has_box2d(adapter.environment):
        return Box2dStage(adapter)
    if is_sumo(adapter.environment):
        return SumoStage(adapter)
    if is_pistonball(adapter.environment):
        return PistonStage(adapter)
    if is_particle_world(adapter.environment):
        return ParticleStage(adapter)
    if is_cart_pole(adapter.environment):
        return CartPoleStage(adapter)
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
        self._timeline = Timeline(adapter, "shapes2d")
        self._spans = [_Span(0, self._stage.bodies())]
        self._still = self._stage.still()
        self._rows = self._spans[0].rows
        self._rows.append(self._stage.row())

    def turn(self, adapter: Recorded, actor: int, label: str | None = None) -> None:
        """Draw the frame after a step."""
        if self._stage.changed():
            self._spans.append(_Span(self._timeline.frames, self._stage.bodies()))
            self._rows = self._spans[-1].rows
        self._timeline.turn(adapter, actor, label)
        self._rows.append(self._stage.row())

    def finish(self) -> bytes:
        """Return the stored trajectory."""
        bodies = [body for span in self._spans for body in _bodies_of(span)]
        xs = [value for span in self._spans for row in span.rows for value in row[0::3]] or [0.0]
        ys = [value for span in self._spans for row in span.rows for value in row[1::3]] or [0.0]
        bounds = self._stage.bounds((min(xs), min(ys), max(xs), max(ys)))
        return self._timeline.stored({"bounds": bounds, "static": self._still, "bodies": bodies})


def _bodies_of(span: _Span) -> list[Trajectory]:
    columns = list(zip(*span.rows, strict=True))
    return [
        {
            "shapes": body.shapes,
            "seat": body.seat,
            "x": track(columns[3 * index]),
            "y": track(columns[3 * index + 1]),
            "angle": track(columns[3 * index + 2]),
            "from": span.first,
            "to": span.first + len(span.rows) - 1,
        }
        for index, body in enumerate(span.bodies)
    ]
