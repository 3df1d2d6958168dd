import os
import time
from dataclasses import replace

import pytest

from arenas.codec import Box, Discrete, Text, compile_codec
from arenas.spec import Limits
from tests.workers.sandbox.cast import (
    LIMITS,
    OBSERVATION,
    PLAIN,
    QUICK,
    TALK,
    action_of,
    is_running,
    seated,
    source,
    tell,
)
from workers.kept_log import KeptLog
from workers.protocol import Start
from workers.sandbox import open_launcher
from workers.seat import Seat, SeatFault
from workers.spec import Isolation, Outcome

FORGE = """
import os, struct, time
def frame(kind, payload, nonce, count=1, version=2, length=None):
    length = len(payload) if length is None else length
    return struct.pack("<IBBHQ", length, kind, count, version, nonce) + payload
def send(data):
    os.write(3, data)
def nonce_of():
    import sys
    depth = sys._getframe()
    while "nonce" not in depth.f_locals:
        depth = depth.f_back
    return depth.f_locals["nonce"]
"""


@pytest.fixture(scope="module")
def launcher():
    with open_launcher(minimum=Isolation.NAMESPACES) as opened:
        yield opened


def fault_of(launcher, text, *, limits=LIMITS, start=PLAIN):
    """Play one turn of an agent that fails; return its fault and its usage."""
    seat = Seat(launcher, limits)

    def play():
        seat.load(source(text), "agent.py")
        seat.reset(start)
        seat.act(OBSERVATION)

    with pytest.raises(SeatFault) as caught:
        play()
    return caught.value, seat.close()


def acting(body):
    return "def agent(observation):\n" + "".join(f"    {line}\n" for line in body.splitlines())


def test_an_agent_plays(launcher):
    with seated(launcher, "def agent(observation):\n    return int(observation.sum()) % 7") as seat:
        assert [action_of(seat) for _ in range(3)] == [3, 3, 3]
        assert len(seat.turn_seconds) == 3
        assert seat.bank_left_seconds == LIMITS.bank_seconds
        assert seat.is_alive
        usage = seat.close()
    assert not seat.is_alive
    assert usage.load_seconds > 0
    assert usage.cpu_seconds > 0
    assert usage.peak_memory_bytes > 1 << 20
    assert len(usage.step_quantiles) == 4
    assert seat.close() is usage


@pytest.mark.parametrize(
    ("text", "outcome", "message"),
    [
        (
            "import nosuch.thing",
            Outcome.LOAD_FAILED,
            "Your agent imports nosuch, which is not available here.",
        ),
        ("x = 1", Outcome.LOAD_FAILED, "neither a class Agent nor a function agent"),
        ("class Agent: pass", Outcome.LOAD_FAILED, "no method act"),
        ("1 / 0", Outcome.LOAD_FAILED, "ZeroDivisionError"),
        ("def f(:", Outcome.LOAD_FAILED, "SyntaxError"),
        ("import sys; sys.exit(4)", Outcome.LOAD_FAILED, "exit with status 4"),
        ("import os; os._exit(4)", Outcome.LOAD_FAILED, "status 4"),
        ("x = bytearray(1 << 34)", Outcome.OUT_OF_MEMORY, "128 MiB"),
        ("class Agent:\n    def __init__(self): raise KeyError('x')", Outcome.LOAD_FAILED, "KeyError"),
        ("class Agent:\n  def reset(self): 1/0\n  def act(self, o): 1", Outcome.CRASHED, "ZeroDivisionError"),
        (acting("raise ValueError('lost')"), Outcome.CRASHED, "ValueError: lost"),
        (acting("raise KeyboardInterrupt"), Outcome.CRASHED, "KeyboardInterrupt"),
        (acting("exit(3)"), Outcome.CRASHED, "exit with status 3"),
        (acting("import os\nos._exit(0)"), Outcome.CRASHED, "status 0"),
        (acting("import os\nos._exit(5)"), Outcome.CRASHED, "status 5"),
        (acting("import ctypes\nctypes.string_at(0)"), Outcome.CRASHED, "SIGSEGV"),
        (acting("import os\nos.abort()"), Outcome.CRASHED, "signal SIG"),
        (acting("import os\nos.kill(os.getpid(), 9)"), Outcome.CRASHED, "cannot start processes"),
        (acting("import subprocess\nsubprocess.run(['true'])"), Outcome.CRASHED, "cannot start processes"),
        (acting("return agent(observation)"), Outcome.CRASHED, "RecursionError"),
        (acting("return bytearray(1 << 34)"), Outcome.OUT_OF_MEMORY, "memory"),
        (acting("class E(Exception):\n    def __str__(self): 1/0\nraise E"), Outcome.CRASHED, "E: "),
        (acting("return 7"), Outcome.ILLEGAL_ACTION, ""),
        (acting("return -1"), Outcome.ILLEGAL_ACTION, ""),
        (acting("return None"), Outcome.ILLEGAL_ACTION, ""),
        (acting("return 'left'"), Outcome.PROTOCOL_VIOLATION, ""),
        (acting("return [1, 2]"), Outcome.PROTOCOL_VIOLATION, ""),
        (acting("return 10 ** 5000"), Outcome.PROTOCOL_VIOLATION, "16610 bits"),
        (acting("import os\nos.close(3)"), Outcome.CRASHED, ""),
    ],
)
def test_each_fault_has_its_outcome_and_its_reason(launcher, text, outcome, message):
    fault, usage = fault_of(launcher, text)
    assert (fault.outcome, message in fault.message) == (outcome, True), fault.message
    assert len(fault.message) < 500
    assert len(fault.evidence) <= 4200
    assert usage.bank_left_seconds == LIMITS.bank_seconds


