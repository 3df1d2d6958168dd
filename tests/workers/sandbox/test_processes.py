"""An agent stays one process of few threads, and no other process knows it is there."""

import os
import platform
import signal

import pytest

from tests.workers.sandbox.cast import LIMITS, action_of, processes, say, seated
from workers.sandbox.selftest import ask_canary, questions
from workers.seat import SeatFault
from workers.spec import Outcome


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
    assert 0 < threads <= LIMITS.threads + processes_of_others(launcher)
    assert (execute, spawn) == ("EPERM", "EPERM")
    assert abs(processes() - before) <= 20


def processes_of_others(launcher):
    """Level 1 counts the threads of a user; under an ordinary worker others of it may end meanwhile."""
    return 50 if launcher.isolation < 2 and os.geteuid() != 0 else 0


def test_no_way_to_make_a_process_is_left(launcher):
    body = """
    import subprocess, multiprocessing
    from workers.sandbox.syscalls import call
    flags = (17, 0x4111, 0x10000000 | 17, 0x20000000 | 17, 0)
    result = [attempt(lambda: call("clone", flag, 0, 0, 0, 0)) for flag in flags]
    older = ("vfork", "fork") if os.uname().machine == "x86_64" else ()
    result += [attempt(lambda: call(name)) for name in older]
    result += [attempt(lambda: subprocess.run(["true"]))]
    """
    got = say(launcher, body)
    assert set(got) == {"EPERM"}


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
        got = ask_canary(launcher, questions(launcher.isolation, str(tmp_path), pid))
        for name in ("signal_platform", "trace_platform", "read_platform_memory", "hold_platform_process"):
            assert got[name] == "EPERM"
        assert got["read_platform_environment"] in ("ENOENT", "EACCES")
        assert got["open_platform_memory"] in ("ENOENT", "EACCES")
        assert action_of(sibling) == 5


@pytest.mark.enable_socket
def test_siblings_have_no_common_ground(launcher):
    """Neither shared memory, queues, abstract sockets, locks nor files lead from one to the other."""
    leave = """
    import socket
    from workers.sandbox.syscalls import call
    result = [
        attempt(lambda: call("shmget", 4711, 4096, 0o1666)),
        attempt(lambda: call("mq_open", b"meet", 0o102, 0o666, None)),
        attempt(lambda: call("flock", os.open(os.__file__, os.O_RDONLY), 2)),
        attempt(lambda: os.memfd_create("meet")),
        attempt(lambda: socket.socket(socket.AF_UNIX).bind("\\0meet")),
        attempt(lambda: os.mkfifo("/tmp/meet")),
        attempt(lambda: os.eventfd(0) and None),
    ]
    """
    *shut, event = say(launcher, leave)
    assert set(shut) <= {"EPERM", "EACCES"}
    assert event == "OPEN"  # Its own, and there is no way to hand it to anybody.


def test_a_file_of_one_agent_is_not_there_for_the_next(launcher):
    first = say(launcher, "result = attempt(lambda: open('/tmp/left', 'w'))")
    assert first in ("OPEN", "EACCES")
    assert say(launcher, "result = [os.path.exists('/tmp/left'), attempt(lambda: os.listdir('/tmp'))]") in (
        [False, "OPEN"],
        [False, "EACCES"],
    )


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
