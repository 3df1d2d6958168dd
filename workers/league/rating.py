"""Ratings from the results of a league: a pure function, the same for any order of results.

How it works: results are compared pairwise (`comparisons`), strengths are fitted by Newton's method
(`likelihood`) in turn with the spreads that make them most likely (`spread`), until both stand still; the
remaining uncertainty gives intervals and places (`intervals`). Agents are frozen programs, so nothing
depends on when a match was played.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from workers.league.comparisons import Booleans, Comparisons, Evidence, Floats, Integers, gather, sums
from workers.league.intervals import NORMAL_95, centred_errors, rank_agents, widening
from workers.league.likelihood import ELO_PER_LOGIT, Solution, Spreads, seat_errors, solve
from workers.league.spread import decompose, learn_kappa, learn_sigma, learn_tau

ESTIMATOR_VERSION: Final = "quasi-bradley-terry-1"
_ROUNDS: Final = 4


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything the estimator can be told; elo values are rating points."""

    centre_elo: float = 1500.0
    sigma_median_elo: float = 300.0
    sigma_log_sd: float = 0.35
    seat_sigma_elo: float = 200.0
    sigma_elo: float | None = None
    """Fix the spread of strengths instead of learning it."""
    kappa: float | None = None
    """Fix the weight of a comparison instead of learning it."""
    tau_elo: float | None = None
    """Fix the spread of pair effects instead of learning it."""
    draws: int = 2000
    provisional_episodes: int = 16
    provisional_opponents: int = 6
    """At most all others of the field are asked for."""
    provisional_error_elo: float = 100.0
    anchors: int = 3
    """Fewest house agents that fix the scale; below, the field's mean does."""
    anchor_episodes: int = 200


@dataclass(frozen=True, slots=True)
class Fit:
    """A rating table; arrays have one value for each agent unless said otherwise."""

    theta: Floats
    """Strength in logits from the centre."""
    covariance: Floats
    """(agents, agents) logits squared."""
    elo: Floats
    error: Floats
    """Standard error in Elo, widened for few episodes."""
    low: Floats
    """Lower end of the 95 % interval, Elo."""
    high: Floats
    rank: Integers
    """1 is best; 0 is not ranked (no episode, or inactive)."""
    rank_low: Integers
    rank_high: Integers
    p_best: Floats
    provisional: Booleans
    episodes: Floats
    opponents: Integers
    field_rate: Floats
    """Expected points against the whole field, 0 to 1, pair effects included."""
    seat_elo: Floats
    """(seats,) advantage of each seat; empty where seats cancel."""
    seat_error: Floats
    """(seats,) standard error of it, Elo."""
    pair_low: Integers
    """(pairs,) low agent of each pair that met."""
    pair_high: Integers
    pair_elo: Floats
    """(pairs,) what the low agent does beyond its rating against the high one."""
    pair_weight: Floats
    """(pairs,) summed weights: episodes of the pair."""
    sigma0: float
    """Learned spread of strengths, logits."""
    kappa: float
    """Learned weight of one comparison."""
    tau: float
    """Learned spread of pair effects, logits."""

    @property
    def intransitivity_elo(self) -> float:
        """Return the spread of pair effects in rating points; over 100, look at `field_rate` first."""
        return self.tau * ELO_PER_LOGIT

    def digest(self) -> str:
        """Return a SHA-256 (hex) of the table, rounded so that every machine finds the same."""
        content = hashlib.sha256(ESTIMATOR_VERSION.encode())
        for column in (self.elo, self.low, self.high, self.field_rate):
            # Adding zero turns a negative zero, whose bytes differ, into a positive one.
            content.update((np.round(column, 4) + 0.0).astype("<f8").tobytes())
        for places in (self.rank, self.provisional, self.opponents):
            content.update(places.astype("<i8").tobytes())
        return content.hexdigest()


def fit(
    comparisons: Comparisons,
    *,
    agents: int,
    anchors: Sequence[int] = (),
    owners: Sequence[int] | None = None,
    active: Booleans | None = None,
    settings: Settings | None = None,
) -> Fit:
    """Rate agents by all results there are.

    Args:
        comparisons: in any order.
        agents: how many; index order is order of submission, which breaks ties.
        anchors: agents of the house that fix the scale.
        owners: (agents,) who owns each; several agents of one owner weigh as one in the field's mean.
        active: (agents,) who takes a place; the others keep rating and results. All, if left out.
        settings: the defaults if left out.

    Raises:
        ComparisonsError: an index, points or weight is out of range.

    Source:
        Bradley & Terry 1952; quasi-likelihood after Wedderburn 1974, Biometrika 61:439-447.
    """
    settings = settings or Settings()
    evidence = gather(comparisons, agents)
    spreads, solution, covariance = _learn(evidence, settings)
    owner = np.arange(agents) if owners is None else np.asarray(owners)
    placed = _place(evidence, solution, covariance, spreads.sigma, settings, (anchors, owner))
    playing = evidence.episodes > 0
    ranks = rank_agents(
        placed.theta,
        np.round(placed.elo),
        covariance,
        errors_factor=widening(evidence.episodes),
        episodes=evidence.episodes,
        ranked=playing if active is None else playing & active,
        draws=settings.draws,
    )
    return Fit(
        theta=placed.theta,
        covariance=covariance,
        elo=placed.elo,
        error=placed.error,
        low=placed.elo - NORMAL_95 * placed.error,
        high=placed.elo + NORMAL_95 * placed.error,
        rank=ranks.rank,
        rank_low=ranks.low,
        rank_high=ranks.high,
        p_best=ranks.best,
        provisional=placed.provisional,
        episodes=evidence.episodes,
        opponents=evidence.opponents,
        field_rate=_field_rate(evidence, placed.theta, solution.pair, owner),
        seat_elo=solution.seat * ELO_PER_LOGIT,
        seat_error=seat_errors(evidence, spreads, solution) * ELO_PER_LOGIT,
        pair_low=evidence.low,
        pair_high=evidence.high,
        pair_elo=solution.pair * ELO_PER_LOGIT,
        pair_weight=sums(evidence.cell_pair, evidence.weight, len(evidence.low)),
        sigma0=spreads.sigma,
        kappa=spreads.kappa,
        tau=spreads.tau,
    )


