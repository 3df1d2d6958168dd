"""When a final is decided: pure arithmetic on a joint distribution."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workers.league.finals import FinalRules, judge_final, place_numbers, survivors

ELO = 400 / np.log(10)
ALL = FinalRules()


def field(*elo: float, error: float = 10.0):
    strength = np.array(elo) / ELO
    return strength, np.eye(len(elo)) * (error / ELO) ** 2


def test_clear_gaps_decide_a_final():
    state = judge_final(*field(300, 200, 100, 0), np.ones(4, bool), episodes=64)
    assert state.reason == "decided"
    assert state.places == ((0,), (1,), (2,), (3,))
    assert min(state.leader_sure, state.prizes_sure) > 0.999


def test_nothing_is_decided_before_the_first_cut():
    assert judge_final(*field(300, 200, 100, 0), np.ones(4, bool), episodes=31).reason == "open"
    assert judge_final(*field(300, 200, 100, 0), np.ones(4, bool), episodes=32).reason == "decided"


def test_equal_leaders_within_the_zone_count_as_one_leader():
    close = judge_final(*field(300, 298, 100, 0, error=2), np.ones(4, bool), episodes=64)
    assert close.reason == "decided"
    strict = judge_final(
        *field(300, 298, 100, 0, error=2), np.ones(4, bool), episodes=64, rules=FinalRules(zone=0.0)
    )
    assert (strict.reason, strict.places[0]) == ("open", (0, 1))


def test_at_the_budget_places_that_cannot_be_told_apart_are_shared():
    state = judge_final(*field(300, 200, 195, 190, 0, error=40), np.ones(5, bool), episodes=600)
    assert state.reason == "budget"
    assert state.places == ((0,), (1, 2, 3), (4,))
    assert list(place_numbers(state.places, 5)) == [1, 2, 2, 2, 5]


def test_the_order_of_the_agents_does_not_matter():
    strength, covariance = field(0, 190, 300, 195, 200, error=40)
    state = judge_final(strength, covariance, np.ones(5, bool), episodes=600)
    assert [set(group) for group in state.places] == [{2}, {1, 3, 4}, {0}]


def test_a_withdrawn_finalist_takes_no_place():
    ranked = np.array([False, True, True, True])
    state = judge_final(*field(300, 200, 100, 0), ranked, episodes=64)
    assert state.places == ((1,), (2,), (3,))
    assert list(place_numbers(state.places, 4)) == [0, 1, 2, 3]


@pytest.mark.parametrize("agents", [0, 1])
def test_nobody_and_one_alone_are_defined(agents):
    strength, covariance = field(*[100.0] * agents)
    state = judge_final(strength, covariance, np.ones(agents, bool), episodes=600)
    assert state.reason == "budget"
    assert state.places == (((0,),) if agents else ())
    assert survivors(strength, covariance, np.ones(agents, bool)).all()


def test_a_cut_takes_those_without_a_chance_and_nobody_else():
    strength, covariance = field(*[400 - 20 * place for place in range(10)], 195, -300, -301)
    stays = survivors(strength, covariance, np.ones(13, bool))
    assert stays[:11].all()
    assert not stays[11:].any()


def test_a_cut_never_takes_as_many_as_the_places_it_asks_for():
    rules = FinalRules(places=6)
    strength, covariance = field(*[-100.0 * place for place in range(12)])
    assert rules.kept == 12
    assert survivors(strength, covariance, np.ones(12, bool), rules=rules).all()


def test_who_was_cut_before_stays_out():
    strength, covariance = field(*[0.0] * 14, error=50)
    alive = np.arange(14) != 3
    stays = survivors(strength, covariance, alive)
    assert not stays[3]
    assert stays[alive].all()


def test_stages_end_at_the_cuts_and_the_last_at_the_budget():
    assert [ALL.stage(played) for played in (0, 31, 32, 200, 256, 600, 900)] == [
        32,
        32,
        64,
        256,
        600,
        600,
        600,
    ]


@given(
    st.lists(st.floats(-500, 500), min_size=1, max_size=12),
    st.floats(1, 200),
    st.integers(0, 700),
)
def test_every_ranked_agent_has_one_place_and_better_means_earlier(elo, error, episodes):
    strength, covariance = field(*elo, error=error)
    state = judge_final(strength, covariance, np.ones(len(elo), bool), episodes=episodes)
    listed = [agent for group in state.places for agent in group]
    assert sorted(listed) == list(range(len(elo)))
    assert list(strength[listed]) == sorted(strength, reverse=True)
    numbers = place_numbers(state.places, len(elo))
    assert numbers.min() == 1
    assert (state.reason == "budget") == (episodes >= 600)


def test_the_claim_of_a_stopped_final_is_true():
    """Of simulated finals that stop, the prize places are right within the zone in at least 92 %."""
    rng = np.random.default_rng(7)
    stopped = right = 0
    for _ in range(200):
        truth = rng.normal(0, 200, 16)
        error = 25.0
        seen = truth * 1.0 + rng.normal(0, error, 16)
        shrink = 200**2 / (200**2 + error**2)
        state = judge_final(
            *field(*(seen * shrink), error=error * shrink**0.5), np.ones(16, bool), episodes=300
        )
        if state.reason == "decided":
            stopped += 1
            first = [agent for group in state.places for agent in group][:3]
            rest = [agent for agent in range(16) if agent not in first]
            right += truth[first].min() >= truth[rest].max() - 15
    assert stopped > 30
    assert right >= 0.92 * stopped
