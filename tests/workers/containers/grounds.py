"""A Docker daemon of the tests' own, started by hand, and what is played on it."""

import json
import os
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

import docker

from workers.sandbox.contained import Backend, SandboxSettings
from workers.spec import Isolation

LEVELS = (Isolation.CONTAINER, Isolation.VIRTUAL_MACHINE)
START_SECONDS = 30


class CannotError(Exception):
    """Why no daemon can run here."""


class Daemon:
    """One dockerd with its data, its socket and its process in a folder that goes with it."""

    def __init__(self):
        missing = [name for name in ("dockerd", "runc", "containerd") if shutil.which(name) is None]
        if missing:
            raise CannotError(f"{', '.join(missing)} is not installed (apt-get install docker.io runsc)")
        if os.geteuid() != 0:
            raise CannotError("only root can start dockerd")
        self.has_gvisor = shutil.which("runsc") is not None
        self.folder = Path(tempfile.mkdtemp(prefix="coliseum-docker-"))
        self.host = f"unix://{self.folder}/socket"
        runtimes = {
            "runsc": {
                "path": shutil.which("runsc") or "runsc",
                "runtimeArgs": ["--host-uds=open", "--network=none"],
            },
            "runsc-closed": {"path": shutil.which("runsc") or "runsc", "runtimeArgs": ["--network=none"]},
        }
        config = self.folder / "daemon.json"
        config.write_text(json.dumps({"runtimes": runtimes}))
        self.log = self.folder / "log"
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [
                    *("dockerd", "--config-file", config, "--host", self.host),
                    *("--data-root", self.folder / "data", "--exec-root", self.folder / "exec"),
                    *("--pidfile", self.folder / "pid", "--storage-driver", "overlay2", "--bridge=none"),
                    *("--iptables=false", "--ip6tables=false", "--ip-forward=false", "--ip-masq=false"),
                ],
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        try:
            self.client = self._connect()
        except CannotError:
            self.close()
            raise

    def _connect(self):
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and self.process.poll() is None:
            if (self.folder / "socket").exists():
                client = docker.DockerClient(base_url=self.host, timeout=60)
                try:
                    client.ping()
                    return client
                except (docker.errors.DockerException, OSError):
                    client.close()
            time.sleep(0.05)
        said = self.log.read_text(errors="replace").splitlines()
        raise CannotError(f"dockerd does not start: {said[-1][-200:] if said else 'it says nothing'}")

    def settings(self, level, runtime=""):
        backend = Backend.GVISOR if level == Isolation.VIRTUAL_MACHINE else Backend.DOCKER
        return SandboxSettings(backend, self.host, runtime)

    def containers(self):
        return self.client.containers.list(all=True, ignore_removed=True)

    def close(self):
        if hasattr(self, "client"):
            for left in self.containers():
                left.remove(force=True)
            self.client.close()
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


def until(is_so, seconds=20):
    """Wait for what another process does; a generous wall, no measure of speed."""
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline, "it did not come about"
        time.sleep(0.02)