@pytest.mark.parametrize(
    "body",
    [
        "send(frame(17, b'\\x01', 1))",
        "send(frame(17, b'\\x01' * 5, nonce_of()))",
        "send(frame(17, b'\\x01', nonce_of(), length=2**32 - 1))",
        "send(frame(17, b'\\x01', nonce_of(), version=9))",
        "send(frame(17, b'\\x01', nonce_of(), count=2))",
        "send(frame(99, b'\\x01', nonce_of()))",
        "send(frame(18, b'\\xff' * 50, nonce_of(), count=0))",
        "send(frame(17, b'\\x01', nonce_of()) * 2); time.sleep(9)",
        "send(b'\\xff' * 100_000); time.sleep(9)",
        "while True: send(bytes(65536))",
    ],
)
def test_a_forged_frame_is_a_protocol_violation(launcher, body):
    fault, _ = fault_of(launcher, FORGE + acting(body))
    assert fault.outcome is Outcome.PROTOCOL_VIOLATION


def test_only_a_signal_that_was_not_ours_is_told(launcher):
    _, usage = fault_of(launcher, acting("import ctypes\nctypes.string_at(0)"))
    assert usage.exit_signal == 11
    assert "Segmentation fault" in usage.log
    _, usage = fault_of(launcher, acting("while True: pass"), limits=QUICK)
    assert usage.exit_signal == 0


def test_an_answer_sent_ahead_is_a_protocol_violation(launcher):
    text = FORGE + "def agent(observation):\n    send(frame(17, b'\\x01', 1))\n    return 1"
    fault, _ = fault_of(launcher, text)
    assert fault.outcome is Outcome.PROTOCOL_VIOLATION


def test_a_second_answer_is_never_used(launcher):
    text = (
        FORGE
        + """
calls = 0
def agent(observation):
    global calls
    calls += 1
    if calls == 1:
        send(frame(17, b'\\x01', nonce_of()))
    return 2
"""
    )
    with seated(launcher, text) as seat:
        with pytest.raises(SeatFault) as caught:
            [action_of(seat) for _ in range(3)]
        assert caught.value.outcome is Outcome.PROTOCOL_VIOLATION


def test_a_late_reply_is_never_used(launcher):
    fault, _ = fault_of(launcher, acting("import time\ntime.sleep(0.5)\nreturn 1"), limits=QUICK)
    assert fault.outcome is Outcome.TIMED_OUT


