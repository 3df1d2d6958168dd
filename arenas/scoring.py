"""Rewards to ranks and scores, one a seat."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from arenas.spec import ArenaSpec

TIE = 1e-9
"""Returns that differ by no more are equal."""


@dataclass(frozen=True, slots=True)
class SeatScore:
    """What one seat gets for one episode."""

    rank: int
    """1 is best; equal ranks are a tie. Seats that tie behind all others share the last place."""
    score: float
    """outcome, rank: mean over the opponents of 1, 0.5 or 0. return, score: the seat's own return, but where
    it forfeited no more than the arena's `forfeit_score`."""
    total_reward: float


def score_episode(
    spec: ArenaSpec,
    rewards: Sequence[float],
    forfeited: Mapping[int, int],
    survival: Sequence[int] | None = None,
) -> tuple[SeatScore, ...]:
    """Score an episode.

    A seat that forfeited stands behind all that did not; of two that forfeited the later one stands higher,
    and if both did so in the same turn they tie for last place, which counts as a loss to each. Objective
    `outcome` and `return` order the rest by return, `rank` by return and then by survival.

    Args:
        spec: the arena.
        rewards: returns, one a seat.
        forfeited: for each seat that forfeited the turn in which it did.
        survival: the turn at which each seat's agent died; only `rank` looks at it.

    Raises:
        ValueError: `rewards` or `survival` is not one number a seat, or a seat does not exist.
    """
    if len(rewards) != spec.seats or (survival is not None and len(survival) != spec.seats):
        raise ValueError(f"{spec.id} has {spec.seats} seats, not {len(rewards)}.")
    if not all(0 <= seat < spec.seats for seat in forfeited):
        raise ValueError(f"{spec.id} has no seat of such a number: {sorted(forfeited)}.")
    returns = _merge_ties(rewards)
    lives = survival if survival is not None and spec.objective == "rank" else [0] * spec.seats
    keys = [
        (0, forfeited[seat], 0) if seat in forfeited else (1, returns[seat], lives[seat])
        for seat in range(spec.seats)
    ]
    if spec.objective in ("outcome", "rank"):
        scores = [_points(keys, seat) for seat in range(spec.seats)]
    else:
        scores = [
            min(float(reward), spec.forfeit_score) if seat in forfeited else float(reward)
            for seat, reward in enumerate(rewards)
        ]
    return tuple(
        SeatScore(_rank(keys, seat), scores[seat], float(rewards[seat])) for seat in range(spec.seats)
    )


def _merge_ties(rewards: Sequence[float]) -> list[float]:
    """Give equal numbers to returns that differ by no more than `TIE`, nearest neighbours first."""
    merged = [0.0] * len(rewards)
    previous = None
    for seat in sorted(range(len(rewards)), key=lambda seat: rewards[seat]):
        if previous is not None and rewards[seat] - rewards[previous] <= TIE:
            merged[seat] = merged[previous]
        else:
            merged[seat] = float(rewards[seat])
        previous = seat
    return merged


def _rank(keys: Sequence[tuple[int, float, int]], seat: int) -> int:
    key = keys[seat]
    if key[0] == 0:
        return 1 + sum(other > key for other in keys) + (keys.count(key) - 1)
    return 1 + sum(other > key for other in keys)


def _points(keys: Sequence[tuple[int, float, int]], seat: int) -> float:
    """Return the mean over the opponents: 1 for a win, 0.5 for a tie, 0 for a loss or a common forfeit."""
    if len(keys) == 1:
        return 1.0 if keys[seat][0] else 0.0
    key = keys[seat]
    points = 0.0
    for opponent, other in enumerate(keys):
        if opponent != seat:
            points += 1.0 if key > other else 0.5 if key == other and key[0] else 0.0
    return points / (len(keys) - 1)
