"""`coliseum up`: one command starts everything, one signal ends everything."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from tests.faults.stack import ROOT, free_port

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.enable_socket]

SECONDS = 90


class Up:
    """A running `coliseum up`."""

    def __init__(self, home: Path, port: int) -> None:
        self.log = home / "up.txt"
        environment = {key: value for key, value in os.environ.items() if not key.startswith("COLISEUM_")}
        environment |= {"COLISEUM_HOME": str(home), "COLISEUM_PORT": str(port)}
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-c", "from workers.cli import main; main()", "up"],
                cwd=ROOT,
                env=environment,
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    def wait_for(self, pattern: str) -> re.Match[str]:
        deadline = time.monotonic() + SECONDS
        while time.monotonic() < deadline:
            found = re.search(pattern, self.log.read_text())
            if found:
                return found
            assert self.process.poll() is None or re.search(pattern, self.log.read_text()), (
                self.log.read_text()
            )
            time.sleep(0.1)
        raise AssertionError(f"no {pattern} in {self.log.read_text()}")

    def stop(self) -> list[psutil.Process]:
        """Send what Ctrl-C sends; return what was started and is still there afterwards."""
        started = psutil.Process(self.process.pid).children(recursive=True)
        self.process.send_signal(signal.SIGINT)
        self.process.wait(30)
        _, left = psutil.wait_procs(started, timeout=5)
        return left


@pytest.fixture(scope="module")
def home() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="cu-"))
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module")
def port() -> int:
    return free_port()


def get(address: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(address, timeout=30) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def test_one_command_starts_everything_one_signal_ends_it_and_the_next_start_goes_on(
    home: Path, port: int
) -> None:
    up = Up(home, port)
    try:
        link = up.wait_for(r"one time: (http\S+)").group(1)
        assert get(f"http://127.0.0.1:{port}/-/ready")[0] == 200
        assert "Sign in" in get(link)[1]

        second = Up(home, port + 1)
        assert second.process.wait(SECONDS) != 0
        assert "already runs" in second.log.read_text()

        deadline = time.monotonic() + SECONDS
        board = f"http://127.0.0.1:{port}/api/v1/competitions/connect-four/leaderboard"
        while '"rank": 1' not in get(board)[1] and time.monotonic() < deadline:
            time.sleep(0.5)
        assert '"rank": 1' in get(board)[1]
    finally:
        left = up.stop()
    assert left == []

    # The second start goes on where the first one stopped.
    up = Up(home, port)
    try:
        up.wait_for(r"Coliseum is up")
        board = get(f"http://127.0.0.1:{port}/api/v1/competitions/connect-four/leaderboard")[1]
        assert '"rank": 1' in board
    finally:
        left = up.stop()
    assert left == []


def test_a_taken_port_is_said_with_the_way_out(home: Path, port: int) -> None:
    with socket.socket() as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        taken.bind(("127.0.0.1", port))
        taken.listen()
        up = Up(home, port)
        assert up.process.wait(SECONDS) != 0
        assert f"Port {port} is taken" in up.log.read_text()


def test_a_killed_supervisor_leaves_nothing_behind(home: Path, port: int) -> None:
    up = Up(home, port)
    up.wait_for(r"Coliseum is up")
    time.sleep(2)
    started = psutil.Process(up.process.pid).children(recursive=True)
    assert len(started) >= 5
    up.process.kill()
    up.process.wait()
    _, left = psutil.wait_procs(started, timeout=20)
    assert left == []
