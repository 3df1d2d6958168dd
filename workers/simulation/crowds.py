"""Arenas of more than two seats: a whole ranking comes out of every episode."""

from dataclasses import dataclass

import numpy as np

from workers.league.comparisons import Comparisons, Floats, Integers
from workers.league.likelihood import ELO_PER_LOGIT


@dataclass(frozen=True, slots=True)
class Crowd:
    """A field of agents for `seats` seats; a match is one episode, and the strongest form wins it.

    Source:
        Plackett 1975, Luce 1959: strengths with Gumbel noise. Any two agents, taken from such a ranking, meet
        as in Bradley & Terry, so strengths are true ratings.
    """

    strength: Floats
    """(agents,) logits."""
    seats: int = 4

    episodes_per_match = 1

    @property
    def agents(self) -> int:
        """Return how many agents there are."""
        return len(self.strength)

    def play(self, lineups: Integers, rng: np.random.Generator, *, start: int) -> Comparisons:
        """Play an episode for each line-up and compare every two of its agents.

        Args:
            lineups: (matches, seats) agents.
            rng: all chance comes from here.
            start: number of the first match.
        """
        form = self.strength[lineups] + rng.gumbel(size=lineups.shape)
        first, second = np.triu_indices(self.seats, 1)
        match = np.repeat(np.arange(len(lineups)) + start, len(first))
        points = (form[:, first] > form[:, second]).astype(np.float64).ravel()
        no_seat = np.full(len(match), -1, np.int64)
        sides = lineups[:, first].ravel(), lineups[:, second].ravel()
        return Comparisons(match, *sides, no_seat, no_seat, points, np.ones(len(match)))

    def rates(self) -> Floats:
        """Return (agents,) what orders the field."""
        return self.strength

    def elo(self) -> Floats:
        """Return (agents,) true ratings."""
        return np.asarray(ELO_PER_LOGIT * (self.strength - self.strength.mean()))


def draw_crowd(spread: float, agents: int, seats: int, rng: np.random.Generator) -> Crowd:
    """Draw agents whose strengths have a standard deviation of `spread` Elo."""
    return Crowd(rng.normal(0.0, spread / ELO_PER_LOGIT, agents), seats)
