import hashlib
import json
import os
import re
import signal
import socket
import time
from contextlib import contextmanager
from pathlib import Path

import msgspec
import pytest

from arenas import registry
from arenas.trajectory import decode_trajectory
from tests.arenas.brief import QUICK
from tests.workers.prying import write_prying
from tests.workers.sandbox.cast import LEVELS, action_of, as_user, is_running, run_script, seated
from tests.workers.sandbox.test_seccomp import run as ask_filter
from tests.workers.tables import FIRST, match_spec
from workers.baselines import baseline_package
from workers.errors import MatchError
from workers.referee_process import SOURCE, RefereeProcess
from workers.sandbox import landlock, launcher, open_launcher, seccomp
from workers.sandbox.confine import policy
from workers.sandbox.policy import BeginAnew
from workers.sandbox.syscalls import MACHINES
from workers.spec import Isolation, Outcome

TIC = "tictactoe-v3"
PID = 7
AGENTS = [
    b"def agent(observation):\n    return 0\n",
    b"def agent(observation):\n    return 1\n",
    FIRST.encode(),
]
PACKAGES = {hashlib.sha256(package).hexdigest(): package for package in AGENTS}
QUIET, CURIOUS, PLAYS = PACKAGES
REFUSED = {"EPERM", "EACCES"}


@contextmanager
def referee(plugins, *, minimum=Isolation.NAMESPACES):
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("COLISEUM_ARENAS", str(plugins))
        opened = RefereeProcess(minimum=minimum, cpu=None)
    with opened:
        yield opened


@pytest.fixture(scope="module")
def listener():
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0)
        yield server


@pytest.fixture
def plugins(tmp_path, listener):
    (tmp_path / "canary").write_text("secret")
    (tmp_path / "prying").mkdir()
    port = listener.getsockname()[1]
    write_prying(
        tmp_path / "prying", port=port, canary=tmp_path / "canary", project=SOURCE / "pyproject.toml"
    )
    return tmp_path / "prying"


def alone(arena, digest):
    return match_spec(arena, [digest], episodes=((1, (0,)),))


def pried(process):
    """What the environment got and what it had, told in the error of a match that it broke off."""
    result = process.play(alone("prying-v0", CURIOUS), PACKAGES)
    error = result.error
    assert "[{" in error, result
    return json.loads(re.search(r"\[\{.*\}\]", error)[0])


@pytest.mark.enable_socket
def test_an_environment_in_a_referee_reaches_nothing_but_code_and_the_match_goes_on(plugins, listener):
    before = sorted(plugins.iterdir())
    with referee(plugins) as process:
        assert (process.hello.confined, process.hello.confinement) == (True, "")
        got, had = pried(process)
        assert {name: answer for name, answer in got.items() if answer not in REFUSED} == {}
        assert len(got) > 40
        assert set(had.values()) == {"OPEN"}
        result = process.play(alone("prying-v0", QUIET), PACKAGES)
        assert result.error == ""
        seat = result.episodes[0].seats[0]
        assert (seat.outcome, seat.total_reward) == (Outcome.OK, 0.0)
        assert process.play(match_spec(TIC, [PLAYS, PLAYS]), PACKAGES).error == ""
    with pytest.raises(BlockingIOError):
        listener.accept()
    assert (plugins.parent / "canary").read_text() == "secret"
    assert [path for path in sorted(plugins.iterdir()) if path.name != "__pycache__"] == before


