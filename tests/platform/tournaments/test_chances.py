"""How likely the format crowns the best: simulated in portions, kept on the tournament."""

import pytest

from coliseum.league import tourneys
from coliseum.tournaments import chances
from coliseum.tournaments.chances import crowning_of, simulate_portion
from coliseum.tournaments.models import Entrant, Tournament
from tests.platform.tournaments.playing import enter_agents, open_tournament, play_all, started

pytestmark = pytest.mark.django_db


def test_nothing_is_simulated_before_the_start(noughts):
    enter_agents(noughts, 2)
    draft = open_tournament(noughts, "swiss")
    assert simulate_portion() is None
    assert crowning_of(draft) is None


def test_portions_add_up_to_the_runs_that_are_wanted(noughts, monkeypatch):
    monkeypatch.setattr(chances, "RUNS", 40)
    enter_agents(noughts, 4)
    tournament = started(noughts, "single_elimination", options={"best_of": 1})
    portions = 0
    while simulate_portion(seconds=0.005) is not None:
        portions += 1
    tournament.refresh_from_db()
    assert tournament.crowning_runs == 40
    assert portions > 1
    probability, error = crowning_of(tournament)
    assert 0 < probability <= 1
    assert 0.005 < error < 0.1
    assert tournament.crowned_at is not None


def test_a_wide_field_is_told_apart_and_an_equal_one_is_not(noughts, monkeypatch):
    monkeypatch.setattr(chances, "RUNS", 150)
    enter_agents(noughts, 4)
    tournament = started(noughts, "round_robin")
    found = {}
    for gap in (400.0, 0.0):
        for entrant in Entrant.objects.all():
            entrant.rating, entrant.deviation = 1500 - gap * entrant.number, 1.0
            entrant.save()
        Tournament.objects.update(crowning_runs=0, crowning_sum=0.0)
        while simulate_portion() is not None:
            pass
        tournament.refresh_from_db()
        found[gap], _ = crowning_of(tournament)
    assert found[400.0] > 0.8
    assert found[0.0] < 0.6


def test_the_tick_goes_on_simulating_after_the_end(noughts):
    enter_agents(noughts, 3)
    tournament = started(noughts, "round_robin")
    play_all()
    tournament.refresh_from_db()
    before = tournament.crowning_runs
    tourneys.on_tick()
    tournament.refresh_from_db()
    assert tournament.crowning_runs > before
