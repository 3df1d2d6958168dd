"""Times of thought: a byte a turn, right to a tenth, and no bytes that can harm."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arenas.thought import HIGHEST, level_of, levels_of, pack_levels, unpack_levels


@pytest.mark.parametrize("seconds", [3e-6, 1e-4, 1e-3, 0.25, 3.0, 900.0])
def test_a_time_is_kept_to_a_tenth(seconds):
    assert 2 ** (level_of(seconds) / 4) / 1e6 == pytest.approx(seconds, rel=0.1)


def test_levels_have_round_names():
    assert levels_of([[0.0, 1e-9, 1e-3], [1.0]]) == [[0, 0, 40], [80]]
    assert level_of(1e300) == HIGHEST


@given(st.lists(st.lists(st.integers(0, HIGHEST), max_size=9), max_size=4))
def test_levels_come_back_as_they_were_packed(levels):
    assert unpack_levels(pack_levels(levels)) == levels


@given(st.binary(max_size=60))
def test_any_bytes_give_levels(packed):
    assert all(0 <= level <= HIGHEST for seat in unpack_levels(packed) for level in seat)
