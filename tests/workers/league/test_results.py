"""Episodes become comparisons."""

import numpy as np
import pytest

from workers.league import ComparisonsError, Episode, compare_episodes


def listed(comparisons):
    columns = (
        comparisons.side_a,
        comparisons.side_b,
        comparisons.seat_a,
        comparisons.seat_b,
        comparisons.points,
    )
    return [tuple(row) for row in np.stack(columns, axis=1).tolist()]


def test_a_match_in_both_seatings_has_no_seat_term():
    played = compare_episodes([Episode(7, (0, 1), (1, 2)), Episode(7, (1, 0), (1, 1))])
    assert listed(played) == [(0, 1, -1, -1, 1.0), (1, 0, -1, -1, 0.5)]
    assert list(played.match) == [7, 7]


def test_a_match_in_one_seating_keeps_its_seats():
    assert listed(compare_episodes([Episode(7, (4, 2), (2, 1))])) == [(4, 2, 0, 1, 0.0)]


def test_a_half_swapped_match_keeps_its_seats():
    episodes = [Episode(1, (0, 1), (1, 2)), Episode(1, (1, 0), (1, 2)), Episode(1, (0, 1), (1, 2))]
    assert all(row[2] >= 0 for row in listed(compare_episodes(episodes)))


def test_many_seats_give_every_pair():
    played = compare_episodes([Episode(1, (3, 1, 2), (1, 2, 2))])
    assert listed(played) == [(3, 1, 0, 1, 1.0), (3, 2, 0, 2, 1.0), (1, 2, 1, 2, 0.5)]


def test_full_rotation_cancels_the_seats():
    lineup = (5, 6, 7)
    rotated = [Episode(1, lineup[shift:] + lineup[:shift], (1, 2, 3)) for shift in range(3)]
    back = [Episode(1, tuple(reversed(episode.agents)), (1, 2, 3)) for episode in rotated]
    assert all(row[2:4] == (-1, -1) for row in listed(compare_episodes(rotated + back)))


def test_a_gift_weighs_a_quarter():
    played = compare_episodes([Episode(1, (0, 1, 2), (1, 2, 3), gifts=(2,))])
    assert list(played.weight) == [1.0, 0.25, 0.25]


def test_agents_of_one_owner_and_self_play_are_not_compared():
    episodes = [Episode(1, (0, 1), (1, 2)), Episode(2, (2, 2), (1, 2)), Episode(3, (0, 2), (1, 2))]
    assert list(compare_episodes(episodes, owners=[8, 8, 9]).match) == [3]


def test_no_episodes_give_no_rows():
    assert len(compare_episodes([])) == 0


def test_a_missing_rank_is_refused():
    with pytest.raises(ComparisonsError, match="one rank for each seat"):
        compare_episodes([Episode(1, (0, 1), (1,))])
