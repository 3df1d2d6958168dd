"""The open environments of an arena: one for each episode that is played side by side, opened when needed."""

from collections.abc import Sequence
from typing import overload

from arenas.adapters import Adapter, open_arena
from arenas.spec import ArenaSpec

MOST_LANES = 16
"""Episodes of a match played side by side; more would gain little and cost each an environment."""


class Environments(Sequence[Adapter]):
    """As many environments as there may be lanes; the first is opened at once, the others when asked for."""

    def __init__(self, arena: ArenaSpec) -> None:
        """Open the first.

        Raises:
            ArenaError: it cannot be made here.
        """
        self._arena = arena
        self._opened = [open_arena(arena)]

    def __len__(self) -> int:
        return 1 if self._arena.is_single else MOST_LANES

    @overload
    def __getitem__(self, lane: int) -> Adapter: ...
    @overload
    def __getitem__(self, lane: slice) -> Sequence[Adapter]: ...
    def __getitem__(self, lane: int | slice) -> Adapter | Sequence[Adapter]:
        """Return the environment of a lane.

        Raises:
            ArenaError: it cannot be made here.
        """
        if isinstance(lane, slice):
            return [self[each] for each in range(*lane.indices(len(self)))]
        while len(self._opened) <= range(len(self))[lane]:
            self._opened.append(open_arena(self._arena))
        return self._opened[lane]

    def close(self) -> None:
        """Release what the environments hold."""
        for adapter in self._opened:
            adapter.close()
