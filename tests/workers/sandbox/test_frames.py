"""Whatever an agent sends in place of an answer costs it the match and the referee nothing."""

import os
from dataclasses import replace
from pathlib import Path

import pytest

from arenas.codec import Box
from arenas.spec import MIB
from tests.workers.sandbox.cast import FORGE, LIMITS, OBSERVATION, PLAIN, QUICK, action_of, seated
from tests.workers.tables import FIRST, arena_of, failing, outcomes, play, scores
from workers.seat import SeatFault
from workers.spec import Outcome

PROTOCOL, LATE, CRASHED = Outcome.PROTOCOL_VIOLATION, Outcome.TIMED_OUT, Outcome.CRASHED


FORGED = {
    "short": ("send(frame(ACT, b'', nonce_of()))", PROTOCOL),
    "long": ("send(frame(ACT, bytes(100), nonce_of()))", PROTOCOL),
    "huge length": ("send(frame(ACT, b'x', nonce_of(), length=2**32 - 1))", PROTOCOL),
    "wrong type": ("send(frame(99, bytes(8), nonce_of()))", PROTOCOL),
    "wrong version": ("send(frame(ACT, bytes(8), nonce_of(), version=VERSION + 1))", PROTOCOL),
    "wrong nonce": ("send(frame(ACT, bytes(8), nonce_of() ^ 1))", PROTOCOL),
    "wrong count": ("send(frame(ACT, bytes(8), nonce_of(), count=2))", PROTOCOL),
    "two answers": ("send(frame(ACT, bytes(8), nonce_of()) * 2); time.sleep(9)", PROTOCOL),
    "drop by drop": (
        "for byte in frame(ACT, bytes(8), nonce_of()): send(bytes([byte])); time.sleep(0.05)",
        LATE,
    ),
    "flood": ("while True: send(bytes(65536))", PROTOCOL),
    "noise": ("send(os.urandom(4096)); time.sleep(9)", PROTOCOL),
    "closed in mid-frame": ("send(frame(ACT, bytes(8), nonce_of())[:10]); os._exit(0)", CRASHED),
    "closed": ("os.close(3)", CRASHED),
    "unreadable fault": ("send(frame(FAULT, b'\\xff' * 50, nonce_of()))", PROTOCOL),
    "huge fault": ("send(frame(FAULT, bytes(200_000), nonce_of())); time.sleep(9)", PROTOCOL),
    "silence": ("time.sleep(9)", LATE),
}


@pytest.mark.parametrize("kind", FORGED)
def test_a_forged_frame_has_its_verdict(launcher, kind):
    body, outcome = FORGED[kind]
    text = f"{FORGE}def agent(observation):\n    {body}\n    return 5\n"
    limits = replace(QUICK, load_seconds=5.0, reset_seconds=5.0)
    with seated(launcher, text, limits=limits) as seat, pytest.raises(SeatFault) as caught:
        seat.act(OBSERVATION)
    assert caught.value.outcome is outcome, caught.value.message


def test_an_answer_before_the_question_is_never_used(launcher):
    text = f"{FORGE}def agent(observation):\n    send(frame(ACT, bytes(8), 1))\n    return 5\n"
    with seated(launcher, text) as seat, pytest.raises(SeatFault) as caught:
        [seat.act(OBSERVATION) for _ in range(3)]
    assert caught.value.outcome is PROTOCOL


@pytest.mark.parametrize(
    "flood", ["while True: send(bytes(65536))", "send(frame(ACT, b'x', 1, length=2**32 - 1) * 4096)"]
)
def test_a_flood_takes_no_memory_of_the_referee(launcher, flood):
    memory = Path("/proc/self/statm")
    text = f"{FORGE}def agent(observation):\n    {flood}\n    return 5\n"
    with seated(launcher, text) as seat:
        before = int(memory.read_text().split()[1])
        with pytest.raises(SeatFault):
            seat.act(OBSERVATION)
        after = int(memory.read_text().split()[1])
    assert (after - before) * os.sysconf("SC_PAGE_SIZE") < 8 * MIB


@pytest.mark.parametrize("number", ["nan", "inf", "-inf"])
def test_a_number_that_is_none_is_illegal(launcher, number):
    start = replace_schema(Box((2,), "float32"))
    text = f"def agent(observation):\n    return [0.5, float('{number}')]\n"
    with seated(launcher, text, start=start) as seat, pytest.raises(SeatFault) as caught:
        seat.act(OBSERVATION)
    assert caught.value.outcome is Outcome.ILLEGAL_ACTION


def replace_schema(schema):
    return type(PLAIN)(PLAIN.arena, PLAIN.seat, PLAIN.seats, PLAIN.observation_schema, schema)


@pytest.mark.parametrize("action", ["7", "-1", "2**40", "None"])
def test_an_action_out_of_its_space_is_illegal(launcher, action):
    text = f"def agent(observation):\n    return {action}\n"
    with seated(launcher, text) as seat, pytest.raises(SeatFault) as caught:
        seat.act(OBSERVATION)
    assert caught.value.outcome in (Outcome.ILLEGAL_ACTION, PROTOCOL)


def test_a_masked_action_loses_the_episode_and_the_opponent_wins(launcher):
    bad = failing("return int(observation['action_mask'].argmin())", at=2)
    (episode,), _ = play(launcher, arena_of("tictactoe-v3"), [bad, FIRST])
    assert outcomes(episode) == ["illegal_action", "ok"]
    assert scores(episode) == [0.0, 1.0]


def test_the_next_agent_plays_as_if_nothing_had_been(launcher):
    text = f"{FORGE}def agent(observation):\n    send(os.urandom(65536))\n    return 5\n"
    with seated(launcher, text) as seat, pytest.raises(SeatFault):
        seat.act(OBSERVATION)
    with seated(launcher, "def agent(observation):\n    return 5") as seat:
        assert action_of(seat) == 5
    assert LIMITS.bank_seconds == seat.bank_left_seconds
