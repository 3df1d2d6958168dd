import os
import time
from dataclasses import replace

import pytest

from arenas.spec import MIB
from tests.workers.sandbox.cast import LIMITS, QUICK, TALK, action_of, is_running, say, seated, tell
from tests.workers.tables import FIRST, arena_of, failing, outcomes, play, scores
from workers.sandbox import open_launcher
from workers.sandbox.selftest import run_selftest
from workers.seat import SeatFault
from workers.spec import Isolation, Outcome

pytestmark = pytest.mark.docker


def test_every_probe_of_the_canary_is_refused(launcher, level):
    probes = run_selftest(launcher)
    assert [probe for probe in probes if not probe.ok] == []
    assert len(probes) >= 40
    assert launcher.isolation is level


def test_a_match_of_connect_four_is_played_to_its_end(launcher):
    episodes, usage = play(launcher, arena_of("connect_four-v3"), [FIRST, FIRST], seeds=(1, 2))
    assert [outcomes(episode) for episode in episodes] == [["ok", "ok"]] * 2
    assert scores(episodes[0]) == [1.0, 0.0]
    assert all(used.cpu_seconds > 0 and used.peak_memory_bytes > MIB for used in usage)


def test_it_is_the_same_match_as_in_a_jail(launcher):
    (contained,), _ = play(launcher, arena_of("tictactoe-v3"), [FIRST, FIRST])
    with open_launcher(minimum=Isolation.LANDLOCK_SECCOMP) as jail:
        (jailed,), _ = play(jail, arena_of("tictactoe-v3"), [FIRST, FIRST])
    assert contained.digest == jailed.digest


@pytest.mark.parametrize(
    ("body", "outcome"),
    [
        ("bytearray(10**10)", "out_of_memory"),
        ("kept = [bytearray(2**20) for _ in range(10**4)]", "out_of_memory"),
        ("while True: os.fork()", "crashed"),
        ("os.execv(sys.executable, ['python'])", "crashed"),
        ("os._exit(3)", "crashed"),
        ("while True: pass", "timed_out"),
        ("time.sleep(60)", "timed_out"),
        ("raise ValueError", "crashed"),
        ("os.write(3, b'x' * 100)", "protocol_violation"),
        ("print('x' * 10**7); return 'no action'", "protocol_violation"),
    ],
)
def test_an_agent_that_misbehaves_loses_and_the_other_does_not_notice(launcher, body, outcome):
    limits = replace(LIMITS, step_seconds=1.0, bank_seconds=0.0)
    bad = failing(body, at=1)
    (episode,), _ = play(launcher, arena_of("connect_four-v3"), [bad, FIRST], limits=limits)
    assert outcomes(episode) == [outcome, "ok"]
    assert scores(episode) == [0.0, 1.0]


def test_a_hanging_agent_is_gone_at_its_limit_and_the_next_is_served(launcher, level):
    with seated(launcher, "def agent(observation):\n    while True: pass\n", limits=QUICK) as seat:
        pid = seat._process.pid
        began = time.monotonic()
        with pytest.raises(SeatFault) as caught:
            seat.act(bytes(16))
        assert caught.value.outcome is Outcome.TIMED_OUT
        assert QUICK.step_seconds + QUICK.bank_seconds <= time.monotonic() - began < 10
        assert level == Isolation.VIRTUAL_MACHINE or not is_running(pid)
    with seated(launcher, "def agent(observation):\n    return 3\n") as seat:
        assert action_of(seat) == 3


def test_a_held_agent_does_not_compute(launcher):
    text = """
    import threading, time
    turns = 0
    def count():
        global turns
        while True:
            turns += 1
            time.sleep(0.001)
    threading.Thread(target=count, daemon=True).start()
    def agent(observation):
        return str(turns)
    """
    with seated(launcher, text, start=TALK) as seat:
        seat._process.freeze()
        time.sleep(0.1)  # A signal through gVisor's keeper takes its way.
        before = seat._process.processor_seconds()
        time.sleep(0.5)
        assert seat._process.processor_seconds() - before < 0.1
        seat._process.thaw()
        first = int(tell(seat))
        seat._process.thaw()
        time.sleep(0.2)
        assert int(tell(seat)) > first


def test_what_one_agent_leaves_the_next_does_not_find(launcher):
    leave = """
    for name in ("/tmp/left", "/tmp/folder/deep/left"):
        os.makedirs(os.path.dirname(name), exist_ok=True)
        open(name, "w").write("secret")
    result = sorted(os.listdir("/tmp"))
    """
    assert say(launcher, leave) == ["folder", "left"]
    look = "result = [sorted(os.listdir('/tmp')), sorted(os.listdir('.'))]"
    for _ in range(3):
        assert say(launcher, look) == [[], ["agent.py"]]


def test_an_agent_that_cannot_be_wiped_away_costs_only_its_container(launcher):
    shut = "os.mkdir('/tmp/shut', 0o000); os.mkdir('/tmp/open'); result = os.listdir('/tmp')"
    assert sorted(say(launcher, shut)) == ["open", "shut"]
    for _ in range(3):
        assert say(launcher, "result = os.listdir('/tmp')") == []


def test_no_network_no_shared_memory_no_account_and_no_daemon_are_inside(launcher):
    body = """
    import socket
    result = [attempt(step) for step in (
        lambda: socket.socket(socket.AF_UNIX).connect("/run/coliseum/socket"),
        lambda: socket.socket(),
        lambda: open("/etc/passwd"), lambda: open("/etc/shadow"),
        lambda: os.stat("/var/run/docker.sock"), lambda: open("/dev/shm/x", "w"),
        lambda: os.mkdir("/x"), lambda: os.mkdir("/run/x"), lambda: open("/opt/coliseum/workers/x", "w"),
        lambda: os.setuid(0), lambda: os.chroot("/tmp"),
    )]
    """
    assert "OPEN" not in say(launcher, body)


def test_the_log_is_kept_and_capped(launcher):
    text = "def agent(observation):\n    print('hello ' + 'x' * 10**6)\n    return 1\n"
    with seated(launcher, text) as seat:
        assert action_of(seat) == 1
        log = seat.close().log
    assert log.startswith("hello x")
    assert len(log) <= 2 * LIMITS.log_bytes + 100


def test_every_agent_has_a_user_of_its_own_that_is_not_roots(launcher, level):
    ids = say(launcher, "result = [os.getresuid(), os.getresgid(), os.getgroups()]")
    users = {user for triple in ids[:2] for user in triple}
    assert len(users) == 1
    assert users.pop() >= 1000
    assert os.geteuid() == 0