def test_an_answer_drop_by_drop_is_late(launcher):
    body = "data = frame(17, b'\\x01', nonce_of())\n"
    body += "for at in range(17):\n    send(data[at:at+1]); time.sleep(0.05)\n"
    fault, _ = fault_of(launcher, FORGE + acting(body), limits=QUICK)
    assert fault.outcome is Outcome.TIMED_OUT


def test_half_an_answer_and_then_the_end_is_a_crash_at_once(launcher):
    began = time.monotonic()
    fault, _ = fault_of(launcher, FORGE + acting("send(frame(17, b'\\x01', nonce_of())[:9])\nos._exit(0)"))
    assert fault.outcome is Outcome.CRASHED
    assert time.monotonic() - began < LIMITS.step_seconds


def test_a_claimed_fault_counts_only_against_the_agent(launcher):
    claim = "import msgspec\nsend(frame(18, msgspec.msgpack.encode({{'outcome': '{}', 'message': 'x' * 900, "
    claim += "'evidence': 'y' * 6000}}), nonce_of(), count=0))\ntime.sleep(9)"
    for claimed, outcome in (
        ("ok", Outcome.PROTOCOL_VIOLATION),
        ("infrastructure_error", Outcome.PROTOCOL_VIOLATION),
        ("crashed", Outcome.CRASHED),
    ):
        fault, _ = fault_of(launcher, FORGE + acting(claim.format(claimed)))
        assert fault.outcome is outcome
        assert len(fault.message) <= 400
        assert len(fault.evidence) <= 4200


def test_an_illegal_action_leaves_the_agent_at_the_table(launcher):
    text = "calls = [99, 2]\ndef agent(observation):\n    return calls.pop(0)"
    with seated(launcher, text) as seat:
        with pytest.raises(SeatFault) as caught:
            seat.act(OBSERVATION)
        assert caught.value.outcome is Outcome.ILLEGAL_ACTION
        assert "99" in caught.value.evidence
        assert seat.is_alive
        assert action_of(seat) == 2


def test_a_number_that_is_none_is_illegal(launcher):
    start = Start("box-v0", 0, 1, PLAIN.observation_schema, Box((2,), "float32", -1.0, 1.0))
    for value in ("nan", "inf", "2.0"):
        fault, _ = fault_of(launcher, acting(f"return [float('{value}'), 0.0]"), start=start)
        assert fault.outcome is Outcome.ILLEGAL_ACTION


def test_the_bank_pays_for_slow_turns_until_it_is_empty(launcher):
    limits = Limits(step_seconds=0.05, bank_seconds=0.3)
    text = "import time\ndef agent(observation):\n    time.sleep(0.15)\n    return 1"
    with seated(launcher, text, limits=limits) as seat:
        with pytest.raises(SeatFault) as caught:
            [seat.act(OBSERVATION) for _ in range(9)]
        assert caught.value.outcome is Outcome.TIMED_OUT
        assert 1 <= len(seat.turn_seconds) <= 3
        assert "bank" in caught.value.message


def test_a_flood_of_output_does_not_break_the_match_and_the_log_is_cut(launcher):
    text = """
        import sys, os
        print("first words")
        def agent(observation):
            for _ in range(200):
                os.write(1, b"x" * 65_536)
                sys.stderr.write("line\\n")
            print("last words \\x1b[31m\\0", flush=True)
            return 3
    """
    limits = replace(LIMITS, log_bytes=1024)
    with seated(launcher, text, limits=limits) as seat:
        assert action_of(seat) == 3
        log = seat.close().log
    assert log.startswith("first words\n")
    assert "last words" in log
    assert "bytes left out" in log
    assert len(log) < 2300


def test_prints_cannot_be_taken_for_answers(launcher):
    text = "import sys\n" + acting("print('x' * 17)\nsys.stdout.buffer.write(bytes(17))\nreturn 4")
    with seated(launcher, text) as seat:
        assert [action_of(seat) for _ in range(5)] == [4] * 5


def test_the_same_seed_gives_the_same_choices(launcher):
    text = "import random, numpy\n"
    text += acting("return (random.randrange(7) + numpy.random.randint(7)) % 7")

    def choices(seed):
        with seated(launcher, text, agent_seed=seed) as seat:
            return [action_of(seat) for _ in range(12)]

    assert choices(5) == choices(5)
    assert choices(5) != choices(6)


