"""The referee's side of the containers: levels 3 and 4 behind the same interface as the jail."""

import contextlib
import importlib.util
import os
import select
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Self, TypeVar

import msgspec

from arenas.spec import Limits
from workers.errors import IsolationError, ZygoteError
from workers.sandbox.container_group import processor_seconds
from workers.sandbox.containment import WardenRequest
from workers.sandbox.launcher import CODE_ROOT, ENVIRONMENT, AgentProcess, Exit, Launcher
from workers.sandbox.policy import Booted, Policy, Reaped, ReapRequest, Started, StartRequest
from workers.spec import Isolation

_BOOT: Final = (
    "import os, sys; root = sys.argv.pop(1); fd = int(sys.argv.pop(1)); sys.path.insert(0, root);"
    "fd == 3 or (os.dup2(fd, 3), os.close(fd)); os.set_inheritable(3, False);"
    "from workers.sandbox.warden import main; main()"
)
_BOOT_SECONDS: Final = 150.0
"""The first start on a host builds the image."""
_ANSWER_SECONDS: Final = 90.0
_CLOSE_SECONDS: Final = 30.0
_MESSAGE_BYTES: Final = 65_536
_DESCRIPTORS: Final = 4

Answer = TypeVar("Answer", Booted, Started, Reaped)


class Backend(StrEnum):
    """How this host is told to hold agents: the values of COLISEUM_SANDBOX."""

    JAIL = "jail"
    DOCKER = "docker"
    GVISOR = "gvisor"

    @property
    def level(self) -> Isolation:
        """Return the level it stands for; that of a jail is found out by trying."""
        return {
            Backend.JAIL: Isolation.NAMESPACES,
            Backend.DOCKER: Isolation.CONTAINER,
            Backend.GVISOR: Isolation.VIRTUAL_MACHINE,
        }[self]


@dataclass(frozen=True, slots=True)
class SandboxSettings:
    """What an operator chose."""

    backend: Backend = Backend.JAIL
    docker_host: str = "unix:///var/run/docker.sock"
    docker_runtime: str = ""
    """Name the daemon knows the runtime by; empty for `runc` and `runsc`."""

    @classmethod
    def of(cls, environment: Mapping[str, str]) -> Self:
        """Read COLISEUM_SANDBOX, COLISEUM_DOCKER_HOST and COLISEUM_DOCKER_RUNTIME.

        Raises:
            IsolationError: a value makes no sense.
        """
        name = environment.get("COLISEUM_SANDBOX") or Backend.JAIL
        if name not in set(Backend):
            raise IsolationError(f"COLISEUM_SANDBOX is {name!r}; it can be {', '.join(Backend)}.")
        host = environment.get("COLISEUM_DOCKER_HOST") or cls().docker_host
        if not host.startswith("unix://"):
            raise IsolationError(
                f"COLISEUM_DOCKER_HOST is {host!r}; agents' containers must be on this host, so it has to "
                "begin with unix://."
            )
        return cls(Backend(name), host, environment.get("COLISEUM_DOCKER_RUNTIME", ""))

    def runtime_of(self, level: Isolation) -> str:
        """Return the name of the container runtime for a level."""
        return self.docker_runtime or ("runsc" if level == Isolation.VIRTUAL_MACHINE else "runc")


class ContainedAgent(AgentProcess):
    """An agent in a container of its own; under gVisor it is signalled through its keeper."""

    def __init__(
        self, launcher: "ContainerLauncher", pid: int, descriptors: list[int], cpu_seconds: int
    ) -> None:
        channel, self.log, self._handle, *clock = descriptors
        self.channel = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM, 0, fileno=channel)
        self.window = None  # Containers share no memory with the referee.
        self.pid = pid
        self.cpu_seconds = cpu_seconds
        self._launcher = launcher
        self._exit: Exit | None = None
        self._is_virtual = launcher.isolation == Isolation.VIRTUAL_MACHINE
        self._clock = clock[0] if clock else -1
        self._cpu_clock = ~pid << 3 | 2
        self._clock_at_start = processor_seconds(self._clock) if clock else 0.0

    def processor_seconds(self) -> float:
        """Return the processor seconds used so far; under gVisor those of its whole sandbox."""
        if self._clock < 0:
            return super().processor_seconds()
        return max(0.0, processor_seconds(self._clock) - self._clock_at_start)

    def has_ended(self, seconds: float) -> bool:
        """Wait until the process has ended by itself; gVisor shows it only when it is reaped."""
        if self._is_virtual:
            return True
        waiter = select.poll()
        waiter.register(self._handle, select.POLLIN)
        return bool(waiter.poll(seconds * 1000))

    def _signal(self, number: int) -> None:
        with contextlib.suppress(OSError):
            if self._is_virtual:
                os.write(self._handle, bytes([number]))
            else:
                signal.pidfd_send_signal(self._handle, number)

    def close(self) -> None:
        """Close the descriptors."""
        self.channel.close()
        for fd in (self.log, self._handle, self._clock):
            with contextlib.suppress(OSError):
                os.close(fd)
        self.log = self._handle = self._clock = -1


