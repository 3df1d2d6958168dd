"""The first program of an agents' container: forks one agent after the other, each closed in by level 1.

How it works. It connects to the socket in the one folder it shares with the host, warms the libraries, and
forks a child. The child connects twice more, for the agent's channel and for its output, closes itself in and
waits. When that agent is over, everything it could write is wiped and the next child is forked. The keeper
holds no secret. With its own connection it ends, and as process 1 the whole container with it.

Under gVisor there is no Landlock and some limits cannot be set; its kernel is not the host's.
"""

import contextlib
import os
import resource
import shutil
import signal
import socket
import sys
from typing import Final, NoReturn

import msgspec

from workers import runner
from workers.sandbox import jail, landlock, seccomp
from workers.sandbox.containment import INSIDE_SOCKET, LENGTH, REAP, KeeperRequest
from workers.sandbox.policy import (
    JAIL_PACKAGE,
    JAIL_SCRATCH,
    OPEN_FILES,
    Reaped,
    Started,
    measure_footprint,
    readable_folders,
)
from workers.sandbox.syscalls import PR_SET_DUMPABLE, PR_SET_NO_NEW_PRIVS, prctl, this_machine
from workers.sandbox.warming import warm
from workers.spec import Isolation

_SIGNALS: Final = (signal.SIGSTOP, signal.SIGCONT, signal.SIGKILL)
_PROCESSES_BESIDE: Final = 100_000
"""Not counted by user here: the container's own limit of processes bounds an agent's threads."""


class Keeper:
    """The loop around the container's agents."""

    def __init__(self, control: socket.socket, request: KeeperRequest) -> None:
        """Import what every agent has loaded at once, and look what can be used to hold it.

        Raises:
            OSError: the machine is unknown, or the kernel is not the promised one.
            ImportError: a library is missing.
        """
        machine = this_machine()
        if machine is None:
            raise OSError("this machine is neither x86_64 nor aarch64")
        if request.level == Isolation.VIRTUAL_MACHINE and os.uname().release == request.host_kernel:
            raise OSError("the runtime is no gVisor: agents would share the host's kernel")
        self._control = control
        warm(request.preload)
        self._cell = jail.Cell(
            level=request.level,
            machine=machine,
            landlock_abi=landlock.abi(),
            folders=readable_folders(request.code_root),
            package=JAIL_PACKAGE,
            policy=request.policy,
            footprint=measure_footprint(),
            outside_id=None,
            processes_beside=_PROCESSES_BESIDE,
            calls=b"",
        )
        # Where /proc cannot be hidden, no agent may look into this process.
        prctl(PR_SET_DUMPABLE, 0)

    def serve(self) -> None:
        """Have one agent after the other until the connection ends."""
        while True:
            pid = self._fork()
            _tell(self._control, Started(pid=pid))
            if not self._keep(pid):
                return

    def _keep(self, pid: int) -> bool:
        """Signal the agent as asked until it is to be reaped; return whether there shall be another."""
        while True:
            asked = self._control.recv(64)
            if not asked:
                return False
            for number in asked:
                if number in _SIGNALS:
                    os.kill(pid, number)
                elif number == REAP:
                    os.kill(pid, signal.SIGKILL)
                    _tell(self._control, _reap(pid))
                    return _wipe()

    def _fork(self) -> int:
        """Fork a child and wait until it is closed in.

        Raises:
            OSError: a step was refused; the message names it.
        """
        status_read, status_write = os.pipe2(os.O_CLOEXEC)
        pid = os.fork()
        if pid == 0:
            _become_agent(self._cell, status_write)
        os.close(status_write)
        with open(status_read, "rb") as status:
            report = status.read().decode(errors="replace")
        if report != "ready":
            raise OSError(report or "the agent's process ended while it was closed in")
        return pid


def _tell(control: socket.socket, message: msgspec.Struct) -> None:
    payload = msgspec.msgpack.encode(message)
    control.sendall(LENGTH.pack(len(payload)) + payload)


