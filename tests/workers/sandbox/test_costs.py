"""What the walls cost, with generous walls of its own: a regression by a factor is seen, noise is not."""

import time
from pathlib import Path
from statistics import median

import pytest

from arenas.spec import MIB
from tests.workers.sandbox.cast import LIMITS, OBSERVATION, seated
from workers.sandbox import open_launcher

pytestmark = pytest.mark.alone

TEXT = "def agent(observation):\n    return 5\n"


def start_seconds(opened):
    """The best of several starts with the pool as it is."""
    took = []
    for _ in range(6):
        began = time.perf_counter()
        process = opened.start(LIMITS)
        took.append(time.perf_counter() - began)
        process.reap()
        process.close()
        time.sleep(0.05)  # The zygote fills its pool while nobody asks.
    return min(took)


def test_a_jail_is_built_in_less_than_60_ms_and_taken_from_the_pool_in_less_than_10(ground):
    with open_launcher(minimum=ground.level, level=ground.level, pool_size=0) as opened:
        assert start_seconds(opened) < 0.060
    with open_launcher(minimum=ground.level, level=ground.level, pool_size=2) as opened:
        assert start_seconds(opened) < 0.010


def test_a_turn_costs_less_than_a_tenth_of_a_millisecond(launcher):
    with seated(launcher, TEXT) as seat:
        for _ in range(3):
            took = []
            for _ in range(300):
                began = time.perf_counter()
                seat.act(OBSERVATION)
                took.append(time.perf_counter() - began)
            if median(took) < 100e-6:
                break
        assert median(took) < 200e-6


def test_an_agent_has_less_than_12_mib_of_its_own(launcher):
    with seated(launcher, TEXT) as seat:
        seat.act(OBSERVATION)
        try:
            rollup = Path(f"/proc/{seat._process.pid}/smaps_rollup").read_text()
        except PermissionError:
            pytest.skip(
                "an ordinary worker cannot see into its agents either; the rows of root measure the same"
            )
    lines = [line.split() for line in rollup.splitlines()[1:]]
    assert sum(int(words[1]) for words in lines if words[0].startswith("Private_")) * 1024 < 12 * MIB
