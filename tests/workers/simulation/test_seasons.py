"""Season files: what a plan gives, and every way to write one wrongly."""

import math
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workers.simulation import SeasonError, forecast, read_season, summarise

PLAN = {"teams": 8, "cores": 1, "seconds_per_match": 60, "days": 0.05}


def refused(**changes):
    content = {name: value for name, value in {**PLAN, **changes}.items() if value is not None}
    with pytest.raises(SeasonError) as caught:
        read_season(content)
    return caught.value


def test_capacity_follows_from_cores_and_days():
    season = read_season({**PLAN, "agents_per_team": 2, "cores": 4, "days": 1})
    assert season.agents == 16
    assert season.matches == 4 * 24 * 60
    assert season.episodes_per_agent == season.matches * 4 / 16


def test_more_than_two_seats_play_one_episode_a_match():
    assert read_season({**PLAN, "seats": 4}).episodes_per_match == 1
    assert read_season({**PLAN, "seats": 4, "episodes_per_match": 4}).episodes_per_match == 4


def test_a_summary_holds_rank_error_hours_and_bytes():
    season = read_season({**PLAN, "days": 0.5})
    found = summarise(season, [forecast(season, number) for number in range(2)])
    assert found["matches"] == 720
    assert found["episodes_per_agent"] == 360
    assert 0 <= found["rank_error"] < 2
    assert found["tau"] > 0.6
    assert found["hours"]["machine"] == 12
    assert found["hours"]["to_tau90"] is None or found["hours"]["to_tau90"] <= 12
    assert found["storage"] == {"database_bytes": 720 * 1010, "replay_bytes": 720 * 57}


def test_more_days_give_a_surer_table():
    short, long = (read_season({**PLAN, "teams": 24, "days": days}) for days in (0.1, 2))
    errors = [summarise(each, [forecast(each, n) for n in range(3)])["rank_error"] for each in (short, long)]
    assert errors[1] < errors[0]


def test_a_season_too_short_for_a_match_says_so_without_breaking():
    season = read_season({**PLAN, "days": 0.001, "seconds_per_match": 1000})
    found = summarise(season, [forecast(season, 0)])
    assert (found["matches"], found["tau"], found["rank_error"], found["error_elo"]) == (0, None, None, None)
    assert found["hours"]["to_tau90"] is None


def test_a_long_season_is_simulated_as_far_as_it_matters():
    season = read_season({**PLAN, "teams": 2, "days": 100})
    steps = forecast(season, 0)
    assert steps[-1].episodes == 1024
    assert season.episodes_per_agent > 10_000


def test_four_seats_are_planned_too():
    season = read_season({**PLAN, "seats": 4, "days": 0.1})
    found = summarise(season, [forecast(season, 0)])
    assert found["episodes_per_agent"] == 72
    assert found["tau"] > 0


def test_an_unknown_key_is_refused_with_what_was_meant():
    error = refused(seconds_per_macth=3)
    assert (error.key, error.meant) == ("seconds_per_macth", "seconds_per_match")
    assert refused(xyz="red").meant == ""


@pytest.mark.parametrize("name", sorted(PLAN))
def test_what_has_no_default_must_be_given(name):
    error = refused(**{name: None})
    assert (error.key, error.wanted) == (name, "given")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("teams", 1),
        ("teams", 2.5),
        ("teams", True),
        ("teams", "many"),
        ("cores", 0),
        ("days", -1),
        ("days", math.nan),
        ("days", math.inf),
        ("seconds_per_match", 0),
        ("draws", 1),
        ("spread", None),
        ("replicates", 10**400),
        ("seats", 17),
        ("seed", -1),
    ],
)
def test_a_value_out_of_range_is_refused_with_the_range(name, value):
    if value is None:
        value = []
    error = refused(**{name: value})
    assert error.key == name
    assert "number from" in error.wanted


def test_fewer_agents_than_seats_are_refused():
    assert refused(teams=3, seats=4).key == "teams"


def test_worlds_of_many_seats_have_no_first_seat():
    assert refused(seats=4, seed_luck=100).key == "seed_luck"


def test_an_odd_number_of_episodes_cannot_be_played_both_ways():
    assert refused(episodes_per_match=3).key == "episodes_per_match"


@given(
    st.dictionaries(
        st.sampled_from([*PLAN, "seats", "draws", "x"]),
        st.one_of(st.integers(), st.floats(), st.text(), st.none(), st.lists(st.integers())),
    )
)
def test_whatever_a_file_says_it_is_a_season_or_refused(content):
    with suppress(SeasonError):
        assert read_season({**PLAN, **content}).agents >= 2