def _learn(evidence: Evidence, settings: Settings) -> tuple[Spreads, Solution, Floats]:
    """Fit strengths and spreads in turn; return both and the covariance of the strengths."""
    spreads = _first_spreads(settings)
    solution = solve(evidence, spreads)
    for _ in range(_ROUNDS if len(evidence.low) else 0):
        posterior = decompose(solution, spreads.sigma)
        sigma, kappa, tau = spreads.sigma, spreads.kappa, spreads.tau
        if settings.kappa is None:
            kappa = learn_kappa(evidence, solution)
        if settings.tau_elo is None:
            tau = learn_tau(evidence, solution, kappa=kappa, covariance=posterior.covariance(), tau=tau)
        if settings.sigma_elo is None:
            sigma = learn_sigma(
                solution, posterior, median_elo=settings.sigma_median_elo, log_sd=settings.sigma_log_sd
            )
        learned = Spreads(sigma, kappa, tau, spreads.seat_sigma)
        if learned == spreads:
            break
        spreads = learned
        solution = solve(evidence, spreads, solution)
    return spreads, solution, np.asarray(np.linalg.inv(solution.precision))


def _first_spreads(settings: Settings) -> Spreads:
    sigma = settings.sigma_median_elo if settings.sigma_elo is None else settings.sigma_elo
    return Spreads(
        sigma=sigma / ELO_PER_LOGIT,
        kappa=1.0 if settings.kappa is None else settings.kappa,
        tau=(settings.tau_elo or 0.0) / ELO_PER_LOGIT,
        seat_sigma=settings.seat_sigma_elo / ELO_PER_LOGIT,
    )


@dataclass(frozen=True, slots=True)
class _Placed:
    """Strengths on the scale people see."""

    theta: Floats
    elo: Floats
    error: Floats
    provisional: Booleans


def _place(
    evidence: Evidence,
    solution: Solution,
    covariance: Floats,
    sigma: float,
    settings: Settings,
    scale: tuple[Sequence[int], Integers],
) -> _Placed:
    """Choose the centre of the scale and measure strengths and errors from it.

    Who is provisional decides the centre, so it is judged by errors around the plain mean first.
    """
    agents = evidence.agents
    plain = centred_errors(covariance, np.full(agents, 1.0 / max(agents, 1)))
    error = _widened(plain, evidence.episodes, sigma) * ELO_PER_LOGIT
    provisional = (
        (evidence.episodes < settings.provisional_episodes)
        | (evidence.opponents < min(settings.provisional_opponents, agents - 1))
        | (error > settings.provisional_error_elo)
        | (evidence.episodes == 0)
    )
    anchors, owner = scale
    settled = [index for index in anchors if evidence.episodes[index] >= settings.anchor_episodes]
    centre = np.zeros(agents)
    if len(settled) >= settings.anchors:
        centre[settled] = 1.0 / len(settled)
    else:
        centre = _field_centre(solution.theta, evidence.episodes > 0, provisional, owner)
    theta = solution.theta - centre @ solution.theta
    elo = settings.centre_elo + ELO_PER_LOGIT * theta
    error = _widened(centred_errors(covariance, centre), evidence.episodes, sigma) * ELO_PER_LOGIT
    return _Placed(theta, elo, error, provisional)


def _widened(errors: Floats, episodes: Floats, sigma: float) -> Floats:
    """Widen the errors of few episodes, but never beyond what is known without any."""
    return np.asarray(np.minimum(errors * widening(episodes), np.maximum(errors, sigma)))


def _field_centre(theta: Floats, playing: Booleans, provisional: Booleans, owner: Integers) -> Floats:
    """Return weights of the mean over owners, each with its best settled agent.

    While less than half of those who play are settled, all who play count: a scale that hangs on a few
    would jump with each agent that settles.
    """
    members = np.flatnonzero(~provisional)
    if 2 * len(members) < max(int(playing.sum()), 1):
        members = np.flatnonzero(playing) if playing.any() else np.arange(len(theta))
    # Best first, ties by index; the first of each owner stands for it.
    members = members[np.lexsort((members, -theta[members]))]
    _, first = np.unique(owner[members], return_index=True)
    centre = np.zeros(len(theta))
    centre[members[first]] = 1.0 / max(len(first), 1)
    return centre


def _field_rate(evidence: Evidence, theta: Floats, pair: Floats, owner: Integers) -> Floats:
    """Return expected points against all agents of other owners that play; owners weigh alike."""
    logits = theta[:, None] - theta[None, :]
    logits[evidence.low, evidence.high] += pair
    logits[evidence.high, evidence.low] -= pair
    playing = evidence.episodes > 0
    _, owner = np.unique(owner, return_inverse=True)
    entrants = np.bincount(owner, playing, minlength=1)
    share = playing / np.maximum(entrants[owner], 1.0)
    weight = np.where(owner[:, None] == owner[None, :], 0.0, share[None, :])
    total = weight.sum(axis=1)
    rate = (weight * (0.5 + 0.5 * np.tanh(0.5 * logits))).sum(axis=1)
    return np.asarray(np.where(total > 0, rate / np.maximum(total, 1e-12), 0.5))
