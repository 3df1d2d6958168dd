"""The program that holds the power over Docker, so that the referee need not: hands out contained agents.

How it works. The launcher executes it with one socket and speaks to it as to a zygote. Whoever may talk to
the Docker daemon is root on its host; the referee, which reads hostile bytes, can ask this program only for
an agent or for its end, and no flag of a container can be chosen from there. While nobody asks it keeps a few
containers ready. With the launcher it ends, and removes what it made; what a killed one left behind, the
next removes.
"""

import contextlib
import os
import shutil
import signal
import socket
import sys
import tempfile
from pathlib import Path
from select import POLLIN, poll
from typing import Final

import docker
import msgspec
from docker.errors import DockerException

from workers.errors import MatchError
from workers.sandbox.container import (
    Container,
    ContainerError,
    Guest,
    Yard,
    owner_of,
    remove_left_over,
)
from workers.sandbox.containment import WardenRequest
from workers.sandbox.image import build_image
from workers.sandbox.policy import Booted, Policy, Reaped, ReapRequest, Started, StartRequest

CONTROL_FD: Final = 3
_MESSAGE_BYTES: Final = 65_536
_AGENTS_EACH: Final = 200
"""After so many a container is replaced: its agents share one memory layout."""
_DAEMON_SECONDS: Final = 60
_FOLDER: Final = "coliseum-containers-"


class Warden:
    """The request loop and the containers."""

    def __init__(self, control: socket.socket, yard: Yard) -> None:
        self._control = control
        self._yard = yard
        self._policy = yard.request.policy
        self._idle: list[Container] = []
        self._busy: dict[int, Container] = {}
        self._number = 0

    def serve(self) -> None:
        """Answer requests until the launcher is gone."""
        decoder = msgspec.msgpack.Decoder(StartRequest | ReapRequest)
        waiter = poll()
        waiter.register(self._control, POLLIN)
        while True:
            if len(self._idle) < self._yard.request.pool_size and not waiter.poll(0):
                with contextlib.suppress(ContainerError):  # The next start says what is wrong.
                    self._idle.append(self._open())
            message = self._control.recv(_MESSAGE_BYTES)
            if not message:
                return
            request = decoder.decode(message)
            if isinstance(request, StartRequest):
                self._start(request.policy)
            else:
                self._reap(request.pid)

    def prove(self) -> None:
        """Have the first container, so that a host that cannot is found out at boot.

        Raises:
            ContainerError: it cannot.
        """
        container = self._open()
        self._idle.append(container)
        guest = container.take()
        guest.close()
        container.reap()

    def _open(self) -> Container:
        self._number += 1
        return Container(self._yard, self._policy, self._number)

    def _start(self, policy: Policy) -> None:
        if policy != self._policy:
            self._policy = policy
            for container in self._idle:
                container.remove()
            self._idle.clear()
        try:
            container, guest = self._take()
        except ContainerError as error:
            self._answer(Started(error=str(error)))
            return
        self._busy[guest.pid] = container
        answer = msgspec.msgpack.encode(Started(pid=guest.pid))
        socket.send_fds(self._control, [answer], guest.descriptors)
        guest.close()

    def _take(self) -> tuple[Container, Guest]:
        """Return an agent of a container that was kept ready, or else of a fresh one.

        Raises:
            ContainerError: not even a fresh one could be had.
        """
        while self._idle:
            container = self._idle.pop()
            try:
                return container, container.take()
            except ContainerError:
                container.remove()
        container = self._open()
        try:
            return container, container.take()
        except ContainerError:
            container.remove()
            raise

    def _reap(self, pid: int) -> None:
        container = self._busy.pop(pid, None)
        self._answer(container.reap() if container else Reaped())
        if container is None or container.is_gone:
            return
        is_wanted = container.policy == self._policy and len(self._idle) < 2 * self._yard.request.pool_size
        if is_wanted and container.agents < _AGENTS_EACH:
            self._idle.append(container)
        else:
            container.remove()

    def _answer(self, answer: Started | Reaped) -> None:
        self._control.send(msgspec.msgpack.encode(answer))

    def close(self) -> None:
        """Remove all containers."""
        for container in (*self._busy.values(), *self._idle):
            container.remove()


def _remove_stale_folders() -> None:
    """Remove the socket folders of this user's wardens that were killed."""
    for folder in Path(tempfile.gettempdir()).glob(f"{_FOLDER}*"):
        pid = folder.name.removeprefix(_FOLDER).partition("-")[0]
        with contextlib.suppress(OSError):
            if pid.isdigit() and not Path(f"/proc/{pid}").exists() and folder.lstat().st_uid == os.geteuid():
                shutil.rmtree(folder, ignore_errors=True)


def main() -> None:
    """Run the warden; the control socket is descriptor 3, the request its one argument."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    control = socket.socket(fileno=CONTROL_FD)
    request = msgspec.json.decode(sys.argv[1], type=WardenRequest)
    _remove_stale_folders()
    folder = Path(tempfile.mkdtemp(prefix=f"{_FOLDER}{os.getpid()}-"))
    warden = None
    try:
        client = docker.DockerClient(base_url=request.docker_host, timeout=_DAEMON_SECONDS)
        remove_left_over(client, os.uname().nodename)
        yard = Yard(client, request, build_image(client), folder, owner_of(os.getpid()))
        warden = Warden(control, yard)
        warden.prove()
        control.send(msgspec.msgpack.encode(Booted()))
        warden.serve()
    except (DockerException, MatchError, OSError) as error:  # The process border: the launcher decides.
        with contextlib.suppress(OSError):
            control.send(msgspec.msgpack.encode(Booted(error=str(error) or type(error).__name__)))
    finally:
        if warden is not None:
            warden.close()
        shutil.rmtree(folder, ignore_errors=True)
