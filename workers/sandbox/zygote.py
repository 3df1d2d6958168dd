"""The program that forks agents: warm libraries, one thread, no secret, no connection but its launcher's.

How it works. The launcher executes it with a fixed environment and one socket. It imports the preload list
once, then answers start and reap requests in turn and, while nobody asks, keeps a few jailed children
ready. A child leaves this program only through `os._exit`.
"""

import contextlib
import gc
import importlib
import os
import shutil
import signal
import socket
from dataclasses import dataclass
from select import POLLIN, poll
from typing import Final

import msgspec

from workers.sandbox import forking, jail, landlock
from workers.sandbox.policy import (
    FIRST_OUTSIDE_ID,
    JAIL_PACKAGE,
    OUTSIDE_IDS,
    Booted,
    BootRequest,
    Policy,
    Reaped,
    ReapRequest,
    Started,
    StartRequest,
    measure_footprint,
    readable_folders,
)
from workers.sandbox.syscalls import PR_SET_CHILD_SUBREAPER, PR_SET_PDEATHSIG, prctl, this_machine
from workers.spec import Isolation

CONTROL_FD: Final = 3
MESSAGE_BYTES: Final = 65_536


@dataclass(slots=True)
class Child:
    """A jailed process that waits for an agent, and the launcher's ends of its descriptors."""

    pid: int
    pidfd: int
    channel: socket.socket
    log: int

    def let_go(self) -> None:
        """Close this side's descriptors."""
        self.channel.close()
        os.close(self.log)
        os.close(self.pidfd)


class Zygote:
    """The request loop and the pool."""

    def __init__(self, control: socket.socket, boot: BootRequest) -> None:
        machine = this_machine()
        if machine is None:
            raise OSError("this machine is neither x86_64 nor aarch64")
        self._control = control
        self._boot = boot
        self._policy = boot.policy
        self._pool: list[Child] = []
        self._packages: dict[int, str] = {}
        self._slot = 0
        self._cell = jail.Cell(
            level=boot.level,
            machine=machine,
            landlock_abi=landlock.abi(),
            folders=readable_folders(boot.code_root),
            package=JAIL_PACKAGE,
            policy=boot.policy,
            footprint=measure_footprint(),
            outside_id=None,
            processes_beside=0,
        )

    def serve(self) -> None:
        """Answer requests until the launcher is gone."""
        decoder = msgspec.msgpack.Decoder(StartRequest | ReapRequest)
        waiter = poll()
        waiter.register(self._control, POLLIN)
        while True:
            wants_more = len(self._pool) < self._boot.pool_size
            if wants_more and not waiter.poll(0):
                self._pool.append(self._fork(self._policy))
                continue
            message = self._control.recv(MESSAGE_BYTES)
            if not message:
                return
            request = decoder.decode(message)
            if isinstance(request, StartRequest):
                self._start(request)
            else:
                self._reap(request.pid)

    def fill_pool(self) -> None:
        """Build the first child, so that a host that cannot is found out at boot.

        Raises:
            OSError: a step of building a jail was refused; the message names it.
        """
        self._pool.append(self._fork(self._policy))

    def _start(self, request: StartRequest) -> None:
        if request.policy != self._policy:
            for child in self._pool:
                child.let_go()
                self._end(child.pid)
            self._pool.clear()
            self._policy = request.policy
        try:
            child = self._pool.pop() if self._pool else self._fork(request.policy)
        except OSError as error:
            self._answer(Started(error=str(error)))
            return
        descriptors = [child.channel.fileno(), child.log, child.pidfd]
        socket.send_fds(self._control, [msgspec.msgpack.encode(Started(pid=child.pid))], descriptors)
        child.let_go()

    def _reap(self, pid: int) -> None:
        self._answer(self._end(pid))

    def _answer(self, answer: Started | Reaped) -> None:
        self._control.send(msgspec.msgpack.encode(answer))

    def _end(self, pid: int) -> Reaped:
        """Kill a child, wait for its end and remove its package folder."""
        if pid not in self._packages:
            return Reaped()
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        _, status, usage = os.wait4(pid, 0)
        package = self._packages.pop(pid)
        if package:
            shutil.rmtree(package, ignore_errors=True)
        return Reaped(
            status=os.waitstatus_to_exitcode(status),
            cpu_seconds=usage.ru_utime + usage.ru_stime,
            peak_memory_bytes=usage.ru_maxrss * 1024,
        )

    def _next_cell(self, policy: Policy) -> jail.Cell:
        """Give the next child its user id and package folder."""
        self._slot += 1
        is_root = os.geteuid() == 0
        offset = (os.getpid() * 64 + self._slot) % OUTSIDE_IDS
        package, beside = JAIL_PACKAGE, 0
        if self._boot.level < Isolation.NAMESPACES:
            package = os.path.join(self._boot.package_root, str(self._slot))
            os.mkdir(package, 0o700)
            if is_root and self._boot.level > Isolation.NONE:
                os.chown(package, FIRST_OUTSIDE_ID + offset, FIRST_OUTSIDE_ID + offset)
            elif not is_root:
                beside = _count_processes_of(os.geteuid())
        return jail.Cell(
            level=self._boot.level,
            machine=self._cell.machine,
            landlock_abi=self._cell.landlock_abi,
            folders=self._cell.folders,
            package=package,
            policy=policy,
            footprint=self._cell.footprint,
            outside_id=FIRST_OUTSIDE_ID + offset if is_root else None,
            processes_beside=beside,
        )

    def _fork(self, policy: Policy) -> Child:
        """Fork one child and wait until its jail is closed.

        Raises:
            OSError: a step was refused; the message names it.
        """
        cell = self._next_cell(policy)
        ours, theirs = socket.socketpair()
        log_read, log_write = os.pipe2(os.O_CLOEXEC)
        status_read, status_write = os.pipe2(os.O_CLOEXEC)
        go_read, go_write = os.pipe2(os.O_CLOEXEC)
        ends = forking.Ends(
            theirs.fileno(), log_write, status_write, go_read, status_read, go_write, self._control.fileno()
        )
        build = forking.fork_twice if cell.level >= Isolation.NAMESPACES else forking.fork_once
        try:
            pid = build(cell, ends)
            self._packages[pid] = "" if cell.package == JAIL_PACKAGE else cell.package
            error = os.read(status_read, 4096).decode(errors="replace")
            if error != "ready":
                self._end(pid)
                raise OSError(error or "the child ended while its jail was built")
            return Child(pid, os.pidfd_open(pid), ours, log_read)
        except OSError:
            ours.close()
            os.close(log_read)
            raise
        finally:
            theirs.close()
            for fd in (log_write, status_read, go_read, go_write):
                os.close(fd)


