"""The zygote: no secret, one thread, a fresh process for each agent, and nothing outlives the worker."""

import contextlib
import os
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from tests.workers.sandbox.cast import LIMITS, action_of, is_running, run_script, say, seated
from workers.errors import ZygoteError
from workers.sandbox import open_launcher
from workers.sandbox.launcher import CODE_ROOT, ENVIRONMENT


def test_no_agent_outlives_its_worker(ground):
    program = f"""
import sys; sys.path.insert(0, {CODE_ROOT!r})
from workers.sandbox import open_launcher
from workers.spec import Isolation
from workers.seat import Seat
from arenas.spec import Limits
import threading, time
launcher = open_launcher(minimum=Isolation({int(ground.level)}), level=Isolation({int(ground.level)}))
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
        assert pool
        ended_by = time.monotonic() + 1.0
        while any(is_running(pid) for pid in (*pids, *pool)) and time.monotonic() < ended_by:
            time.sleep(0.01)
        assert [pid for pid in (*pids, *pool) if is_running(pid)] == []


def children_of(pid):
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def test_what_a_killed_worker_leaves_is_removed_by_the_next(ground, tmp_path):
    tmp_path.chmod(0o777)
    script = f"""
import sys, tempfile; sys.path.insert(0, {CODE_ROOT!r})
tempfile.tempdir = {str(tmp_path)!r}
from workers.sandbox import Isolation, open_launcher
level = Isolation({int(ground.level)})
launcher = open_launcher(minimum=level, level=level, preload=())
print(*launcher.group._folders, flush=True)
if len(sys.argv) == 1:
    sys.stdin.read()
launcher.close()
"""
    command = [sys.executable, "-s", "-P", "-B", "-c", script]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True, "env": ENVIRONMENT}
    with subprocess.Popen(command, **pipes) as worker:
        groups = [Path(word) for word in worker.stdout.readline().split()]
        assert all(group.exists() for group in groups)
        zygotes = children_of(worker.pid)
        worker.kill()
    ended_by = time.monotonic() + 2
    while any(map(is_running, zygotes)) and time.monotonic() < ended_by:
        time.sleep(0.01)
    subprocess.run([*command, "again"], env=ENVIRONMENT, check=True, stdout=subprocess.DEVNULL, timeout=30)
    assert list(tmp_path.glob("coliseum-*")) == []
    assert [group for group in groups if group.exists()] == []


def test_a_lost_zygote_is_our_fault_and_is_replaced(ground):
    with open_launcher(minimum=ground.level, level=ground.level, preload=()) as launcher:
        with seated(launcher, "def agent(observation):\n    return 5") as seat:
            assert action_of(seat) == 5
            launcher._process.kill()
            launcher._process.wait()
            time.sleep(0.1)
            with pytest.raises(ZygoteError):
                action_of(seat)
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


def test_the_zygote_s_environment_is_the_fixed_list(launcher):
    environment = Path(f"/proc/{launcher._process.pid}/environ").read_bytes().rstrip(b"\0").split(b"\0")
    assert sorted(environment) == sorted(f"{name}={value}".encode() for name, value in ENVIRONMENT.items())


def held_at_rest(pid):
    """What a process has open once it has come to rest: a zygote that fills its pool opens and closes."""
    looks = []
    while len(looks) < 3 or len({frozenset(look) for look in looks[-3:]}) > 1:
        looks.append(set())
        for entry in Path(f"/proc/{pid}/fd").iterdir():
            with contextlib.suppress(FileNotFoundError):
                looks[-1].add(os.readlink(entry))
        time.sleep(0.05)
    return looks[-1]


def test_the_zygote_holds_no_descriptor_but_its_own(launcher):
    """Started by exec from a process with open files, it has none of them: children inherit what it holds."""
    secret = os.open("/etc/hostname", os.O_RDONLY)
    os.set_inheritable(secret, True)
    try:
        with open_launcher(minimum=launcher.isolation, level=launcher.isolation, preload=()) as opened:
            targets = held_at_rest(opened._process.pid)
    finally:
        os.close(secret)
    assert "/etc/hostname" not in targets
    kinds = {target.partition(":")[0] for target in targets}
    assert kinds <= {"/dev/null", "socket", "pipe", "anon_inode", "/memfd"}, targets


def test_every_agent_gets_a_process_that_served_nobody_before(launcher):
    text = "import builtins\nseen = hasattr(builtins, 'mark')\nbuiltins.mark = 1\n"
    text += "def agent(observation):\n    return 1 if seen else 5\n"
    pids = set()
    for _ in range(4):
        with seated(launcher, text) as seat:
            assert action_of(seat) == 5
            pids.add(seat._process.pid)
    assert len(pids) == 4


def test_agents_with_the_same_seed_draw_the_same_and_others_do_not(launcher):
    text = "import random, numpy\nprint(random.getrandbits(32), numpy.random.randint(1 << 30), hash('a'))\n"
    text += "def agent(observation):\n    return 5\n"

    def drawn(seed):
        with seated(launcher, text, agent_seed=seed) as seat:
            action_of(seat)
            return seat.close().log

    assert drawn(1) == drawn(1)
    assert drawn(1) != drawn(2)


def test_the_end_of_an_agent_is_told_with_what_it_used(launcher):
    text = "import time\nheld = bytearray(40 << 20)\nends = time.process_time() + 0.2\n"
    text += "while time.process_time() < ends: pass\ndef agent(observation):\n    return 5\n"
    with seated(launcher, text) as seat:
        assert action_of(seat) == 5
        usage = seat.close()
    assert 0.15 < usage.cpu_seconds < 3
    assert usage.peak_memory_bytes > 40 << 20
    assert usage.exit_signal == 0


def test_agents_run_on_the_given_core(ground):
    core = max(os.sched_getaffinity(0))
    before = os.sched_getaffinity(0)
    with open_launcher(minimum=ground.level, level=ground.level, cpu=core, preload=()) as launcher:
        assert say(launcher, "result = sorted(os.sched_getaffinity(0))") == [core]
    assert os.sched_getaffinity(0) == before


def test_other_limits_are_those_of_the_agent_that_is_started(launcher):
    body = "import resource\nresult = resource.getrlimit(resource.RLIMIT_NPROC)[0]"
    few = say(launcher, body, limits=replace(LIMITS, threads=3))
    assert say(launcher, body, limits=replace(LIMITS, threads=5)) - few in range(-20, 40)
