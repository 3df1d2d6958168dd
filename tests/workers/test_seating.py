from collections import Counter

import pytest

from arenas import registry
from tests.workers.tables import arena_of
from workers.seating import seatings


def test_two_members_swap_and_one_sits_everywhere():
    assert seatings(registry.get("tictactoe-v3")) == ((0, 1), (1, 0))
    assert seatings(registry.get("CartPole-v1")) == ((0,),)
    assert seatings(registry.get("simple_spread-v3")) == ((0, 0, 0),)


def test_teams_swap_as_teams():
    assert seatings(registry.get("simple_tag-v3")) == ((0, 0, 0, 1), (1, 1, 1, 0))


def test_more_than_two_rotate():
    arena = arena_of("simple_spread-v3", team_of_seat=(), swaps_seats=True)
    assert seatings(arena) == ((0, 1, 2), (1, 2, 0), (2, 0, 1))
    assert seatings(arena_of("simple_spread-v3", team_of_seat=())) == ((0, 1, 2),)


@pytest.mark.parametrize("name", registry.names())
def test_where_members_swap_each_sits_in_every_seat_equally_often(name):
    arena = registry.get(name)
    places = seatings(arena)
    assert all(len(seating) == arena.seats for seating in places)
    for seat in range(arena.seats):
        counts = Counter(seating[seat] for seating in places)
        if arena.swaps_seats:
            assert set(counts.values()) == {1}
            assert set(counts) == set(range(arena.lineup))
