"""Who meets next: the rules as properties, and that the choice is worth it."""

import time
from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.workers.league.worlds import World, concatenated, random_pairs, state_of
from workers.league import PairingRules, choose_pairs, choose_solos, empty_comparisons, fit
from workers.league.board import Board
from workers.league.seating import seat_lineup

WORLD = World.drawn(1, 24, sd=250)


def played(matches, agents=24):
    rng = np.random.default_rng(matches)
    world = World(WORLD.elo[:agents], WORLD.cycles[:agents, :agents])
    return fit(world.play(random_pairs(rng, agents, matches), rng), agents=agents)


FITS = {agents: played(12 * agents, agents) for agents in (2, 5, 12, 24)}


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from([2, 5, 12, 24]),
    st.integers(0, 60),
    st.integers(0, 2**32 - 1),
    st.integers(1, 6),
    st.sampled_from([2, 3, 4]),
)
def test_no_rule_is_ever_broken(agents, count, seed, owners, seats):
    rng = np.random.default_rng(seed)
    owner = rng.integers(owners, size=agents)
    active = rng.random(agents) < 0.8
    state = state_of(FITS[agents], owner=owner, active=active, seats=seats)
    chosen = choose_pairs(state, count=count, rng=rng)
    assert len(chosen) <= count
    for pairing in chosen:
        assert len(set(pairing.lineup)) == seats
        assert len({int(owner[agent]) for agent in pairing.lineup}) == seats
        assert all(active[agent] for agent in pairing.lineup)
        assert 0 < pairing.propensity <= 1
        assert pairing.gain >= 0
    assert max(Counter(frozenset(p.lineup) for p in chosen).values(), default=0) <= 2


def test_the_same_chance_gives_the_same_choice():
    one, other = (choose_pairs(state_of(FITS[24]), count=30, rng=np.random.default_rng(7)) for _ in range(2))
    assert one == other


def test_choosing_changes_nothing_that_was_given():
    state = state_of(FITS[24])
    before = state.covariance.copy(), state.episodes.copy(), state.load.copy()
    choose_pairs(state, count=30, rng=np.random.default_rng(7))
    assert all(
        np.array_equal(a, b)
        for a, b in zip(before, (state.covariance, state.episodes, state.load), strict=True)
    )


def test_newcomers_come_first_and_take_a_third_at_most():
    load = state_of(FITS[24]).load.copy()
    load[[3, 9]] = 0
    chosen = choose_pairs(state_of(FITS[24], load=load), count=20, rng=np.random.default_rng(1))
    welcomed = [p for p in chosen if p.reason == "newcomer"]
    assert len(welcomed) == 6
    assert chosen[:6] == welcomed
    assert Counter(a for p in welcomed for a in p.lineup if a in (3, 9)) == {3: 3, 9: 3}


def test_a_newcomer_meets_agents_near_its_strength():
    table = FITS[24]
    load = np.full(24, 50)
    load[0] = 0
    state = state_of(table, load=load, covariance=1e-6 * table.covariance)
    nearest = set(np.argsort(np.abs(table.theta - table.theta[0]))[1:5].tolist())
    for seed in range(10):
        first = choose_pairs(state, count=4, rng=np.random.default_rng(seed))[0]
        assert first.reason == "newcomer"
        assert first.propensity == 0.25
        assert set(first.lineup) - {0} <= nearest


def test_a_fresh_field_is_paired_at_once():
    state = state_of(fit(empty_comparisons(), agents=6))
    chosen = choose_pairs(state, count=12, rng=np.random.default_rng(1))
    assert len(chosen) == 12
    assert {agent for p in chosen for agent in p.lineup} == set(range(6))


def test_one_slot_in_ten_explores():
    reasons = Counter()
    for seed in range(30):
        reasons.update(
            p.reason for p in choose_pairs(state_of(FITS[24]), count=20, rng=np.random.default_rng(seed))
        )
    assert 0.06 <= reasons["explore"] / reasons.total() <= 0.14


def test_an_agent_left_behind_comes_next():
    load = np.full(24, 60)
    load[5] = 20
    rules = PairingRules(exploration=0.0, newcomer_matches=0)
    chosen = choose_pairs(state_of(FITS[24], load=load), count=5, rng=np.random.default_rng(1), rules=rules)
    assert all(5 in p.lineup for p in chosen)


