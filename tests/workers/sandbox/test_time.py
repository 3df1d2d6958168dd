"""Time: an agent that does not answer is ended at its limit, whatever it does and ignores."""

import time
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

from tests.workers.sandbox.cast import LIMITS, OBSERVATION, PLAIN, QUICK, is_running, seated, source
from tests.workers.tables import FIRST, SHORT, arena_of, failing, outcomes, play, scores
from workers.sandbox.policy import Policy
from workers.seat import Seat, SeatFault
from workers.spec import Outcome

SPINS = {
    "python": "while True: pass",
    "sleep": "import time\ntime.sleep(60)",
    "numpy": "import numpy\nm = numpy.ones((3000, 3000))\nwhile True: m = m @ m * 1e-9",
    "holding the interpreter": "sum(range(10**12))",
    "regular expression": "import re\nre.match('(a+)+$', 'a' * 60 + 'b')",
    "deaf": "import signal\nfor n in set(signal.valid_signals()) - {9, 19, 32, 33}:\n"
    "    signal.signal(n, signal.SIG_IGN)\nwhile True: pass",
    "masked": "import signal\nsignal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())\n"
    "while True: pass",
    "threads": "import threading\nfor _ in range(4):\n"
    "    threading.Thread(target=sum, args=(range(10**12),)).start()\nwhile True: pass",
    "stopped": "import signal\nsignal.raise_signal(signal.SIGSTOP)\nwhile True: pass",
}


def indented(text, by):
    return "".join(" " * by + line + "\n" for line in text.splitlines())


def ended_after(play, seconds):
    """Play until the end comes within 250 ms of the limit; a busy machine gets three tries."""
    for _ in range(3):
        outcome, took = play()
        assert took >= seconds
        if took < seconds + 0.25:
            return outcome
    pytest.fail(f"ended {took:.2f} s after the start, the limit is {seconds} s")


@pytest.mark.parametrize("spin", SPINS)
def test_an_agent_that_never_answers_is_ended_at_its_limit(launcher, spin):
    text = f"def agent(observation):\n{indented(SPINS[spin], 4)}"

    def play():
        with seated(launcher, text, limits=QUICK) as seat:
            pid = seat._process.pid
            began = time.monotonic()
            with pytest.raises(SeatFault) as caught:
                seat.act(OBSERVATION)
            assert not is_running(pid)
            return caught.value.outcome, time.monotonic() - began

    assert ended_after(play, QUICK.step_seconds + QUICK.bank_seconds) is Outcome.TIMED_OUT


PLACES = {
    "load": ("{spin}", 0, Outcome.LOAD_FAILED, QUICK.load_seconds),
    "construction": (
        "class Agent:\n    def __init__(self):\n{spin}",
        8,
        Outcome.LOAD_FAILED,
        QUICK.load_seconds,
    ),
    "reset": (
        "class Agent:\n    def act(self, o): return 1\n    def reset(self):\n{spin}",
        8,
        Outcome.TIMED_OUT,
        QUICK.reset_seconds,
    ),
}


@pytest.mark.parametrize("spin", ["python", "sleep", "numpy", "deaf"])
@pytest.mark.parametrize("place", PLACES)
def test_an_agent_that_hangs_before_its_first_turn_is_ended(launcher, place, spin):
    text, by, outcome, seconds = PLACES[place]
    text = text.format(spin=indented(SPINS[spin], by))

    def play():
        seat = Seat(launcher, QUICK)
        began = time.monotonic()
        try:
            seat.load(source(text), "agent.py")
            began = time.monotonic()
            seat.reset(PLAIN)
        except SeatFault as fault:
            return fault.outcome, time.monotonic() - began
        finally:
            seat.close()

    assert ended_after(play, seconds) is outcome


@pytest.mark.parametrize("spin", ["python", "sleep", "holding the interpreter"])
def test_in_a_match_the_opponent_of_a_hang_wins_with_its_bank_untouched(launcher, spin):
    (episode,), used = play(launcher, arena_of("tictactoe-v3"), [failing(SPINS[spin]), FIRST], limits=SHORT)
    assert outcomes(episode) == ["timed_out", "ok"]
    assert scores(episode) == [0.0, 1.0]
    assert used[1].bank_left_seconds == SHORT.bank_seconds


def test_processor_time_has_a_bound_of_its_own(launcher, monkeypatch):
    ordinary = Policy.of(LIMITS)
    assert ordinary.cpu_seconds >= LIMITS.step_seconds * 10_000
    short = msgspec.structs.replace(ordinary, cpu_seconds=1)
    monkeypatch.setattr(Policy, "of", lambda limits: short)
    limits = replace(LIMITS, step_seconds=20.0)
    with seated(launcher, "def agent(observation):\n    while True: pass", limits=limits) as seat:
        with pytest.raises(SeatFault, match="of processor time") as caught:
            seat.act(OBSERVATION)
        assert caught.value.outcome is Outcome.RESOURCE_LIMIT
        assert 0.3 < seat.close().cpu_seconds < 4


def test_an_agent_does_not_think_in_its_opponent_s_time(launcher):
    text = """
        import threading
        def run():
            while True: pass
        threading.Thread(target=run, daemon=True).start()
        def agent(observation):
            return 5
    """
    with seated(launcher, text) as seat:
        for _ in range(100):  # On a busy machine its thread may not get a slice at once.
            seat.act(OBSERVATION)
            time.sleep(0.05)  # Its first chance, and the last one: the next answer finds it out.
            if seat.idle_cpu_seconds > 0.001:
                break
        spent = Path(f"/proc/{seat._process.pid}/stat")
        time.sleep(0.05)
        before = spent.read_text().rpartition(")")[2].split()
        time.sleep(0.2)
        after = spent.read_text().rpartition(")")[2].split()
        assert (before[0], after[0]) == ("T", "T")
        assert before[11:13] == after[11:13]
        seat.act(OBSERVATION)
        assert seat.close().idle_cpu_seconds > 0.001


def test_agents_cannot_raise_their_own_priority(launcher):
    with seated(launcher, "def agent(observation):\n    return 5") as seat:
        fields = Path(f"/proc/{seat._process.pid}/stat").read_text().rpartition(")")[2].split()
    niceness, policy = int(fields[16]), int(fields[38])
    assert (niceness, policy) == (5, 0)
