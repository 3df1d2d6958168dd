"""Pairing a large field: the rules as properties, and that neighbours meet."""

from collections import Counter

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from workers.league.neighbours import Field, choose_neighbours


def field_of(agents, *, seats=2, load=None, owner=None, active=None, deviation=0.1, spread=1.0):
    return Field(
        theta=np.linspace(-spread, spread, agents),
        deviation=np.full(agents, deviation),
        load=np.full(agents, 20) if load is None else load,
        owner=np.arange(agents) if owner is None else owner,
        active=np.ones(agents, bool) if active is None else active,
        seats=seats,
    )


@settings(max_examples=80, deadline=None)
@given(
    st.integers(0, 60),
    st.integers(0, 200),
    st.integers(0, 2**32 - 1),
    st.integers(1, 8),
    st.sampled_from([2, 3, 4]),
)
def test_no_rule_is_ever_broken(agents, count, seed, owners, seats):
    rng = np.random.default_rng(seed)
    owner, active = rng.integers(owners, size=agents), rng.random(agents) < 0.8
    field = field_of(agents, seats=seats, owner=owner, active=active, load=rng.integers(0, 40, agents))
    waiting = [frozenset({0, 1})] * 2
    chosen = choose_neighbours(field, count=count, rng=rng, waiting=waiting)
    assert len(chosen) <= count
    for pairing in chosen:
        assert len(set(pairing.lineup)) == seats
        assert len({int(owner[agent]) for agent in pairing.lineup}) == seats
        assert all(active[agent] for agent in pairing.lineup)
        assert 0 < pairing.propensity <= 1
        assert pairing.gain >= 0
    most = Counter(frozenset(pairing.lineup) for pairing in chosen)
    assert max(most.values(), default=0) <= 2
    assert most[frozenset({0, 1})] == 0 or seats > 2


def test_everybody_gets_as_many_matches_as_the_others():
    chosen = choose_neighbours(field_of(300), count=1200, rng=np.random.default_rng(1))
    assert len(chosen) == 1200
    played = Counter(agent for pairing in chosen for agent in pairing.lineup)
    assert max(played.values()) - min(played.values()) <= 2


def test_those_who_played_least_come_first():
    load = np.full(100, 50)
    load[[3, 60]] = 20
    chosen = choose_neighbours(field_of(100, load=load), count=10, rng=np.random.default_rng(1))
    played = Counter(agent for pairing in chosen for agent in pairing.lineup)
    assert played[3] >= 1
    assert played[60] >= 1


def test_opponents_are_of_about_the_same_strength():
    field = field_of(400, spread=4.0)
    chosen = choose_neighbours(field, count=200, rng=np.random.default_rng(1))
    gaps = [abs(np.subtract(*field.theta[list(pairing.lineup)])) for pairing in chosen]
    assert np.median(gaps) < 0.5
    assert {pairing.reason for pairing in chosen} == {"gain", "explore"}
    assert 0.04 < np.mean([pairing.reason == "explore" for pairing in chosen]) < 0.18


def test_newcomers_take_half_of_the_places_where_others_are_known():
    load = np.where(np.arange(200) < 100, 0, 50)
    chosen = choose_neighbours(field_of(200, load=load), count=50, rng=np.random.default_rng(1))
    seats = [agent < 100 for pairing in chosen for agent in pairing.lineup]
    assert np.mean(seats) == 0.5


def test_a_field_of_one_owner_is_given_up():
    field = field_of(50, owner=np.zeros(50, np.int64))
    assert choose_neighbours(field, count=10, rng=np.random.default_rng(1)) == []


def test_the_same_chance_gives_the_same_choice():
    one, other = (choose_neighbours(field_of(90), count=99, rng=np.random.default_rng(5)) for _ in range(2))
    assert one == other
