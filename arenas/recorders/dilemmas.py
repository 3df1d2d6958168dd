"""Cleanup and Harvest as grids: apples, river and waste, agents that look somewhere, beams."""

from collections.abc import Iterable, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from arenas.recorders.grid import NOTHING, SEAT, Flash, Grid, Look, Piece, look
from arenas.recorders.timeline import Recorded

_CLEAN: Final = 8
_EMPTY, _WALL, _SOIL, _APPLE, _RIVER, _WASTE, _AGENT, _BEAM, _RINSE = range(9)
_PALETTE: Final[tuple[Look, ...]] = (
    NOTHING,
    look("square", "#74787f"),
    look("tile", "#2e4a2c"),
    look("circle", "#5cbe50"),
    look("wave", "#3c6eaa"),
    look("square", "#7a5c30"),
    look("arrow", SEAT),
    look("square", "#e8c446"),
    look("square", "#7fd7e8"),
)


def is_dilemma(environment: object) -> bool:
    """Say whether an environment is one of our social dilemmas, without importing them."""
    return type(environment).__module__ == "arenas.games.dilemmas.env"


class DilemmaGrid(Grid):
    """The whole land, as no agent sees it."""

    def __init__(self, adapter: Recorded) -> None:
        self._environment: Any = adapter.environment  # Any: recorders import no environment.
        letters = self._land.letters
        self._ground = np.select(
            [letters == "@", letters == "A", letters == "R"], [_WALL, _SOIL, _RIVER], _EMPTY
        ).astype(np.uint8)

    @property
    def _land(self) -> Any:  # Any: as above.
        return self._environment.land

    def palette(self) -> Sequence[Look]:
        """Return the looks of all there is."""
        return _PALETTE

    def cells(self) -> NDArray[np.uint8]:
        """Return ground, apples and waste."""
        land = self._land
        cells = self._ground.copy()
        cells[land.apple > 0] = _APPLE
        if hasattr(land, "waste"):
            cells[land.waste > 0] = _WASTE
        return cells

    def pieces(self) -> Iterable[Piece]:
        """Return the agents that are not out."""
        land = self._land
        for agent, (row, column) in enumerate(land.places):
            if not land.out[agent]:
                yield Piece(agent, _AGENT, row, column, land.headings[agent], agent)

    def flashes(self) -> Iterable[Flash]:
        """Return the beams of this turn."""
        for _, action, cells in self._land.fired:
            for row, column in cells:
                yield Flash(_RINSE if action == _CLEAN else _BEAM, row, column)

    def label(self, actor: int) -> str:
        """Say who was hit by whom."""
        return "; ".join(f"agent {by + 1} puts agent {hit + 1} out" for by, hit in self._land.hits)
