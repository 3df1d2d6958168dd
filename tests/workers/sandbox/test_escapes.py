import os
import platform
import socket
from pathlib import Path

import pytest

from arenas.spec import MIB
from tests.workers.sandbox.cast import ATTEMPT, LIMITS, action_of, processes, say, seated
from workers.sandbox.launcher import CODE_ROOT, ENVIRONMENT
from workers.sandbox.policy import JAIL_SCRATCH
from workers.sandbox.selftest import ask_canary, run_selftest
from workers.seat import SeatFault
from workers.spec import Isolation, Outcome


def test_every_probe_of_the_canary_is_refused(launcher):
    probes = run_selftest(launcher)
    assert [probe for probe in probes if not probe.ok] == []
    assert len(probes) >= 40


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


def test_the_environment_is_the_fixed_list(launcher, monkeypatch):
    monkeypatch.setenv("COLISEUM_SECRET_KEY", "canary")
    assert say(launcher, "result = dict(os.environ)") == ENVIRONMENT


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


@pytest.mark.enable_socket
def test_no_listener_of_the_host_hears_anything(launcher):
    with socket.create_server(("127.0.0.1", 0)) as server, socket.socket(socket.AF_UNIX) as abstract:
        abstract.bind("\0coliseum-canary")
        abstract.listen()
        for listener in (server, abstract):
            listener.setblocking(False)
        body = """
    import socket
    result = [attempt(lambda: socket.create_connection(("127.0.0.1", value), timeout=1))]
    for family in (socket.AF_INET, socket.AF_INET6, socket.AF_UNIX, socket.AF_NETLINK, socket.AF_VSOCK):
        for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM, socket.SOCK_RAW):
            result.append(attempt(lambda: socket.socket(family, kind)))
    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM, socket.SOCK_SEQPACKET):
        left, right = socket.socketpair(socket.AF_UNIX, kind)
        for step in (lambda: left.connect("\\0coliseum-canary"), lambda: left.bind("\\0coliseum-other"),
                     lambda: left.sendto(b"x", "\\0coliseum-canary")):
            result.append(attempt(step))
    """
        got = say(launcher, body, server.getsockname()[1])
        assert set(got) == {"EPERM"}
        for listener in (server, abstract):
            with pytest.raises(BlockingIOError):
                listener.accept()


def test_a_fork_bomb_and_a_thread_bomb_stay_at_nothing(launcher):
    body = """
    import threading
    forks = [attempt(os.fork) for _ in range(200)]
    gate, threads = threading.Event(), []
    try:
        for _ in range(500):
            thread = threading.Thread(target=gate.wait, daemon=True)
            thread.start()
            threads.append(thread)
    except RuntimeError:
        pass
    execute = attempt(lambda: os.execv("/usr/bin/true", ["true"]))
    spawn = attempt(lambda: os.posix_spawn("/usr/bin/true", ["true"], {}))
    gate.set()
    result = [sorted(set(forks)), len(threads), execute, spawn]
    """
    before = processes()
    forks, threads, execute, spawn = say(launcher, body)
    assert forks == ["EPERM"]
    assert threads <= LIMITS.threads
    assert (execute, spawn) == ("EPERM", "EPERM")
    assert abs(processes() - before) <= 20


BOMBS = {
    "bytes": "result = attempt(lambda: bytearray(600 << 20))",
    "many": "held = []\nresult = attempt(lambda: [held.append(bytearray(1 << 20)) for _ in range(600)])",
    "numpy": "import numpy\nresult = attempt(lambda: numpy.ones(600 << 17))",
    "threads": "import threading\nthreading.stack_size(600 << 20)\n"
    "def go(): threading.Thread(target=print).start()\n"
    "try: go()\nexcept RuntimeError: result = 'MemoryError'",
    "shared": "import mmap\nresult = attempt(lambda: mmap.mmap(-1, 600 << 20))",
    "later writable": "import mmap\nresult = attempt(lambda: mmap.mmap(-1, 600 << 20, prot=mmap.PROT_READ))",
    "growing": "import mmap\nresult = attempt(lambda: mmap.mmap(-1, 600 << 20, flags=mmap.MAP_PRIVATE | "
    "mmap.MAP_ANONYMOUS | 0x100))",
    "memfd": "result = attempt(lambda: os.memfd_create('canary'))",
    "page tables": "import mmap\nresult = attempt(lambda: mmap.mmap(-1, 200 << 30, flags=mmap.MAP_PRIVATE | "
    "mmap.MAP_ANONYMOUS, prot=mmap.PROT_READ))",
}


@pytest.mark.parametrize("bomb", BOMBS)
def test_memory_stays_within_the_limit(launcher, bomb):
    lines = "".join(f"    {line}\n" for line in BOMBS[bomb].splitlines())
    text = (
        f"import errno, json, os\n{ATTEMPT}def agent(observation):\n{lines}    print(result)\n    return 0\n"
    )
    with seated(launcher, text) as seat:
        action_of(seat)
        usage = seat.close()
    assert usage.log.strip() in ("MemoryError", "ENOMEM", "EPERM")
    assert usage.peak_memory_bytes < LIMITS.memory_bytes + 64 * MIB


