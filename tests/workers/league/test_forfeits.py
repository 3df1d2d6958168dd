"""Agents that fail too often, and those that fail for one owner's sake."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workers.league import ComparisonsError
from workers.league.forfeits import directed_forfeits, is_suspended


@pytest.mark.parametrize(
    ("forfeited", "suspended"),
    [
        ([], False),
        ([True] * 7, False),
        ([True] * 8, True),
        ([False] * 16 + [True] * 4, False),
        ([False] * 15 + [True] * 5, True),
        ([True] * 50 + [False] * 16 + [True] * 4, False),
        ([False] * 7 + [True], False),
        ([False] * 6 + [True] * 2, True),
    ],
)
def test_over_a_fifth_of_the_last_twenty_suspends(forfeited, suspended):
    assert is_suspended(forfeited) is suspended


def test_forfeits_that_fall_on_one_owner_are_found():
    episodes = np.full((3, 10), 20)
    forfeits = np.zeros((3, 10), int)
    forfeits[0, 4] = 12
    forfeits[1, :] = 2
    (found,) = directed_forfeits(forfeits, episodes)
    assert (found.agent, found.owner, found.forfeits, found.episodes) == (0, 4, 12, 20)
    assert found.chance < 1e-10


def test_an_agent_that_crashes_everywhere_favours_nobody():
    rng = np.random.default_rng(1)
    episodes = np.full((30, 30), 16)
    assert directed_forfeits(rng.binomial(16, 0.3, (30, 30)), episodes) == ()


def test_one_forfeit_says_nothing():
    assert directed_forfeits(np.array([[1, 0]]), np.array([[1, 400]])) == ()


@given(st.integers(1, 12), st.integers(1, 12), st.data())
def test_the_chances_of_all_counts_add_up(met, others, data):
    failed = data.draw(st.integers(1, met + others))
    counts = range(max(failed - others, 1), min(met, failed) + 1)
    chances = []
    for count in counts:
        table = np.array([[count, failed - count]])
        found = directed_forfeits(table, np.array([[met, others]]), below=2.0)
        chances.append(next(each.chance for each in found if each.owner == 0))
    assert all(later <= earlier for earlier, later in pairwise(chances))
    assert all(0 < chance <= 1 for chance in chances)
    if failed > others:
        assert chances[0] == 1


@pytest.mark.parametrize(
    ("forfeits", "episodes"), [([[1]], [[1, 2]]), ([1], [1]), ([[2]], [[1]]), ([[-1]], [[1]])]
)
def test_impossible_counts_are_refused(forfeits, episodes):
    with pytest.raises(ComparisonsError):
        directed_forfeits(np.array(forfeits), np.array(episodes))
