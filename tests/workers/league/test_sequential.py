"""Tests that may be looked at after every match: their error rates, and that a verdict stays."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workers.league.comparisons import ComparisonsError
from workers.league.sequential import GateRules, compare_two, judge_submission

ELO = 400 / math.log(10)
RUNS = 1000


def chance(elo):
    return 1 / (1 + math.exp(-elo / ELO))


def seasons(elo, *, luck=0.0, matches=400, runs=RUNS, seed=1):
    """Yield the mean points of runs of matches, two episodes each, seats swapped, with luck of the seed."""
    rng = np.random.default_rng(seed)
    push = rng.normal(0, 1, (runs, matches)) * luck
    first, second = (
        rng.random((runs, matches)) < 1 / (1 + np.exp(-(elo + sign * push) / ELO)) for sign in (1, -1)
    )
    yield from (first + 1.0 * second) / 2


def verdicts(elo, **more):
    pairs = np.full(400, 2)
    gates = [judge_submission(points, pairs) for points in seasons(elo, **more)]
    found = [gate.verdict for gate in gates]
    shares = {word: found.count(word) / len(found) for word in set(found)}
    return shares, float(np.mean([gate.episodes for gate in gates]))


def test_an_equal_submission_is_called_better_in_at_most_six_of_a_hundred():
    shares, episodes = verdicts(0)
    assert shares["better"] <= 0.06
    assert shares["not_better"] >= 0.88
    assert 200 <= episodes <= 300


def test_a_submission_fifty_elo_better_is_missed_in_at_most_six_of_a_hundred():
    shares, episodes = verdicts(50)
    assert shares["not_better"] <= 0.06
    assert shares["better"] >= 0.88
    assert 200 <= episodes <= 300


def test_in_between_it_takes_longer_and_may_stay_undecided():
    shares, episodes = verdicts(25)
    assert 0.05 <= shares["undecided"] <= 0.25
    assert 330 <= episodes <= 450


def test_what_is_plain_is_settled_soon():
    assert verdicts(150)[1] < 80
    assert verdicts(-150)[1] < 80


def test_paired_episodes_cut_the_luck_of_the_seed():
    lucky = verdicts(0, luck=300)
    assert lucky[0]["better"] <= 0.06
    assert lucky[1] < 0.85 * verdicts(0)[1]


def test_episodes_of_one_match_that_all_go_together_count_as_one_piece_of_evidence():
    rng = np.random.default_rng(2)
    of_matches = of_episodes = 0
    for _ in range(400):
        points = (rng.random(200) < 0.5).astype(float)
        of_matches += judge_submission(points, np.full(200, 4)).verdict == "better"
        of_episodes += judge_submission(np.repeat(points, 4), np.ones(800, int)).verdict == "better"
    assert of_matches / 400 <= 0.12
    assert of_episodes / 400 > 0.2


def test_no_match_says_nothing():
    gate = judge_submission(np.zeros(0), np.zeros(0, int))
    assert (gate.verdict, gate.ratio, gate.matches, gate.episodes) == ("open", 0.0, 0, 0)
    claim = compare_two(np.zeros(0), np.zeros(0, int))
    assert (claim.winner, claim.low, claim.high) == ("nobody", 0.0, 1.0)


def test_a_perfect_record_needs_more_than_a_few_matches():
    assert judge_submission(np.ones(3), np.full(3, 2)).verdict == "open"
    assert judge_submission(np.ones(60), np.full(60, 2)).verdict == "better"
    assert compare_two(np.ones(3), np.full(3, 2)).winner == "nobody"
    assert compare_two(np.zeros(60), np.full(60, 2)).winner == "second"


def test_who_changes_sides_half_way_keeps_the_first_claim_and_no_interval():
    claim = compare_two(np.repeat([1.0, 0.0], [60, 600]), np.full(660, 2))
    assert claim.winner == "first"
    assert claim.matches < 60
    assert claim.low == claim.high


def test_all_draws_are_not_better():
    assert judge_submission(np.full(200, 0.5), np.full(200, 2)).verdict == "not_better"


def test_after_its_last_episode_the_gate_closes_undecided():
    points = np.tile([0.75, 0.25, 0.5, 0.54], 6)
    rules = GateRules(episodes=40, null_elo=-200, goal_elo=230)
    assert judge_submission(points[:4], np.full(4, 2), rules=GateRules(episodes=40)).verdict == "open"
    gate = judge_submission(np.full(20, 0.53), np.full(20, 2), rules=GateRules(episodes=40))
    assert (gate.verdict, gate.matches, gate.episodes) == ("undecided", 20, 40)
    assert judge_submission(points, np.full(24, 2), rules=rules).episodes <= 40


@given(st.lists(st.sampled_from([0.0, 0.25, 0.5, 0.75, 1.0]), min_size=1, max_size=120), st.data())
def test_later_matches_change_no_verdict(points, data):
    taken = data.draw(st.integers(0, len(points)))
    whole, pairs = np.array(points), np.full(len(points), 2)
    early = judge_submission(whole[:taken], pairs[:taken])
    late = judge_submission(whole, pairs)
    if early.verdict != "open":
        assert early == late
    claim, later = compare_two(whole[:taken], pairs[:taken]), compare_two(whole, pairs)
    if claim.winner != "nobody":
        assert (claim.winner, claim.matches) == (later.winner, later.matches)


@given(st.lists(st.sampled_from([0.0, 0.25, 0.5, 0.75, 1.0]), min_size=1, max_size=120))
def test_a_claim_seen_from_the_other_side_is_the_same(points):
    mine, pairs = np.array(points), np.full(len(points), 2)
    claim, turned = compare_two(mine, pairs), compare_two(1 - mine, pairs)
    other = {"first": "second", "second": "first", "nobody": "nobody"}
    assert turned.winner == other[claim.winner]
    assert (turned.low, turned.high) == pytest.approx((1 - claim.high, 1 - claim.low))


def test_equals_looked_at_after_every_match_are_seldom_told_apart():
    claims = [compare_two(points, np.full(250, 2)).winner for points in seasons(0, matches=250)]
    assert sum(winner != "nobody" for winner in claims) / RUNS <= 0.05


def test_a_plain_interval_looked_at_as_often_would_tell_them_apart():
    apart = 0
    for points in seasons(0, matches=250):
        mean = points.cumsum() / np.arange(1, 251)
        apart += bool((np.abs(mean - 0.5) > 1.96 * np.sqrt(0.125 / np.arange(1, 251)))[4:].any())
    assert apart / RUNS > 0.2


def test_fifty_elo_are_claimed_after_some_hundred_episodes():
    needed = [compare_two(points, np.full(400, 2)).matches * 2 for points in seasons(50, runs=400)]
    assert np.median(needed) == pytest.approx(346, abs=60)
    needed = [compare_two(points, np.full(400, 2)).matches * 2 for points in seasons(100, runs=400)]
    assert np.median(needed) == pytest.approx(94, abs=20)


def test_the_sequence_holds_the_truth_at_every_look():
    truth, missed = chance(100), 0
    for points in seasons(100, matches=250):
        claim = compare_two(points, np.full(250, 2))
        missed += not claim.low <= truth <= claim.high
    assert missed / RUNS <= 0.05


@pytest.mark.parametrize(
    ("points", "episodes", "message"),
    [
        ([0.5], [2, 2], "differ in length"),
        ([1.5], [2], "from 0 to 1"),
        ([np.nan], [2], "from 0 to 1"),
        ([0.5], [0], "no episode"),
    ],
)
def test_impossible_results_are_refused(points, episodes, message):
    for judge in (judge_submission, compare_two):
        with pytest.raises(ComparisonsError, match=message):
            judge(np.array(points), np.array(episodes))
