"""What a trial of the house's agents tells about an arena: luck, seats, draws, cost; and how to play it.

How it works: the trial's matches are fitted twice, once as they were played, both seatings one match, and
once with every episode on its own. The second fit knows what a seat is worth; the two dispersions side by
side tell how much luck swapping seats on one seed takes out. Matches that went exactly as another one tell
nothing new and are left out, so that agents without chance in an arena without chance do not look well known.
"""

from collections import defaultdict
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace
from itertools import combinations_with_replacement
from math import ceil, isfinite
from typing import Final, Literal, TypeAlias

import numpy as np

from workers.league.comparisons import ComparisonsError
from workers.league.intervals import NORMAL_95, superiority
from workers.league.likelihood import ELO_PER_LOGIT
from workers.league.rating import Fit, Settings, fit
from workers.league.results import Episode, compare_episodes
from workers.league.scores import fit_scores
from workers.league.separation import episodes_for

WarningCode: TypeAlias = Literal[
    "seat_advantage", "draws", "no_separation", "not_repeatable", "no_variety", "few_matches"
]
DrawRule: TypeAlias = Literal["half_points", "extra_matches"]

RANDOM: Final = "random"
"""The name of the house agent that plays at random."""
_SEAT_ELO: Final = 50.0
_DRAWS: Final = 0.60
_DRAWS_IN_SERIES: Final = 0.25
_SURE: Final = 0.95
_NO_LUCK: Final = 0.95
"""Dispersion of swapped matches over that of single episodes, from which on swapping takes no luck out."""
_INTRANSITIVE_ELO: Final = 150.0
_ENOUGH: Final = 100
"""Different matches from which on seats may be left unswapped."""
_FEW: Final = 20
_START_SHARE: Final = 0.25
_MOST_EPISODES: Final = 8


@dataclass(frozen=True, slots=True)
class Trial:
    """Matches of house agents, played to get to know an arena."""

    agents: int
    episodes: tuple[Episode, ...]
    digests: tuple[str, ...] = ()
    """One for each episode; empty where they were not kept."""
    match_seconds: tuple[float, ...] = ()
    start_seconds: float = 0.0
    """Of a match, spent on starting agents and ending them."""
    repeats: tuple[tuple[str, str], ...] = ()
    """Digests of episodes that were played twice with the same seeds."""
    weakest: int | None = None
    """The agent that plays at random."""


@dataclass(frozen=True, slots=True)
class SeatEffect:
    """What a seat is worth, with its 95 % interval; all seats together are worth nothing."""

    elo: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Advice:
    """How league matches should be played."""

    swaps: bool
    """Every seating on the same seed."""
    episodes: int
    """Of a match in each seating."""
    draws: DrawRule
    """Half points always count in the rating; in series of a tournament many draws call for extra matches."""


@dataclass(frozen=True, slots=True)
class TrialWarning:
    """Something a host should know before anybody joins."""

    code: WarningCode
    text: str


@dataclass(frozen=True, slots=True)
class Calibration:
    """What a trial told."""

    matches: int
    different: int
    """Matches that did not go exactly as another one."""
    phi: float
    """Dispersion of a match as played: 1 is pure chance of the strengths, less is calmer."""
    phi_single: float
    """The same of episodes on their own."""
    seats: tuple[SeatEffect, ...]
    draws: float
    """Share of compared pairs that were level."""
    elo: tuple[float, ...]
    """Rating of each agent."""
    spread_elo: float
    """Learned spread of strengths."""
    intransitivity_elo: float
    separation: float | None
    """Chance that the best of the others is better than the one that plays at random."""
    match_seconds: float
    """Mean; 0 where it was not measured."""
    is_repeatable: bool | None
    """Whether the same seeds gave the same episode; None where it was not tried."""
    advice: Advice
    warnings: tuple[TrialWarning, ...]

    def episodes_for(self, half_width_elo: float) -> float:
        """Return how many episodes an agent needs until its 95 % interval is plus and minus so many Elo."""
        return episodes_for(half_width_elo / NORMAL_95, kappa=1.0 / self.phi)


def trial_lineups(agents: int, size: int) -> list[tuple[int, ...]]:
    """Return the line-ups of a trial in the order to play them: of different agents, or of all where few.

    Args:
        agents: how many there are.
        size: members of a line-up; where it is more than there are agents, some sit in it twice.
    """
    every = list(combinations_with_replacement(range(agents), size))
    most = min(size, agents)
    different = [lineup for lineup in every if len(set(lineup)) == most]
    order = np.random.default_rng(0).permutation(len(different)) if size > 2 else range(len(different))
    return [different[int(place)] for place in order]


