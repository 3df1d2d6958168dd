"""Gymnasium's small worlds of cells: frozen lake, cliff walking, taxi."""

from abc import abstractmethod
from collections.abc import Iterable, Sequence
from typing import Any, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from arenas.recorders.grid import SEAT, Grid, Look, Piece, look
from arenas.recorders.timeline import Recorded

Place: TypeAlias = tuple[int, int]

_FLAG, _PERSON = 4, 5
_FLOOR, _ABYSS, _START, _GOAL = range(4)
_LINES, _INK, _ICE, _GRASS = "#ffffff", "#2b2f36", "#d8ecf5", "#c3d8a4"
_FALL: Final = -100
_WAYS: Final = {(1, 0): "down", (-1, 0): "up", (0, 1): "right", (0, -1): "left"}
_FACING: Final = ("up", "right", "down", "left")
_TOWN: Final = slice(1, -1)
"""The town without the frame around it."""
_RANKS: Final = ("#d8412f", "#3f9b57", "#e8b31a", "#3b6fb6")
_RANK_NAMES: Final = ("red", "green", "yellow", "blue")
_ROAD, _WALL, _FIRST_RANK, _EMPTY_CAR, _FULL_CAR, _WAITING, _WANTED = 0, 1, 2, 6, 7, 8, 9
_ABOARD: Final = 4
_PICK_UP, _SET_DOWN = 4, 5


class _Walk(Grid):
    """One person on a map that never changes: what the lake and the cliff have in common."""

    _map: NDArray[np.uint8]
    _orders: tuple[str, ...]
    """The ways that actions 0 to 3 are meant to go."""
    _floor: str
    _abyss: Look

    def __init__(self, adapter: Recorded) -> None:
        self._adapter = adapter
        self._environment = adapter.environment
        self._place = self._stands()
        self._reward = adapter.rewards[0]
        ((row, column),) = np.argwhere(self._map == _GOAL).tolist()
        self._flag = Piece("goal", _FLAG, row, column)

    def palette(self) -> Sequence[Look]:
        """Return floor, abyss, start and goal, the flag that stands there, and the person."""
        floor = look("square", self._floor, _LINES)
        start = look("square", self._floor, _LINES, letter="S", ink=_INK)
        return (floor, self._abyss, start, floor, look("flag", "#c0392b", _INK), look("person", SEAT, _INK))

    def cells(self) -> NDArray[np.uint8]:
        """Return the map."""
        return self._map

    def pieces(self) -> Iterable[Piece]:
        """Return the flag, and the person where it stands now."""
        row, column = self._stands()
        action = self._environment.lastaction
        facing = _FACING.index("down" if action is None else self._orders[int(action)])
        return (self._flag, Piece("person", _PERSON, row, column, facing, 0))

    def label(self, actor: int) -> str:
        """Return where the step went, and where it was meant to."""
        before, self._place = self._place, self._stands()
        meant = self._orders[int(self._environment.lastaction)]
        went = _WAYS.get((self._place[0] - before[0], self._place[1] - before[1]), "")
        earned, self._reward = self._adapter.rewards[0] - self._reward, self._adapter.rewards[0]
        fate = self._fate(earned)
        if fate:
            return fate
        if not went:
            return "Stays at the edge"
        return f"Goes {went}" if went == meant else f"Wants {meant}, slips {went}"

    def _stands(self) -> Place:
        row, column = divmod(int(self._environment.s), int(self._map.shape[1]))
        return row, column

    @abstractmethod
    def _fate(self, earned: float) -> str:
        """Return what ended the walk or threw it back; mostly nothing."""


class LakeGrid(_Walk):
    """Frozen lake of any size."""

    _orders = ("left", "down", "right", "up")
    _floor = _ICE
    _abyss = look("square", "#1f4e6e", _LINES)

    def __init__(self, adapter: Recorded) -> None:
        kinds = {b"F": _FLOOR, b"H": _ABYSS, b"S": _START, b"G": _GOAL}
        self._map = np.array([[kinds[bytes(g)] for g in row] for row in adapter.environment.desc], np.uint8)
        super().__init__(adapter)

    def _fate(self, _: float) -> str:
        return {_ABYSS: "Falls into a hole", _GOAL: "Arrives"}.get(int(self._map[self._place]), "")


