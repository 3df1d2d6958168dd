"""The canary: an agent that tries to break out, and says what it got.

Each probe makes one primitive of an escape available to itself and stops there: it creates a socket but
sends nothing, asks for signal 0, opens a file and reads no further. Its answer is the name of the error, or
`OPEN` where it was let through.
"""

import errno
import json
import mmap
import os
import socket
import struct
import sys
import threading
from collections.abc import Callable
from typing import Final

from workers.sandbox.syscalls import Argument, call
from workers.start import StartView

OPEN: Final = "OPEN"
_MIB: Final = 1024 * 1024
_SCRATCH: Final = "/tmp"  # noqa: S108 -- The agent's own, inside its jail.


def attempt(step: Callable[[], object]) -> str:
    """Run a step; return OPEN, or the name of the error that refused it."""
    try:
        step()
    except OSError as error:
        return errno.errorcode.get(error.errno or 0, str(error.errno))
    except MemoryError:
        return "MemoryError"
    return OPEN


def _open(path: str, mode: str = "rb") -> Callable[[], object]:
    def step() -> None:
        with open(path, mode):
            pass

    return step


def _raw(name: str, *arguments: Argument) -> Callable[[], object]:
    return lambda: call(name, *arguments)


def _datagram_to_elsewhere() -> None:
    """Send through a socket pair to an abstract address nobody has."""
    left, _right = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
    left.sendto(b"x", b"\0coliseum-nobody")


def _map(flags: int, prot: int = mmap.PROT_READ | mmap.PROT_WRITE) -> Callable[[], object]:
    return lambda: mmap.mmap(-1, 4096, flags=flags | mmap.MAP_ANONYMOUS, prot=prot)


def open_descriptors() -> str:
    """Return the numbers of the open descriptors."""
    found = []
    for fd in range(256):
        try:
            os.fstat(fd)
        except OSError:
            continue
        found.append(str(fd))
    return " ".join(found)


def start_threads(most: int, allowed: int) -> str:
    """Start threads until the kernel refuses; return how that compares with what is allowed."""
    gate = threading.Event()
    started: list[threading.Thread] = []
    try:
        for _ in range(most):
            thread = threading.Thread(target=gate.wait, daemon=True)
            thread.start()
            started.append(thread)
    except RuntimeError:
        pass
    finally:
        gate.set()
    for thread in started:
        thread.join()
    return "limited" if len(started) <= allowed else f"{OPEN} {len(started)}"


def fill(folder: str, most_bytes: int) -> str:
    """Write a file until it is refused; return the error, and whether more went in than may."""
    written = 0
    path = os.path.join(folder, "fill")
    try:
        with open(path, "wb", buffering=0) as file:
            try:
                while written <= most_bytes:
                    written += file.write(bytes(_MIB))
            finally:
                os.unlink(path)
    except OSError as error:
        return errno.errorcode[error.errno or 0]
    return f"{OPEN} {written // _MIB} MiB"


def make_files(folder: str, most: int) -> str:
    """Make empty files until it is refused; return the error."""
    made = []
    try:
        for number in range(most + 1):
            path = os.path.join(folder, f"file-{number}")
            os.close(os.open(path, os.O_CREAT | os.O_WRONLY))
            made.append(path)
    except OSError as error:
        return errno.errorcode[error.errno or 0]
    finally:
        for path in made:
            os.unlink(path)
    return f"{OPEN} {len(made)} files"


def hop_to_other_cores() -> str:
    """Try to leave the agents' core; return whether that changed anything."""
    before = os.sched_getaffinity(0)
    refused = attempt(lambda: os.sched_setaffinity(0, range(os.cpu_count() or 1)))
    if os.sched_getaffinity(0) != before:
        return OPEN
    return "unchanged" if refused == OPEN else refused


