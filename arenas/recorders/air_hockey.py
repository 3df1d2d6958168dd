"""Air hockey's table from above: the puck with its trail, mallets in their sides' colours, words on goals."""

from typing import Any, Final

from arenas.recorders.stage import INK, Body, Row, Shape, circle, colour, line, polygon
from arenas.recorders.timeline import Recorded

_TRAIL: Final = ((4, 0.08, "#e3ebf0"), (3, 0.11, "#d3dee6"), (2, 0.14, "#c0cfd9"), (1, 0.17, "#a9bcc9"))
"""Turns back, radius and colour of what shows where the puck was, the oldest first."""
_LONGEST: Final = 5
_FAST: Final = 3.0
"""A puck that comes to the mouth at this speed and is met is a save."""
_REACH: Final = 0.9
_SIDES: Final = ("Orange", "Blue")


class AirHockeyStage:
    """A table with a puck and two or four mallets."""

    def __init__(self, adapter: Recorded) -> None:
        # Imported now: only who has the environment has what it is drawn with.
        from arenas.games.air_hockey import drawing, physics

        self._rink: Any = adapter.environment.rink  # Any: the environment's module is not loaded here.
        self._drawing, self._physics = drawing, physics
        self._places = [self._place()] * _LONGEST
        self._goals = list(self._rink.goals)
        self._faceoffs = self._rink.faceoffs
        self._threat = self._threatened()

    def colours(self) -> list[str]:
        """Return the colour of each seat."""
        return [colour(rgb) for rgb in self._drawing.colours_of(self._rink.side)]

    def bodies(self) -> list[Body]:
        """Return the trail, the puck and the mallets over it."""
        drawing, physics = self._drawing, self._physics
        trail = [Body([circle((0.0, 0.0), radius, tint, tint)], None) for _, radius, tint in _TRAIL]
        puck = [
            circle((0.0, 0.0), physics.PUCK, colour(drawing.PUCK), INK),
            polygon(list(drawing.stripe()), colour(drawing.STRIPE), colour(drawing.STRIPE)),
        ]
        mallets = [
            Body(
                [
                    circle((0.0, 0.0), physics.MALLET, tint, INK),
                    circle((0.0, 0.0), drawing.KNOB, colour(drawing.ICE), tint),
                ],
                seat,
            )
            for seat, tint in enumerate(self.colours())
        ]
        return [*trail, Body(puck, None), *mallets]

    def row(self) -> Row:
        """Return x, y and angle of the trail, the puck and the mallets."""
        rink, places = self._rink, self._places
        found: list[float] = []
        for back, _, _ in _TRAIL:
            found += (*places[-1 - back], 0.0)
        found += (rink.puck.x, rink.puck.y, rink.puck.angle)
        for mallet in rink.mallets:
            found += (mallet.x, mallet.y, 0.0)
        return tuple(found)

    def changed(self) -> bool:
        """Note where the puck is now; the bodies are always the same."""
        place = self._place()
        is_new = self._rink.faceoffs != self._faceoffs
        self._places = [place] * _LONGEST if is_new else [*self._places[1:], place]
        return False

    def label(self) -> str:
        """Return what happened in the last turn: a goal, a faceoff, a save, sudden death, or nothing."""
        rink = self._rink
        threat, self._threat = self._threat, self._threatened()
        if rink.goals != self._goals:
            side = int(rink.goals[1] > self._goals[1])
            self._goals = list(rink.goals)
            return f"Goal for {_SIDES[side]}, {rink.goals[0]}:{rink.goals[1]}" + self._ending()
        if rink.faceoffs != self._faceoffs:
            self._faceoffs = rink.faceoffs
            why = "Held too long" if rink.reason == "clock" else "Faceoff"
            return f"{why}: {_SIDES[int(rink.puck.x > 0)]} gets the puck"
        if rink.winner() is not None:
            return f"Time is up at {rink.goals[0]}:{rink.goals[1]}" + self._ending()
        if rink.turn == self._physics.REGULAR_TURNS:
            return "Sudden death: the next goal wins"
        if threat is not None and self._threat != threat and self._is_met(threat):
            return f"Save by {_SIDES[threat]}"
        return ""

    def still(self) -> list[Shape]:
        """Return frame, pockets, ice and its marks."""
        drawing, physics, side = self._drawing, self._physics, self._rink.side
        length, width = self._half()
        marks, middle = colour(drawing.MARKS), colour(drawing.MIDDLE)
        frame = [(-length, -width), (length, -width), (length, width), (-length, width)]
        pocket, dark = list(drawing.pocket(side)), colour(drawing.POCKETS)
        ice = colour(drawing.ICE)
        top = physics.HALF_WIDTH[side]
        creases = [line(drawing.crease(side, way), marks) for way in (1, -1)]
        return [
            polygon(frame, colour(drawing.FRAME), INK),
            polygon(pocket, dark, dark),
            polygon([(-x, -y) for x, y in pocket], dark, dark),
            polygon(list(drawing.outline(side)), ice, INK),
            *creases,
            circle((0.0, 0.0), drawing.CIRCLE, ice, middle),
            line([(0.0, -top), (0.0, top)], middle),
            circle((0.0, 0.0), 0.08, middle, middle),
        ]

    def bounds(self, _: tuple[float, float, float, float]) -> list[float] | str:
        """Return the table with its frame."""
        length, width = self._half()
        return [-length, -width, length, width]

    def _half(self) -> tuple[float, float]:
        rim, side = self._drawing.RIM, self._rink.side
        return round(self._rink.length + rim, 3), round(self._physics.HALF_WIDTH[side] + rim, 3)

    def _place(self) -> tuple[float, float]:
        return self._rink.puck.x, self._rink.puck.y

    def _threatened(self) -> int | None:
        """Return the side into whose mouth the puck would fly on a straight way."""
        rink, puck = self._rink, self._rink.puck
        if abs(puck.vx) < _FAST or abs(puck.x) > rink.length:
            return None
        end = rink.length if puck.vx > 0 else -rink.length
        is_in = abs(puck.y + puck.vy * (end - puck.x) / puck.vx) < rink.mouth
        return int(puck.vx > 0) if is_in else None

    def _is_met(self, side: int) -> bool:
        """Say whether a mallet of the side is where it may just have touched the puck."""
        puck = self._rink.puck
        return any(
            mallet.team == side and abs(mallet.x - puck.x) < _REACH and abs(mallet.y - puck.y) < _REACH
            for mallet in self._rink.mallets
        )

    def _ending(self) -> str:
        winner = self._rink.winner()
        return "" if winner is None else ": a draw" if winner < 0 else f": {_SIDES[winner]} wins"


def is_air_hockey(environment: object) -> bool:
    """Say whether the environment is a game of air hockey that has begun."""
    return hasattr(getattr(environment, "rink", None), "mallets")
