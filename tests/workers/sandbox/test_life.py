import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

from tests.workers.sandbox.cast import (
    LEVELS,
    LIMITS,
    PLAIN,
    QUICK,
    TALK,
    action_of,
    as_user,
    is_running,
    run_script,
    say,
    seated,
    source,
    tell,
)
from workers.errors import IsolationError, ZygoteError
from workers.sandbox import open_launcher
from workers.sandbox.launcher import CODE_ROOT, ENVIRONMENT
from workers.sandbox.policy import Policy
from workers.sandbox.selftest import describe_host
from workers.seat import Seat, SeatFault
from workers.spec import Isolation, Outcome

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
                seat.act(bytes(16))
            assert not is_running(pid)
            return caught.value.outcome, time.monotonic() - began

    assert ended_after(play, QUICK.step_seconds + QUICK.bank_seconds) is Outcome.TIMED_OUT


@pytest.mark.parametrize(
    ("text", "outcome", "seconds"),
    [
        ("while True: pass", Outcome.LOAD_FAILED, QUICK.load_seconds),
        (
            "class Agent:\n    def __init__(self):\n        while True: pass\n",
            Outcome.LOAD_FAILED,
            QUICK.load_seconds,
        ),
        (
            "class Agent:\n    def reset(self):\n        while True: pass\n    def act(self, o): return 1\n",
            Outcome.TIMED_OUT,
            QUICK.reset_seconds,
        ),
    ],
)
def test_an_agent_that_hangs_before_its_first_turn_is_ended(launcher, text, outcome, seconds):
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


def test_processor_time_has_a_bound_of_its_own(launcher, monkeypatch):
    ordinary = Policy.of(LIMITS)
    assert ordinary.cpu_seconds >= LIMITS.step_seconds * 10_000
    short = msgspec.structs.replace(ordinary, cpu_seconds=1)
    monkeypatch.setattr(Policy, "of", lambda limits: short)
    limits = replace(LIMITS, step_seconds=20.0)
    with seated(launcher, "def agent(observation):\n    while True: pass", limits=limits) as seat:
        with pytest.raises(SeatFault, match="of processor time") as caught:
            seat.act(bytes(16))
        assert caught.value.outcome is Outcome.RESOURCE_LIMIT
        assert 0.3 < seat.close().cpu_seconds < 4


def test_an_agent_does_not_think_in_its_opponent_s_time(launcher):
    text = """
        import json, threading
        ticks = 0
        def run():
            global ticks
            while True:
                ticks += 1
        threading.Thread(target=run, daemon=True).start()
        def agent(observation):
            return json.dumps(ticks)
    """
    with seated(launcher, text, start=TALK) as seat:
        tell(seat)
        spent = Path(f"/proc/{seat._process.pid}/stat")
        time.sleep(0.05)
        before = spent.read_text().rpartition(")")[2].split()
        time.sleep(0.3)
        after = spent.read_text().rpartition(")")[2].split()
        assert (before[0], after[0]) == ("T", "T")
        assert before[11:13] == after[11:13]
        assert tell(seat) > 0


def test_killing_one_agent_leaves_its_sibling_playing(launcher):
    with (
        seated(launcher, "def agent(observation):\n    return 5") as left,
        seated(launcher, "import os\ndef agent(observation):\n    os._exit(3)") as right,
    ):
        assert action_of(left) == 5
        with pytest.raises(SeatFault, match="status 3"):
            right.act(bytes(16))
        assert action_of(left) == 5
        os.kill(left._process.pid, signal.SIGKILL)
        with pytest.raises(SeatFault, match="SIGKILL"):
            left.act(bytes(16))


@pytest.mark.parametrize("level", LEVELS)
def test_no_agent_outlives_its_worker(level):
    program = f"""
import sys; sys.path.insert(0, {CODE_ROOT!r})
from workers.sandbox import open_launcher
from workers.spec import Isolation
from workers.seat import Seat
from arenas.spec import Limits
import threading, time
launcher = open_launcher(minimum=Isolation({int(level)}), level=Isolation({int(level)}))
seats = [Seat(launcher, Limits()) for _ in range(2)]
for seat in seats:
    threading.Thread(target=seat.load, args=(b"while True: pass", "agent.py"), daemon=True).start()
time.sleep(0.3)
print(launcher._process.pid, *(seat._process.pid for seat in seats), launcher._package_root, flush=True)
time.sleep(60)
"""
    worker = subprocess.Popen(
        [sys.executable, "-s", "-P", "-B", "-c", program], stdout=subprocess.PIPE, text=True, env=ENVIRONMENT
    )
    with worker:
        pids = [int(word) for word in worker.stdout.readline().split() if word.isdigit()]
        assert len(pids) == 3
        assert all(is_running(pid) for pid in pids)
        pool = [pid for pid in children_of(pids[0]) if pid not in pids]
        worker.kill()
        worker.wait()
        ended_by = time.monotonic() + 1.0
        while any(is_running(pid) for pid in (*pids, *pool)) and time.monotonic() < ended_by:
            time.sleep(0.01)
        assert [pid for pid in (*pids, *pool) if is_running(pid)] == []


