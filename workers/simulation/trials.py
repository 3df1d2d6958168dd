"""Single questions with a yes or no for an answer: twins, thrown matches, gifts, finals, gates, scores."""

from collections.abc import Callable
from functools import cache
from typing import Final

import numpy as np

from workers.league import Settings, fit
from workers.league.comparisons import Comparisons, Floats, Integers
from workers.league.likelihood import ELO_PER_LOGIT
from workers.league.residuals import watch_pairs
from workers.league.results import Episode, compare_episodes
from workers.league.scores import fit_scores, interquartile_mean
from workers.league.sequential import judge_submission
from workers.simulation.leagues import League, join
from workers.simulation.measures import Count
from workers.simulation.worlds import WORLDS, World, draw_world

_SETTLED: Final = Settings(draws=1)
_PUPPETS: Final = 5
_PUPPET_ELO: Final = 107.0
"""A puppet is better than its master by this: it is expected to leave it .35 of the points."""


def twins(rng: np.random.Generator, *, pairs: int = 20, episodes: int = 64) -> Count:
    """Count the pairs of one agent under two names that end less than two standard errors apart."""
    agents = 2 * pairs
    single = draw_world(WORLDS["W4"], pairs, rng)
    half = np.arange(agents) // 2
    world = World(single.advantage[np.ix_(half, half)], single.first_seat[half], single.luck)
    table = League(world, rng).play_until(episodes)
    one, other = np.arange(0, agents, 2), np.arange(1, agents, 2)
    variance = np.diag(table.covariance)
    apart = variance[one] + variance[other] - 2.0 * table.covariance[one, other]
    near = np.abs(table.theta[one] - table.theta[other]) < 2.0 * np.sqrt(apart)
    return Count(float(near.sum()), pairs)


