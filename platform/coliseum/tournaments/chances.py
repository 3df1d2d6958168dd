"""How likely a tournament crowns its best agent: simulated in small portions beside all other work."""

import math
import time
from dataclasses import replace

import numpy as np
from django.db.models import F

from coliseum import clock
from coliseum.tournaments.history import plan_of
from coliseum.tournaments.models import Entrant, Tournament
from coliseum.tournaments.queries import arena_of, tournaments_to_simulate
from workers.league.formats import Chance, Field, FormatError, Plan
from workers.league.formats.crowning import play_out
from workers.seating import seatings

RUNS = 2000
PORTION_SECONDS = 0.15
_ELO = 400.0 / math.log(10.0)
_UNKNOWN_DEVIATION = 1.5
"""Logits; of an agent that had no rating."""


def simulate_portion(*, seconds: float = PORTION_SECONDS) -> Tournament | None:
    """Run some more simulations of a tournament that lacks them; return it, None when all have enough."""
    tournament = tournaments_to_simulate(runs=RUNS)
    if tournament is None:
        return None
    rng = np.random.default_rng([tournament.lot, tournament.crowning_runs])
    entrants = list(tournament.entrants.order_by("seed"))
    try:
        crowned, runs = _simulate(tournament, plan_of(tournament), entrants, rng, seconds)
    except FormatError:
        # The arena changed under a running tournament: below zero says that there is no figure.
        crowned, runs = -1.0 - RUNS, RUNS
    Tournament.objects.filter(pk=tournament.pk).update(
        crowning_runs=F("crowning_runs") + runs,
        crowning_sum=F("crowning_sum") + crowned,
        crowned_at=clock.now(),
    )
    return tournament


def crowning_of(tournament: Tournament) -> tuple[float, float] | None:
    """Return the probability and its standard error, None where there is none yet."""
    runs, won = tournament.crowning_runs, tournament.crowning_sum
    if not runs or won < 0:
        return None
    # Half a success and half a failure more keep the error honest where all runs agree.
    smoothed = (won + 0.5) / (runs + 1)
    return won / runs, math.sqrt(smoothed * (1 - smoothed) / runs)


def _simulate(
    tournament: Tournament, plan: Plan, entrants: list[Entrant], rng: np.random.Generator, seconds: float
) -> tuple[float, int]:
    """Play the tournament with its real seeds, strengths drawn from what was known at the start."""
    arena = arena_of(tournament.competition)
    chance = Chance(episodes=len(seatings(arena)) * max(1, arena.episodes))
    mean, deviation = _strengths(entrants)
    numbers = [entrant.number for entrant in entrants]
    field = Field(tuple(numbers))
    crowned, runs = 0.0, 0
    until = time.monotonic() + seconds
    while runs == 0 or (time.monotonic() < until and tournament.crowning_runs + runs < RUNS):
        truth = dict(zip(numbers, rng.normal(mean, deviation).tolist(), strict=True))
        own = replace(field, lot=int(rng.integers(1 << 62)))
        fields, histories = play_out(plan, own, truth, rng=rng, chance=chance)
        first = [row.entry for row in plan.standings(fields, histories) if row.place == 1]
        best = max(numbers, key=lambda number: truth[number])
        crowned += (best in first) / max(len(first), 1)
        runs += 1
    return crowned, runs


def _strengths(entrants: list[Entrant]) -> tuple[list[float], list[float]]:
    """Return means and standard deviations in logits; who has no rating is thought average and uncertain."""
    known = [entrant.rating for entrant in entrants if entrant.rating is not None]
    middle = sum(known) / len(known) if known else 0.0
    mean = [((middle if e.rating is None else e.rating) - middle) / _ELO for e in entrants]
    deviation = [_UNKNOWN_DEVIATION if e.deviation is None else e.deviation / _ELO for e in entrants]
    return mean, deviation
