"""A hostile package that passed every check at the door is harmless in the jail."""

import os
import stat
from dataclasses import replace
from pathlib import Path

import pytest

from tests.workers.sandbox.cast import LIMITS, OBSERVATION, PLAIN, action_of, seated
from tests.workers.zips import Entry, handmade, ordinary
from workers.seat import Seat, SeatFault
from workers.spec import Outcome

AGENT = b"def agent(observation):\n    return 5\n"
SMALL = replace(LIMITS, unpacked_bytes=8 << 20)


HOSTILE = {
    "parent": Entry(b"../outside.py", b"x"),
    "deep parent": Entry(b"a/../../outside.py", b"x"),
    "absolute": Entry(b"/tmp/outside.py", b"x"),
    "backslash": Entry(b"..\\outside.py", b"x"),
    "symbolic link": Entry(b"link", b"/etc/passwd", mode=stat.S_IFLNK | 0o777),
    "device": Entry(b"device", b"", mode=stat.S_IFCHR | 0o666),
    "pipe": Entry(b"pipe", b"", mode=stat.S_IFIFO | 0o666),
    "file and folder": Entry(b"agent.py/more.py", b"x"),
    "twice": Entry(b"agent.py", b"def agent(o): return 1"),
    "bomb": Entry(b"zeros", bytes(64 << 20), method=8),
    "bomb that lies": Entry(b"zeros", bytes(64 << 20), method=8, declared=10),
    "long name": Entry(b"x" * 300, b"y"),
    "no name": Entry(b"", b"y"),
    "null in its name": Entry(b"a\0b", b"y"),
}


def loaded(launcher, package, name="agent.zip", limits=SMALL):
    seat = Seat(launcher, limits)
    try:
        seat.load(package, name)
        seat.reset(PLAIN)
        return seat.act(OBSERVATION) and seat.fault
    except SeatFault as fault:
        return fault
    finally:
        seat.close()


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_member_harms_only_its_own_jail(launcher, kind):
    outside = [Path("/tmp/outside.py"), Path("/outside.py"), Path(os.getcwd(), "outside.py")]
    fault = loaded(launcher, handmade(Entry(b"agent.py", AGENT), HOSTILE[kind]))
    assert fault is None or fault.outcome is Outcome.LOAD_FAILED
    assert [path for path in outside if path.exists()] == []
    with seated(launcher, AGENT.decode()) as seat:
        assert action_of(seat) == 5


def test_ten_thousand_files_are_refused_and_gone(launcher):
    fault = loaded(launcher, ordinary({"agent.py": AGENT, **{f"f{n}": "" for n in range(10_000)}}))
    assert fault.outcome is Outcome.LOAD_FAILED
    assert "10001 files" in fault.message


def test_a_bomb_of_ten_gigabytes_ends_at_the_limit(launcher):
    deflated = handmade(Entry(b"agent.py", AGENT), Entry(b"zeros", bytes(200 << 20), method=8, declared=1))
    fault = loaded(launcher, deflated)
    assert fault.outcome is Outcome.LOAD_FAILED


def test_names_that_are_not_utf_8_are_only_names(launcher):
    package = handmade(Entry(b"agent.py", AGENT), Entry(b"\xff\xfe.txt", b"x", flags=0))
    assert loaded(launcher, package) is None


@pytest.mark.parametrize("package", [b"", b"PK", b"PK\5\6" + bytes(18), os.urandom(5000), bytes(5000)])
def test_what_is_no_archive_is_a_failed_load(launcher, package):
    assert loaded(launcher, package).outcome is Outcome.LOAD_FAILED


def test_a_locked_archive_is_a_failed_load(launcher):
    package = handmade(Entry(b"agent.py", AGENT, flags=1))
    assert loaded(launcher, package).outcome is Outcome.LOAD_FAILED
