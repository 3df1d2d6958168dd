"""One kept container: its flags, its life, and the agents it holds one after the other.

How it works. The warden makes a folder with one listening socket and mounts it into the container, read-only.
The keeper inside connects first; each agent then connects for its channel and for its output. Nothing else
leads out: no network, no writable host path, no capability. One container holds one agent at a time.
"""

import contextlib
import os
import shutil
import signal
import socket
import struct
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import docker
import msgspec
from docker.client import DockerClient
from docker.errors import DockerException, NotFound
from docker.types import LogConfig, Ulimit

from arenas.spec import MIB
from workers.errors import ZygoteError
from workers.sandbox import image
from workers.sandbox.container_group import ControlGroup
from workers.sandbox.containment import INSIDE_FOLDER, LENGTH, REAP, KeeperRequest, WardenRequest
from workers.sandbox.policy import (
    JAIL_PACKAGE,
    JAIL_SCRATCH,
    PACKAGE_INODES,
    SCRATCH_INODES,
    Policy,
    Reaped,
    Started,
)
from workers.spec import Isolation

OWNER: Final = "coliseum.owner"
"""Label: host, process id and start of the warden a container belongs to."""
PROFILE: Final = Path(__file__).with_name("profiles") / "agent-seccomp.json"
FIRST_ID: Final = 400_000
"""A root worker runs each container as a user of its own from here on."""
_IDS: Final = 60_000
_KEEPER_BYTES: Final = 256 * MIB
"""What the keeper and the libraries it has loaded take; gVisor's own kernel needs as much again."""
_BOOT_SECONDS: Final = 40.0
_LOOK_SECONDS: Final = 1.0
_ANSWER_SECONDS: Final = 5.0
_OPEN_FILES: Final = 256
_SANDBOX_PIDS: Final = 1024
_KEEPER: Final = (
    f"import sys; sys.path.insert(0, {image.CODE!r}); from workers.sandbox.keeper import main; main()"
)
_SHUT: Final = "The daemon must know gVisor with the runtime argument --host-uds=open."
_PEER: Final = struct.Struct("3i")


class ContainerError(ZygoteError):
    """A container could not be had or does not answer; nobody is charged."""


@dataclass(slots=True)
class Guest:
    """The agent a container holds, and the launcher's descriptors for it."""

    pid: int
    """On the host; of the container's first process where the agent itself cannot be seen."""
    descriptors: list[int]
    """Channel, output, what signals go to, and at level 4 its processor clock."""
    kills: int
    """How many processes the container had lost to its memory limit before."""

    def close(self) -> None:
        """Close this side's descriptors."""
        for fd in self.descriptors:
            os.close(fd)


@dataclass(frozen=True, slots=True)
class Yard:
    """What all containers of one warden have in common."""

    client: DockerClient
    request: WardenRequest
    tag: str
    folder: Path
    owner: str


