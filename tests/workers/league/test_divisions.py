"""Divisions: shares of a large field, left only when it is fairly sure."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workers.league.comparisons import ComparisonsError
from workers.league.divisions import divide


def field(agents: int, error: float = 1.0):
    return np.arange(agents, 0, -1.0), np.full(agents, error), np.ones(agents, bool)


def test_a_small_field_has_one_division():
    assert set(divide(*field(200))) == {0}
    assert len(divide(*field(0))) == 0


def test_a_large_field_is_cut_by_shares():
    division = divide(*field(300))
    assert [int((division == number).sum()) for number in range(3)] == [30, 90, 180]
    assert (np.diff(division) >= 0).all()


def test_who_takes_no_place_stands_in_no_division():
    strength, error, ranked = field(300)
    ranked[5] = False
    assert divide(strength, error, ranked)[5] == -1


def test_near_a_boundary_an_agent_stays_where_it_stood():
    strength, error, ranked = field(300, error=20.0)
    for stood in (0, 1):
        before = np.full(300, stood)
        near = divide(strength, error, ranked, before=before)[28:33]
        assert set(near) == {stood}


def test_far_from_it_it_goes_however_many_divisions():
    before = np.full(300, 2)
    strength, error, ranked = field(300)
    assert divide(strength, error, ranked, before=before)[0] == 0
    assert divide(strength, error, ranked, before=np.zeros(300, np.int64))[-1] == 2


@given(st.floats(0.1, 100), st.integers(201, 260), st.integers(0, 2))
def test_a_second_look_at_the_same_numbers_moves_nobody(error, agents, stood):
    strength, errors, ranked = field(agents, error)
    first = divide(strength, errors, ranked, before=np.full(agents, stood))
    assert (divide(strength, errors, ranked, before=first) == first).all()


@pytest.mark.parametrize("shares", [(0.5, 0.5), (0.0,), (-0.1, 0.2), (1.2,)])
def test_shares_that_leave_nothing_are_refused(shares):
    with pytest.raises(ComparisonsError):
        divide(*field(300), shares=shares)


def test_columns_of_different_length_are_refused():
    strength, error, ranked = field(300)
    with pytest.raises(ComparisonsError):
        divide(strength, error[:-1], ranked)
    with pytest.raises(ComparisonsError):
        divide(strength, error, ranked, before=np.zeros(3, np.int64))
