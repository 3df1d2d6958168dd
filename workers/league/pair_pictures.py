"""What the plots of boards of comparisons show: who beats whom, and whether the model may be believed."""

import math
from dataclasses import fields
from typing import Final

import numpy as np

from workers.league.comparisons import Booleans, Comparisons, Floats, Integers, sums
from workers.league.evidence import gather
from workers.league.intervals import NORMAL_95
from workers.league.likelihood import ELO_PER_LOGIT
from workers.league.matchups import matchups
from workers.league.pictures import MOST_IN_TABLE, Content, counts, grid, in_order, names, ranked_in
from workers.league.rating import Fit, Settings, fit
from workers.league.residuals import PairResiduals
from workers.league.separation import episodes_for
from workers.league.tally import Members

_FOLDS: Final = 4
_BINS: Final = 10
_STAGES: Final = (1 / 16, 1 / 8, 1 / 4, 1 / 2, 3 / 4, 1.0)
_WANTED_ELO: Final = (50.0, 25.0, 12.5)
_STRANGE: Final = 4.0


def heat_map(table: Fit, members: Members, comparisons: Comparisons) -> Content:
    """Return who wins how often against whom, of the best 40.

    {"agents", "of", "rate": [[x]], "low": [[x]], "high": [[x]], "points": [[x]], "episodes": [[n]]}; rate:
    expected share of points of the row's agent, with its 95 % interval; points: the observed share, None
    where two never met.
    """
    agents, known = in_order(table, MOST_IN_TABLE), matchups(table)
    deviation = NORMAL_95 * np.sqrt(known.variance())
    points, episodes = _met(comparisons, len(table.rank))
    with np.errstate(invalid="ignore"):
        share = np.where(episodes > 0, points / episodes, np.nan)
    return {
        "agents": names(members, agents),
        "of": ranked_in(table),
        "rate": grid(_rate(known.logit), agents),
        "low": grid(_rate(known.logit - deviation), agents),
        "high": grid(_rate(known.logit + deviation), agents),
        "points": grid(share, agents),
        "episodes": counts(episodes, agents),
    }


def residual_map(table: Fit, members: Members, residuals: PairResiduals) -> Content:
    """Return who does more against whom than the ratings say, of the best 40.

    {"agents", "of", "elo": [[x]], "z": [[x]], "episodes": [[n]], "tau": x, "flagged": [[row, column]]};
    elo: beyond the ratings, None where two never met; z: standard deviations, 0 below 8 episodes; tau: the
    board's intransitivity in Elo; flagged: places in `agents` of pairs with z beyond 4, the row doing better.
    """
    agents, size = in_order(table, MOST_IN_TABLE), len(table.rank)
    effect = np.full((size, size), np.nan)
    effect[table.pair_low, table.pair_high] = table.pair_elo
    effect[table.pair_high, table.pair_low] = -table.pair_elo
    strange = np.full((size, size), np.nan)
    strange[residuals.low, residuals.high] = residuals.z
    strange[residuals.high, residuals.low] = -residuals.z
    met = np.zeros((size, size))
    met[residuals.low, residuals.high] = met[residuals.high, residuals.low] = residuals.episodes
    flagged = np.argwhere(np.nan_to_num(strange[np.ix_(agents, agents)]) > _STRANGE)
    return {
        "agents": names(members, agents),
        "of": ranked_in(table),
        "elo": grid(effect, agents, 1),
        "z": grid(strange, agents, 2),
        "episodes": counts(met, agents),
        "tau": round(table.intransitivity_elo, 1),
        "flagged": flagged.tolist(),
    }


