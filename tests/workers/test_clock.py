import pytest
from hypothesis import given
from hypothesis import strategies as st

from arenas.spec import Limits
from workers.clock import MoveClock

SECONDS = st.floats(min_value=0, max_value=100)


def clock(step=1.0, bank=2.0):
    return MoveClock(Limits(step_seconds=step, bank_seconds=bank))


def test_a_turn_within_the_limit_costs_no_bank():
    watch = clock()
    assert watch.charge(1.0)
    assert watch.bank_left_seconds == 2.0
    assert watch.budget() == 3.0


def test_what_goes_beyond_the_limit_comes_out_of_the_bank():
    watch = clock()
    assert watch.charge(1.5)
    assert watch.bank_left_seconds == 1.5
    assert watch.budget() == 2.5


def test_an_overdrawn_bank_is_too_late_and_stays_at_zero():
    watch = clock()
    assert not watch.charge(3.5)
    assert watch.bank_left_seconds == 0.0


def test_several_turns_at_once_have_several_limits():
    watch = clock()
    assert watch.budget(3) == 5.0
    assert watch.charge(3.0, 3)
    assert watch.bank_left_seconds == 2.0


@given(st.lists(SECONDS, max_size=20), SECONDS, SECONDS)
def test_the_bank_pays_for_exactly_what_was_beyond_the_limit(turns, step, bank):
    watch = clock(step, bank)
    used = 0.0
    for turn in turns:
        in_time = watch.charge(turn)
        used += max(0.0, turn - step)
        assert watch.bank_left_seconds == pytest.approx(max(0.0, bank - used), abs=1e-9)
        if not in_time:
            assert watch.bank_left_seconds == 0.0
            break
