"""An agent may not think, or slow another one down, while it is not asked."""

import time
from contextlib import closing, contextmanager

import pytest

from tests.workers.sandbox.cast import LIMITS, OBSERVATION, PLAIN, source
from tests.workers.tables import arena_of, outcomes, table_of
from workers.sandbox import open_launcher
from workers.seat import Seat
from workers.spec import EpisodeSpec, Isolation

THIEF = """
import threading
def spin():
    while True:
        pass
class Agent:
    def __init__(self):
        threading.Thread(target=spin, daemon=True).start()
    def act(self, observation):
        return {choice}
"""
HONEST = "def agent(observation):\n    return 0\n"
SLOW = """
import time
def agent(observation):
    until = time.thread_time() + 0.06
    while time.thread_time() < until:
        pass
    return int(observation['action_mask'].argmax())
"""


@pytest.fixture(scope="module")
def launcher():
    with open_launcher(minimum=Isolation.NAMESPACES, cpu=0) as opened:
        yield opened


@contextmanager
def seat_of(launcher, text):
    seat = Seat(launcher, LIMITS)
    try:
        seat.load(source(text), "agent.py")
        seat.reset(PLAIN)
        yield seat
    finally:
        seat.close()


def processor_seconds_over(seat, seconds):
    before = seat._process.processor_seconds()
    time.sleep(seconds)
    return seat._process.processor_seconds() - before


def test_an_agent_that_waits_is_not_stopped_and_uses_nothing(launcher):
    with seat_of(launcher, HONEST) as seat:
        for _ in range(50):
            seat.act(OBSERVATION)
        assert not seat._is_held
        assert processor_seconds_over(seat, 0.1) < 0.005
        assert seat.close().idle_cpu_seconds < 0.05


def test_an_agent_that_computes_unasked_is_stopped_from_the_next_answer_on(launcher):
    with seat_of(launcher, THIEF.format(choice=0)) as seat:
        for _ in range(100):  # On a busy machine its thread may not get a slice at once.
            seat.act(OBSERVATION)
            if seat._is_held:
                break
            time.sleep(0.05)
        assert seat._is_held
        assert processor_seconds_over(seat, 0.2) < 0.005
        assert seat.close().idle_cpu_seconds > 0.001


def test_an_agent_that_is_held_answers_when_it_is_asked(launcher):
    with seat_of(launcher, HONEST) as seat:
        seat.hold()
        assert seat._is_held
        assert bytes(seat.act(OBSERVATION)) == b"\0"
        assert not seat._is_held


def test_a_slow_turn_has_the_processor_to_itself(launcher):
    arena = arena_of("tictactoe-v3")
    thief = THIEF.format(choice="int(observation['action_mask'].argmax())")
    with closing(table_of(launcher, arena, [thief, SLOW])) as table:
        episode = table.play_episode(EpisodeSpec(seed=1, seating=(0, 1)))
        stolen = table.close()[0].idle_cpu_seconds
    assert outcomes(episode) == ["ok", "ok"]
    turns = episode.seats[1].turns
    # Each of its turns needs 60 ms of processor time; a thief that was never stopped would get as much.
    assert turns >= 3
    assert stolen < 0.03 * turns


def test_all_but_the_one_that_is_asked_are_stopped_when_it_takes_long(launcher):
    arena = arena_of("tictactoe-v3")
    with closing(table_of(launcher, arena, [SLOW.replace("0.06", "0.2"), SLOW])) as table:
        held = []
        first, second = (member.copies[0].seat for member in table.members)
        hold = second.hold
        second.hold = lambda: (hold(), held.append(second._is_held))
        table.play_episode(EpisodeSpec(seed=1, seating=(0, 1)))
        assert any(held)
        assert first.is_alive
        assert second.is_alive
