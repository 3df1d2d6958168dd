"""Our side: a table of jailed agents that plays one game after the other."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from arenas.spec import ArenaSpec, Limits
from workers.baselines import baseline_package
from workers.errors import MatchError
from workers.local import LocalArena
from workers.match import Table
from workers.seating import seatings
from workers.spec import EpisodeResult, EpisodeSpec

Package = tuple[bytes, str]
"""An agent's bytes and its file name."""

BATCH: Final = 128
"""Enough that the end, where lanes stand empty, hardly counts."""
_PATIENT: Final = {"step_seconds": 60.0, "reset_seconds": 60.0, "bank_seconds": 600.0}


def patient(limits: Limits) -> Limits:
    """Return limits that a busy machine does not break: an agent that is out would count as a fast one."""
    return replace(limits, **_PATIENT)  # type: ignore[arg-type]  # the keys are fields that hold seconds


def random_package(arena: ArenaSpec) -> Package:
    """Return the arena's random agent."""
    return baseline_package(arena, "random")


class SandboxedGames:
    """Plays games 1, 2, ... at one table; each member joins with the number of its first seat as its seed.

    Args:
        local: the opened arena.
        package: the agent of every seat.
        lanes: how many games are played side by side.
        batch: how many are begun together where several are played side by side.
    """

    def __init__(self, local: LocalArena, package: Package, *, lanes: int = 1, batch: int = BATCH) -> None:
        arena = local.arena
        environments = local.environments[:lanes]
        self._seating = seatings(arena)[0]
        self._batch = 1 if lanes == 1 else batch
        self._number = 0
        self._table = Table(arena, environments, local.launcher, patient(arena.limits), records=False)
        for position in range(arena.lineup):
            copies = self._seating.count(position)
            self._table.join(*package, seed=self._seating.index(position), copies=copies)
        self._check()
        if self._table.lanes != lanes:
            raise MatchError(f"The agent takes {self._table.lanes} lanes, {lanes} were to be measured.")

    def play(self) -> int:
        """Play one game, or a batch of them, and return the turns."""
        return sum(result.turns for result in self.results())

    def matches(self) -> int:
        """Play the same and return the number of games."""
        return len(self.results())

    def results(self) -> Sequence[EpisodeResult]:
        """Play the same and return the results.

        Raises:
            MatchError: an agent failed; nothing that is measured then means anything.
        """
        numbers = range(self._number + 1, self._number + self._batch + 1)
        self._number += self._batch
        results = self._table.play_episodes(
            [EpisodeSpec(seed=seed, seating=self._seating) for seed in numbers]
        )
        self._check()
        return results

    def _check(self) -> None:
        for member in self._table.members:
            if member.fault:
                raise MatchError(f"A measured agent failed: {member.fault.outcome}: {member.fault.message}")

    def close(self) -> None:
        """End the agents."""
        self._table.close()