def calibrate(trial: Trial, *, seatings: int = 2) -> Calibration:
    """Judge an arena by a trial.

    Args:
        trial: matches of agents that differ, in all seatings where the arena swaps them.
        seatings: of a match in this arena.

    Raises:
        ComparisonsError: an agent index is out of range, or lists differ in length.
    """
    _check(trial)
    settings = Settings(provisional_episodes=1)
    episodes = _different(trial)
    swapped = fit(compare_episodes(episodes), agents=trial.agents, settings=settings)
    alone = [replace(episode, match=number) for number, episode in enumerate(episodes)]
    single = fit(compare_episodes(alone), agents=trial.agents, settings=settings)
    matches = len({episode.match for episode in trial.episodes})
    different = len({episode.match for episode in episodes})
    seconds = float(np.mean(trial.match_seconds)) if trial.match_seconds else 0.0
    draws = _draw_share(episodes)
    found = Calibration(
        matches=matches,
        different=different,
        phi=1.0 / swapped.kappa,
        phi_single=1.0 / single.kappa,
        seats=_seats(single),
        draws=draws,
        elo=tuple(map(float, swapped.elo)),
        spread_elo=swapped.sigma0 * ELO_PER_LOGIT,
        intransitivity_elo=swapped.intransitivity_elo,
        separation=_separation(swapped, trial.weakest),
        match_seconds=seconds,
        is_repeatable=all(a == b for a, b in trial.repeats) if trial.repeats else None,
        advice=Advice(swaps=True, episodes=1, draws="half_points"),
        warnings=(),
    )
    per_match = len(trial.episodes) / max(matches, 1) / max(seatings, 1)
    advice = Advice(
        swaps=not _may_stay(found),
        episodes=_episodes_a_match(trial, found, per_match=per_match),
        draws="extra_matches" if draws > _DRAWS_IN_SERIES else "half_points",
    )
    return replace(found, advice=advice, warnings=tuple(_warnings(found)))


@dataclass(frozen=True, slots=True)
class ScoreCalibration:
    """What a trial told about an arena where one agent plays alone, all on the same scenarios."""

    scenarios: int
    score: tuple[float, ...]
    """Interquartile mean of each agent."""
    low: tuple[float, ...]
    high: tuple[float, ...]
    luck: float
    """Share of the variance within agents that scenarios explain: common ones take it out; 0 to 1."""
    separation: float | None
    """Chance that the best of the others is better than the one that plays at random."""
    episode_seconds: float
    is_repeatable: bool | None
    warnings: tuple[TrialWarning, ...]


def calibrate_scores(
    scenarios: Sequence[int],
    agents: Sequence[int],
    scores: Sequence[float],
    *,
    weakest: int | None = None,
    seconds: Sequence[float] = (),
    repeats: Sequence[tuple[str, str]] = (),
) -> ScoreCalibration:
    """Judge a one-seat arena by a trial; rows are episodes.

    Args:
        scenarios: (rows,) scenario of each.
        agents: (rows,) agent index.
        scores: (rows,) larger is better.
        weakest: the agent that plays at random.
        seconds: (rows,) or none.
        repeats: digests of episodes that were played twice with the same seed.

    Raises:
        ComparisonsError: lengths differ or a score is not finite.
    """
    count = max(agents, default=-1) + 1
    table = fit_scores(
        np.array(scenarios, np.int64), np.array(agents, np.int64), np.array(scores, np.float64), agents=count
    )
    others = [agent for agent in range(count) if agent != weakest and table.episodes[agent]]
    separation = None
    if weakest is not None and weakest < count and others:
        best = max(others, key=lambda agent: float(table.score[agent]))
        gap = float(table.score[best] - table.score[weakest])
        error = float(np.hypot(table.error[best], table.error[weakest]))
        separation = _normal(gap / error) if error > 0 else float(np.sign(gap) / 2 + 0.5)
    is_repeatable = all(a == b for a, b in repeats) if repeats else None
    different = len(set(scenarios))
    return ScoreCalibration(
        scenarios=different,
        score=tuple(map(float, table.score)),
        low=tuple(map(float, table.low)),
        high=tuple(map(float, table.high)),
        luck=_scenario_luck(scenarios, agents, scores),
        separation=separation,
        episode_seconds=float(np.mean(seconds)) if len(seconds) else 0.0,
        is_repeatable=is_repeatable,
        warnings=tuple(_common_warnings(separation, is_repeatable, different)),
    )


def _check(trial: Trial) -> None:
    if trial.digests and len(trial.digests) != len(trial.episodes):
        raise ComparisonsError(f"{len(trial.digests)} digests for {len(trial.episodes)} episodes")
    if trial.weakest is not None and not 0 <= trial.weakest < trial.agents:
        raise ComparisonsError(f"agent {trial.weakest} is outside 0 to {trial.agents - 1}")
    if not all(isfinite(seconds) for seconds in trial.match_seconds):
        raise ComparisonsError("a duration is not finite")


