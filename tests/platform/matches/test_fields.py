"""What a match gave is kept in few bytes and comes back unchanged."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coliseum.matches.fields import pack_seats, pack_usage, unpack_seats, unpack_usage
from workers.spec import AgentUsage, Outcome, SeatResult

seconds = st.integers(0, 10**10).map(lambda micros: micros / 1e6)
numbers = st.floats(allow_nan=False, allow_infinity=False).map(lambda value: value + 0.0)
seats = st.builds(
    SeatResult,
    agent=st.integers(0, 255),
    outcome=st.sampled_from(Outcome),
    rank=st.integers(1, 255),
    score=numbers,
    total_reward=numbers,
    turns=st.integers(0, 10**6),
    think_seconds=seconds,
    slowest_seconds=seconds,
    message=st.text(max_size=300),
    evidence=st.text(max_size=2000),
    failed_turn=st.integers(-1, 10**6),
)
usages = st.builds(
    AgentUsage,
    load_seconds=seconds,
    cpu_seconds=seconds,
    idle_cpu_seconds=seconds,
    peak_memory_bytes=st.integers(0, 2**40),
    bank_left_seconds=seconds,
    step_quantiles=st.lists(seconds, max_size=4).map(tuple),
    log=st.text(max_size=3000),
    exit_signal=st.integers(0, 64),
)


@given(st.lists(seats, min_size=1, max_size=8))
def test_seats_come_back_with_every_field(played: list[SeatResult]) -> None:
    assert unpack_seats(pack_seats(played)) == msgspec.to_builtins(played)


@given(usages)
def test_usage_comes_back_with_every_field(usage: AgentUsage) -> None:
    assert unpack_usage(pack_usage(usage)) == msgspec.to_builtins(usage, builtin_types=(tuple,)) | {
        "step_quantiles": list(usage.step_quantiles)
    }


@given(numbers)
def test_a_score_is_kept_exactly(score: float) -> None:
    seat = SeatResult(0, Outcome.OK, 1, score, score, 1, 0.0, 0.0)
    (kept,) = unpack_seats(pack_seats([seat]))
    assert (kept["score"], kept["total_reward"]) == (score, score)
    assert isinstance(kept["score"], float)


def test_a_clean_seat_takes_less_than_sixteen_bytes() -> None:
    clean = SeatResult(1, Outcome.OK, 1, 1.0, 1.0, 21, 0.001234, 0.000234)
    assert len(pack_seats([clean, clean])) < 32


def test_a_long_log_is_compressed() -> None:
    assert len(pack_usage(AgentUsage(log="the same line again\n" * 1000))) < 300


def test_no_usage_is_no_bytes() -> None:
    assert unpack_usage(b"") == {}


def test_damaged_bytes_are_an_error_not_a_result() -> None:
    with pytest.raises(msgspec.DecodeError):
        unpack_seats(b"\xc1")