def children_of(pid):
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def test_a_lost_zygote_is_our_fault_and_is_replaced():
    with open_launcher(minimum=Isolation.NAMESPACES, preload=()) as launcher:
        with seated(launcher, "def agent(observation):\n    return 5") as seat:
            assert action_of(seat) == 5
            launcher._process.kill()
            launcher._process.wait()
            time.sleep(0.1)
            with pytest.raises(ZygoteError):
                seat.act(bytes(16))
        with seated(launcher, "def agent(observation):\n    return 5") as seat:
            assert action_of(seat) == 5


def test_the_zygote_has_one_thread_and_no_telemetry(launcher):
    pid = launcher._process.pid
    assert os.listdir(f"/proc/{pid}/task") == [str(pid)]
    body = "import onnxruntime, threading\nresult = threading.active_count()"
    assert say(launcher, body) == 1


def test_a_preloaded_library_that_starts_a_thread_is_refused():
    script = """
        import sys, tempfile, pathlib
        from workers.sandbox import Isolation, IsolationError, launcher
        folder = tempfile.mkdtemp()
        pathlib.Path(folder, "chatty.py").write_text(
            "import threading, time; threading.Thread(target=time.sleep, args=(9,), daemon=True).start()")
        launcher._BOOT = f"import sys; sys.path.insert(1, {folder!r});" + launcher._BOOT
        try:
            launcher.Launcher(Isolation.NAMESPACES, None, ("chatty",), 1)
        except IsolationError as error:
            print(error)
    """
    assert "keeps 1 thread(s) running" in run_script(script).stdout


def test_the_zygote_s_environment_is_the_fixed_list(launcher, monkeypatch):
    environment = Path(f"/proc/{launcher._process.pid}/environ").read_bytes().rstrip(b"\0").split(b"\0")
    assert sorted(environment) == sorted(f"{name}={value}".encode() for name, value in ENVIRONMENT.items())


def test_agents_run_on_the_given_core():
    core = max(os.sched_getaffinity(0))
    before = os.sched_getaffinity(0)
    with open_launcher(minimum=Isolation.LANDLOCK_SECCOMP, cpu=core, preload=()) as launcher:
        assert say(launcher, "result = sorted(os.sched_getaffinity(0))") == [core]
    assert os.sched_getaffinity(0) == before


def test_other_limits_are_those_of_the_agent_that_is_started(launcher):
    body = "import resource\nresult = resource.getrlimit(resource.RLIMIT_NPROC)[0]"
    few = say(launcher, body, limits=replace(LIMITS, threads=3))
    assert say(launcher, body, limits=replace(LIMITS, threads=5)) - few in range(-20, 40)


def test_this_host_offers_both_levels():
    host = describe_host()
    assert host["level"] is Isolation.NAMESPACES, host["reasons"]
    assert host["landlock"] >= 1
    assert set(host["enforced_by"].values()) <= {"rlimit", "seccomp", "tmpfs", "landlock"}


REFUSAL = """
    from workers.sandbox import Isolation, IsolationError, open_launcher
    try:
        open_launcher(minimum=Isolation.NAMESPACES)
    except IsolationError as error:
        print("refused:", error)
    with open_launcher(minimum=Isolation.LANDLOCK_SECCOMP) as launcher:
        print("level", int(launcher.isolation))
"""


def test_without_user_namespaces_level_2_is_refused_with_the_remedies():
    done = run_script(REFUSAL, prefix=as_user("--no-user-namespaces"))
    assert done.stdout.splitlines()[-1] == "level 1", done.stderr
    assert "cannot hold agents at level 2" in done.stdout
    assert "unshare: No space left on device" in done.stdout
    assert "user.max_user_namespaces" in done.stdout


ORDINARY = """
    import os
    from workers.sandbox import Isolation, open_launcher
    from workers.sandbox.selftest import run_selftest
    assert os.getuid() != 0
    for level in (2, 1):
        with open_launcher(minimum=Isolation(level), level=Isolation(level)) as launcher:
            probes = run_selftest(launcher)
            print(level, len(probes), [probe for probe in probes if not probe.ok])
"""


def test_both_levels_hold_when_an_ordinary_user_runs_the_worker():
    done = run_script(ORDINARY, prefix=as_user())
    lines = done.stdout.splitlines()
    assert [line.split()[0] for line in lines] == ["2", "1"], done.stderr
    assert all(line.endswith(" []") and int(line.split()[1]) >= 40 for line in lines)


def test_no_sandbox_at_all_must_be_asked_for_by_name(launcher):
    with pytest.raises(IsolationError, match="strong enough"):
        open_launcher(minimum=Isolation.NAMESPACES, level=Isolation.NONE)
    with open_launcher(minimum=Isolation.NONE, level=Isolation.NONE, preload=()) as plain:
        assert plain.isolation is Isolation.NONE
        assert say(plain, "result = attempt(lambda: open('/etc/passwd'))") == "OPEN"
    with open_launcher(minimum=Isolation.NONE, preload=()) as chosen:
        assert chosen.isolation is Isolation.NAMESPACES