def _connect() -> socket.socket:
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    connection.connect(INSIDE_SOCKET)
    return connection


def _reap(pid: int) -> Reaped:
    """Wait for the end of a killed agent."""
    _, status, usage = os.wait4(pid, 0)
    return Reaped(
        status=os.waitstatus_to_exitcode(status),
        cpu_seconds=usage.ru_utime + usage.ru_stime,
        peak_memory_bytes=usage.ru_maxrss * 1024,
    )


def _wipe() -> bool:
    """Remove what an agent left; return False where it made that impossible, and the container is spent."""
    try:
        for folder in (JAIL_PACKAGE, JAIL_SCRATCH):
            for entry in os.scandir(folder):
                if entry.is_dir(follow_symlinks=False):
                    shutil.rmtree(entry.path)
                else:
                    os.unlink(entry.path)
    except (OSError, RecursionError):
        return False
    return True


def _become_agent(cell: jail.Cell, status: int) -> NoReturn:
    """Close this process in, say so, and serve one agent until the end of the process."""
    try:
        channel, log = _connect(), _connect()
        status = _take_descriptors(channel.fileno(), log.fileno(), status)
        if cell.level == Isolation.VIRTUAL_MACHINE:
            _lock_under_gvisor(cell)
        else:
            jail.lock(cell, keeps_reading=False)
        os.write(status, b"ready")
        os.close(status)
    except BaseException as error:  # A child must never return into the keeper's loop.
        with contextlib.suppress(OSError):
            os.write(status, (str(error) or type(error).__name__).encode()[:4000])
        os._exit(1)
    runner.serve(lambda: jail.lock_package(cell), cell.package, memoryview(b""))


def _take_descriptors(channel: int, log: int, status: int) -> int:
    """Arrange descriptors: 0 null, 1 and 2 the log, 3 the channel, 4 the status pipe; close the rest."""
    null = os.open("/dev/null", os.O_RDWR)
    safe = [
        os.dup2(fd, 100 + to, inheritable=False) for to, fd in enumerate((null, log, log, channel, status))
    ]
    for target, high in enumerate(safe):
        os.dup2(high, target, inheritable=False)
    os.closerange(5, 1024)
    return 4


def _lock_under_gvisor(cell: jail.Cell) -> None:
    """Close the process in as far as gVisor knows the means; the sandbox around it has its own limits."""
    policy, footprint = cell.policy, cell.footprint
    os.umask(0o077)
    os.chdir(cell.package)
    limits = {
        # Here only the address space bounds what a process maps.
        resource.RLIMIT_AS: footprint.address_bytes + policy.memory_bytes,
        resource.RLIMIT_FSIZE: max(policy.unpacked_bytes, policy.scratch_bytes),
        resource.RLIMIT_NOFILE: OPEN_FILES,
        resource.RLIMIT_NPROC: policy.threads,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_MEMLOCK: 0,
    }
    for which, value in limits.items():
        resource.setrlimit(which, (value, value))
    resource.setrlimit(resource.RLIMIT_CPU, (policy.cpu_seconds, policy.cpu_seconds + 1))
    prctl(PR_SET_NO_NEW_PRIVS, 1)
    jail.drop_capabilities(keeps_reading=False)
    prctl(PR_SET_DUMPABLE, 0)
    seccomp.install(cell.machine)


def main() -> None:
    """Run the keeper; its one argument is the request as JSON."""
    request = msgspec.json.decode(sys.argv[1], type=KeeperRequest)
    for name in set(os.environ) - set(request.environment):
        del os.environ[name]  # The runtime's own: PATH, HOSTNAME.
    control = _connect()
    try:
        Keeper(control, request).serve()
    except Exception as error:  # The border of the container: the host is told and decides.
        _tell(control, Started(error=str(error) or type(error).__name__))
