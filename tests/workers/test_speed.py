"""A worker's speed, and the limits that follow from it."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.workers.tables import match_spec
from workers.speed import REFERENCE_SECONDS, limit_factor, measured_speed, scaled_limits

speeds = st.floats(min_value=0.001, max_value=1000.0)


def spin(seconds: float) -> None:
    until = time.perf_counter() + seconds
    while time.perf_counter() < until:
        pass


def test_interruptions_by_others_do_not_change_the_speed() -> None:
    runs = 0

    def interrupted() -> float:
        nonlocal runs
        runs += 1
        # Nine runs in ten are stretched by another program, each by another time.
        spin(0.001 if runs % 10 == 5 else 0.002 + 0.0003 * (runs % 7))
        return 0.0

    assert measured_speed(interrupted) == pytest.approx(REFERENCE_SECONDS / 0.001, rel=0.3)
    assert runs >= 15


def test_a_quiet_machine_is_measured_after_a_few_runs() -> None:
    runs = 0

    def quiet() -> float:
        nonlocal runs
        runs += 1
        return 0.0

    measured_speed(lambda: spin(0.001) or quiet())
    assert runs < 200


@given(speeds)
def test_limits_are_never_shorter_than_written_nor_longer_than_four_times(speed: float) -> None:
    assert 1.0 <= limit_factor(speed) <= 4.0


@given(speeds, speeds)
def test_a_slower_worker_never_gets_less(one: float, other: float) -> None:
    assert limit_factor(min(one, other)) >= limit_factor(max(one, other))


@given(st.floats(min_value=0.25, max_value=1.0))
def test_a_slower_worker_gets_what_it_lacks_within_a_tenth(speed: float) -> None:
    assert limit_factor(speed) * 1.1 >= 1.0 / speed


@pytest.mark.parametrize(
    ("speed", "factor"),
    [(2.0, 1.0), (1.0, 1.0), (0.92, 1.0), (0.8, 1.25), (0.5, 2.0), (0.25, 4.0), (0.01, 4.0), (0.0, 4.0)],
)
def test_the_factor_of_a_speed(speed: float, factor: float) -> None:
    assert limit_factor(speed) == factor


def test_every_duration_is_scaled_and_nothing_else() -> None:
    written = match_spec("tictactoe-v3", ["0" * 64, "1" * 64]).limits
    held_to = scaled_limits(written, 1.5)
    assert held_to.load_seconds == written.load_seconds * 1.5
    assert held_to.reset_seconds == written.reset_seconds * 1.5
    assert held_to.step_seconds == written.step_seconds * 1.5
    assert held_to.bank_seconds == written.bank_seconds * 1.5
    assert (held_to.memory_bytes, held_to.threads) == (written.memory_bytes, written.threads)
    assert (held_to.scratch_bytes, held_to.log_bytes) == (written.scratch_bytes, written.log_bytes)
