"""The program that forks agents: warm libraries, one thread, no secret, no connection but its launcher's.

How it works. The launcher executes it with a fixed environment and one socket. It imports the preload list
once, then answers start and reap requests in turn and, while nobody asks, keeps a few jailed children
ready. A child leaves this program only through `os._exit`.
"""

import contextlib
import os
import shutil
import signal
import socket
import sys
import tempfile
import time
from dataclasses import dataclass
from select import POLLIN, poll
from typing import Final

import msgspec

from workers.sandbox import cloning, forking, jail, landlock, mounts, seccomp, window
from workers.sandbox.policy import (
    FIRST_OUTSIDE_ID,
    JAIL_PACKAGE,
    OUTSIDE_IDS,
    RESIDENT_RESERVE,
    BeginAnew,
    Booted,
    BootRequest,
    Policy,
    Reaped,
    ReapRequest,
    Started,
    StartRequest,
    measure_footprint,
    read_sizes,
    readable_folders,
)
from workers.sandbox.syscalls import PR_SET_CHILD_SUBREAPER, PR_SET_PDEATHSIG, prctl, this_machine
from workers.sandbox.warming import warm
from workers.spec import Isolation

CONTROL_FD: Final = 3
MESSAGE_BYTES: Final = 65_536
_LOOK_SECONDS: Final = 0.1
_NOTHING: Final = 0


