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

from workers.league.comparisons import Booleans, Comparisons, ComparisonsError, Floats, Integers
from workers.league.curvature import Sparse
from workers.league.evidence import Evidence, gather
from workers.league.intervals import NORMAL_95, rank_agents, widening
from workers.league.likelihood import CLOSE, ELO_PER_LOGIT, Frozen, Solution, Spreads, seat_errors, solve
from workers.league.posterior import Mean, Posterior, posterior, posterior_mean, spectrum
from workers.league.scale import Settings as Settings
from workers.league.scale import field_rate, place
from workers.league.spread import learn_kappa, learn_sigma, learn_tau

ESTIMATOR_VERSION: Final = "quasi-bradley-terry-2"
_ROUNDS: Final = 4
_LARGE_ROUNDS: Final = 2
"""Rounds of learning the spreads from 500 agents on; there they hardly move any more after the first."""
_MANY: Final = 500
_NEARLY: Final = 1e-2
"""Largest last step, in logits, of a large field's fit while its spreads are still being learned."""
_LARGE_DRAWS: Final = 1_000_000
"""Most places drawn in a large field, over all agents."""


@dataclass(frozen=True, slots=True)
class Fit:
    """A rating table; arrays have one value for each agent unless said otherwise."""

    theta: Floats
    """Strength in logits from the centre."""
    covariance: Floats
    """(agents, agents) logits squared; (0, 0) in a large field, see `is_exact`."""
    elo: Floats
    error: Floats
    """Standard error in Elo, widened for few episodes."""
    is_exact: Booleans
    """Whose error is that of the whole posterior. In a large field nobody's at first, but the first terms of
    a series: `refining.refine` brings the rest."""
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
    origin: float
    """Logits from the mean of the prior to the centre."""
    centre: Floats
    """(agents,) share of each agent in the centre; sums to 1."""

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
    comparisons: Comparisons | Evidence,
    *,
    agents: int,
    anchors: Sequence[int] = (),
    owners: Sequence[int] | None = None,
    active: Booleans | None = None,
    settings: Settings | None = None,
    frozen: Frozen | None = None,
) -> Fit:
    """Rate agents by all results there are.

    A field of more than `curvature.DENSE_AGENTS` strengths is fitted without full matrices: the ratings are
    the same, errors are rough at first.

    Args:
        comparisons: in any order; or their sums, where results are gathered as they come.
        agents: how many; index order is order of submission, which breaks ties.
        anchors: agents of the house that fix the scale.
        owners: (agents,) who owns each; several agents of one owner weigh as one in the field's mean.
        active: (agents,) who takes a place; the others keep rating and results. All, if left out.
        settings: the defaults if left out.
        frozen: agents whose strength is held, as `freeze` gives them; their results count for the others.

    Raises:
        ComparisonsError: an index, points or weight is out of range.

    Source:
        Bradley & Terry 1952; quasi-likelihood after Wedderburn 1974, Biometrika 61:439-447.
    """
    settings = settings or Settings()
    evidence = gather(comparisons, agents) if isinstance(comparisons, Comparisons) else comparisons
    if evidence.agents != agents:
        raise ComparisonsError(f"the sums are of {evidence.agents} agents, not of {agents}")
    spreads, solution, known, mean = _learn(evidence, settings, frozen)
    owner = np.arange(agents) if owners is None else np.asarray(owners)
    placed = place(evidence, mean.theta, known, spreads.sigma, settings, (anchors, owner))
    playing = evidence.episodes > 0
    is_whole = len(known.covariance) == agents
    ranks = rank_agents(
        placed.theta,
        np.round(placed.elo),
        known.covariance if is_whole else known.variance,
        errors_factor=widening(evidence.episodes),
        episodes=evidence.episodes,
        ranked=playing if active is None else playing & active,
        draws=settings.draws if is_whole else max(1, min(settings.draws, _LARGE_DRAWS // agents)),
    )
    return Fit(
        theta=placed.theta,
        covariance=known.covariance,
        elo=placed.elo,
        error=placed.error,
        is_exact=np.full(agents, is_whole),
        low=placed.elo - NORMAL_95 * placed.error,
        high=placed.elo + NORMAL_95 * placed.error,
        rank=ranks.rank,
        rank_low=ranks.low,
        rank_high=ranks.high,
        p_best=ranks.best,
        provisional=placed.provisional,
        episodes=evidence.episodes,
        opponents=evidence.opponents,
        field_rate=field_rate(evidence, placed.theta, mean.pair, owner),
        seat_elo=mean.seat * ELO_PER_LOGIT,
        seat_error=seat_errors(evidence, solution) * ELO_PER_LOGIT,
        pair_low=evidence.low,
        pair_high=evidence.high,
        pair_elo=mean.pair * ELO_PER_LOGIT,
        pair_weight=evidence.by_pair(evidence.weight),
        sigma0=spreads.sigma,
        kappa=spreads.kappa,
        tau=spreads.tau,
        origin=placed.origin,
        centre=placed.centre,
    )


def freeze(table: Fit, agents: Sequence[int] | Integers) -> Frozen:
    """Hold agents of a fit where they are, for later fits of the same field.

    Who was withdrawn long ago plays no more: refitting it costs time and changes next to nothing. What is not
    known of its strength stays in the errors of those that met it.

    Args:
        table: the last fit with them; of a field with full matrices, else the covariances between them are
            taken for nought.
        agents: index of each.
    """
    held = np.asarray(agents, np.int64)
    if len(table.covariance):
        covariance = table.covariance[np.ix_(held, held)]
    else:
        covariance = np.diag((table.error[held] / widening(table.episodes[held]) / ELO_PER_LOGIT) ** 2)
    return Frozen(held, table.theta[held] + table.origin, covariance)


def _learn(
    evidence: Evidence, settings: Settings, frozen: Frozen | None
) -> tuple[Spreads, Solution, Posterior, Mean]:
    """Fit strengths and spreads in turn."""
    spreads = _first_spreads(settings)
    solution = solve(evidence, spreads, frozen=frozen, close=_NEARLY)
    is_large = isinstance(solution.curvature, Sparse)
    if not is_large:
        solution = solve(evidence, spreads, solution, frozen=frozen)
    known = posterior(evidence, spreads, solution, frozen)
    mean = Mean(solution.theta, solution.seat, solution.pair)
    rounds = _LARGE_ROUNDS if evidence.agents > _MANY else _ROUNDS
    for number in range(rounds if len(evidence.low) else 0):
        if not is_large:
            mean = posterior_mean(evidence, spreads, solution, known)
        learned = _spreads(evidence, settings, spreads, (solution, known, mean))
        if learned == spreads and not is_large:
            break
        spreads = learned
        is_last = not is_large or number == rounds - 1
        solution = solve(evidence, spreads, solution, frozen=frozen, close=CLOSE if is_last else _NEARLY)
        known = posterior(evidence, spreads, solution, frozen)
    return spreads, solution, known, posterior_mean(evidence, spreads, solution, known)


def _spreads(
    evidence: Evidence, settings: Settings, spreads: Spreads, found: tuple[Solution, Posterior, Mean]
) -> Spreads:
    """Return the spreads a fit makes most likely."""
    solution, known, mean = found
    sigma, kappa, tau = spreads.sigma, spreads.kappa, spreads.tau
    if settings.kappa is None:
        kappa = learn_kappa(evidence, solution)
    if settings.tau_elo is None:
        tau = learn_tau(evidence, solution, kappa=kappa, apart=known.apart, tau=tau)
    if settings.sigma_elo is None:
        shape = spectrum(solution, mean.theta, spreads.sigma)
        sigma = learn_sigma(shape, median_elo=settings.sigma_median_elo, log_sd=settings.sigma_log_sd)
    return Spreads(sigma, kappa, tau, spreads.seat_sigma)


def _first_spreads(settings: Settings) -> Spreads:
    sigma = settings.sigma_median_elo if settings.sigma_elo is None else settings.sigma_elo
    return Spreads(
        sigma=sigma / ELO_PER_LOGIT,
        kappa=1.0 if settings.kappa is None else settings.kappa,
        tau=(settings.tau_elo or 0.0) / ELO_PER_LOGIT,
        seat_sigma=settings.seat_sigma_elo / ELO_PER_LOGIT,
    )
