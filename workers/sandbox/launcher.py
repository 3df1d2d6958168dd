"""The referee's side of the zygote: starts it, asks for agents, ends them."""

import contextlib
import mmap
import os
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Final, Self, TypeVar

import msgspec

from arenas.spec import Limits
from workers.errors import IsolationError, ZygoteError
from workers.sandbox import window
from workers.sandbox.cgroups import AgentGroup
from workers.sandbox.policy import (
    BeginAnew,
    Booted,
    BootRequest,
    Policy,
    Reaped,
    ReapRequest,
    Started,
    StartRequest,
)
from workers.spec import Isolation

CODE_ROOT: Final = str(Path(__file__).resolve().parents[2])
ENVIRONMENT: Final = {
    "HOME": "/tmp",  # noqa: S108 -- Of the jail.
    "LANG": "C.UTF-8",
    "MALLOC_ARENA_MAX": "2",
    "MKL_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "ORT_DISABLE_TELEMETRY": "1",
    "PYTHONHASHSEED": "0",
    "TMPDIR": "/tmp",  # noqa: S108 -- Of the jail.
}
"""All that an agent finds in its environment."""
_BOOT: Final = (
    "import os, sys; root = sys.argv[1]; fd = int(sys.argv[2]); sys.path.insert(0, root);"
    "fd == 3 or (os.dup2(fd, 3), os.close(fd)); os.set_inheritable(3, False);"
    "from workers.sandbox.zygote import main; main(root)"
)
_BOOT_SECONDS: Final = 60.0
_ANSWER_SECONDS: Final = 30.0
_MESSAGE_BYTES: Final = 65_536
_CPUCLOCK_SCHED: Final = 2
"""The kernel numbers the processor clock of a process by its id: inverted, shifted by three, and this."""
_FOLDER: Final = "coliseum-agents-"
_RECYCLE_STARTS: Final = 500
_RECYCLE_SECONDS: Final = 1800.0

Answer = TypeVar("Answer", Booted, Started, Reaped)


@dataclass(frozen=True, slots=True)
class Exit:
    """How an agent process ended."""

    status: int
    """Exit status, or minus the signal that ended it."""
    cpu_seconds: float
    peak_memory_bytes: int
    out_of_memory: bool = False
    """Its container's memory limit ended it."""


