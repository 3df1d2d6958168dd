"""Scoring: returns and forfeits to ranks and scores."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arenas.scoring import score_episode
from arenas.spec import ArenaSpec


def arena(objective, seats):
    return ArenaSpec(
        id="x-v1", title="", summary="", kind="aec", environment="x", seats=seats, objective=objective
    )


def play(objective, rewards, forfeited=None, survival=None):
    seats = score_episode(arena(objective, len(rewards)), rewards, forfeited or {}, survival)
    return [(seat.rank, seat.score) for seat in seats]


def test_the_higher_return_wins():
    assert play("outcome", [1, -1]) == [(1, 1.0), (2, 0.0)]
    assert play("outcome", [-0.5, 0.25]) == [(2, 0.0), (1, 1.0)]


def test_returns_within_rounding_are_a_tie():
    assert play("outcome", [0.1 + 0.2, 0.3]) == [(1, 0.5), (1, 0.5)]


def test_a_forfeit_loses_whatever_was_earned():
    assert play("outcome", [100, -100], {0: 3}) == [(2, 0.0), (1, 1.0)]


def test_two_forfeits_in_one_turn_are_a_loss_to_both():
    assert play("outcome", [5, 1], {0: 3, 1: 3}) == [(2, 0.0), (2, 0.0)]


def test_of_two_forfeits_the_later_one_stands_higher():
    assert play("outcome", [0, 0], {0: 3, 1: 9}) == [(2, 0.0), (1, 1.0)]


def test_ranks_follow_returns_and_then_survival():
    assert play("rank", [1, 3, 2]) == [(3, 0.0), (1, 1.0), (2, 0.5)]
    assert play("rank", [0, 0, 0], survival=[5, 9, 5]) == [(2, 0.25), (1, 1.0), (2, 0.25)]


def test_survival_counts_for_rank_only():
    assert play("return", [0, 0], survival=[5, 9]) == [(1, 0.0), (1, 0.0)]


def test_a_return_arena_gives_each_seat_its_own_return():
    assert play("return", [2.5, -1.0, 2.5]) == [(1, 2.5), (3, -1.0), (1, 2.5)]


def test_a_forfeit_never_pays_more_than_the_arena_gives_for_it():
    assert play("return", [9.0, -1.0], {0: 4}) == [(2, 0.0), (1, -1.0)]
    assert play("return", [-9.0, -1.0], {0: 4}) == [(2, -9.0), (1, -1.0)]
    lander = replace(arena("score", 1), forfeit_score=-500.0)
    assert score_episode(lander, [-20.0], {0: 0})[0].score == -500.0


def test_a_score_arena_gives_its_seat_the_return():
    assert play("score", [-123.5]) == [(1, -123.5)]


def test_a_lone_seat_of_a_rank_arena_wins_unless_it_forfeits():
    assert play("rank", [3.0]) == [(1, 1.0)]
    assert play("rank", [3.0], {0: 2}) == [(1, 0.0)]


def test_common_forfeits_share_the_last_place_of_many():
    assert [rank for rank, _ in play("rank", [1, 2, 3, 4], {2: 5, 3: 5})] == [2, 1, 4, 4]


@pytest.mark.parametrize(("rewards", "forfeited"), [([1.0], {}), ([1, 2], {2: 0}), ([1, 2], {-1: 0})])
def test_seats_that_do_not_exist_are_refused(rewards, forfeited):
    with pytest.raises(ValueError, match="seat"):
        score_episode(arena("outcome", 2), rewards, forfeited)


@given(
    rewards=st.lists(st.integers(-3, 3), min_size=2, max_size=6),
    lost=st.dictionaries(st.integers(0, 1), st.integers(0, 3)),
)
def test_points_are_shared_out_and_agree_with_ranks(rewards, lost):
    seats = play("rank", rewards, lost)
    count = len(rewards)
    both_lost = len(lost) == 2 and len(set(lost.values())) == 1
    total = sum(score for _, score in seats) * (count - 1)
    assert total == pytest.approx(count * (count - 1) / 2 - both_lost)
    for rank, score in seats:
        assert all(other_score <= score for other_rank, other_score in seats if other_rank > rank)