def _different(trial: Trial) -> list[Episode]:
    """Return the episodes of matches that did not go exactly as an earlier one."""
    if not trial.digests:
        return list(trial.episodes)
    course: dict[int, list[tuple[Hashable, ...]]] = defaultdict(list)
    for episode, digest in zip(trial.episodes, trial.digests, strict=True):
        course[episode.match].append((episode.agents, digest))
    first: dict[tuple[Hashable, ...], int] = {}
    for match, played in course.items():
        first.setdefault(tuple(sorted(played, key=repr)), match)
    kept = set(first.values())
    return [episode for episode in trial.episodes if episode.match in kept]


def _draw_share(episodes: Sequence[Episode]) -> float:
    compared = compare_episodes(episodes)
    return float((compared.points == 0.5).mean()) if len(compared) else 0.0


def _seats(single: Fit) -> tuple[SeatEffect, ...]:
    return tuple(
        SeatEffect(float(elo), float(elo - NORMAL_95 * error), float(elo + NORMAL_95 * error))
        for elo, error in zip(single.seat_elo, single.seat_error, strict=True)
    )


def _separation(table: Fit, weakest: int | None) -> float | None:
    others = [agent for agent in range(len(table.elo)) if agent != weakest and table.episodes[agent]]
    if weakest is None or not others or not table.episodes[weakest]:
        return None
    best = max(others, key=lambda agent: float(table.theta[agent]))
    return float(superiority(table.theta, table.covariance)[best, weakest])


def _may_stay(found: Calibration) -> bool:
    """Say whether agents may keep their seats: swapping takes out no luck, and pairs matter more."""
    return (
        found.different >= _ENOUGH
        and found.phi >= _NO_LUCK * found.phi_single
        and found.intransitivity_elo > _INTRANSITIVE_ELO
    )


def _episodes_a_match(trial: Trial, found: Calibration, *, per_match: float) -> int:
    """Return the fewest episodes a seating with which starting agents takes a quarter of a match at most."""
    playing = found.match_seconds - trial.start_seconds
    if playing <= 0 or per_match <= 0 or 2 * found.different <= found.matches:
        return 1
    round_seconds = playing / per_match
    wanted = trial.start_seconds * (1 - _START_SHARE) / _START_SHARE / round_seconds
    return min(max(ceil(wanted), 1), _MOST_EPISODES)


def _warnings(found: Calibration) -> list[TrialWarning]:
    warnings = []
    for number, seat in enumerate(found.seats):
        if abs(seat.elo) > _SEAT_ELO and seat.low * seat.high > 0:
            text = f"Seat {number} is worth {seat.elo:+.0f} Elo ({seat.low:+.0f} to {seat.high:+.0f})."
            warnings.append(TrialWarning("seat_advantage", text))
    if found.draws > _DRAWS:
        text = f"{found.draws:.0%} of the results are draws: it takes many matches to tell agents apart."
        warnings.append(TrialWarning("draws", text))
    if 0 < 2 * found.different <= found.matches:
        text = (
            f"Only {found.different} of {found.matches} matches went differently: neither these agents nor "
            "the arena take chances. More matches of the same two tell little more."
        )
        warnings.append(TrialWarning("no_variety", text))
    return warnings + _common_warnings(found.separation, found.is_repeatable, found.different)


def _common_warnings(
    separation: float | None, is_repeatable: bool | None, different: int
) -> list[TrialWarning]:
    warnings = []
    if separation is not None and separation < _SURE:
        text = (
            f"No separation: the best baseline is better than the random one with {separation:.0%} only. "
            "Either luck rules here, or it takes more matches."
        )
        warnings.append(TrialWarning("no_separation", text))
    if is_repeatable is False:
        text = "The same seeds gave another episode: matches cannot be played again to check them."
        warnings.append(TrialWarning("not_repeatable", text))
    if different < _FEW:
        text = f"{different} different matches are few: all of these numbers are rough."
        warnings.append(TrialWarning("few_matches", text))
    return warnings


def _scenario_luck(scenarios: Sequence[int], agents: Sequence[int], scores: Sequence[float]) -> float:
    """Return the share of the variance around the agents' means that scenarios explain."""
    if not len(scores):
        return 0.0
    value = np.array(scores, np.float64)
    agent, scenario = (np.unique(np.array(ids), return_inverse=True)[1] for ids in (agents, scenarios))
    rest = value - (np.bincount(agent, value) / np.bincount(agent))[agent]
    total = float((rest**2).sum())
    shared = (np.bincount(scenario, rest) / np.bincount(scenario))[scenario]
    return float((shared**2).sum()) / total if total > 0 else 0.0


def _normal(deviations: float) -> float:
    return float(superiority(np.array([deviations, 0.0]), np.diag([1.0, 0.0]))[0, 1])
