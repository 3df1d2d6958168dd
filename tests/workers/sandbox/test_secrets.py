"""What an agent may see and change of the host: nothing."""

import os
from pathlib import Path

import pytest

from tests.workers.sandbox.cast import action_of, outside_ids, say, seated
from workers.sandbox.launcher import CODE_ROOT, ENVIRONMENT
from workers.sandbox.policy import FIRST_OUTSIDE_ID, JAIL_SCRATCH
from workers.sandbox.selftest import run_selftest
from workers.spec import Isolation


def test_every_probe_of_the_canary_is_refused(launcher):
    probes = run_selftest(launcher)
    assert [probe for probe in probes if not probe.ok] == []
    assert len(probes) >= 46


def test_secrets_beside_the_platform_cannot_be_read(launcher, tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("canary")
    secret.chmod(0o644)
    tmp_path.chmod(0o755)
    paths = [str(secret), "/etc/passwd", "/proc/self/environ", f"/proc/{os.getpid()}/environ", "/root", "/"]
    paths += [os.path.join(CODE_ROOT, "pyproject.toml"), os.path.join(CODE_ROOT, "platform")]
    if not CODE_ROOT.startswith(JAIL_SCRATCH + "/"):
        # Below /tmp the folder is there, on the agent's own scratch, with nothing in it but what it may read.
        paths.append(CODE_ROOT)
    body = "result = [attempt(lambda: os.close(os.open(path, os.O_RDONLY))) for path in value]"
    assert set(say(launcher, body, paths)) <= {"ENOENT", "EACCES"}


def test_the_opponent_s_code_cannot_be_read(launcher):
    with seated(launcher, "import os\nprint(os.getcwd())\ndef agent(observation):\n    return 5") as opponent:
        assert action_of(opponent) == 5
        folder = launcher._package_root
        paths = [folder, *(f"{folder}/{slot}" for slot in range(1, 200))]
        body = "result = [attempt(lambda: os.listdir(path)) for path in value if path != os.getcwd()]"
        assert set(say(launcher, body, paths)) <= {"EACCES", "ENOENT"}
        assert action_of(opponent) == 5


def test_the_memory_and_environment_of_the_platform_cannot_be_read(launcher):
    pids = [os.getpid(), launcher._process.pid, os.getppid(), 1]
    paths = [
        f"/proc/{pid}/{name}"
        for pid in (*pids, "self")
        for name in ("environ", "mem", "maps", "cmdline", "fd")
    ]
    body = "result = [attempt(lambda: os.close(os.open(path, os.O_RDONLY))) for path in value]"
    shut = "ENOENT" if launcher.isolation >= Isolation.NAMESPACES else "EACCES"
    assert set(say(launcher, body, paths)) == {shut}


def test_no_process_but_its_own_can_be_seen(launcher):
    got = say(
        launcher, "result = [attempt(lambda: os.listdir('/proc')), attempt(lambda: os.listdir('/sys'))]"
    )
    assert set(got) == {"ENOENT" if launcher.isolation >= Isolation.NAMESPACES else "EACCES"}


def test_what_level_1_leaves_to_be_seen_is_that_a_path_exists(launcher, tmp_path):
    tmp_path.chmod(0o755)
    (tmp_path / "there").write_text("secret")
    got = say(launcher, "result = attempt(lambda: os.stat(value))", str(tmp_path / "there"))
    # Landlock does not rule on looking a path up: a known gap of level 1, the weaker one.
    assert got in (("ENOENT",) if launcher.isolation >= Isolation.NAMESPACES else ("OPEN", "EACCES"))


def test_a_platform_file_can_be_neither_changed_nor_removed(launcher, tmp_path):
    victim = tmp_path / "victim"
    victim.write_text("unchanged")
    for folder in (tmp_path, *tmp_path.parents):
        if os.access(folder, os.W_OK) and not folder.stat().st_mode & 0o001:
            folder.chmod(folder.stat().st_mode | 0o011)
    tmp_path.chmod(0o777)
    victim.chmod(0o666)
    before = victim.stat()
    body = """
    other = value + ".other"
    result = [attempt(step) for step in (
        lambda: os.chmod(value, 0o777), lambda: os.utime(value), lambda: os.truncate(value, 0),
        lambda: os.unlink(value), lambda: os.rename(value, other), lambda: os.link(value, other),
        lambda: os.symlink(value, other), lambda: os.chown(value, 0, 0), lambda: open(value, "a"),
        lambda: os.setxattr(value, "user.canary", b"x"), lambda: os.mkdir(other), lambda: os.mkfifo(other),
    )]
    """
    got = say(launcher, body, str(victim))
    assert "OPEN" not in got
    assert victim.read_text() == "unchanged"
    after = victim.stat()
    assert (after.st_mode, after.st_mtime_ns, after.st_ctime_ns) == (
        before.st_mode,
        before.st_mtime_ns,
        before.st_ctime_ns,
    )
    assert list(tmp_path.iterdir()) == [victim]


def test_neither_its_libraries_nor_its_own_code_can_be_changed(launcher):
    body = """
    import numpy
    folders = [os.path.dirname(os.__file__), os.path.dirname(numpy.__file__), os.getcwd(), "/usr/lib", "/"]
    result = [attempt(lambda: open(os.path.join(folder, "new"), "w")) for folder in folders]
    result += [attempt(lambda: open(path, "r+")) for path in (os.__file__, "agent.py")]
    """
    assert set(say(launcher, body)) <= {"EROFS", "EACCES"}


def test_programs_put_on_its_scratch_cannot_be_executed_or_mapped(launcher):
    if launcher.isolation < Isolation.NAMESPACES:
        pytest.skip("level 1 has no folder that can be written")
    body = """
    import mmap
    fd = os.open("/tmp/program", os.O_CREAT | os.O_RDWR, 0o755)
    os.write(fd, bytes(4096))
    prot = mmap.PROT_READ | mmap.PROT_EXEC
    result = [attempt(lambda: os.execv("/tmp/program", ["x"])),
              attempt(lambda: mmap.mmap(fd, 4096, flags=mmap.MAP_PRIVATE, prot=prot))]
    """
    assert say(launcher, body) == ["EPERM", "EPERM"]


def test_the_environment_is_the_fixed_list(launcher, monkeypatch):
    monkeypatch.setenv("COLISEUM_SECRET_KEY", "canary")
    assert say(launcher, "result = dict(os.environ)") == ENVIRONMENT


def test_only_the_four_descriptors_are_open(launcher):
    body = "result = [fd for fd in range(1024) if attempt(lambda: os.fstat(fd)) == 'OPEN']"
    assert say(launcher, body) == [0, 1, 2, 3]


def test_descriptors_run_out_harmlessly(launcher):
    body = """
    held = []
    try:
        while True:
            held.append(os.pipe())
    except OSError as error:
        result = [errno.errorcode[error.errno], len(held) <= 32]
    for left, right in held:
        os.close(left), os.close(right)
    """
    assert say(launcher, body) == ["EMFILE", True]


def test_no_agent_is_root_on_the_host(launcher):
    with seated(launcher, "def agent(observation):\n    return 5") as seat:
        assert action_of(seat) == 5
        ids = outside_ids(seat._process.pid)
    assert 0 not in ids
    assert all(number >= FIRST_OUTSIDE_ID for number in ids) if os.geteuid() == 0 else ids == {os.geteuid()}


def test_agents_of_a_root_worker_have_a_user_each(launcher):
    text = "def agent(observation):\n    return 5"
    with seated(launcher, text) as one, seated(launcher, text) as other:
        ids = [outside_ids(seat._process.pid) for seat in (one, other)]
    assert ids[0].isdisjoint(ids[1]) or os.geteuid() != 0


def test_an_agent_has_no_right_of_root_and_cannot_get_one(launcher):
    with seated(launcher, "def agent(observation):\n    return 5") as seat:
        assert action_of(seat) == 5
        status = dict(
            line.split(":", 1) for line in Path(f"/proc/{seat._process.pid}/status").read_text().splitlines()
        )
    held = {name: int(status[name], 16) for name in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb")}
    if launcher.isolation >= Isolation.NAMESPACES or os.geteuid() != 0:
        assert held["CapPrm"] == held["CapEff"] == 0
    else:
        # Kept where an ordinary user could not even reach Python (below /root); Landlock says which files.
        assert held["CapEff"] & ~(1 << 2) == 0
    assert held["CapInh"] == held["CapAmb"] == 0
    assert status["NoNewPrivs"].strip() == "1"
    assert status["Seccomp"].strip() == "2"
    assert status["Threads"].strip() == "1"


def test_nothing_is_left_of_an_agent(launcher):
    folder = Path(launcher._package_root) if launcher._package_root else None
    before = set(folder.iterdir()) if folder else set()
    with seated(launcher, "def agent(observation):\n    return 5") as seat:
        pid = seat._process.pid
    assert not Path(f"/proc/{pid}").exists()
    if folder:
        assert not any((path / "agent.py").exists() for path in set(folder.iterdir()) - before)