ORDINARY = """
    import json, os, re, sys, tempfile
    from pathlib import Path
    from tests.workers.prying import write_prying
    from tests.workers.test_confine import CURIOUS, PACKAGES, PLAYS, REFUSED, TIC, alone, match_spec, pried
    from workers.referee_process import SOURCE, RefereeProcess
    from workers.spec import Isolation
    assert os.getuid() != 0
    folder = Path(tempfile.mkdtemp(), "prying")
    folder.mkdir()
    canary = folder.parent / "canary"
    canary.write_text("secret")
    write_prying(folder, port=9, canary=canary, project=SOURCE / "pyproject.toml")
    os.environ["COLISEUM_ARENAS"] = str(folder)
    with RefereeProcess(minimum=Isolation.LANDLOCK_SECCOMP, cpu=None) as process:
        got, had = pried(process)
        print(json.dumps({
            "level": process.hello.isolation,
            "confined": process.hello.confined,
            "tried": len(got),
            "open": [name for name, answer in got.items() if answer not in REFUSED],
            "lacking": [name for name, answer in had.items() if answer != "OPEN"],
            "error": process.play(match_spec(TIC, [PLAYS, PLAYS]), PACKAGES).error,
        }))
"""


@pytest.mark.parametrize(("options", "level"), [((), 2), (("--no-user-namespaces",), 1)])
def test_an_ordinary_user_s_referee_is_confined_as_well(options, level):
    done = run_script(ORDINARY, prefix=as_user(*options))
    assert done.stdout, done.stderr
    found = json.loads(done.stdout)
    assert found.pop("tried") > 40
    assert found == {"level": level, "confined": True, "open": [], "lacking": [], "error": ""}


@pytest.fixture(scope="module")
def process():
    with RefereeProcess(minimum=Isolation.NAMESPACES, cpu=None) as opened:
        yield opened


@pytest.mark.parametrize("name", QUICK)
def test_every_arena_plays_and_is_drawn_in_a_confined_referee(process, name):
    arena = registry.get(name)
    package, file_name = baseline_package(arena, "random")
    digest = hashlib.sha256(package).hexdigest()
    spec = match_spec(name, [digest] * arena.lineup, episodes=((1, arena.teams),))
    named = tuple(msgspec.structs.replace(ref, file_name=file_name) for ref in spec.lineup)
    result = process.play(msgspec.structs.replace(spec, lineup=named), {digest: package})
    assert (process.hello.confined, result.error) == (True, "")
    assert {seat.outcome for seat in result.episodes[0].seats} == {Outcome.OK}
    assert decode_trajectory(result.episodes[0].trajectory)["turns"] > 0


def test_a_referee_holds_its_pipes_its_zygote_and_nothing_else(plugins):
    with referee(plugins) as process:
        assert process.play(match_spec(TIC, [PLAYS, PLAYS]), PACKAGES).error == ""
        folder = Path(f"/proc/{process._process.pid}/fd")
        held = {int(entry.name): os.readlink(entry) for entry in folder.iterdir()}
        assert held[1] == held[2] == os.readlink("/proc/self/fd/2")
        kinds = sorted(re.match(r"/?[a-z_]+", name)[0] for fd, name in held.items() if fd not in (1, 2))
        # The zygote's process descriptor, the selector it waits with, and files of its control group.
        mute = {"anon_inode", "pidfd", "/sys"}
        assert [kind for kind in kinds if kind not in mute] == ["pipe", "pipe", "socket"]


def zygote_of(process):
    pid = process._process.pid
    (zygote,) = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return int(zygote)


def test_a_referee_whose_zygote_is_lost_ends_and_a_fresh_one_plays(plugins, capfd):
    with referee(plugins) as process:
        zygote = zygote_of(process)
        os.kill(zygote, signal.SIGKILL)
        with pytest.raises(MatchError, match="The referee broke off"):
            process.play(match_spec(TIC, [PLAYS, PLAYS]), PACKAGES)
        assert not process.is_alive
        assert not is_running(zygote)
        assert process._process.returncode == 1
    told = capfd.readouterr().err
    assert "The zygote is lost" in told
    assert "Traceback" not in told
    with referee(plugins) as process:
        assert process.play(match_spec(TIC, [PLAYS, PLAYS]), PACKAGES).error == ""


SPENT_AFTER_ONE = "from workers.sandbox import launcher\nlauncher._RECYCLE_STARTS = 1\nSPECS = ()\n"


