"""What a competition will cost, from its file and one measured match."""

from itertools import count

import pytest

from arenas import registry
from tests.workers.hosting.files import HEAD
from workers.hosting.file import Tournament
from workers.hosting.forecast import SPREAD_ELO, Prospect, forecast_load, forecast_tournament, spread_of
from workers.hosting.reading import read_toml

C4 = registry.get("connect_four-v3")


def test_the_load_follows_from_teams_quotas_and_the_target():
    file = read_toml((HEAD + "[quotas]\nactive_submissions = 3\ntarget_matches = 100\n").encode())
    load = forecast_load(file, match_seconds=3.6, lineup=2, teams=10)
    assert (load.agents, load.matches) == (30, 1500)
    assert load.core_hours == pytest.approx(1.5)
    assert load.daily_core_hours == pytest.approx(1.0)
    assert load.most_daily_core_hours == pytest.approx(5.0)


def test_a_round_robin_is_counted_exactly():
    each = Tournament(name="x", format="round_robin", cycles=2)
    found = forecast_tournament(each, C4, Prospect(6, match_seconds=36), runs=20)
    assert (found.rounds, found.pairings, found.matches) == (10, 30, 30)
    assert found.core_hours == pytest.approx(0.3)
    assert found.runs == 20


def test_more_matches_and_a_wider_field_crown_the_best_more_often():
    def crowning(spread: float, best_of: int) -> float:
        each = Tournament(name="x", format="single_elimination", best_of=best_of)
        return forecast_tournament(each, C4, Prospect(8, 1.0, spread_elo=spread), runs=200).crowning

    assert crowning(50, 1) < crowning(400, 1) < crowning(400, 9)


def test_simulation_ends_in_time():
    ticks = count()
    each = Tournament(name="x", format="swiss", rounds=3)
    found = forecast_tournament(
        each, C4, Prospect(8, 1.0), runs=1000, seconds=2, clock=lambda: float(next(ticks))
    )
    assert found.runs == 20


def test_two_entrants_are_the_smallest_tournament():
    for name in ("round_robin", "swiss", "single_elimination", "double_elimination", "groups_and_knockout"):
        found = forecast_tournament(Tournament(name="x", format=name), C4, Prospect(2, 1.0), runs=10)
        assert found.matches >= 1


def test_few_baselines_tell_nothing_of_the_spread():
    assert spread_of(None, 9) == SPREAD_ELO