@dataclass(slots=True)
class Child:
    """A jailed process that waits for an agent, and the launcher's ends of its descriptors."""

    pid: int
    pidfd: int
    channel: socket.socket
    log: int
    window: int

    def let_go(self) -> None:
        """Close this side's descriptors."""
        self.channel.close()
        for fd in (self.log, self.pidfd, self.window):
            os.close(fd)


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
        self._watched: dict[int, int] = {}
        """For each agent that plays the bytes it may hold; `_NOTHING` once it was ended for holding more."""
        self._looked_at = 0.0
        self._is_root = (boot.host_ids or (os.geteuid(), 0))[0] == 0
        self._late: tuple[str, ...] = ()
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
            calls=seccomp.assemble(machine, 1) if boot.level >= Isolation.NAMESPACES else b"",
        )

    def take_own_namespaces(self) -> None:
        """Make the template of the agents' roots (level 2).

        A zygote that begins anew still has its namespaces and only makes the template again.

        Raises:
            OSError: namespaces or mounts are refused here; the message names the call.
        """
        if self._boot.host_ids is None:
            ids = (os.geteuid(), os.getegid())
            cloning.own_namespaces(is_root=self._is_root)
            self._boot = msgspec.structs.replace(self._boot, host_ids=ids)
        else:
            mounts.drop_template()
        self._late = mounts.make_template(self._cell.folders)

    def serve(self) -> None:
        """Answer requests until the launcher is gone."""
        decoder = msgspec.msgpack.Decoder(StartRequest | ReapRequest | BeginAnew)
        waiter = poll()
        waiter.register(self._control, POLLIN)
        while True:
            wants_more = len(self._pool) < self._boot.pool_size
            if wants_more and not waiter.poll(0):
                self._pool.append(self._fork(self._policy))
                continue
            while not waiter.poll(_LOOK_SECONDS * 1000 if self._watched else None):
                self._end_the_greedy()
            if time.monotonic() - self._looked_at > _LOOK_SECONDS:
                self._end_the_greedy()
            message = self._control.recv(MESSAGE_BYTES)
            if not message:
                return
            request = decoder.decode(message)
            if isinstance(request, StartRequest):
                self._start(request)
            elif isinstance(request, ReapRequest):
                self._reap(request.pid)
            else:
                self._begin_anew()

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
        held = self._cell.footprint.resident_bytes + request.policy.memory_bytes + RESIDENT_RESERVE
        self._watched[child.pid] = held + window.BYTES
        descriptors = [child.channel.fileno(), child.log, child.pidfd, child.window]
        socket.send_fds(self._control, [msgspec.msgpack.encode(Started(pid=child.pid))], descriptors)
        child.let_go()

    def _begin_anew(self) -> None:
        """Execute this program again: the same process with a fresh memory layout. Does not return.

        The boot request goes along from here. The launcher's process has read hostile bytes since it sent
        it, and must not be able to ask for weaker jails.
        """
        for pid in list(self._packages):
            self._end(pid)
        os.set_inheritable(CONTROL_FD, True)
        fixed = sys.orig_argv[: len(sys.orig_argv) - len(sys.argv) + 1]
        boot = msgspec.msgpack.encode(self._boot).hex()
        os.execv(sys.executable, [*fixed, self._boot.code_root, str(CONTROL_FD), boot])  # noqa: S606 -- Itself.

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
        allowed = self._watched.pop(pid, None)
        package = self._packages.pop(pid)
        if package:
            shutil.rmtree(package, ignore_errors=True)
        return Reaped(
            status=os.waitstatus_to_exitcode(status),
            cpu_seconds=usage.ru_utime + usage.ru_stime,
            peak_memory_bytes=usage.ru_maxrss * 1024,
            out_of_memory=allowed == _NOTHING,
        )

    def _end_the_greedy(self) -> None:
        """Kill agents that hold more memory than the limits can count: page tables, reserved pages.

        It is a second look. The limits and the filter act at once; what they cannot count is bounded by the
        address space until the next look.
        """
        self._looked_at = time.monotonic()
        for pid, most in self._watched.items():
            with contextlib.suppress(OSError, KeyError):
                sizes = read_sizes(pid)
                if sizes["VmRSS"] + sizes["VmPTE"] > most:
                    self._watched[pid] = _NOTHING
                    os.kill(pid, signal.SIGKILL)

    def _next_cell(self, policy: Policy) -> jail.Cell:
        """Give the next child its user id and package folder."""
        self._slot += 1
        offset = (os.getpid() * 64 + self._slot) % OUTSIDE_IDS
        package, beside = JAIL_PACKAGE, 0
        if self._boot.level < Isolation.NAMESPACES:
            package = tempfile.mkdtemp(dir=self._boot.package_root)
            if self._is_root and self._boot.level > Isolation.NONE:
                os.chown(package, FIRST_OUTSIDE_ID + offset, FIRST_OUTSIDE_ID + offset)
            elif not self._is_root:
                beside = _count_processes_of(os.geteuid())
        return jail.Cell(
            level=self._boot.level,
            machine=self._cell.machine,
            landlock_abi=self._cell.landlock_abi,
            folders=self._cell.folders,
            package=package,
            policy=policy,
            footprint=self._cell.footprint,
            outside_id=FIRST_OUTSIDE_ID + offset if self._is_root else None,
            processes_beside=beside,
            calls=self._cell.calls,
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
        shared = window.make()
        seen = window.reader(shared)
        pipes = (status_write, go_read, status_read, go_write, self._control.fileno())
        ends = forking.Ends(theirs.fileno(), log_write, seen, *pipes)
        try:
            if cell.level >= Isolation.NAMESPACES:
                pid, pidfd = forking.fork_into_namespaces(cell, ends, self._late)
            else:
                pid, pidfd = forking.fork_plainly(cell, ends)
            self._packages[pid] = "" if cell.package == JAIL_PACKAGE else cell.package
            error = os.read(status_read, 4096).decode(errors="replace")
            if error != "ready":
                self._end(pid)
                os.close(pidfd)
                raise OSError(error or "the child ended while its jail was built")
            return Child(pid, pidfd, ours, log_read, shared)
        except OSError:
            ours.close()
            os.close(log_read)
            os.close(shared)
            raise
        finally:
            theirs.close()
            seen.close()
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


def main(code_root: str) -> None:
    """Run the zygote; the control socket is descriptor 3. One that begins anew needs no boot request."""
    control = socket.socket(fileno=CONTROL_FD)
    kept = sys.argv[3:]
    message = bytes.fromhex(kept[0]) if kept else control.recv(MESSAGE_BYTES)
    boot = msgspec.msgpack.decode(message, type=BootRequest)
    assert boot.code_root == code_root
    prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != boot.launcher_pid:
        return
    try:
        prctl(PR_SET_CHILD_SUBREAPER, 1)
        if boot.cpu is not None:
            os.sched_setaffinity(0, {boot.cpu})
        warm(boot.preload)
        zygote = Zygote(control, boot)
        if boot.level >= Isolation.NAMESPACES:
            zygote.take_own_namespaces()
        zygote.fill_pool()
    except Exception as error:  # The process border: the launcher is told and decides.
        control.send(msgspec.msgpack.encode(Booted(error=str(error) or type(error).__name__)))
        return
    control.send(msgspec.msgpack.encode(Booted()))
    zygote.serve()
