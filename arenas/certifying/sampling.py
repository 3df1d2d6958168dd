"""Many episodes of random play, and what they tell: lengths, times, seats, draws, luck."""

import time
from collections.abc import Iterator, Sequence
from typing import Final

from arenas.adapters import Adapter
from arenas.certifying.checks import ArenaCheck, Effort
from arenas.certifying.measures import (
    FAIR,
    LEAST_SEEDS,
    draw_rate,
    luck_share,
    member_points,
    quantiles,
    seat_advantage,
)
from arenas.certifying.playing import FIRST_SEED, Played, play_random
from arenas.spec import ArenaSpec

STREAMS: Final = 2
"""Episodes with one seed; random agents choose otherwise in each."""
_LEAST: Final = 3


def play_sample(adapter: Adapter, effort: Effort) -> list[Played]:
    """Play random episodes until the time is up; at least three.

    Raises:
        ArenaError: the environment failed.
    """
    until = time.monotonic() + effort.play_seconds
    sample: list[Played] = []
    while len(sample) < _LEAST or (time.monotonic() < until and len(sample) < effort.most_episodes):
        seed, stream = divmod(len(sample), STREAMS)
        sample.append(play_random(adapter, FIRST_SEED + seed, stream))
    return sample


def check_sample(sample: Sequence[Played]) -> Iterator[ArenaCheck]:
    """Say what random play shows."""
    strange = next((played.strange for played in sample if played.strange), "")
    yield ArenaCheck("finite", not strange, float(len(sample)), strange or "episodes without NaN or infinity")
    turns = [played.log.turns for played in sample]
    cut = sum(played.truncated for played in sample)
    yield ArenaCheck(
        "ends", True, float(max(turns)), f"turns at most; {cut} of {len(sample)} episodes were cut off"
    )
    middle, late = quantiles(turns, 0.5, 0.95)
    told = f"turns of random play, median; 95 % below {late:.0f}; {cut / len(sample):.0%} cut off"
    yield ArenaCheck("length", True, middle, told, blocks=False)
    seconds = [second for played in sample for second in played.seconds]
    half, tail, worst = quantiles(seconds, 0.5, 0.99, 1.0)
    told = f"seconds, 99 % of turns; median {half * 1e6:.0f} us, slowest {worst * 1e3:.1f} ms"
    yield ArenaCheck("step_time", True, tail, told, blocks=False)
    speed = len(seconds) / sum(seconds)
    yield ArenaCheck("speed", True, speed, "turns a second in a bare loop of random play", blocks=False)


Result = tuple[int, Sequence[int], Sequence[float]]
"""Seed, ranks and scores of one game; one a seat."""


def check_fairness(spec: ArenaSpec, results: Sequence[Result], who: str) -> Iterator[ArenaCheck]:
    """Say what seats, draws and seeds did to the results of equal agents.

    Args:
        spec: the arena.
        results: the games.
        who: what played them: `random play`, or a baseline's name; figures of the latter have names of
            their own and say nothing of luck.
    """
    end = "" if who == "random play" else "_best"
    seeds = [seed for seed, _, _ in results]
    ranks = [places for _, places, _ in results]
    if spec.lineup > 1:
        points = [member_points(places, spec.teams) for places in ranks]
        found = seat_advantage(points, seeds)
        ok = spec.swaps_seats or not found.is_unfair
        place = f"place {found.member + 1} of {spec.lineup}"
        interval = f"95 % between {found.low:+.0f} and {found.high:+.0f}"
        told = f"Elo for {place}, {interval}, {who}, {len(results)} games"
        told += "" if ok else f"; beyond {FAIR:.0f}, and agents do not change places here"
        yield ArenaCheck(f"seat_advantage{end}", ok, found.elo, told)
        told = f"share of draws, {who}, {len(results)} games"
        yield ArenaCheck(f"draw_rate{end}", True, draw_rate(ranks), told, blocks=False)
    if not end:
        first = [scores[0] for _, _, scores in results]
        luck = luck_share(first, seeds)
        told = (
            "share of the results' variance that the seed explains"
            if luck is not None
            else f"fewer than {LEAST_SEEDS} seeds were played in the time"
        )
        yield ArenaCheck("luck", True, luck, told, blocks=False)
