"""What a competition will cost, and what its tournaments can be expected to find."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np

from arenas.spec import ArenaSpec
from workers.hosting.file import CompetitionFile, Tournament
from workers.league.calibration import Calibration
from workers.league.formats import Chance, Field, crowning_probability
from workers.league.formats.crowning import play_out
from workers.league.formats.named import named_plan
from workers.league.likelihood import ELO_PER_LOGIT

SPREAD_ELO: Final = 200.0
"""Of the entrants' strengths, where the baselines' own tells nothing."""
_KNOWN_BY: Final = 4
"""Baselines from which on their spread is taken for the entrants'."""
_CHUNK: Final = 10


@dataclass(frozen=True, slots=True)
class Load:
    """What the league will play; hours of one core of this machine."""

    teams: int
    agents: int
    matches: int
    """Until all of the first agents have their target."""
    core_hours: float
    daily_core_hours: float
    """If every team sends one agent a day."""
    most_daily_core_hours: float
    """If every team uses its whole quota."""


@dataclass(frozen=True, slots=True)
class Prospect:
    """What a tournament is expected to meet."""

    entrants: int
    match_seconds: float
    """Of one core."""
    spread_elo: float = SPREAD_ELO
    """Standard deviation of the entrants' strengths."""
    draws: float = 0.0
    """Share of drawn episodes."""


@dataclass(frozen=True, slots=True)
class Outlook:
    """What a tournament will be."""

    name: str
    format: str
    entrants: int
    rounds: int
    pairings: int
    matches: float
    """Mean over the simulations."""
    core_hours: float
    crowning: float
    """Chance that first place goes to the best entrant."""
    error: float
    """Standard error of it."""
    runs: int


def forecast_load(file: CompetitionFile, *, match_seconds: float, lineup: int, teams: int) -> Load:
    """Return what the league will cost.

    Args:
        file: quotas and target.
        match_seconds: of one core.
        lineup: agents that meet in a match.
        teams: that will take part.
    """
    quotas = file.quotas
    agents = teams * quotas.active_submissions
    matches = round(agents * quotas.target_matches / lineup)
    hours = match_seconds / 3600
    return Load(
        teams=teams,
        agents=agents,
        matches=matches,
        core_hours=matches * hours,
        daily_core_hours=teams * quotas.target_matches * hours,
        most_daily_core_hours=teams * quotas.daily_submissions * quotas.target_matches * hours,
    )


def spread_of(calibration: Calibration | None, agents: int) -> float:
    """Return the spread of strengths, in Elo, that entrants may be expected to have."""
    return calibration.spread_elo if calibration and agents >= _KNOWN_BY else SPREAD_ELO


def forecast_tournament(
    each: Tournament,
    arena: ArenaSpec,
    prospect: Prospect,
    *,
    runs: int = 300,
    seconds: float = 10.0,
    clock: Callable[[], float] = time.monotonic,
) -> Outlook:
    """Play a tournament many times in arithmetic.

    Args:
        each: of a file that was found right.
        arena: of the file.
        prospect: who takes part, and how matches go.
        runs: how many times.
        seconds: no more runs are begun after this time; the first ten always are.
        clock: what time it is.
    """
    plan = named_plan(each.format, each.options, seats=arena.lineup)
    rng = np.random.default_rng(20261122)
    chance = Chance(
        episodes=arena.episodes * (arena.lineup if arena.swaps_seats else 1), draws=prospect.draws
    )
    truths = rng.normal(0.0, prospect.spread_elo / ELO_PER_LOGIT, (runs, prospect.entrants))
    end = clock() + seconds
    crowned = matches = 0.0
    done = 0
    while done < runs and (done == 0 or clock() < end):
        part = truths[done : done + _CHUNK]
        found = crowning_probability(
            plan, part, runs=len(part), rng=rng, chance=chance, seeded=each.seeding == "rating"
        )
        crowned += found.probability * found.runs
        matches += found.matches * found.runs
        done += found.runs
    field = Field(tuple(range(prospect.entrants)))
    _, histories = play_out(plan, field, dict(enumerate(truths[0].tolist())), rng=rng, chance=chance)
    share = crowned / done
    smoothed = (crowned + 0.5) / (done + 1)
    return Outlook(
        name=each.name,
        format=each.format,
        entrants=prospect.entrants,
        rounds=sum(max((pairing.round for pairing in one.pairings), default=0) for one in histories),
        pairings=sum(len(one.pairings) for one in histories),
        matches=matches / done,
        core_hours=matches / done * prospect.match_seconds / 3600,
        crowning=share,
        error=float(np.sqrt(smoothed * (1 - smoothed) / done)),
        runs=done,
    )
