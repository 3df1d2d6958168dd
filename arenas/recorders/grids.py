"""The worlds of cells that are known, each with what recognises it."""

from collections.abc import Callable
from typing import Final, TypeAlias

from arenas.recorders.dilemmas import DilemmaGrid, is_dilemma
from arenas.recorders.grid import Grid
from arenas.recorders.hunts import CrowdGrid, PursuitGrid, is_crowd, is_pursuit
from arenas.recorders.timeline import Recorded
from arenas.recorders.toy_text import CliffGrid, LakeGrid, TaxiGrid, is_cliff, is_lake, is_taxi

GridMaker: TypeAlias = Callable[[Recorded], Grid]

_KNOWN: Final[tuple[tuple[Callable[[object], bool], GridMaker], ...]] = (
    (is_dilemma, DilemmaGrid),
    (is_lake, LakeGrid),
    (is_cliff, CliffGrid),
    (is_taxi, TaxiGrid),
    (is_pursuit, PursuitGrid),
    (is_crowd, CrowdGrid),
)
"""Pairs of `is_it(environment)` and what makes its `Grid`; made after reset, anew in each episode."""


def grid_of(adapter: Recorded) -> GridMaker | None:
    """Return what makes the grid of the environment, or None where it is none that is known."""
    for recognises, maker in _KNOWN:
        if recognises(adapter.environment):
            return maker
    return None
