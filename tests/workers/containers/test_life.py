import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from arenas.spec import MIB
from tests.workers.containers.grounds import until
from tests.workers.sandbox.cast import LIMITS, action_of, seated
from workers.errors import IsolationError, ZygoteError
from workers.sandbox import container, open_launcher
from workers.sandbox.contained import ContainedAgent
from workers.sandbox.container import Container, Yard, owner_of
from workers.sandbox.containment import WardenRequest
from workers.sandbox.image import build_image
from workers.sandbox.launcher import CODE_ROOT, ENVIRONMENT, Exit
from workers.sandbox.policy import Policy
from workers.seat import SeatFault
from workers.spec import Isolation, Outcome

pytestmark = pytest.mark.docker

WORKER = f"""
import sys, time; sys.path.insert(0, {CODE_ROOT!r})
from arenas.spec import Limits
from workers.sandbox import Isolation, SandboxSettings, Backend, open_launcher
settings = SandboxSettings(Backend.DOCKER, sys.argv[1])
launcher = open_launcher(minimum=Isolation.CONTAINER, settings=settings, preload=(), pool_size=2)
agent = launcher.start(Limits())
print(agent.pid, launcher._process.pid, flush=True)
time.sleep(600)
"""
TWO = "def agent(observation):\n    return 2\n"


@pytest.fixture
def worker(daemon):
    """A worker of its own that holds an agent; its process, and the warden's id."""
    command = [sys.executable, "-s", "-P", "-B", "-c", WORKER, daemon.host]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd="/", env=ENVIRONMENT)
    agent, warden = map(int, process.stdout.readline().split())
    yield process, agent, warden
    process.kill()
    process.wait()
    process.stdout.close()


def of(daemon, warden):
    return [found for found in daemon.containers() if f" {warden} " in found.labels[container.OWNER]]


def test_a_closed_launcher_leaves_no_container(daemon, level):
    before = {found.id for found in daemon.containers()}
    with open_launcher(minimum=level, settings=daemon.settings(level), preload=(), pool_size=1) as launcher:
        with seated(launcher, TWO) as seat:
            assert action_of(seat) == 2
        assert {found.id for found in daemon.containers()} - before
    assert {found.id for found in daemon.containers()} <= before


def test_the_containers_of_a_killed_worker_go_at_once(daemon, worker):
    process, agent, warden = worker
    assert of(daemon, warden)
    process.kill()
    until(lambda: not of(daemon, warden))
    assert not Path(f"/proc/{agent}").exists()


def test_those_of_a_killed_worker_and_warden_end_and_go_at_the_next_start(daemon, worker):
    process, agent, warden = worker
    os.kill(warden, signal.SIGKILL)
    process.kill()
    until(lambda: "running" not in {found.status for found in of(daemon, warden)})
    assert of(daemon, warden)
    assert not Path(f"/proc/{agent}").exists()
    with open_launcher(
        minimum=Isolation.CONTAINER, settings=daemon.settings(Isolation.CONTAINER), preload=(), pool_size=1
    ):
        assert not of(daemon, warden)


def test_a_container_that_is_killed_from_outside_is_our_fault_and_is_replaced(daemon, launcher):
    with seated(launcher, TWO) as seat:
        for found in of(daemon, launcher._process.pid):
            found.kill()
        with pytest.raises(ZygoteError, match="killed from outside"):
            action_of(seat)
    with seated(launcher, TWO) as seat:
        assert action_of(seat) == 2


def test_a_lost_warden_is_our_fault(daemon):
    settings = daemon.settings(Isolation.CONTAINER)
    with open_launcher(minimum=Isolation.CONTAINER, settings=settings, preload=(), pool_size=1) as launcher:
        assert launcher.is_alive
        launcher._process.kill()
        launcher._process.wait()
        assert not launcher.is_alive
        with pytest.raises(ZygoteError, match="warden"):
            launcher.start(LIMITS)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"runtime": "nosuch"}, "nosuch"),
        ({"level": Isolation.VIRTUAL_MACHINE, "runtime": "runc"}, "share the host's kernel"),
        ({"level": Isolation.VIRTUAL_MACHINE, "runtime": "runsc-closed"}, "--host-uds=open"),
    ],
)
def test_a_runtime_that_does_not_fit_is_refused_with_the_reason(daemon, changes, message):
    level = changes.get("level", Isolation.CONTAINER)
    if "runsc" in changes["runtime"] and not daemon.has_gvisor:
        pytest.skip("no gVisor: runsc is not installed (apt-get install runsc)")
    before = {found.id for found in daemon.containers()}
    with pytest.raises(IsolationError, match=message) as caught:
        open_launcher(minimum=level, settings=daemon.settings(level, changes["runtime"]), preload=())
    assert f"level {int(level)}" in str(caught.value)
    assert {found.id for found in daemon.containers()} <= before


def test_a_library_that_is_not_in_the_image_is_named(daemon):
    with pytest.raises(IsolationError, match="nosuch"):
        open_launcher(
            minimum=Isolation.CONTAINER, settings=daemon.settings(Isolation.CONTAINER), preload=("nosuch",)
        )


def test_the_environment_chooses(daemon, monkeypatch):
    monkeypatch.setenv("COLISEUM_SANDBOX", "docker")
    monkeypatch.setenv("COLISEUM_DOCKER_HOST", daemon.host)
    with open_launcher(minimum=Isolation.NAMESPACES, preload=(), pool_size=1) as launcher:
        assert launcher.isolation is Isolation.CONTAINER
    with open_launcher(minimum=Isolation.NONE, level=Isolation.NONE, preload=()) as launcher:
        assert launcher.isolation is Isolation.NONE


class OneContainer:
    """A launcher of one container of this process."""

    def __init__(self, held, level):
        self.held = held
        self.isolation = level

    def start(self, limits):
        guest = self.held.take()
        return ContainedAgent(self, guest.pid, guest.descriptors, Policy.of(limits).cpu_seconds)

    def _reap(self, _):
        ended = self.held.reap()
        assert not ended.error
        return Exit(ended.status, ended.cpu_seconds, ended.peak_memory_bytes, ended.out_of_memory)


def test_an_agent_that_the_containers_memory_limit_ends_is_out_of_memory(
    daemon, level, tmp_path, monkeypatch
):
    """The limits of its own process end an agent before; here the container's is set below them."""
    policy = Policy.of(LIMITS)
    own = policy.memory_bytes + policy.unpacked_bytes + policy.scratch_bytes
    few = 96 * MIB - own if level == Isolation.CONTAINER else (160 * MIB - own) // 2
    monkeypatch.setattr(container, "_KEEPER_BYTES", few)
    tmp_path.chmod(0o755)
    request = WardenRequest(
        level=level,
        docker_host=daemon.host,
        runtime=daemon.settings(level).runtime_of(level),
        preload=(),
        cpu=None,
        pool_size=0,
        policy=policy,
        environment=ENVIRONMENT,
    )
    yard = Yard(daemon.client, request, build_image(daemon.client), tmp_path, owner_of(os.getpid()))
    text = "kept = []\ndef agent(observation):\n    while True: kept.append(bytearray(b'x' * 2**20))\n"
    held = Container(yard, request.policy, 1)
    try:
        with seated(OneContainer(held, level), text) as seat:
            with pytest.raises(SeatFault) as caught:
                action_of(seat)
            assert caught.value.outcome is Outcome.OUT_OF_MEMORY
            assert seat._exit.out_of_memory
    finally:
        held.remove()