def run_all(
    canary: str, pid: int, memory_bytes: int, scratch_bytes: int, scratch_files: int, threads: int
) -> dict[str, str]:
    """Try every probe and return what each got.

    Args:
        canary: a world-readable file of the platform.
        pid: a process of the platform.
        memory_bytes: more than the agent may have.
        scratch_bytes: the most it may write.
        scratch_files: the most files it may make.
        threads: the most it may have.
    """
    stream = socket.SOCK_STREAM
    steps: dict[str, Callable[[], object]] = {
        "read_account_file": _open("/etc/passwd"),
        "read_platform_file": _open(canary),
        "see_platform_file": lambda: os.stat(canary),
        "change_platform_file_mode": lambda: os.chmod(canary, 0o777),  # noqa: S103 -- The probe itself.
        "touch_platform_file": lambda: os.utime(canary),
        "truncate_platform_file": lambda: os.truncate(canary, 0),
        "list_processes": lambda: os.listdir("/proc"),
        "read_platform_environment": _open(f"/proc/{pid}/environ"),
        "open_platform_memory": _open(f"/proc/{pid}/mem", "r+b"),
        "write_library": _open(os.path.join(os.path.dirname(os.__file__), "canary"), "wb"),
        "write_own_package": _open(os.path.join(os.getcwd(), "canary"), "wb"),
        "socket_internet": lambda: socket.socket(socket.AF_INET, stream),
        "socket_unix": lambda: socket.socket(socket.AF_UNIX, stream),
        "socket_netlink": lambda: socket.socket(socket.AF_NETLINK, socket.SOCK_RAW),
        "socket_vsock": lambda: socket.socket(socket.AF_VSOCK, stream),
        "socket_packet": lambda: socket.socket(socket.AF_PACKET, socket.SOCK_RAW),
        "datagram_to_elsewhere": _datagram_to_elsewhere,
        "fork": os.fork,
        "execute": lambda: os.execv(sys.executable, ["python", "-c", ""]),  # noqa: S606 -- The probe itself.
        "signal_platform": lambda: os.kill(pid, 0),
        "trace_platform": _raw("ptrace", 16, pid, 0, 0),
        "read_platform_memory": _raw("process_vm_readv", pid, 0, 0, 0, 0, 0),
        "hold_platform_process": _raw("pidfd_open", pid, 0),
        "new_namespaces": _raw("unshare", 0x10000000),
        "join_namespaces": _raw("setns", 0, 0),
        "mount": _raw("mount", b"none", b"/tmp", b"tmpfs", 0, None),
        "kernel_program": _raw("bpf", 0, b"", 0),
        "performance_events": _raw("perf_event_open", b"", 0, -1, -1, 0),
        "kernel_keys": _raw("keyctl", 0, -3, 0, 0, 0),
        "add_kernel_key": _raw("add_key", b"user", b"canary", b"x", 1, -3),
        "page_faults": _raw("userfaultfd", 1),
        "asynchronous_io": _raw("io_uring_setup", 1, b""),
        "file_handles": _raw("open_by_handle_at", -100, b"", 0),
        "anonymous_file": _raw("memfd_create", b"canary", 0),
        "shared_segment": _raw("shmget", 0, 4096, 0o1600),
        "message_queue": _raw("mq_open", b"canary", 0o102, 0o600, None),
        "shared_memory": _map(mmap.MAP_SHARED),
        "shared_memory_read_only": _map(mmap.MAP_SHARED, mmap.PROT_READ),
        "growing_memory": _map(mmap.MAP_PRIVATE | 0x100),
        "raise_priority": lambda: os.setpriority(os.PRIO_PROCESS, 0, -5),
        "realtime_priority": lambda: os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(1)),
        "lock_library_file": _lock_library_file,
        "pass_descriptor": lambda: socket.socketpair()[0].sendmsg(
            [b"x"], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, struct.pack("i", 0))]
        ),
        "too_much_memory": lambda: bytearray(memory_bytes),
    }
    got = {name: attempt(step) for name, step in steps.items()}
    got["open_descriptors"] = open_descriptors()
    got["environment"] = " ".join(sorted(os.environ))
    got["other_cores"] = hop_to_other_cores()
    got["threads"] = start_threads(500, threads)
    got["fill_scratch"] = fill(_SCRATCH, scratch_bytes)
    got["fill_scratch_with_files"] = make_files(_SCRATCH, scratch_files)
    return got


def _lock_library_file() -> None:
    """Lock a file that every agent can read, as a way to talk to another one."""
    fd = os.open(os.__file__, os.O_RDONLY)
    try:
        call("flock", fd, 6)
    finally:
        os.close(fd)


class Agent:
    """Answers every observation, a JSON object with the arguments of `run_all`, with what it got."""

    def reset(self, start: StartView) -> None:
        """Take part."""

    def act(self, observation: str) -> str:
        """Run the probes."""
        return json.dumps(run_all(**json.loads(observation)))
