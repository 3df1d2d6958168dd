"""The scale people see: where its centre lies, who is settled, and expected points against the field."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from workers.league.comparisons import Booleans, Floats, Integers
from workers.league.curvature import DENSE_AGENTS
from workers.league.evidence import Evidence
from workers.league.intervals import centred_errors, widening
from workers.league.likelihood import ELO_PER_LOGIT
from workers.league.posterior import Posterior

_GRID: Final = 1024
"""Points of the curve by which a large field's expected points are read off."""


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
class Placed:
    """Strengths on the scale people see."""

    theta: Floats
    elo: Floats
    error: Floats
    provisional: Booleans
    origin: float
    """What was taken off all strengths, logits."""
    centre: Floats
    """(agents,) share of each agent in it."""


def place(
    evidence: Evidence,
    theta: Floats,
    known: Posterior,
    sigma: float,
    settings: Settings,
    scale: tuple[Sequence[int], Integers],
) -> Placed:
    """Choose the centre of the scale and measure strengths and errors from it.

    Who is provisional decides the centre, so it is judged by errors around the plain mean first.

    Args:
        evidence: the summed comparisons.
        theta: (agents,) logits.
        known: of the strengths.
        sigma: spread of strengths, logits.
        settings: the estimator's.
        scale: agents that fix the scale, and (agents,) owners.
    """
    agents = evidence.agents
    plain = _centred(known, np.full(agents, 1.0 / max(agents, 1)))
    provisional = is_provisional(
        evidence.episodes,
        evidence.opponents,
        widened(plain, evidence.episodes, sigma) * ELO_PER_LOGIT,
        settings,
    )
    anchors, owner = scale
    settled = [index for index in anchors if evidence.episodes[index] >= settings.anchor_episodes]
    centre = np.zeros(agents)
    if len(settled) >= settings.anchors:
        centre[settled] = 1.0 / len(settled)
    else:
        centre = _field_centre(theta, evidence.episodes > 0, provisional, owner)
    origin = float(centre @ theta)
    error = widened(_centred(known, centre), evidence.episodes, sigma) * ELO_PER_LOGIT
    elo = settings.centre_elo + ELO_PER_LOGIT * (theta - origin)
    return Placed(theta - origin, elo, error, provisional, origin, centre)


def is_provisional(episodes: Floats, opponents: Integers, error: Floats, settings: Settings) -> Booleans:
    """Return (agents,) who has too few episodes or opponents, or too large an error (Elo)."""
    return np.asarray(
        (episodes < settings.provisional_episodes)
        | (opponents < min(settings.provisional_opponents, len(episodes) - 1))
        | (error > settings.provisional_error_elo)
        | (episodes == 0)
    )


def widened(errors: Floats, episodes: Floats, sigma: float) -> Floats:
    """Widen the errors of few episodes, but never beyond what is known without any."""
    return np.asarray(np.minimum(errors * widening(episodes), np.maximum(errors, sigma)))


def _centred(known: Posterior, centre: Floats) -> Floats:
    if len(known.covariance) == len(centre):
        return centred_errors(known.covariance, centre)
    # In a large field agents hardly know of each other.
    shared = float(centre**2 @ known.variance)
    return np.asarray(np.sqrt(np.maximum(known.variance * (1.0 - 2.0 * centre) + shared, 0.0)))


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


def field_rate(evidence: Evidence, theta: Floats, pair: Floats, owner: Integers) -> Floats:
    """Return expected points against all agents of other owners that play; owners weigh alike.

    Args:
        evidence: the summed comparisons.
        theta: (agents,) logits.
        pair: (pairs,) pair effects, logits.
        owner: (agents,) who owns each.
    """
    playing = evidence.episodes > 0
    _, owner = np.unique(owner, return_inverse=True)
    entrants = np.bincount(owner, playing, minlength=1)
    share = playing / np.maximum(entrants[owner], 1.0)
    summed = _summed if len(theta) <= DENSE_AGENTS else _summed_over_many
    total, rate = summed(evidence, theta, pair, owner, share)
    return np.asarray(np.where(total > 0, rate / np.maximum(total, 1e-12), 0.5))


def _summed(
    evidence: Evidence, theta: Floats, pair: Floats, owner: Integers, share: Floats
) -> tuple[Floats, Floats]:
    """Return (agents,) summed shares of the others, and expected points times these."""
    logits = theta[:, None] - theta[None, :]
    logits[evidence.low, evidence.high] += pair
    logits[evidence.high, evidence.low] -= pair
    weight = np.where(owner[:, None] == owner[None, :], 0.0, share[None, :])
    return weight.sum(axis=1), (weight * _points(logits)).sum(axis=1)


def _summed_over_many(
    evidence: Evidence, theta: Floats, pair: Floats, owner: Integers, share: Floats
) -> tuple[Floats, Floats]:
    """Return the same from one curve over strength, mended for own agents and for pairs with an effect."""
    grid = np.linspace(theta.min(), theta.max(), _GRID)
    curve = np.array([share @ _points(each - theta) for each in grid])
    rate = np.interp(theta, grid, curve)
    total = share.sum() - np.bincount(owner, share)[owner]
    order = np.argsort(owner, kind="stable")
    alone = np.bincount(owner)[owner] == 1
    rate[alone] -= 0.5 * share[alone]
    order = order[~alone[order]]
    for mine in np.split(order, np.flatnonzero(np.diff(owner[order])) + 1):
        rate[mine] -= _points(theta[mine][:, None] - theta[mine][None, :]) @ share[mine]
    low, high = evidence.low, evidence.high
    apart = theta[low] - theta[high]
    more = np.where(owner[low] == owner[high], 0.0, _points(apart + pair) - _points(apart))
    rate += np.bincount(low, more * share[high], len(theta))
    rate -= np.bincount(high, more * share[low], len(theta))
    return np.asarray(total), np.asarray(rate)


def _points(logits: Floats) -> Floats:
    return np.asarray(0.5 + 0.5 * np.tanh(0.5 * logits))