class Container:
    """A container that runs a keeper."""

    def __init__(self, yard: Yard, policy: Policy, number: int) -> None:
        """Start it; the keeper inside goes on by itself to have an agent ready.

        Raises:
            ContainerError: the daemon refused.
        """
        self.policy = policy
        self.agents = 0
        self.guest: Guest | None = None
        self._level = yard.request.level
        self._folder = yard.folder / str(number)
        self._folder.mkdir(mode=0o755)
        path = self._folder / "socket"
        self._listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._listener.bind(str(path))
        path.chmod(0o666)
        self._listener.listen(4)
        self._listener.settimeout(_LOOK_SECONDS)
        self._control: socket.socket | None = None
        try:
            self._container = yard.client.containers.create(
                yard.tag, **container_options(yard, policy, self._folder, user_of(number))
            )
            self._container.start()
            self._container.reload()
            self._first_pid = int(self._container.attrs["State"]["Pid"])
            self._group = ControlGroup(self._first_pid)
        except (DockerException, OSError) as error:
            self.remove()
            raise ContainerError(f"the daemon could not start a container: {error}") from error

    def take(self) -> Guest:
        """Return the agent that waits inside, once it does.

        Raises:
            ContainerError: the keeper gave up, died or is silent.
        """
        try:
            if self._control is None:
                self._control = self._accept()
            started = msgspec.msgpack.decode(self._hear(_BOOT_SECONDS), type=Started)
            if started.error:
                raise ContainerError(f"the container holds no agent: {started.error}")
            channel, log = self._accept(), self._accept()
            if self._has_hung_up():
                raise EOFError
        except (OSError, EOFError) as error:
            why = str(error) or "nothing came from inside"
            raise ContainerError(f"the container does not come up: {why}. {self._state()}") from error
        self.agents += 1
        self.guest = self._welcome(channel, log)
        return self.guest

    def _welcome(self, channel: socket.socket, log: socket.socket) -> Guest:
        """Find the agent on the host, and what else the launcher needs of it.

        Raises:
            ContainerError: the agent has ended already.
        """
        assert self._control is not None
        credentials = channel.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _PEER.size)
        guest = Guest(self._first_pid, [channel.detach(), log.detach()], self._group.memory_kills())
        try:
            if self._level == Isolation.VIRTUAL_MACHINE:
                guest.descriptors.append(os.dup(self._control.fileno()))
                guest.descriptors += self._group.open_processor_clock()
            else:
                guest.pid = _PEER.unpack(credentials)[0]
                guest.descriptors.append(os.pidfd_open(guest.pid))
        except OSError as error:
            guest.close()
            raise ContainerError(f"the container's agent has ended: {error}") from error
        return guest

    def reap(self) -> Reaped:
        """End the agent, and with a keeper that does not answer the container; return how it ended."""
        kills = self.guest.kills if self.guest else 0
        self.guest = None
        try:
            if self._control is None:
                raise EOFError
            self._control.send(bytes([REAP]))
            reaped = msgspec.msgpack.decode(self._hear(_ANSWER_SECONDS), type=Reaped)
            was_out = self._group.memory_kills() > kills
            return msgspec.structs.replace(reaped, out_of_memory=was_out)
        except (OSError, EOFError, msgspec.DecodeError):
            return self._inquest()

    def _inquest(self) -> Reaped:
        """Say how a container ended whose keeper is silent, and remove what is left of it.

        An agent can bring its own container down: by memory, or by what makes gVisor give up. Nobody inside
        can kill it; where somebody outside did, no agent is charged.
        """
        peak, state = self._group.peak_memory_bytes, {}
        with contextlib.suppress(DockerException, OSError):
            self._container.wait(timeout=_ANSWER_SECONDS)
        with contextlib.suppress(DockerException, OSError):
            self._container.reload()
            state = self._container.attrs["State"]
        self.remove()
        was_out = bool(state.get("OOMKilled"))
        is_ours = not state or (state.get("ExitCode") == 128 + signal.SIGKILL and not was_out)
        error = "the agent's container was killed from outside" if is_ours else ""
        return Reaped(-signal.SIGKILL, 0.0, peak, was_out, error)

    @property
    def is_gone(self) -> bool:
        """Say whether it has been removed."""
        return not self._folder.exists()

    def _has_hung_up(self) -> bool:
        """Say whether the keeper is gone; what it said before it went can still be read."""
        assert self._control is not None
        self._control.settimeout(0)
        try:
            return not self._control.recv(1, socket.MSG_PEEK)
        except BlockingIOError:
            return False

    def _accept(self) -> socket.socket:
        """Return the next connection from inside.

        Raises:
            OSError: none came in time.
            EOFError: the container has ended.
        """
        deadline = time.monotonic() + _BOOT_SECONDS
        while True:
            try:
                connection, _ = self._listener.accept()
                return connection
            except TimeoutError:
                if time.monotonic() > deadline:
                    raise
            with contextlib.suppress(DockerException):
                self._container.reload()
            if self._container.status not in ("created", "running"):
                raise EOFError

    def _hear(self, seconds: float) -> bytes:
        """Read the keeper's next message.

        Raises:
            OSError: it is late.
            EOFError: it is gone.
        """
        assert self._control is not None
        self._control.settimeout(seconds)
        (size,) = LENGTH.unpack(self._read(LENGTH.size))
        return self._read(min(size, 65_536))

    def _read(self, size: int) -> bytes:
        assert self._control is not None
        data = b""
        while len(data) < size:
            more = self._control.recv(size - len(data))
            if not more:
                raise EOFError
            data += more
        return data

    def _state(self) -> str:
        with contextlib.suppress(DockerException, OSError, KeyError):
            self._container.reload()
            state = self._container.attrs["State"]
            told = f"It is {state['Status']}, status {state['ExitCode']}. {state['Error']}".strip()
            is_shut = self._level == Isolation.VIRTUAL_MACHINE and self._control is None
            return f"{told} {_SHUT}" if is_shut else told
        return "It is gone."

    def remove(self) -> None:
        """Kill and remove it, and all that belongs to it."""
        self._listener.close()
        if self._control is not None:
            self._control.close()
        if hasattr(self, "_container"):
            with contextlib.suppress(DockerException, OSError):
                self._container.remove(force=True)
        shutil.rmtree(self._folder, ignore_errors=True)