def style_disc(table: Fit, members: Members) -> Content:
    """Return a map of styles, of the best 40: whoever is a quarter turn behind another one is beaten by it.

    {"agents", "of", "x": [x], "y": [x], "share": x}; the farthest point is at radius 1; beyond the ratings,
    the first of two beats the second where x1 * y2 - y1 * x2 > 0. share: how much of what ratings cannot say
    these two axes hold, 0 to 1.

    Source:
        Balduzzi et al. 2018: the first pair of singular vectors of an antisymmetric matrix.
    """
    agents = in_order(table, MOST_IN_TABLE)
    known = matchups(table)
    cyclic = (known.logit - (table.theta[:, None] - table.theta[None, :]))[np.ix_(agents, agents)]
    if len(agents) < 2 or not np.abs(cyclic).max() > 0:
        nothing = [0.0] * len(agents)
        return {
            "agents": names(members, agents),
            "of": ranked_in(table),
            "x": nothing,
            "y": nothing,
            "share": 0.0,
        }
    left, size, right = np.linalg.svd(cyclic)
    # The two vectors of a pair: A v = s u and A u = -s v, so that A = s (u v' - v u') on their plane.
    x, y = left[:, 0], right[0]
    # A sign that does not hang on the library: the longest arm of the first axis points to the right.
    turn = 1.0 if x[np.argmax(np.abs(x))] > 0 else -1.0
    radius = float(np.sqrt(x**2 + y**2).max())
    return {
        "agents": names(members, agents),
        "of": ranked_in(table),
        "x": np.round(turn * x / radius, 4).tolist(),
        "y": np.round(turn * y / radius, 4).tolist(),
        "share": round(float((size[:2] ** 2).sum() / (size**2).sum()), 4),
    }


def convergence(table: Fit, members: Members, comparisons: Comparisons) -> Content:
    """Return how the board came to rest: refitted from the first so many matches.

    {"points": [{"matches", "episodes", "tau", "error"}], "wanted": [{"error", "episodes"}], "kappa": x};
    episodes: mean of an agent; tau: Kendall's tau to the present order; error: mean standard error in Elo;
    wanted: how many episodes an agent needs in all for a standard error.
    """
    who = np.flatnonzero(table.rank)
    total = int(comparisons.match.max(initial=-1)) + 1
    from scipy.stats import kendalltau  # Half a second and 40 MB in every process that could draw this.

    points = []
    for stage in sorted({max(1, round(total * share)) for share in _STAGES} if total else set()):
        early = fit(
            _only(comparisons, comparisons.match < stage),
            agents=len(table.rank),
            owners=members.owners,
            active=members.active,
            settings=Settings(draws=1),
        )
        tau = float(kendalltau(early.theta[who], table.theta[who]).statistic) if len(who) > 1 else 1.0
        points.append(
            {
                "matches": stage,
                "episodes": round(float(early.episodes[who].mean()) if len(who) else 0.0, 2),
                "tau": round(tau, 4) if math.isfinite(tau) else None,
                "error": round(float(early.error[who].mean()) if len(who) else 0.0, 2),
            }
        )
    wanted = [
        {"error": error, "episodes": round(episodes_for(error, kappa=table.kappa), 1)}
        for error in _WANTED_ELO
    ]
    return {"points": points, "wanted": wanted, "kappa": round(table.kappa, 4)}


def seat_effects(table: Fit, roles: tuple[str, ...]) -> list[Content]:
    """Return what each seat is worth: [{"seat", "role", "rating", "low", "high"}], Elo from the mean of all.

    Empty where every match was played in all seatings, so that seats cancel.
    """
    return [
        {
            "seat": seat,
            "role": roles[seat] if seat < len(roles) else "",
            "rating": round(float(elo), 1),
            "low": round(float(elo - NORMAL_95 * error), 1),
            "high": round(float(elo + NORMAL_95 * error), 1),
        }
        for seat, (elo, error) in enumerate(zip(table.seat_elo, table.seat_error, strict=True))
    ]


def calibration(table: Fit, members: Members, comparisons: Comparisons) -> Content:
    """Return predicted against observed results, each predicted by a fit of the matches before it.

    {"bins": [{"from", "to", "predicted", "observed", "low", "high", "results"}], "results": n, "log_loss": x,
    "log_loss_coin": x, "brier": x}; every result is seen from the side that was expected to win, so that
    predicted is 0.5 to 1. low and high: 95 % of observed. log_loss_coin: that of always saying one half.
    """
    predicted, observed = _forecasts(table, members, comparisons)
    turned = predicted < 0.5
    predicted = np.where(turned, 1.0 - predicted, predicted)
    observed = np.where(turned, 1.0 - observed, observed)
    edges = np.linspace(0.5, 1.0, _BINS + 1)
    at = np.clip(np.digitize(predicted, edges) - 1, 0, _BINS - 1)
    bins = [
        _bin(edges[each], edges[each + 1], predicted[at == each], observed[at == each])
        for each in range(_BINS)
        if (at == each).any()
    ]
    safe = np.clip(predicted, 1e-6, 1.0 - 1e-6)
    loss = -(observed * np.log(safe) + (1.0 - observed) * np.log(1.0 - safe))
    return {
        "bins": bins,
        "results": len(predicted),
        "log_loss": round(float(loss.mean()), 4) if len(loss) else None,
        "log_loss_coin": round(math.log(2.0), 4),
        "brier": round(float(((observed - predicted) ** 2).mean()), 4) if len(loss) else None,
    }