class CliffGrid(_Walk):
    """Cliff walking."""

    _orders = ("up", "right", "down", "left")
    _floor = _GRASS
    _abyss = look("square", "#4d6f8f", _LINES)

    def __init__(self, adapter: Recorded) -> None:
        self._map = adapter.environment._cliff.astype(np.uint8) * np.uint8(_ABYSS)
        self._map[-1, 0], self._map[-1, -1] = _START, _GOAL
        super().__init__(adapter)

    def _fate(self, earned: float) -> str:
        if self._map[self._place] == _GOAL:
            return "Arrives"
        return "Steps over the edge, back to the start" if earned <= _FALL else ""


class TaxiGrid(Grid):
    """Taxi: every other column of the town lies between two squares and may hold a wall."""

    def __init__(self, adapter: Recorded) -> None:
        self._environment: Any = adapter.environment  # Any: Gymnasium's, untyped here.
        town = self._environment.desc[_TOWN, _TOWN]
        self._map = np.where(town == b"|", _WALL, _ROAD).astype(np.uint8)
        for number, (row, column) in enumerate(self._environment.locs):
            self._map[row, 2 * column] = _FIRST_RANK + number
        self._last = self._state()

    def palette(self) -> Sequence[Look]:
        """Return road, wall, the four ranks, the taxi empty and full, the passenger and their destination."""
        ranks = (
            look("tile", fill, letter=name[0].upper()) for fill, name in zip(_RANKS, _RANK_NAMES, strict=True)
        )
        return (
            look("square", "#ebe5da"),
            look("square", "#5b5566"),
            *ranks,
            look("car", "#f2c14e", _INK),
            look("car", "#f2c14e", _INK, letter="1", ink=_INK),
            look("person", "#7b4ea3", _INK),
            look("flag", "#7b4ea3", _INK),
        )

    def cells(self) -> NDArray[np.uint8]:
        """Return the town."""
        return self._map

    def pieces(self) -> Iterable[Piece]:
        """Return the destination, the passenger while outside, and the taxi."""
        row, column, passenger, destination = self._state()
        ranks = self._environment.locs
        there = ranks[destination]
        found = [Piece("destination", _WANTED, there[0], 2 * there[1])]
        if passenger != _ABOARD:
            found.append(Piece("passenger", _WAITING, ranks[passenger][0], 2 * ranks[passenger][1]))
        facing = {0: 2, 1: 0, 2: 1, 3: 3}.get(self._environment.lastaction, 1)
        car = _FULL_CAR if passenger == _ABOARD else _EMPTY_CAR
        return (*found, Piece("taxi", car, row, 2 * column, facing, 0))

    def label(self, actor: int) -> str:
        """Return what the taxi did."""
        before, self._last = self._last, self._state()
        row, column, passenger, destination = self._last
        action = self._environment.lastaction
        if action in (_PICK_UP, _SET_DOWN):
            if passenger == before[2]:
                return "Nobody gets on" if action == _PICK_UP else "Nobody gets off"
            if action == _PICK_UP:
                return f"Picks the passenger up, who wants to go to {_RANK_NAMES[destination]}"
            fate = "" if passenger == destination else "not "
            return f"Sets the passenger down at {_RANK_NAMES[passenger]}, {fate}where they wanted to go"
        went = _WAYS.get((row - before[0], column - before[1]), "")
        return f"Drives {went}" if went else "Stands before a wall"

    def _state(self) -> tuple[int, int, int, int]:
        row, column, passenger, destination = self._environment.decode(int(self._environment.s))
        return row, column, passenger, destination


def is_lake(environment: Any) -> bool:  # Any: as above.
    """Say whether the environment is a frozen lake."""
    return hasattr(environment, "desc") and hasattr(environment, "nrow") and hasattr(environment, "s")


def is_cliff(environment: Any) -> bool:  # Any: as above.
    """Say whether the environment is a walk along the cliff."""
    return hasattr(environment, "_cliff") and hasattr(environment, "start_state_index")


def is_taxi(environment: Any) -> bool:  # Any: as above.
    """Say whether the environment is a taxi."""
    return hasattr(environment, "locs") and hasattr(environment, "decode")
