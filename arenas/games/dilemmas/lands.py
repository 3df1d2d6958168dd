"""How the two lands change: apples that grow where apples are, and a river that fills with waste."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from arenas.games.dilemmas.land import CLEAN, SIGHT, ZAP, Land
from arenas.games.dilemmas.maps import CLEANUP, HARVEST

GROWTH: Final = (0.0, 0.01, 0.01, 0.05, 0.05, 0.1)
"""Chance a turn that an apple grows, by the apples within distance 2 of its cell, 5 standing for more.

From Perolat and others (2017), "A multi-agent reinforcement learning model of common-pool resource
appropriation"."""
_NEAR: Final = tuple(
    (down, right) for down in range(-2, 3) for right in range(-2, 3) if 0 < down * down + right * right <= 4
)

DEPLETION: Final = 0.4
"""Share of the river under waste from which no apple grows and no waste comes."""
RESTORATION: Final = 0.0
"""Share of the river under waste up to which apples grow at their full rate."""
WASTE_CHANCE: Final = 0.5
"""Chance a turn that one more cell of the river fills with waste."""
APPLE_CHANCE: Final = 0.05
"""Chance a turn that an apple grows in an empty cell of the orchard, while the river is clean.

All four are those of Hughes and others (2018), "Inequity aversion improves cooperation in intertemporal
social dilemmas"."""


class HarvestLand(Land):
    """Apples grow where apples are near; a patch that is eaten up is gone for good."""

    def __init__(self, agents: int, rng: np.random.Generator) -> None:
        super().__init__(HARVEST, agents, rng)
        rows, columns = self.orchard.T
        self._cells = (rows, columns)
        width = self.planes.shape[2]
        self._flat = (rows + SIGHT) * width + columns + SIGHT
        # Where to look for the neighbours of each cell of the orchard, in the flat plane: (cells, 12).
        self._near = self._flat[:, None] + np.array([down * width + right for down, right in _NEAR])
        self._growth = np.array([GROWTH[min(count, 5)] for count in range(len(_NEAR) + 1)])
        self.apple[self._cells] = 1

    def change(self) -> None:
        """Let apples grow in empty cells of the orchard, likelier the more apples are within distance 2."""
        apples = self.planes[1].reshape(-1)
        near = apples[self._near].sum(axis=1)
        grown = self.rng.random(len(near)) < self._growth[near]
        grown &= self.taken[self._cells] < 0
        apples[self._flat[grown]] = 1


class CleanupLand(Land):
    """Apples grow as long as the river is clean, and somebody has to clean it."""

    beams = (ZAP, CLEAN)
    _CLEANING, _RIVER, _WASTE = 7, 8, 9

    def __init__(self, agents: int, rng: np.random.Generator) -> None:
        super().__init__(CLEANUP, agents, rng, more_planes=3)
        self.river = self.letters == "R"
        self.cleaning = self.inside(self._CLEANING)
        self.waste = self.inside(self._WASTE)
        self.inside(self._RIVER)[:] = self.river
        self._river_cells = np.argwhere(self.river)
        self._orchard_cells = tuple(self.orchard.T)
        # It begins just past the point of no apples: nobody eats before somebody has cleaned.
        filled = rng.permutation(len(self._river_cells))[: int(len(self._river_cells) * DEPLETION) + 1]
        self.waste[tuple(self._river_cells[filled].T)] = 1

    @property
    def polluted(self) -> float:
        """Return the share of the river that is under waste."""
        return float(self.waste.sum()) / len(self._river_cells)

    def apple_chance(self) -> float:
        """Return the chance that an apple grows in one empty cell of the orchard in this turn."""
        dirt = (self.polluted - RESTORATION) / (DEPLETION - RESTORATION)
        return APPLE_CHANCE * min(1.0, max(0.0, 1.0 - dirt))

    def struck(self, agent: int, action: int, cell: tuple[int, int]) -> bool:
        """Let a cleaning ray take the first waste it meets; others go on until they meet an agent."""
        if action != CLEAN:
            return super().struck(agent, action, cell)
        is_waste = bool(self.waste[cell])
        self.waste[cell] = 0
        return is_waste

    def light(self, action: int) -> NDArray[np.uint8]:
        """Return the plane in which a beam is seen."""
        return self.cleaning if action == CLEAN else self.beam

    def change(self) -> None:
        """Let waste come into the river, and apples grow the better the cleaner it is."""
        chance = self.apple_chance()
        if chance:
            rows, columns = self._orchard_cells
            grown = self.rng.random(len(rows)) < chance
            grown &= self.taken[rows, columns] < 0
            self.apple[rows[grown], columns[grown]] = 1
        if self.polluted < DEPLETION and self.rng.random() < WASTE_CHANCE:
            clean = np.flatnonzero(self.river & (self.waste == 0))
            self.waste.flat[int(clean[self.rng.integers(len(clean))])] = 1
