"""Tables of all three kinds, and their members, for tests of what boards say."""

import numpy as np

from tests.workers.league.worlds import World
from workers.league.comparisons import Comparisons
from workers.league.rating import Fit, fit
from workers.league.returns import Returns, ReturnTable, fit_returns
from workers.league.scores import ScoreTable, fit_scores
from workers.league.tally import Members, members_of


def members(agents: int) -> Members:
    """Return so many agents of as many owners."""
    return members_of((f"a{number:03d}", f"o{number:03d}", True) for number in range(agents))


def fitted(
    elo: list[float], *, matches: int = 40, seed: int = 1, cycles: np.ndarray | None = None
) -> tuple[Fit, Members, Comparisons]:
    """Return the table of a league in which every two agents met so often."""
    size = len(elo)
    world = World(np.array(elo, float), np.zeros((size, size)) if cycles is None else cycles)
    pairs = [(a, b) for a in range(size) for b in range(a + 1, size)] * matches
    rng = np.random.default_rng(seed)
    played = world.play(rng.permutation(np.array(pairs).reshape(-1, 2)), rng) if pairs else None
    comparisons = (
        played if played is not None else Comparisons(*([np.zeros(0, np.int64)] * 5), *([np.zeros(0)] * 2))
    )
    who = members(size)
    return fit(comparisons, agents=size, owners=who.owners, active=who.active), who, comparisons


def scored(
    means: list[float], *, seeds: int = 40
) -> tuple[ScoreTable, Members, tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """Return the table of agents with these mean scores on common scenarios."""
    rng = np.random.default_rng(3)
    scenario = np.tile(np.arange(seeds), len(means))
    agent = np.repeat(np.arange(len(means)), seeds)
    luck = rng.normal(0, 1, seeds)
    score = np.array(means, float)[agent] + luck[scenario] + rng.normal(0, 0.5, len(agent))
    table = fit_scores(scenario, agent, score, agents=len(means))
    return table, members(len(means)), (scenario, agent, score)


def returned(gains: list[float], *, matches: int = 60) -> tuple[ReturnTable, Members, Returns]:
    """Return the table of agents that bring so much for themselves, two at a table."""
    rng = np.random.default_rng(4)
    size = len(gains)
    rows = []
    for match in range(matches):
        first, second = rng.choice(size, 2, replace=False)
        for seat, agent in enumerate((first, second)):
            rows.append((match, 0, seat, agent, gains[agent] + rng.normal(0, 0.3)))
    match, episode, seat, agent, value = np.array(rows).T
    returns = Returns(*(column.astype(np.int64) for column in (match, episode, seat, agent)), value)
    return fit_returns(returns, agents=size), members(size), returns