def test_nobody_waits_for_long():
    """An agent that is ahead of the others would idle until they catch up; its patience ends before."""
    load = np.full(24, 40)
    load[5] = 70
    last = np.zeros(24, np.int64)
    longest, episodes = 0, np.zeros((24, 24))
    for tick in range(1, 40):
        state = state_of(FITS[24], load=load, episodes=episodes, waited=6 * (tick - 1) - last)
        chosen = choose_pairs(state, count=6, rng=np.random.default_rng(tick))
        assert len(chosen) == 6
        for at, pairing in enumerate(chosen):
            now = 6 * (tick - 1) + at + 1
            longest = max(longest, *(now - int(last[agent]) for agent in pairing.lineup))
            last[list(pairing.lineup)] = now
            load[list(pairing.lineup)] += 1
    # A round of 24 agents is 12 matches.
    assert longest <= 3 * 12
    assert (6 * 39 - last).max() <= 3 * 12


def test_without_patience_an_agent_ahead_is_left_alone():
    load = np.full(24, 40)
    load[5] = 78
    rules = PairingRules(exploration=0.0)
    waited = np.zeros(24, np.int64)
    waited[5] = 30
    met = {}
    for name, state in {
        "patient": state_of(FITS[24], load=load),
        "impatient": state_of(FITS[24], load=load, waited=waited),
    }.items():
        chosen = choose_pairs(state, count=1, rng=np.random.default_rng(1), rules=rules)
        met[name] = 5 in chosen[0].lineup
    assert met == {"patient": False, "impatient": True}


def test_how_much_finals_look_at_the_top_is_a_rule():
    def mean_place(weight):
        rules = PairingRules(exploration=0.0, finals=True, top_weight=weight)
        chosen = choose_pairs(state_of(FITS[24]), count=20, rng=np.random.default_rng(3), rules=rules)
        return np.mean([FITS[24].rank[agent] for p in chosen for agent in p.lineup])

    def season():
        rules = PairingRules(exploration=0.0)
        return choose_pairs(state_of(FITS[24]), count=20, rng=np.random.default_rng(3), rules=rules)

    rules = PairingRules(exploration=0.0, finals=True, top_weight=0.0)
    even = choose_pairs(state_of(FITS[24]), count=20, rng=np.random.default_rng(3), rules=rules)
    assert [p.lineup for p in even] == [p.lineup for p in season()]
    assert mean_place(0.9) < mean_place(0.0)


def test_an_agent_far_ahead_waits():
    load = np.full(24, 40)
    load[5] = 120
    chosen = choose_pairs(state_of(FITS[24], load=load), count=40, rng=np.random.default_rng(1))
    assert all(5 not in p.lineup for p in chosen)


def test_one_opponent_takes_at_most_a_tenth_of_a_busy_agents_matches():
    episodes = np.zeros((24, 24))
    episodes[0, 1] = episodes[1, 0] = 8.0
    state = state_of(FITS[24], load=np.full(24, 40), episodes=episodes)
    board = Board(state, PairingRules(), np.random.default_rng(1))
    assert not board.allowed()[0, 1]
    assert board.allowed()[0, 2]


def test_a_costly_pair_is_worth_less():
    cost = np.ones((24, 24))
    cost[0], cost[:, 0] = 1e6, 1e6
    chosen = choose_pairs(
        state_of(FITS[24], cost=cost),
        count=10,
        rng=np.random.default_rng(2),
        rules=PairingRules(exploration=0.0),
    )
    assert all(0 not in p.lineup for p in chosen)


def test_finals_look_at_the_top():
    def mean_place(finals):
        rules = PairingRules(exploration=0.0, finals=finals)
        chosen = choose_pairs(state_of(FITS[24]), count=20, rng=np.random.default_rng(3), rules=rules)
        return np.mean([FITS[24].rank[agent] for p in chosen for agent in p.lineup])

    assert mean_place(True) < mean_place(False)


