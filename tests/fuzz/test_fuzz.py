"""Every target for a moment, with fixed seeds; `make fuzz` goes on with fresh ones."""

import os
import socket
import subprocess
import sys
import threading
import time
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import strategies as st

from tests.fuzz.campaign import Target, attack, campaign
from tests.fuzz.targets import TARGETS
from workers.protocol import HEADER, VERSION, Channel, FrameError, Kind

ROOT = Path(__file__).resolve().parents[2]
NONCE = 7
MIB = 1024 * 1024
KNOWN = {
    "text that is not UTF-8": ("fault", b"\x83\xa7outcome\xa1\xff\xa7message\xa1x\xa8evidence\xa1x"),
    "nesting without end": ("fault", b"\x81\xa1x" + b"\x91" * 8000 + b"\xc0"),
}


@pytest.mark.parametrize("target", TARGETS, ids=lambda target: target.name)
def test_nothing_that_is_sent_or_returned_gets_past_its_reader(target):
    attack(target, cases=100, seed=20261122)


@pytest.mark.parametrize("known", KNOWN)
def test_what_was_found_once_is_tried_for_ever(known):
    name, case = KNOWN[known]
    next(target for target in TARGETS if target.name == name).check(case)


@pytest.mark.parametrize("claims", [2**32 - 1, 64, 1])
def test_a_flood_of_bytes_costs_the_referee_no_memory(claims):
    ours, theirs = socket.socketpair()
    log_read, log_write = os.pipe()
    channel = Channel(ours, log_read, lambda _: None)
    channel.expect(64)
    head = HEADER.pack(claims, Kind.ACT, 1, VERSION, NONCE)
    flood = threading.Thread(target=_pour, args=(theirs, head + bytes(4 * MIB)))
    tracemalloc.start()
    try:
        flood.start()
        before = tracemalloc.get_traced_memory()[0]
        tracemalloc.reset_peak()
        with pytest.raises(FrameError):
            channel.receive(Kind.ACT, NONCE, time.monotonic() + 5, count=1, least=1, most=64)
        assert tracemalloc.get_traced_memory()[1] - before < MIB / 4
    finally:
        tracemalloc.stop()
        ours.close()
        flood.join()
        theirs.close()
        os.close(log_read)
        os.close(log_write)


def _pour(theirs, data):
    view = memoryview(data)
    try:
        while view:
            view = view[theirs.send(view) :]
    except OSError:
        return


def _fails_on_zero(data):
    assert b"\0" not in data


PLANTED = Target("planted", st.binary(max_size=20), _fails_on_zero)


def test_a_finding_is_made_small_and_its_seed_makes_it_again():
    done = campaign(PLANTED, seconds=5.0, seed=1)
    assert done.cases > 0
    assert done.problem.endswith("case: b'\\x00'")
    again = campaign(PLANTED, seconds=0.0, seed=done.seed)
    assert (again.seed, again.problem) == (done.seed, done.problem)


def test_a_target_that_holds_is_attacked_until_the_time_is_up():
    done = campaign(Target("calm", st.integers(), lambda _: None), seconds=0.2, seed=1)
    assert (done.problem, done.target.name) == ("", "calm")
    assert done.seed >= 1
    assert done.seconds >= 0.2


@pytest.mark.parametrize(
    ("planted", "status", "words"), [("lambda data: None", 0, "none"), ("lambda data: 1 / 0", 1, "--seed 5")]
)
def test_the_command_ends_with_1_when_it_finds_something(planted, status, words):
    program = (
        "import sys; from hypothesis import strategies as st; from tests.fuzz import __main__ as command;"
        f"command.TARGETS = (command.TARGETS[0].__class__('planted', st.binary(), {planted}),);"
        "sys.argv = ['fuzz', '--seconds', '0', '--seed', '5']; sys.exit(command.main())"
    )
    environment = os.environ | {"PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'platform'}"}
    run = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == status, run.stderr
    assert words in run.stdout
