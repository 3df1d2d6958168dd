"""Results of matches between agents of known strength, as a worker would send them without playing."""

import hashlib
import math
import random
from collections.abc import Mapping

from arenas import registry
from coliseum.matches.models import Match
from coliseum.matches.recording import record_results
from coliseum.matches.services import claim_batch
from workers.seating import seatings
from workers.spec import AgentUsage, EpisodeResult, Isolation, MatchResult, Outcome, SeatResult


class Table:
    """Plays whatever waits in the queue; who is stronger wins more often."""

    def __init__(self, elo: Mapping[str, float], *, seed: int = 1) -> None:
        self.elo = dict(elo)
        self.crashes: set[str] = set()
        """Submissions that forfeit every episode from now on."""
        self._rng = random.Random(seed)

    def play(self, most: int = 10_000) -> int:
        """Record results for what waits; return how many matches there were."""
        played = 0
        while played < most and (batch := claim_batch(limit=min(64, most - played))):
            record_results([self.result_of(match) for match in batch])
            played += len(batch)
        return played

    def result_of(self, match: Match) -> MatchResult:
        """Return the result of a claimed match of one or two agents."""
        lineup = [seat.submission_id for seat in match.seats.order_by("position")]
        arena = registry.get(match.competition.arena)
        return MatchResult(
            match=match.pk,
            token=match.token,
            worker="table:1",
            isolation=Isolation.NAMESPACES,
            episodes=tuple(
                self._episode(lineup, seating, f"{match.scenario or match.pk}:{index}")
                for index in range(arena.episodes)
                for seating in seatings(arena)
            ),
            usage=tuple(AgentUsage() for _ in lineup),
            seconds=0.01,
        )

    def _episode(self, lineup: list[str], seating: tuple[int, ...], scenario: str) -> EpisodeResult:
        digest = hashlib.sha256(scenario.encode()).hexdigest()
        scores = self._scores([lineup[place] for place in seating])
        return EpisodeResult(
            seed=int(digest[:7], 16),
            seating=seating,
            seats=tuple(
                SeatResult(
                    agent=place,
                    outcome=Outcome.CRASHED if lineup[place] in self.crashes else Outcome.OK,
                    rank=1 + sum(other > score for other in scores),
                    score=score,
                    total_reward=score,
                    turns=9,
                    think_seconds=0.01,
                    slowest_seconds=0.01,
                    failed_turn=5 if lineup[place] in self.crashes else -1,
                )
                for place, score in zip(seating, scores, strict=True)
            ),
            turns=18,
            truncated=False,
            digest=digest,
        )

    def _scores(self, agents: list[str]) -> list[float]:
        if len(agents) == 1:
            return [self.elo[agents[0]] + self._rng.gauss(0, 20)]
        first, second = agents
        if self.crashes & {first, second}:
            return [float(first not in self.crashes), float(second not in self.crashes)]
        chance = 1 / (1 + 10 ** ((self.elo[second] - self.elo[first]) / 400))
        won = self._rng.random() < chance
        return [float(won), float(not won)]


def spread(agents: list[str], *, step: float = 60.0) -> dict[str, float]:
    """Return strengths a step apart, the first agent the strongest."""
    return {agent: -step * place for place, agent in enumerate(agents)}


def even(elo: float) -> float:
    """Return the expected points of an advantage."""
    return 1 / (1 + math.pow(10, -elo / 400))