def test_running_out_of_memory_is_the_verdict(launcher):
    with (
        seated(launcher, "def agent(observation):\n    return bytearray(1 << 30)") as seat,
        pytest.raises(SeatFault, match="128 MiB") as caught,
    ):
        seat.act(bytes(16))
    assert caught.value.outcome is Outcome.OUT_OF_MEMORY


def test_the_disk_cannot_be_filled(launcher):
    body = """
    written, result = 0, []
    for folder in ("/tmp", os.getcwd(), "/", "/dev/shm", "/var/tmp"):
        written = 0
        try:
            with open(os.path.join(folder, "fill"), "wb", buffering=0) as file:
                while written < 64 << 20:
                    written += file.write(bytes(1 << 20))
        except OSError as error:
            result.append([errno.errorcode[error.errno], written >> 20])
        else:
            result.append(["OPEN", written >> 20])
    """
    scratch, *others = say(launcher, body)
    full = ["ENOSPC", LIMITS.scratch_bytes // MIB]
    assert scratch == (full if launcher.isolation is Isolation.NAMESPACES else ["EACCES", 0])
    assert {name for name, _ in others} <= {"EACCES", "EROFS", "ENOENT"}


def test_files_cannot_be_made_without_end(launcher):
    body = """
    result = 0
    try:
        for result in range(20_000):
            os.close(os.open(f"/tmp/{result}", os.O_CREAT | os.O_WRONLY))
    except OSError as error:
        result = [errno.errorcode[error.errno], result < 2048]
    """
    assert say(launcher, body) in (["ENOSPC", True], ["EACCES", True])


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


@pytest.mark.skipif(platform.machine() != "x86_64", reason="the machine code below is that of x86_64")
def test_a_32_bit_system_call_ends_the_agent(launcher):
    text = """
        import ctypes, mmap
        def agent(observation):
            flags = mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS
            code = mmap.mmap(-1, 4096, flags=flags, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
            code.write(bytes.fromhex("b814000000cd80c3"))  # getpid by int 0x80
            return ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(code)))()
    """
    with seated(launcher, text) as seat, pytest.raises(SeatFault) as caught:
        seat.act(bytes(16))
    assert caught.value.outcome is Outcome.SECURITY_VIOLATION


def test_an_agent_can_signal_only_itself(launcher):
    body = "result = [attempt(lambda: os.kill(pid, 0)) for pid in (1, -1, 0, value, os.getpid())]"
    assert set(say(launcher, body, os.getpid())) == {"EPERM"}


def test_siblings_cannot_reach_each_other(launcher, tmp_path):
    with seated(launcher, "def agent(observation):\n    return 5") as sibling:
        pid = sibling._process.pid
        asked = {"canary": str(tmp_path), "pid": pid, "memory_bytes": 1 << 40}
        got = ask_canary(launcher, asked)
        for name in ("signal_platform", "trace_platform", "read_platform_memory", "hold_platform_process"):
            assert got[name] == "EPERM"
        assert got["read_platform_environment"] in ("ENOENT", "EACCES")
        assert got["open_platform_memory"] in ("ENOENT", "EACCES")
        assert action_of(sibling) == 5


def test_a_sibling_s_package_cannot_be_read(launcher):
    with seated(launcher, "import os\nprint(os.getcwd())\ndef agent(observation):\n    return 5") as sibling:
        assert action_of(sibling) == 5
        folder = launcher._package_root
        paths = [folder, *(f"{folder}/{slot}" for slot in range(1, 200))]
        body = "result = [attempt(lambda: os.listdir(path)) for path in value if path != os.getcwd()]"
        assert set(say(launcher, body, paths)) <= {"EACCES", "ENOENT"}
        assert action_of(sibling) == 5


def test_siblings_cannot_wake_each_other_over_a_shared_library(launcher):
    body = """
    import mmap
    from workers.sandbox.syscalls import call
    import ctypes
    address = ctypes.cast(ctypes.pythonapi.Py_IsInitialized, ctypes.c_void_p).value & ~3
    result = [attempt(lambda: call("futex", address, op, 1, 0, 0, 0)) for op in (1, 3, 4, 5, 10, 129)]
    """
    *shared, private = say(launcher, body)
    assert set(shared) == {"EPERM"}
    assert private == "OPEN"


def test_nothing_is_left_of_an_agent(launcher):
    folder = Path(launcher._package_root) if launcher._package_root else None
    before = set(folder.iterdir()) if folder else set()
    with seated(launcher, "def agent(observation):\n    return 5") as seat:
        pid = seat._process.pid
    assert not Path(f"/proc/{pid}").exists()
    if folder:
        assert not any((path / "agent.py").exists() for path in set(folder.iterdir()) - before)