def puppets(rng: np.random.Generator, *, agents: int = 40, episodes: int = 80) -> tuple[Count, Count]:
    """Count the masters who are caught, and the honest pairs under suspicion.

    Five puppets under other names throw 16 episodes each to a master in the middle of the field. After 80
    honest episodes that is half of what it played: the most that the pairing's tenth for one opponent lets
    through.
    """
    honest = draw_world(WORLDS["W3"], agents, rng)
    master = int(np.argsort(honest.rates())[agents // 2])
    others = [agent for agent in range(agents) if agent != master]
    crew = rng.choice(others, _PUPPETS, replace=False)
    advantage = honest.advantage.copy()
    better = advantage[master] + _PUPPET_ELO / ELO_PER_LOGIT
    for puppet in crew:
        advantage[puppet], advantage[:, puppet] = better, -better
    advantage[np.ix_(crew, crew)] = 0.0
    world = World(advantage, honest.first_seat)
    # They are kept apart until they throw, so that each pair has exactly 16 episodes.
    owners = np.arange(agents)
    owners[crew] = master
    league = League(world, rng, owners=owners.tolist())
    league.play_until(episodes)
    parts = [league.results(), _thrown(master, crew, start=league.matches)]
    watched = watch_pairs(join(parts), agents=agents)
    flagged = set(watched.flagged().tolist())
    caught = suspected = 0
    for place, (low, high) in enumerate(zip(watched.low.tolist(), watched.high.tolist(), strict=True)):
        is_thrown = master in (low, high) and (low in crew or high in crew)
        caught += is_thrown and place in flagged
        suspected += not is_thrown and place in flagged
    return Count(float(caught > 0), 1), Count(float(suspected), len(watched.low) - _PUPPETS)


def clones(rng: np.random.Generator, *, agents: int = 40, together: bool = False) -> tuple[int, int]:
    """Return the place of the 13th, and the most places anybody moved, once it has five losing clones.

    Results are exact expectations (every pair met alike), so that not chance but the rules decide.

    Args:
        rng: draws the world.
        agents: without the clones.
        together: clones meet their master and lose, as where one owner's agents may meet.
    """
    world = draw_world(WORLDS["W1"], agents, rng)
    before = np.argsort(np.argsort(-world.rates()))
    master = int(np.flatnonzero(before == 12)[0])
    who = np.concatenate([np.arange(agents), np.full(5, master)])
    points = World(world.advantage[np.ix_(who, who)], np.zeros(len(who))).payoff()
    points[master, agents:], points[agents:, master] = 0.99, 0.01
    owners = who.copy()
    first, second = np.triu_indices(len(who), 1)
    meets = np.ones(len(first), bool) if together else owners[first] != owners[second]
    first, second = first[meets], second[meets]
    results = _expected_results(first, second, 16.0 * points[first, second], 16.0)
    fixed = Settings(draws=1, kappa=1.0, tau_elo=0.0)
    table = fit(results, agents=len(who), owners=owners.tolist(), settings=fixed)
    after = np.argsort(np.argsort(-table.theta[:agents]))
    return int(after[master]) + 1, int(np.abs(after - before).max())


def gift(rng: np.random.Generator) -> float:
    """Return what beating an opponent that crashed at once is worth, as a share of a win."""
    league = League(draw_world(WORLDS["W1"], 20, rng), rng)
    table = league.play_until(256)
    base = league.results()
    winner = int(rng.integers(20))
    # Somebody about as good: the closer the two, the more a win is worth.
    near = np.abs(table.theta - table.theta[winner])
    near[winner] = np.inf
    lineup = (winner, int(np.argmin(near)))
    fixed = Settings(
        draws=1, sigma_elo=table.sigma0 * ELO_PER_LOGIT, kappa=table.kappa, tau_elo=table.intransitivity_elo
    )
    moved = []
    for gifts in ((), (1,)):
        both = [
            Episode(league.matches, lineup, (1, 2), gifts),
            Episode(league.matches, lineup[::-1], (2, 1), tuple(1 - seat for seat in gifts)),
        ]
        after = fit(join([base, compare_episodes(both)]), agents=20, settings=fixed)
        moved.append(float(after.theta[winner] - table.theta[winner]))
    before = fit(base, agents=20, settings=fixed)
    drift = float(before.theta[winner] - table.theta[winner])
    return (moved[1] - drift) / (moved[0] - drift)


def gate_errors(rng: np.random.Generator, *, elo: float, wrong: str, runs: int) -> Count:
    """Count the gates that give a wrong verdict on a new submission better by `elo`."""
    expected = 0.5 + 0.5 * np.tanh(0.5 * elo / ELO_PER_LOGIT)
    episodes = np.full(400, 2)
    points = (rng.random((runs, 400, 2)) < expected).mean(axis=2)
    return Count(float(sum(judge_submission(row, episodes).verdict == wrong for row in points)), runs)


def iqm_coverage(rng: np.random.Generator, *, agents: int = 10, scenarios: int = 30) -> Count:
    """Count the 95 % intervals of scores on common scenarios that hold the truth.

    Half of the variance is the scenario's, and one run in ten crashes with a score of -100.
    """
    skill = rng.normal(0.0, 0.5, agents)
    seed, agent = np.tile(np.arange(scenarios), agents), np.repeat(np.arange(agents), scenarios)
    scores = _scores(rng, rng.normal(size=scenarios)[seed], skill[agent])
    table = fit_scores(seed, agent, scores, agents=agents)
    truth = skill + _crash_offset()
    return Count(float(((table.low <= truth) & (truth <= table.high)).sum()), agents)


def shuffled(rng: np.random.Generator) -> tuple[float, bool]:
    """Return by how much the order of the log moves ratings at most, Elo, and whether the digests agree."""
    world = draw_world(WORLDS["W7"], 60, rng)
    league = League(world, rng)
    league.play_until(64)
    results = league.results()
    order = rng.permutation(len(results))
    names = Comparisons.__dataclass_fields__
    other = Comparisons(*(getattr(results, name)[order] for name in names))
    first, second = (fit(each, agents=60, settings=_SETTLED) for each in (results, other))
    return float(np.abs(first.elo - second.elo).max()), first.digest() == second.digest()


def _thrown(master: int, crew: Integers, *, start: int) -> Comparisons:
    """Return eight matches of two episodes, all won by the master, for each puppet."""
    match = np.repeat(np.arange(8 * len(crew)) + start, 2)
    losers = np.repeat(crew, 16)
    no_seat = np.full(len(match), -1, np.int64)
    ones = np.ones(len(match))
    return Comparisons(match, np.full(len(match), master), losers, no_seat, no_seat, ones, ones)


def _expected_results(first: Integers, second: Integers, points: Floats, met: float) -> Comparisons:
    """Return results whose sums are exactly the expected ones: a won and a lost row of fitting weights."""
    match = np.repeat(np.arange(len(first)), 2)
    weight = np.stack([points, met - points], axis=1).ravel()
    no_seat = np.full(len(match), -1, np.int64)
    sides = np.repeat(first, 2), np.repeat(second, 2)
    return Comparisons(match, *sides, no_seat, no_seat, np.tile([1.0, 0.0], len(first)), weight)


def _scores(rng: np.random.Generator, scenario: Floats, skill: Floats) -> Floats:
    scores = skill + scenario + rng.normal(size=len(skill))
    return np.where(rng.random(len(skill)) < 0.1, -100.0, scores)


@cache
def _crash_offset() -> float:
    """Return the interquartile mean of endless scores of an agent of skill 0; crashes move it."""
    rng = np.random.default_rng(0)
    size = 1_000_000
    return interquartile_mean(_scores(rng, rng.normal(size=size), np.zeros(size)))


def speed_case(agents: int, rng: np.random.Generator) -> Callable[[], None]:
    """Return a refit of a field that played 32 episodes each, with fifty pairings, to be timed."""
    league = League(draw_world(WORLDS["W4"], agents, rng), rng, by="lot")
    league.play_tick(16 * agents)
    league.by = "gain"

    def refit_and_pair() -> None:
        league.forget_table()
        league.choose(50)

    return refit_and_pair
