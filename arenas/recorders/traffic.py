"""Traffic on SUMO from above: streets, cars, and at each crossing a bar along the way that is open."""

import math
import sys
from functools import cached_property
from typing import Any, Final

from arenas.recorders.stage import INK, Body, Row, Shape, line, polygon
from arenas.recorders.timeline import Recorded

_STREET: Final = "#9aa0a8"
_CAR: Final = "#d8743c"
_OPEN: Final = "#3fa34d"
_CAR_LENGTH: Final = 10.0
"""Metres; twice as long as they are, to be seen on a phone."""
_PLACES: Final = 10.0
"""Metres to which places are rounded: a car of five seconds' drive needs no more."""


def is_traffic(environment: object) -> bool:
    """Say whether an environment is one of our traffic worlds, without importing them."""
    return type(environment).__module__ == "arenas.games.traffic.env"


class TrafficStage:
    """All streets, the lights by seat, and the cars that are there now."""

    def __init__(self, adapter: Recorded) -> None:
        self._environment: Any = adapter.environment  # Any: recorders import no environment.
        self._traci: Any = sys.modules["traci"]
        self._cars: tuple[str, ...] = ()

    @cached_property
    def _lights(self) -> list[tuple[Any, tuple[float, float], float]]:  # Any: sumo-rl's signal.
        """Signal and place of each crossing, and along which way its first phase opens; asked after reset."""
        environment, lights = self._environment, []
        for name in environment.possible_agents:
            signal = environment.env.traffic_signals[name]
            place = self._traci.junction.getPosition(name)
            lights.append((signal, place, _way(self._traci.lane.getShape(signal.lanes[0]))))
        return lights

    def bodies(self) -> list[Body]:
        """Return the lights, then the cars that are there."""
        self._cars = tuple(self._traci.vehicle.getIDList())
        bar = [polygon([(-14, -2.5), (14, -2.5), (14, 2.5), (-14, 2.5)], _OPEN, INK)]
        body = [polygon([(0, -2.2), (0, 2.2), (-_CAR_LENGTH, 2.2), (-_CAR_LENGTH, -2.2)], _CAR, INK)]
        lights = [Body(bar, seat, f"light {seat}", 1) for seat in range(len(self._lights))]
        return [*lights, *(Body(body, None, car) for car in self._cars)]

    def row(self) -> Row:
        """Return where all of them are; cars by their front, to ten metres."""
        row: list[float] = []
        for signal, (x, y), way in self._lights:
            row += (x, y, way + (math.pi / 2 if signal.green_phase else 0.0))
        vehicle = self._traci.vehicle
        for car in self._cars:
            x, y = vehicle.getPosition(car)
            angle = math.radians(90.0 - vehicle.getAngle(car))
            row += (round(x / _PLACES) * _PLACES, round(y / _PLACES) * _PLACES, round(angle, 1))
        return tuple(row)

    def changed(self) -> bool:
        """Say whether cars came or went."""
        return tuple(self._traci.vehicle.getIDList()) != self._cars

    def still(self) -> list[Shape]:
        """Return the lanes of all streets."""
        lane = self._traci.lane
        return [
            line([(float(x), float(y)) for x, y in lane.getShape(name)], _STREET)
            for name in lane.getIDList()
            if not name.startswith(":")
        ]

    def bounds(self, _: tuple[float, float, float, float]) -> list[float] | str:
        """Return as far as the streets reach."""
        (left, bottom), (right, top) = self._traci.simulation.getNetBoundary()
        return [left, bottom, right, top]

    def label(self) -> str:
        """Say how many cars stand."""
        standing = sum(int(signal.get_total_queued()) for signal, _, _ in self._lights)
        return f"{standing} of {len(self._cars)} cars stand"


def _way(shape: Any) -> float:  # Any: SUMO's list of points.
    (x0, y0), (x1, y1) = shape[0], shape[-1]
    return math.atan2(y1 - y0, x1 - x0)