def _count_processes_of(uid: int) -> int:
    """Count the tasks that RLIMIT_NPROC counts against a user of the host."""
    count = 0
    for entry in os.scandir("/proc"):
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                if entry.stat().st_uid == uid:
                    count += len(os.listdir(f"/proc/{entry.name}/task"))
    return count


def _warm(boot: BootRequest) -> None:
    """Import the preload list and check that it left no thread behind.

    Raises:
        OSError: a library started a thread, which a fork would lose.
        ImportError: a library is missing.
    """
    for name in boot.preload:
        importlib.import_module(name)
    threads = len(os.listdir("/proc/self/task"))
    if threads != 1:
        raise OSError(f"a preloaded library keeps {threads - 1} thread(s) running")
    gc.collect()
    gc.freeze()


def main(code_root: str) -> None:
    """Run the zygote; the control socket is descriptor 3."""
    control = socket.socket(fileno=CONTROL_FD)
    boot = msgspec.msgpack.decode(control.recv(MESSAGE_BYTES), type=BootRequest)
    assert boot.code_root == code_root
    prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != boot.launcher_pid:
        return
    try:
        prctl(PR_SET_CHILD_SUBREAPER, 1)
        if boot.cpu is not None:
            os.sched_setaffinity(0, {boot.cpu})
        _warm(boot)
        zygote = Zygote(control, boot)
        zygote.fill_pool()
    except Exception as error:  # The process border: the launcher is told and decides.
        control.send(msgspec.msgpack.encode(Booted(error=str(error) or type(error).__name__)))
        return
    control.send(msgspec.msgpack.encode(Booted()))
    zygote.serve()
