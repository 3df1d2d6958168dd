"""Matches as a worker gets them, for a referee process."""

import hashlib
from dataclasses import dataclass
from itertools import count

import msgspec

from arenas.spec import ArenaSpec
from workers.bench.sandboxed import patient, random_package
from workers.errors import MatchError
from workers.referee_process import RefereeProcess
from workers.spec import AgentRef, EpisodeSpec, Isolation, LimitsSpec, MatchKind, MatchSpec

_NUMBERS = count(1)


@dataclass(frozen=True, slots=True)
class Job:
    """One match and the packages it needs; may be played again and again."""

    spec: MatchSpec
    packages: dict[str, bytes]

    def play(self, referee: RefereeProcess) -> int:
        """Have it played and return its turns.

        Raises:
            MatchError: an agent or the referee failed; nothing that is measured then means anything.
        """
        result = referee.play(
            msgspec.structs.replace(self.spec, match=f"bench-{next(_NUMBERS)}"), self.packages
        )
        faults = [seat.message for each in result.episodes for seat in each.seats if seat.outcome.is_forfeit]
        if result.error or faults:
            raise MatchError(f"A measured match failed: {result.error or faults[0]}")
        return sum(episode.turns for episode in result.episodes)


def job_of(arena: ArenaSpec, *, episodes: int) -> Job:
    """Return a match of random agents in every seat, one member of the line-up a seat."""
    package, file_name = random_package(arena)
    digest = hashlib.sha256(package).hexdigest()
    seats = tuple(range(arena.seats))
    limits = patient(arena.limits)
    spec = MatchSpec(
        match="bench",
        token="bench",  # noqa: S106 -- No secret: nothing is recorded under it.
        kind=MatchKind.LEAGUE,
        arena=arena.id,
        lineup=tuple(AgentRef("random", digest, file_name) for _ in seats),
        episodes=tuple(EpisodeSpec(seed=seed, seating=seats) for seed in range(1, episodes + 1)),
        limits=LimitsSpec(**{name: getattr(limits, name) for name in LimitsSpec.__struct_fields__}),
        minimum_isolation=Isolation.LANDLOCK_SECCOMP,
        agent_seeds=seats,
        records=False,
    )
    return Job(spec, {digest: package})