def user_of(number: int) -> tuple[int, int]:
    """Return user and group id of a container; an ordinary worker may only signal processes of its own."""
    if os.geteuid() == 0:
        own = FIRST_ID + (os.getpid() * 64 + number) % _IDS
        return own, own
    return os.geteuid(), os.getegid()


def container_options(
    yard: Yard, policy: Policy, folder: Path, user: tuple[int, int]
) -> dict[str, Any]:  # Any: the arguments of the client's `create`, which has no types.
    """Return all flags of an agent's container; none of them can be chosen from outside."""
    request = yard.request
    is_virtual = request.level == Isolation.VIRTUAL_MACHINE
    memory = (
        policy.memory_bytes + policy.unpacked_bytes + policy.scratch_bytes + (1 + is_virtual) * _KEEPER_BYTES
    )
    asked = KeeperRequest(
        level=request.level,
        code_root=image.CODE,
        host_kernel=os.uname().release,
        preload=request.preload,
        policy=policy,
        environment=request.environment,
    )
    uid, gid = user
    own = f"uid={uid},gid={gid},mode=0700,nosuid,nodev"
    return {
        "entrypoint": [image.PYTHON, "-s", "-P", "-B", "-c", _KEEPER, msgspec.json.encode(asked).decode()],
        "environment": request.environment,
        "runtime": request.runtime,
        "user": f"{uid}:{gid}",
        "hostname": "agent",
        "working_dir": "/",
        "network_mode": "none",
        "ipc_mode": "none",
        "read_only": True,
        "cap_drop": ["ALL"],
        "security_opt": ["no-new-privileges:true", f"seccomp={PROFILE.read_text()}"],
        "pids_limit": _SANDBOX_PIDS if is_virtual else policy.threads + 1,
        "mem_limit": memory,
        "memswap_limit": memory,
        "nano_cpus": 10**9,
        "cpuset_cpus": None if request.cpu is None else str(request.cpu),
        "ulimits": [
            Ulimit(name="nofile", soft=_OPEN_FILES, hard=_OPEN_FILES),
            Ulimit(name="core", soft=0, hard=0),
            Ulimit(name="memlock", soft=0, hard=0),
        ],
        "tmpfs": {
            JAIL_SCRATCH: f"{own},noexec,size={policy.scratch_bytes},nr_inodes={SCRATCH_INODES}",
            JAIL_PACKAGE: f"{own},exec,size={policy.unpacked_bytes},nr_inodes={PACKAGE_INODES}",
        },
        "volumes": {str(folder): {"bind": INSIDE_FOLDER, "mode": "ro"}},
        "labels": {OWNER: yard.owner},
        "log_config": LogConfig(type="none"),
    }


def remove_left_over(client: DockerClient, host: str) -> int:
    """Remove the containers of this host's wardens that were killed; return how many there were."""
    removed = 0
    for found in client.containers.list(all=True, filters={"label": OWNER}, ignore_removed=True):
        owner = found.labels.get(OWNER, "")
        if owner.partition(" ")[0] == host and not is_running(owner):
            with contextlib.suppress(NotFound, docker.errors.APIError):
                found.remove(force=True)
                removed += 1
    return removed


def owner_of(pid: int) -> str:
    """Name a process of this host for good: host, process id, and when it started.

    Raises:
        ProcessLookupError: it has ended.
    """
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError as error:
        raise ProcessLookupError(pid) from error
    if fields[0] in "ZX":
        raise ProcessLookupError(pid)
    return f"{os.uname().nodename} {pid} {fields[19]}"


def is_running(owner: str) -> bool:
    """Say whether the process of that name still runs."""
    pid = owner.split(" ")[1] if owner.count(" ") == 2 else ""
    try:
        return pid.isdigit() and owner_of(int(pid)) == owner
    except ProcessLookupError:
        return False
