"""A final in a known world: the real cuts, stop rule and places, and whether what it declared is true."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from workers.league.board import PairingRules
from workers.league.finals import FinalRules, FinalState, judge_final, survivors
from workers.league.intervals import widening
from workers.league.likelihood import ELO_PER_LOGIT
from workers.simulation.leagues import League
from workers.simulation.worlds import World

_LOOK: Final = 16
"""Episodes of a finalist between two looks."""


@dataclass(frozen=True, slots=True)
class Ending:
    """How one final ended."""

    is_settled: bool
    """Leader and prize places were told from the rest before the budget was used up."""
    is_true: bool
    """Both are right, within the zone."""
    episodes: float
    """Of the finalist in the running that played least."""


def play_final(world: World, rng: np.random.Generator, *, budget: int = 600) -> Ending:
    """Play a final on fresh results and compare what it declares with the truth.

    Args:
        world: the finalists.
        rng: all chance comes from here.
        budget: episodes of a finalist.
    """
    rules = FinalRules(budget=budget)
    league = League(world, rng, rules=PairingRules(finals=True, cap=1e9))
    everybody = np.ones(world.agents, bool)
    least = 0
    cuts = [cut for cut in rules.cuts if cut < budget]
    while True:
        for _ in range(4):
            # As many matches as agents are two for each, which is four episodes.
            if not league.play_tick(int(league.active.sum())):
                return Ending(False, False, float(least))
        table = league.table()
        least = int(table.episodes[league.active].min())
        factor = widening(table.episodes)
        covariance = table.covariance * np.outer(factor, factor)
        if cuts and least >= cuts[0]:
            cuts.pop(0)
            league.active = survivors(table.theta, covariance, league.active, rules=rules)
        state = judge_final(table.theta, covariance, everybody, episodes=least, rules=rules)
        if state.reason != "open":
            return Ending(state.reason == "decided", _is_true(world, state, rules), float(least))


def _is_true(world: World, state: FinalState, rules: FinalRules) -> bool:
    """Say whether nobody is better than the leader, or nobody without than with a prize, beyond the zone."""
    elo = world.elo()
    order = [agent for group in state.places for agent in group]
    zone = rules.zone * ELO_PER_LOGIT
    return all(elo[order[:size]].min() >= elo[order[size:]].max() - zone for size in (1, rules.places))