class AgentProcess:
    """One jailed process that serves one agent: its channel, its log, and its life."""

    def __init__(self, launcher: "Launcher", pid: int, descriptors: list[int], cpu_seconds: int) -> None:
        channel, self.log, self._pidfd, shared = descriptors
        self.window: mmap.mmap | None = window.writer(shared)
        """What the agent can read and only the referee write; None where the backend has none."""
        self.channel = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM, 0, fileno=channel)
        self.pid = pid
        self.cpu_seconds = cpu_seconds
        """Processor time after which the kernel ends it."""
        self._cpu_clock = ~pid << 3 | _CPUCLOCK_SCHED
        self._launcher = launcher
        self._exit: Exit | None = None

    def processor_seconds(self) -> float:
        """Return the processor seconds used so far, all threads together; 0 when the process is gone."""
        try:
            return time.clock_gettime(self._cpu_clock)
        except OSError:
            return 0.0

    def freeze(self) -> None:
        """Stop the process where it is."""
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Let the process go on."""
        self._signal(signal.SIGCONT)

    def has_ended(self, seconds: float) -> bool:
        """Wait until the process has ended by itself, at most so long; say whether it has."""
        waiter = select.poll()
        waiter.register(self._pidfd, select.POLLIN)
        return bool(waiter.poll(seconds * 1000))

    def kill(self) -> None:
        """End the process at once; `reap` tells how it ended."""
        self._signal(signal.SIGKILL)

    def _signal(self, number: int) -> None:
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(self._pidfd, number)

    def reap(self) -> Exit:
        """Kill the process if it still runs, wait for its end, and return how it ended.

        Raises:
            ZygoteError: the zygote is gone, and with it the process.
        """
        if self._exit is None:
            self._exit = self._launcher._reap(self.pid)
        return self._exit

    def close(self) -> None:
        """Close the descriptors."""
        self.channel.close()
        if self.window is not None:
            self.window.close()
        for fd in (self.log, self._pidfd):
            with contextlib.suppress(OSError):
                os.close(fd)
        self.log = self._pidfd = -1


class Launcher:
    """A zygote and the requests to it; may be shared by threads.

    The thread that opens a launcher must outlive it: the kernel ends the zygote with that thread.
    """

    def __init__(self, level: Isolation, cpu: int | None, preload: tuple[str, ...], pool_size: int) -> None:
        self.isolation = level
        self._cpu = cpu
        self._preload = preload
        self._pool_size = pool_size
        self._lock = threading.Lock()
        self._live = 0
        self._package_root = ""
        self.group = AgentGroup()
        self._group_kills = 0
        if level < Isolation.NAMESPACES:
            _remove_stale_folders()
            self._package_root = tempfile.mkdtemp(prefix=f"{_FOLDER}{os.getpid()}-")
            os.chmod(self._package_root, 0o711)  # noqa: S103 -- Agents reach their own folder below.
        try:
            self._boot()
        except BaseException:
            self.close()
            raise

    def _boot(self) -> None:
        """Start the zygote and wait until it has built its first jail.

        Raises:
            IsolationError: this host does not allow the level.
        """
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        command = [sys.executable, "-s", "-P", "-B", "-c", _BOOT, CODE_ROOT, str(theirs.fileno())]
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603 -- Our own interpreter and program.
                command,
                env=ENVIRONMENT,
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                pass_fds=(theirs.fileno(),),
                start_new_session=True,
            )
        self._pidfd = os.pidfd_open(self._process.pid)
        self.group.join(self._process.pid)
        request = BootRequest(
            level=self.isolation,
            code_root=CODE_ROOT,
            preload=self._preload,
            cpu=self._cpu,
            launcher_pid=os.getpid(),
            pool_size=self._pool_size,
            policy=Policy.of(Limits()),
            package_root=self._package_root,
        )
        self._await_boot(request)

    def _await_boot(self, request: msgspec.Struct) -> None:
        """Send what makes the zygote boot and wait until it has built its first jail.

        Raises:
            IsolationError: it could not.
        """
        self._starts, self._booted_at = 0, time.monotonic()
        self._control.settimeout(_BOOT_SECONDS)
        try:
            error = self._ask(request, Booted)[0].error
        except ZygoteError as caught:
            error = str(caught)
        if error:
            raise IsolationError(error)
        self._control.settimeout(_ANSWER_SECONDS)
        self.group.settle(self._process.pid)

    def _ask(self, request: msgspec.Struct, answer: type[Answer]) -> tuple[Answer, list[int]]:
        """Send one request and return the answer with the descriptors that came along.

        Raises:
            ZygoteError: the zygote is gone or silent.
        """
        try:
            self._control.send(msgspec.msgpack.encode(request))
            data, descriptors, _, _ = socket.recv_fds(
                self._control, _MESSAGE_BYTES, 4, socket.MSG_CMSG_CLOEXEC
            )
        except OSError as error:
            self._kill()  # A late answer would be taken for that of the next request.
            raise ZygoteError(f"the zygote does not answer: {error}") from error
        if not data:
            raise ZygoteError(f"the zygote ended with status {self._process.wait()}")
        return msgspec.msgpack.decode(data, type=answer), descriptors

    def start(self, limits: Limits) -> AgentProcess:
        """Return a jailed process that waits for an agent.

        Raises:
            ZygoteError: the zygote is gone, or could not build this jail.
        """
        with self._lock:
            self._recycle()
            policy = Policy.of(limits)
            self.group.make_room(self._live + 1 + self._pool_size, policy)
            started, descriptors = self._ask(StartRequest(policy), Started)
            if started.error:
                raise ZygoteError(f"no jail could be built: {started.error}")
            self._live += 1
            self._starts += 1
        return AgentProcess(self, started.pid, descriptors, policy.cpu_seconds)

    def _recycle(self) -> None:
        """Have a zygote that has served long begin anew: its agents share its memory layout.

        A dead one is replaced, where this process may still start one: a confined one may not.

        Raises:
            ZygoteError: the zygote is dead and no other can be started from here.
            IsolationError: it could not build a jail any more.
        """
        if not self.is_alive:
            self._live = 0
            self._end_zygote()
            try:
                self._boot()
            except OSError as error:
                raise ZygoteError(f"the zygote is gone, and no other can be started here: {error}") from error
        is_old = time.monotonic() - self._booted_at > _RECYCLE_SECONDS
        if not self._live and (is_old or self._starts >= _RECYCLE_STARTS):
            self._await_boot(BeginAnew())

    def _reap(self, pid: int) -> Exit:
        with self._lock:
            reaped, _ = self._ask(ReapRequest(pid), Reaped)
            self._live -= 1
            kills = self.group.kills()
        if kills > self._group_kills:
            self._group_kills = kills
            raise ZygoteError("the agents together ran out of memory: a limit of one of them has failed")
        return Exit(reaped.status, reaped.cpu_seconds, reaped.peak_memory_bytes, reaped.out_of_memory)

    @property
    def is_alive(self) -> bool:
        """Say whether the zygote still runs."""
        return self._process.poll() is None

    def _kill(self) -> None:
        """Kill the zygote by its descriptor: a confined process may signal nobody by number."""
        with contextlib.suppress(OSError):
            signal.pidfd_send_signal(self._pidfd, signal.SIGKILL)

    def _end_zygote(self) -> None:
        self._control.close()
        if self._pidfd >= 0:
            self._kill()
            self._process.wait()
            os.close(self._pidfd)
            self._pidfd = -1

    def close(self) -> None:
        """End the zygote; the kernel ends every agent with it."""
        if hasattr(self, "_pidfd"):
            self._end_zygote()
        self.group.close()
        if self._package_root:
            shutil.rmtree(self._package_root, ignore_errors=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def _remove_stale_folders() -> None:
    """Remove the package folders of this user's launchers that were killed."""
    for folder in Path(tempfile.gettempdir()).glob(f"{_FOLDER}*-*"):
        pid = folder.name.removeprefix(_FOLDER).partition("-")[0]
        with contextlib.suppress(OSError):
            is_stale = pid.isdigit() and not Path(f"/proc/{pid}").exists()
            if is_stale and folder.lstat().st_uid == os.geteuid():
                shutil.rmtree(folder, ignore_errors=True)