def test_texts_of_any_length_go_both_ways(launcher):
    with seated(launcher, "def agent(observation):\n    return observation[::-1]", start=TALK) as seat:
        codec = compile_codec(Text(max_length=16_000))
        for text in ("", "näh", "x" * 16_000):
            assert codec.decode(seat.act(codec.encode(text))) == text[::-1]


def test_the_next_episode_may_have_another_role_and_other_spaces(launcher):
    text = """
        class Agent:
            def reset(self, start): self.start = start
            def act(self, observation): return self.start.action_space.n - 1
    """
    with seated(launcher, text) as seat:
        assert action_of(seat) == 6
        seat.reset(Start("x-v0", 1, 2, PLAIN.observation_schema, Discrete(3), role="prey"))
        assert compile_codec(Discrete(3)).decode(seat.act(OBSERVATION)) == 2


def test_an_observation_is_the_agent_s_own_copy(launcher):
    text = """
        import json
        def agent(observation):
            before = observation.tolist()
            observation[:] = -1
            return int(before == [1.0, 2.0, 3.0, 4.0] and observation.flags.writeable)
    """
    with seated(launcher, text) as seat:
        assert [action_of(seat) for _ in range(3)] == [1, 1, 1]


def test_close_is_called_and_cannot_hold_the_referee_up(launcher):
    text = "class Agent:\n    def act(self, o): return 1\n    def close(self):\n        print('bye')\n{}"
    with seated(launcher, text.format("")) as seat:
        assert "bye" in seat.close().log
    with seated(launcher, text.format("        while True: pass")) as seat:
        pid = seat._process.pid
        began = time.monotonic()
        assert "bye" in seat.close().log
        assert time.monotonic() - began < 10
        assert not is_running(pid)


def test_what_an_agent_leaves_running_ends_with_it(launcher):
    text = """
        import atexit, threading, time
        atexit.register(time.sleep, 60)
        threading.Thread(target=time.sleep, args=(60,)).start()
        class Agent:
            def act(self, observation): return 1
            def __del__(self): time.sleep(60)
    """
    with seated(launcher, text) as seat:
        assert action_of(seat) == 1
        pid = seat._process.pid
        began = time.monotonic()
    assert time.monotonic() - began < 10
    assert not is_running(pid)


def test_no_descriptor_is_left_behind(launcher):
    with seated(launcher, acting("return 1")):
        pass
    before = len(os.listdir("/proc/self/fd"))
    for _ in range(3):
        fault_of(launcher, acting("1 / 0"))
    assert len(os.listdir("/proc/self/fd")) == before


def test_a_traceback_shows_the_agent_s_own_frames_only(launcher):
    fault, _ = fault_of(launcher, "import numpy\n" + acting("return numpy.linalg.inv([[0.0]])"))
    assert fault.outcome is Outcome.CRASHED
    assert 'File "agent.py", line 3, in agent' in fault.evidence
    assert "/" not in fault.evidence.replace("1 / 0", "")
    assert "runner" not in fault.evidence


def test_the_kept_log_is_the_head_and_the_tail():
    log = KeptLog(4)
    for part in (b"ab", b"cdef", b"ghij", b"k"):
        log.add(part)
    assert log.text() == "abcd\n[... 3 bytes left out ...]\nhijk"
    short = KeptLog(4)
    short.add(b"abcdef")
    assert short.text() == "abcdef"


def test_an_agent_is_told_of_the_arena(launcher):
    text = """
        import json
        class Agent:
            def reset(self, start):
                space = start.action_space
                self.told = [start.arena, start.seat, start.seats, start.role, start.seed, space.kind]
            def act(self, observation): return json.dumps(self.told)
    """
    start = Start("talk-v0", 1, 2, TALK.observation_schema, TALK.action_schema, role="prey", seed=12)
    with seated(launcher, text, start=start) as seat:
        assert tell(seat) == ["talk-v0", 1, 2, "prey", 12, "text"]