def test_a_confined_referee_s_zygote_begins_anew_by_itself(plugins):
    (plugins / "arena.py").write_text(SPENT_AFTER_ONE)
    with referee(plugins) as process:
        zygote = zygote_of(process)
        places = set()
        for _ in range(3):
            assert process.play(match_spec(TIC, [PLAYS, PLAYS]), PACKAGES).error == ""
            assert zygote_of(process) == zygote
            places.add(Path(f"/proc/{zygote}/maps").read_text().split("-")[0])
        assert len(places) == 3


def settles_with_its_pool(zygote):
    """Wait until a zygote has no children but the two that wait for an agent, and none that is dead."""
    until = time.monotonic() + 5.0
    while time.monotonic() < until:
        children = Path(f"/proc/{zygote}/task/{zygote}/children").read_text().split()
        if len(children) == 2 and all(is_running(int(child)) for child in children):
            return True
        time.sleep(0.01)
    return False


@pytest.mark.parametrize("level", LEVELS)
def test_a_zygote_that_begins_anew_is_what_it_was_and_leaves_nothing_behind(level, monkeypatch):
    with open_launcher(minimum=level, level=level, preload=()) as opened:
        monkeypatch.setattr(launcher, "_RECYCLE_STARTS", 1)
        pid, seen = opened._process.pid, set()
        for _ in range(3):
            with seated(opened, "def agent(observation):\n    return 5") as seat:
                assert action_of(seat) == 5
            environment = Path(f"/proc/{pid}/environ").read_bytes()
            status = Path(f"/proc/{pid}/status").read_text()
            seen.add((opened._process.pid, environment, re.search(r"Seccomp:\s*\d|Uid:.*", status)[0]))
            assert settles_with_its_pool(pid)
        assert len(seen) == 1
    assert not is_running(pid)


def test_nothing_can_be_asked_for_when_a_zygote_begins_anew():
    assert BeginAnew.__struct_fields__ == ()


def test_the_filter_lets_no_way_out_pass_on_any_machine():
    out = """execve ptrace process_vm_readv socket connect bind socketpair pidfd_open bpf perf_event_open
        keyctl add_key userfaultfd io_uring_setup unshare setns mount umount2 pivot_root open_tree move_mount
        seccomp mount_setattr open_by_handle_at name_to_handle_at fchmodat utimensat setxattr truncate capset
        setsid sched_setscheduler shmget mq_open"""
    for machine in MACHINES.values():
        program = seccomp.link(machine, policy(PID))

        def asked(name, *arguments, machine=machine, program=program):
            return ask_filter(program, machine.audit_arch, machine.numbers[name], arguments) == seccomp.ALLOW

        assert [name for name in out.split() if asked(name)] == []
        assert not asked("clone", 17)
        assert asked("clone", 0x3D0F00)
        for name in ("kill", "tgkill"):
            assert asked(name, PID, 9)
            assert not any(asked(name, other, 9) for other in (0, 1, PID + 1, -1))
        turn = "sendto recvfrom sendmsg recvmsg pidfd_send_signal read write ppoll memfd_create mmap"
        assert [name for name in turn.split() if not asked(name)] == []
        assert ask_filter(program, 0x40000003, 11) == seccomp.KILL_PROCESS


MISSING = """
    import socket, threading
    from workers.sandbox import confine, landlock
    {before}
    print(confine.confine([]))
    try:
        socket.socket()
    except PermissionError:
        print("no network")
"""


@pytest.mark.parametrize(
    ("before", "words"),
    [
        ("", ""),
        ("landlock.abi = lambda: 0", "no Landlock"),
        ("threading.Thread(target=threading.Event().wait, daemon=True).start()", "Threads were running"),
    ],
)
def test_a_wall_that_is_missing_is_named_and_the_others_stand(before, words):
    said, network = run_script(MISSING.format(before=before)).stdout.splitlines()
    assert words in said
    assert bool(said) is bool(words)
    assert network == "no network"


def test_this_host_offers_landlock():
    assert landlock.abi() >= 1