def test_the_quick_update_equals_the_long_way():
    state = state_of(FITS[12], tau=0.4)
    board = Board(state, PairingRules(), np.random.default_rng(1))
    closeness = board._closeness()
    bit, episodes = board._bit[2, 7], state.episodes[2, 7]
    after, before = bit * (episodes + 2), bit * episodes
    weight = after / (1 + 0.16 * after) - before / (1 + 0.16 * before)
    apart = np.zeros(12)
    apart[[2, 7]] = 1, -1
    board.play((2, 7))
    wanted = np.linalg.inv(np.linalg.inv(state.covariance) + weight * np.outer(apart, apart))
    assert board.covariance == pytest.approx(wanted)
    assert board._spread == pytest.approx(wanted @ closeness @ wanted)


def test_the_gain_is_the_drop_it_promises():
    state = state_of(FITS[12])
    board = Board(state, PairingRules(), np.random.default_rng(1))
    closeness, promised = board._closeness(), board.gain_of(2, 7)
    before = np.trace(closeness @ board.covariance)
    board.play((2, 7))
    assert before - np.trace(closeness @ board.covariance) == pytest.approx(promised)
    assert board.gain()[3, 4] == pytest.approx(board.gain_of(3, 4))


def test_chosen_pairs_settle_a_ranking_sooner_than_random_ones():
    gaps = []
    for seed in range(4):
        world = World.drawn(10 + seed, 24, sd=250)
        rng = np.random.default_rng(seed)
        start = world.play(random_pairs(rng, 24, 96), rng)
        clever = blind = start
        for tick in range(12):
            number = 1000 * (tick + 1)
            pairs = [p.lineup for p in choose_pairs(state_of(fit(clever, agents=24)), count=24, rng=rng)]
            clever = concatenated(clever, world.play(pairs, rng, start=number))
            blind = concatenated(blind, world.play(random_pairs(rng, 24, 24), rng, start=number))
        truth = np.argsort(np.argsort(-world.elo)) + 1
        gaps += [[np.abs(fit(part, agents=24).rank - truth).mean() for part in (clever, blind)]]
    clever_error, blind_error = np.mean(gaps, axis=0)
    assert clever_error < blind_error


def test_a_large_field_is_paired_in_batches():
    agents = 260
    rng = np.random.default_rng(1)
    table = fit(
        World.drawn(1, agents, sd=250).play(random_pairs(rng, agents, 6 * agents), rng), agents=agents
    )
    chosen = choose_pairs(state_of(table, load=np.full(agents, 12)), count=50, rng=rng)
    assert len(chosen) == 50


def test_seats_even_out_over_many_matches():
    counts = np.zeros((6, 4), np.int64)
    rng = np.random.default_rng(1)
    for _ in range(60):
        seated = seat_lineup(tuple(rng.choice(6, 4, replace=False).tolist()), counts)
        counts[list(seated), np.arange(4)] += 1
    assert np.ptp(counts, axis=1).max() <= 3


def test_many_seats_are_filled_one_by_one():
    counts = np.zeros((9, 8), np.int64)
    counts[3, 0] = 5
    seated = seat_lineup((3, 1, 2, 0, 4, 5, 6, 7), counts)
    assert sorted(seated) == list(range(8))
    assert seated[0] != 3
    assert seat_lineup((2, 1), None) == (2, 1)


def test_solos_give_the_fewest_first_on_common_scenarios():
    chosen = choose_solos(np.array([3, 0, 1, 0]), np.array([True, True, True, False]), count=5)
    assert chosen == [(1, 0), (1, 1), (2, 1), (1, 2), (2, 2)]
    assert choose_solos(np.array([3]), np.array([False]), count=5) == []


def test_too_few_agents_give_no_match():
    assert choose_pairs(state_of(FITS[2], seats=3), count=5, rng=np.random.default_rng(1)) == []
    one_owner = state_of(FITS[5], owner=np.zeros(5, int))
    assert choose_pairs(one_owner, count=5, rng=np.random.default_rng(1)) == []


def test_speed_of_fifty_pairings(capsys):
    rng = np.random.default_rng(1)
    table = fit(World.drawn(1, 100, sd=250).play(random_pairs(rng, 100, 1600), rng), agents=100)
    began = time.perf_counter()
    choose_pairs(state_of(table), count=50, rng=rng)
    with capsys.disabled():
        print(f"\n50 pairings of 100 agents: {1000 * (time.perf_counter() - began):.0f} ms")
