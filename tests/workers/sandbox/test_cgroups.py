"""The second wall: a control group that holds all agents of a launcher where their own limits have failed."""

import os
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from arenas.spec import MIB
from tests.workers.sandbox.cast import LIMITS, OBSERVATION, action_of, run_script, seated
from workers.referee_process import RefereeProcess
from workers.sandbox import open_launcher
from workers.sandbox.cgroups import AgentGroup, Place, find_places, sweep
from workers.sandbox.launcher import CODE_ROOT, ENVIRONMENT
from workers.sandbox.policy import Policy
from workers.spec import Isolation

NARROW = Policy(memory_bytes=MIB, scratch_bytes=0, unpacked_bytes=0, threads=1, cpu_seconds=1)


@pytest.fixture
def places():
    found = find_places()
    if set(found) != {"memory", "processes"}:
        pytest.skip(f"this user can make control groups here for {sorted(found) or 'nothing'} only")
    return found


@pytest.fixture
def group(places):
    made = AgentGroup(places)
    yield made
    made.close()


def run_in(group, text):
    """Run a program that has joined a group before its first line."""
    waits = f"import sys; sys.stdin.readline()\n{text}"
    with subprocess.Popen(
        [sys.executable, "-I", "-c", waits], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        group.join(process.pid)
        out, _ = process.communicate("go\n", timeout=60)
    return process.returncode, out


def test_a_group_lies_below_the_caller_s_own_and_is_gone_afterwards(places):
    group = AgentGroup(places)
    folders = set(group._folders)
    assert folders
    assert {folder.parent for folder in folders} == {place.folder for place in places.values()}
    assert set(group.enforced_by) == {"memory", "processes"}
    group.close()
    assert [folder for folder in folders if folder.exists()] == []


def test_the_group_ends_what_takes_more_memory_than_all_agents_may(group):
    group.make_room(1, NARROW)
    limit = group._room["memory"]
    assert limit < 256 * MIB
    status, _ = run_in(group, "held = [bytearray(1 << 20) for _ in range(1000)]")
    assert status == -9
    assert group.kills() == 1


def test_the_group_ends_memory_that_no_resource_limit_counts(group):
    group.make_room(1, NARROW)
    status, _ = run_in(
        group, "import os\nfd = os.memfd_create('x')\nfor _ in range(1000): os.write(fd, bytes(1 << 20))"
    )
    assert status == -9
    assert group.kills() == 1


def test_what_is_allowed_is_left_alone(group):
    group.make_room(1, NARROW)
    status, out = run_in(group, "held = bytearray(32 << 20)\nprint('well')")
    assert (status, out) == (0, "well\n")
    assert group.kills() == 0


def test_the_group_stops_a_fork_bomb(group):
    group.make_room(1, NARROW)
    text = """
import os
forks = 0
try:
    for _ in range(100):
        if os.fork() == 0:
            import time; time.sleep(30); os._exit(0)
        forks += 1
except OSError as error:
    print(forks, error.errno, flush=True)
os.killpg(0, 9) if os.getpgid(0) == os.getpid() else [os.kill(int(pid), 9) for pid in
    open(f"/proc/self/task/{os.getpid()}/children").read().split()]
"""
    _, out = run_in(group, text)
    forks, number = map(int, out.split())
    assert 0 < forks <= group._room["processes"]
    assert number == 11


def test_room_only_grows_and_is_that_of_the_widest_policy(group):
    group.settle(os.getpid())
    group.make_room(2, Policy.of(LIMITS))
    narrow = dict(group._room)
    group.make_room(2, Policy.of(replace(LIMITS, memory_bytes=LIMITS.memory_bytes + 64 * MIB)))
    wide = dict(group._room)
    assert wide["memory"] - narrow["memory"] == 2 * 64 * MIB
    group.make_room(1, Policy.of(LIMITS))
    assert group._room == wide
    place = find_places()["memory"]
    name = "memory.max" if place.kind == "cgroup2" else "memory.limit_in_bytes"
    (folder,) = [folder for folder in group._folders if (folder / name).exists()]
    assert int((folder / name).read_text()) == wide["memory"] // 4096 * 4096


def test_a_launcher_s_zygote_and_agents_are_in_its_group(launcher):
    with seated(launcher, "def agent(observation):\n    return 5") as seat:
        assert action_of(seat) == 5
        members = {
            int(pid)
            for folder in launcher.group._folders
            for pid in (folder / "cgroup.procs").read_text().split()
        }
        if not launcher.group.enforced_by:
            pytest.skip("this user can make no control groups here")
        assert {launcher._process.pid, seat._process.pid} <= members


FAILED_LIMITS = """
    import sys
    from arenas.spec import MIB, Limits
    from tests.workers.sandbox.cast import OBSERVATION, seated
    from workers.errors import ZygoteError
    from workers.sandbox import Isolation, launcher, open_launcher
    launcher._BOOT = launcher._BOOT.replace(
        "main(root)",
        "from workers.sandbox import jail, zygote; jail.set_limits = lambda cell: None;"
        "zygote.Zygote._end_the_greedy = lambda self: None; main(root)",
    )
    limits = Limits(memory_bytes=64 * MIB, scratch_bytes=MIB, unpacked_bytes=MIB, step_seconds=30)
    bomb = "held = []\\ndef agent(o):\\n    for _ in range(2500): held.append(bytearray(1 << 20))\\n"
    with open_launcher(minimum=Isolation(LEVEL), level=Isolation(LEVEL), preload=(), pool_size=1) as opened:
        with seated(opened, "def agent(o):\\n    return 5", limits=limits) as honest:
            with seated(opened, bomb, limits=limits) as hostile:
                try:
                    hostile.act(OBSERVATION)
                except ZygoteError as error:
                    print("nobody's fault:", error)
                print(opened.group.kills(), "killed")
            print(honest.act(OBSERVATION)[0])
"""


def test_where_every_resource_limit_has_failed_the_group_holds_and_nobody_is_charged(ground, places):
    """With the limits and the second look switched off in a test program, an agent takes what it gets."""
    done = run_script(FAILED_LIMITS.replace("LEVEL", str(int(ground.level))), timeout=120)
    assert done.stdout.splitlines() == [
        "nobody's fault: the agents together ran out of memory: a limit of one of them has failed",
        "1 killed",
        "5",
    ], done.stderr


def test_groups_of_killed_launchers_are_swept_and_living_ones_stay(places, group):
    script = f"""
import sys; sys.path.insert(0, {CODE_ROOT!r})
from workers.sandbox.cgroups import AgentGroup
group = AgentGroup()
print(*group._folders, flush=True)
sys.stdin.read()
"""
    with subprocess.Popen(
        [sys.executable, "-s", "-P", "-B", "-c", script],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=ENVIRONMENT,
    ) as killed:
        folders = [Path(word) for word in killed.stdout.readline().split()]
        sweep(places)
        assert all(folder.exists() for folder in folders)
        killed.kill()
    sweep(places)
    assert [folder for folder in folders if folder.exists()] == []
    assert all(folder.exists() for folder in group._folders)


def test_a_closed_referee_leaves_no_group(places):
    """The referee cannot remove its own group: it is confined by then."""
    with RefereeProcess(minimum=Isolation.LANDLOCK_SECCOMP, cpu=None) as referee:
        name = f"coliseum-agents-{referee._process.pid}-*"
        before = [folder for place in places.values() for folder in place.folder.glob(name)]
        assert before
    assert [folder for folder in before if folder.exists()] == []


def test_a_host_without_control_groups_has_none_and_everything_works(monkeypatch, ground):
    assert find_places("", "") == {}
    group = AgentGroup({})
    group.join(os.getpid())
    group.make_room(3, NARROW)
    assert (group.kills(), group.enforced_by) == (0, {})
    group.close()
    monkeypatch.setattr("workers.sandbox.cgroups.find_places", dict)
    with open_launcher(minimum=ground.level, level=ground.level, preload=()) as opened:
        assert opened.group.enforced_by == {}
        with seated(opened, "def agent(observation):\n    return 5") as seat:
            assert bytes(seat.act(OBSERVATION))[0] == 5


def test_a_group_that_cannot_be_made_is_not_claimed(tmp_path):
    group = AgentGroup({"memory": Place("cgroup1", tmp_path / "absent")})
    assert group.enforced_by == {}
    group.close()


def unified(tmp_path, *, controllers="cpu memory pids", below="", path="/user/scope"):
    """A folder that looks like a version 2 hierarchy, and the two files of /proc that speak of it."""
    own = tmp_path / path.strip("/")
    own.mkdir(parents=True)
    (own / "cgroup.controllers").write_text(controllers)
    (own / "cgroup.subtree_control").write_text(below)
    (own / "cgroup.procs").write_text("")
    mounts = f"31 23 0:28 / {tmp_path} rw,relatime - cgroup2 cgroup2 rw\n"
    return own, mounts, f"0::{path}\n"


def test_version_2_is_used_where_the_own_group_hands_its_controllers_on(tmp_path):
    own, mounts, membership = unified(tmp_path, below="memory pids")
    place = Place("cgroup2", own)
    assert find_places(mounts, membership) == {"memory": place, "processes": place}


def test_version_2_without_delegation_is_left_alone(tmp_path):
    _, mounts, membership = unified(tmp_path)
    assert find_places(mounts, membership) == {}
    _, mounts, membership = unified(tmp_path / "other", controllers="hugetlb")
    assert find_places(mounts, membership) == {}


def test_a_member_of_a_divided_group_finds_its_parent(tmp_path):
    own, mounts, _ = unified(tmp_path, below="memory pids")
    leaf = own / "coliseum-members"
    leaf.mkdir()
    (leaf / "cgroup.procs").write_text("")
    place = Place("cgroup2", own)
    assert find_places(mounts, "0::/user/scope/coliseum-members\n")["memory"] == place


def test_a_container_s_view_of_its_group_is_followed(tmp_path):
    own = tmp_path / "below"
    own.mkdir()
    (own / "cgroup.procs").write_text("")
    mounts = f"35 31 0:32 /docker/abc {tmp_path} rw - cgroup cgroup rw,memory\n"
    assert find_places(mounts, "4:memory:/docker/abc/below\n") == {"memory": Place("cgroup1", own)}
    assert find_places(mounts, "4:memory:/docker/other\n") == {}


@pytest.mark.alone
def test_a_group_costs_a_launcher_less_than_50_ms(places):
    best = 1.0
    for _ in range(5):
        began = time.perf_counter()
        group = AgentGroup(places)
        group.make_room(4, Policy.of(LIMITS))
        group.kills()
        group.close()
        best = min(best, time.perf_counter() - began)
    assert best < 0.05
