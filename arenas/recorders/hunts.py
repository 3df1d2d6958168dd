"""Hunts on a grid: pursuit's hunters and evaders, magent2's crowds."""

from collections.abc import Iterable, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from arenas.recorders.grid import NOTHING, SEAT, Flash, Grid, Look, Piece, look
from arenas.recorders.timeline import Recorded

_INK, _WALL, _EVADER, _STAR = "#2b2f36", "#8a8577", "#3b6fb6", "#e8b31a"
_RED, _BLUE = "#c8413b", "#2f7fc1"
_HALF: Final = 0.5
_HEALTH: Final = 2
"""Channel of magent2's views that tells health; in the middle it is one's own."""


class PursuitGrid(Grid):
    """Hunters in the colours of their seats, evaders in blue, a flash where one was caught."""

    def __init__(self, adapter: Recorded) -> None:
        self._base = adapter.environment.env
        self._numbers = {id(evader): number for number, evader in enumerate(self._base.evader_layer.allies)}
        # Kept, so that no two evaders of an episode have one identity.
        self._all = list(self._base.evader_layer.allies)
        self._places = self._evaders()
        self._caught: list[tuple[int, int]] = []

    def palette(self) -> Sequence[Look]:
        """Return floor, wall, hunter, evader, flash."""
        return (
            NOTHING,
            look("square", _WALL),
            look("person", SEAT, _INK),
            look("dot", _EVADER, _INK),
            look("star", _STAR),
        )

    def cells(self) -> NDArray[np.uint8]:
        """Return the walls."""
        return np.asarray(self._base.map_matrix.T == -1, np.uint8)

    def pieces(self) -> Iterable[Piece]:
        """Return evaders that are free and all hunters."""
        now = self._evaders()
        self._caught = [place for number, place in self._places.items() if number not in now]
        self._places = now
        for number, (x, y) in now.items():
            yield Piece(f"e{number}", 3, y, x)
        layer = self._base.pursuer_layer
        for seat in range(layer.n_agents()):
            x, y = (int(value) for value in layer.get_position(seat))
            yield Piece(seat, 2, y, x, 0, seat)

    def flashes(self) -> Iterable[Flash]:
        """Return where evaders were caught in this turn."""
        return [Flash(4, y, x) for x, y in self._caught]

    def label(self, actor: int) -> str:
        """Say how many were caught."""
        return f"Caught {len(self._caught)}, {len(self._places)} left" if self._caught else ""

    def _evaders(self) -> dict[int, tuple[int, int]]:
        found = {}
        for evader in self._base.evader_layer.allies:
            x, y = evader.current_position()
            found[self._numbers[id(evader)]] = (int(x), int(y))
        return found


class CrowdGrid(Grid):
    """Two teams of magent2; who is broader than a cell is drawn on all of its cells."""

    def __init__(self, adapter: Recorded) -> None:
        self._adapter = adapter
        self._environment = adapter.environment
        size = int(self._environment.map_size)
        self._cells = np.zeros((size, size), np.uint8)
        for x, y in self._environment.env._get_walls_info():
            self._cells[y, x] = 1
        self._health = dict.fromkeys(range(adapter.spec.seats), 1.0)
        self._is_broad = [
            len(self._environment.env.get_view2attack(handle)[1]) % 2 == 0
            for handle in self._environment.handles
        ]
        self._counts = self._count()

    def palette(self) -> Sequence[Look]:
        """Return floor, wall, and fighters in good and in bad health."""
        return (NOTHING, look("square", _WALL), look("tile", SEAT, _INK), look("ring", SEAT, SEAT))

    def cells(self) -> NDArray[np.uint8]:
        """Return the walls."""
        return self._cells

    def pieces(self) -> Iterable[Piece]:
        """Return everybody who is alive."""
        game = self._environment
        for asked in self._adapter.asked():
            seen = np.asarray(asked.observation)
            middle = (seen.shape[0] - 1) // 2
            self._health[asked.seat] = float(seen[middle, middle, _HEALTH])
        for handle, broad in zip(game.handles, self._is_broad, strict=True):
            for seat, (x, y) in zip(game.env.get_agent_id(handle), game.env.get_pos(handle), strict=True):
                form = 2 if self._health[int(seat)] > _HALF else 3
                for part, (right, below) in enumerate(
                    ((0, 0), (1, 0), (0, 1), (1, 1)) if broad else ((0, 0),)
                ):
                    yield Piece(f"{seat}.{part}", form, int(y) + below, int(x) + right, 0, int(seat))

    def label(self, actor: int) -> str:
        """Say how many are left when somebody fell."""
        before, self._counts = self._counts, self._count()
        return " against ".join(str(count) for count in self._counts) if self._counts != before else ""

    def colours(self) -> Sequence[str]:
        """Return red for the first team, blue for the second."""
        return [_BLUE if team else _RED for team in self._adapter.spec.teams]

    def _count(self) -> list[int]:
        return [int(self._environment.env.get_num(handle)) for handle in self._environment.handles]


def is_pursuit(environment: Any) -> bool:  # Any: third-party, untyped.
    """Say whether the environment is pursuit."""
    return hasattr(getattr(environment, "env", None), "evader_layer")


def is_crowd(environment: Any) -> bool:  # Any: as above.
    """Say whether the environment is one of magent2's."""
    return hasattr(environment, "handles") and hasattr(environment, "team_sizes")