class ContainerLauncher(Launcher):
    """A warden and the requests to it; may be shared by threads."""

    def __init__(
        self,
        level: Isolation,
        cpu: int | None,
        preload: tuple[str, ...],
        pool_size: int,
        settings: SandboxSettings,
    ) -> None:
        """Start the warden and wait until its first container holds an agent.

        Raises:
            IsolationError: this host cannot hold agents so; the message says why.
        """
        if importlib.util.find_spec("docker") is None:
            raise IsolationError("Containers need the extra: pip install 'coliseum-rl[docker]'.")
        self.isolation = level
        self._lock = threading.Lock()
        self._request = WardenRequest(
            level=level,
            docker_host=settings.docker_host,
            runtime=settings.runtime_of(level),
            preload=preload,
            cpu=cpu,
            pool_size=pool_size,
            policy=Policy.of(Limits()),
            environment=ENVIRONMENT,
        )
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        command = [sys.executable, "-s", "-P", "-B", "-c", _BOOT, CODE_ROOT, str(theirs.fileno())]
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603 -- Our own interpreter and program.
                [*command, msgspec.json.encode(self._request).decode()],
                env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LANG": "C.UTF-8"},
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                pass_fds=(theirs.fileno(),),
                start_new_session=True,
            )
        self._pidfd = os.pidfd_open(self._process.pid)
        self._control.settimeout(_BOOT_SECONDS)
        try:
            error = self._hear(Booted)[0].error
        except ZygoteError as caught:
            error = str(caught)
        if error:
            self.close()
            raise IsolationError(error)
        self._control.settimeout(_ANSWER_SECONDS)

    def _hear(self, answer: type[Answer]) -> tuple[Answer, list[int]]:
        """Return the warden's next answer with the descriptors that came along.

        Raises:
            ZygoteError: it is gone or silent.
        """
        try:
            data, descriptors, _, _ = socket.recv_fds(
                self._control, _MESSAGE_BYTES, _DESCRIPTORS, socket.MSG_CMSG_CLOEXEC
            )
        except OSError as error:
            self._kill()  # A late answer would be taken for that of the next request.
            raise ZygoteError(f"the warden of the containers does not answer: {error}") from error
        if not data:
            raise ZygoteError("the warden of the containers is gone")
        return msgspec.msgpack.decode(data, type=answer), descriptors

    def _send(self, request: msgspec.Struct) -> None:
        try:
            self._control.send(msgspec.msgpack.encode(request))
        except OSError as error:
            raise ZygoteError(f"the warden of the containers is gone: {error}") from error

    def start(self, limits: Limits) -> ContainedAgent:
        """Return a contained process that waits for an agent.

        Raises:
            ZygoteError: the warden is gone, or could not have a container.
        """
        policy = Policy.of(limits)
        with self._lock:
            self._send(StartRequest(policy))
            started, descriptors = self._hear(Started)
        if started.error:
            raise ZygoteError(f"no container could be had: {started.error}")
        return ContainedAgent(self, started.pid, descriptors, policy.cpu_seconds)

    def _reap(self, pid: int) -> Exit:
        with self._lock:
            self._send(ReapRequest(pid))
            reaped, _ = self._hear(Reaped)
        if reaped.error:
            raise ZygoteError(reaped.error)
        return Exit(reaped.status, reaped.cpu_seconds, reaped.peak_memory_bytes, reaped.out_of_memory)

    @property
    def is_alive(self) -> bool:
        """Say whether the warden still runs."""
        return self._process.poll() is None

    def _kill(self) -> None:
        with contextlib.suppress(OSError):
            signal.pidfd_send_signal(self._pidfd, signal.SIGKILL)

    def close(self) -> None:
        """Have the warden remove its containers and end; with it goes every agent."""
        self._control.close()
        if self._pidfd >= 0:
            try:
                self._process.wait(_CLOSE_SECONDS)
            except subprocess.TimeoutExpired:
                self._kill()
                self._process.wait()
            os.close(self._pidfd)
            self._pidfd = -1