def _bin(start: float, end: float, predicted: Floats, observed: Floats) -> Content:
    """Return one bin, with Wilson's interval, which stays within 0 and 1 for few results."""
    size, mean, z = len(observed), float(observed.mean()), NORMAL_95
    middle = (mean + z**2 / (2 * size)) / (1 + z**2 / size)
    half = z * math.sqrt(mean * (1 - mean) / size + z**2 / (4 * size**2)) / (1 + z**2 / size)
    return {
        "from": round(float(start), 3),
        "to": round(float(end), 3),
        "predicted": round(float(predicted.mean()), 4),
        "observed": round(mean, 4),
        "low": round(max(0.0, middle - half), 4),
        "high": round(min(1.0, middle + half), 4),
        "results": size,
    }


def _forecasts(table: Fit, members: Members, comparisons: Comparisons) -> tuple[Floats, Floats]:
    """Return what was predicted and what came of it, for all matches but the first fold."""
    size, total = len(table.rank), int(comparisons.match.max(initial=-1)) + 1
    predicted, observed = [np.zeros(0)], [np.zeros(0)]
    for fold in range(1, _FOLDS):
        start, end = total * fold // _FOLDS, total * (fold + 1) // _FOLDS
        past, future = comparisons.match < start, (comparisons.match >= start) & (comparisons.match < end)
        if not past.any() or not future.any():
            continue
        before = fit(
            _only(comparisons, past),
            agents=size,
            owners=members.owners,
            active=members.active,
            settings=Settings(draws=1),
        )
        next_ones = _low_first(_only(comparisons, future))
        known = matchups(before)
        seats = np.append(before.seat_elo / ELO_PER_LOGIT, np.zeros(1 + _most_seat(comparisons)))
        logit = known.logit[next_ones.side_a, next_ones.side_b]
        logit = logit + np.where(
            next_ones.seat_a >= 0, seats[next_ones.seat_a] - seats[next_ones.seat_b], 0.0
        )
        # What is not known pulls a forecast towards one half (MacKay 1992).
        doubt = known.variance()[next_ones.side_a, next_ones.side_b]
        predicted.append(_rate(logit / np.sqrt(1.0 + math.pi * doubt / 8.0)))
        observed.append(next_ones.points)
    return np.concatenate(predicted), np.concatenate(observed)


def _low_first(comparisons: Comparisons) -> Comparisons:
    """Turn all rows so that the same agent of a pair comes first: seats that cancel must not show."""
    swap = comparisons.side_a > comparisons.side_b
    return Comparisons(
        match=comparisons.match,
        side_a=np.where(swap, comparisons.side_b, comparisons.side_a),
        side_b=np.where(swap, comparisons.side_a, comparisons.side_b),
        seat_a=np.where(swap, comparisons.seat_b, comparisons.seat_a),
        seat_b=np.where(swap, comparisons.seat_a, comparisons.seat_b),
        points=np.where(swap, 1.0 - comparisons.points, comparisons.points),
        weight=comparisons.weight,
    )


def _most_seat(comparisons: Comparisons) -> int:
    return int(max(comparisons.seat_a.max(initial=-1), comparisons.seat_b.max(initial=-1))) + 1


def _only(comparisons: Comparisons, kept: Booleans) -> Comparisons:
    return Comparisons(*(getattr(comparisons, each.name)[kept] for each in fields(Comparisons)))


def _met(comparisons: Comparisons, size: int) -> tuple[Floats, Floats]:
    """Return (agents, agents) points of the row against the column, and episodes."""
    evidence = gather(comparisons, size)
    pairs = len(evidence.low)
    points = sums(evidence.cell_pair, evidence.points, pairs)
    weight = sums(evidence.cell_pair, evidence.weight, pairs)
    return _square(evidence.low, evidence.high, points, weight - points, size), _square(
        evidence.low, evidence.high, weight, weight, size
    )


def _square(low: Integers, high: Integers, one: Floats, other: Floats, size: int) -> Floats:
    square = np.zeros((size, size))
    square[low, high], square[high, low] = one, other
    return square


def _rate(logit: Floats) -> Floats:
    return np.asarray(0.5 + 0.5 * np.tanh(0.5 * logit))
