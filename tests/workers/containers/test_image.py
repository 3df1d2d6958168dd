import json
import os
import subprocess
import sys

import pytest

from workers.sandbox import image
from workers.sandbox.container import PROFILE

pytestmark = pytest.mark.docker

PROVE = f"""
import os, sys; sys.path.insert(0, {image.CODE!r})
from workers.errors import IsolationError
from workers.sandbox import open_launcher
from workers.sandbox.selftest import run_selftest
from workers.spec import Isolation
try:
    with open_launcher(minimum=Isolation(int(sys.argv[1]))) as launcher:
        probes = run_selftest(launcher)
        holes = [probe.name for probe in probes if not probe.ok]
        print(os.getuid(), int(launcher.isolation), len(probes) > 40, holes)
except IsolationError as error:
    print(error)
"""


@pytest.fixture(scope="module")
def tag(daemon):
    return image.build_image(daemon.client)


def run_inside(daemon, tag, program, *arguments, **options):
    command = [image.PYTHON, "-s", "-P", "-B", "-c", program, *arguments]
    return daemon.client.containers.run(
        tag,
        entrypoint=command,
        user="10001:10001",
        read_only=True,
        cap_drop=["ALL"],
        network_mode="none",
        tmpfs={"/tmp": "size=256m,mode=1777"},
        remove=True,
        stderr=True,
        **options,
    ).decode()


def test_the_image_holds_python_the_kit_and_nothing_else(daemon, tag):
    program = """
import importlib, json, os
for name in ("numpy", "onnxruntime", "gymnasium", "pettingzoo", "scipy", "msgspec"):
    importlib.import_module(name)
files = [os.path.join(folder, name) for folder, _, names in os.walk("/") for name in names]
files = [path for path in files if not path.startswith(("/proc", "/sys")) and ".so" not in path]
found = [path for path in files if os.access(path, os.X_OK)]
print(json.dumps([sorted(os.listdir("/opt/coliseum")), found, os.path.exists("/etc/passwd")]))
"""
    folders, programs, has_accounts = json.loads(run_inside(daemon, tag, program).splitlines()[-1])
    assert folders == ["arenas", "workers"]
    assert not has_accounts
    assert image.PYTHON in programs
    assert not {os.path.basename(path) for path in programs} & {"sh", "bash", "dash", "su", "mount", "apt"}


def test_it_is_built_again_only_when_what_goes_in_has_changed(daemon, tag, monkeypatch):
    assert image.build_image(daemon.client) == tag == image.image_tag()
    before = {found.id for found in daemon.client.images.list()}
    again = image.provide_image(daemon.host)
    assert not again.is_new
    assert again.size_bytes > 10**8
    assert {found.id for found in daemon.client.images.list()} == before
    monkeypatch.setattr(image, "_own_files", lambda: iter(()))
    assert image.image_tag() != tag


def test_the_command_says_what_it_built(daemon, tag):
    run = subprocess.run(
        [sys.executable, "-c", "from workers.cli import main; main()", "worker", "image", "--prune"],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "COLISEUM_DOCKER_HOST": daemon.host},
    )
    assert run.returncode == 0, run.stderr
    assert f"{tag}: " in run.stdout
    assert "already there" in run.stdout
    lost = subprocess.run(
        [sys.executable, "-c", "from workers.cli import main; main()", "worker", "image"],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "COLISEUM_DOCKER_HOST": "unix:///nosuch"},
    )
    assert lost.returncode == 5
    assert "/nosuch does not answer" in lost.stderr


@pytest.mark.parametrize("filter_of", ["ours", "the daemon's"])
def test_a_worker_in_a_container_reaches_level_2_with_our_filter_only(daemon, tag, filter_of):
    ours = PROFILE.with_name("worker-seccomp.json").read_text()
    options = ["no-new-privileges:true", *([f"seccomp={ours}"] if filter_of == "ours" else [])]
    told = run_inside(daemon, tag, PROVE, "2", security_opt=options)
    if filter_of == "ours":
        assert told.strip() == "10001 2 True []"
        return
    assert "cannot hold agents at level 2" in told
    assert "the shipped seccomp profile" in told
    assert run_inside(daemon, tag, PROVE, "1", security_opt=options).strip() == "10001 1 True []"
