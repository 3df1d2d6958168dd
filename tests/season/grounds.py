"""A throw-away site on this machine: the laptop's set-up in a folder of its own, with nothing shared."""

import json
import os
import select
import signal
import socket
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
_START_SECONDS = 120.0
_STOP_SECONDS = 30.0


class SiteError(Exception):
    """The site did not start, or a command of it failed; the message holds what it said."""


class Site:
    """`coliseum up` with an empty database, and its commands.

    Args:
        home: where it keeps everything; an existing season is taken up again.
    """

    def __init__(self, home: Path) -> None:
        self.home = home
        self.url = ""
        home.mkdir(parents=True, exist_ok=True)
        home.chmod(0o755)
        kept = {name: value for name, value in os.environ.items() if not name.startswith("COLISEUM_")}
        self.environment = {
            **kept,
            "PYTHONPATH": f"{ROOT}:{ROOT / 'platform'}",
            "DJANGO_SETTINGS_MODULE": "coliseum.settings",
            "COLISEUM_HOME": str(home),
            "COLISEUM_PORT": str(_free_port()),
            "COLISEUM_LOG_LEVEL": "WARNING",
        }
        self._program: subprocess.Popen[str] | None = None

    def start(self) -> None:
        """Start queue, web, workers and scheduler, and wait until the site answers.

        Raises:
            SiteError: it did not come up.
        """
        with (self.home / "up.log").open("ab") as log:
            self._program = subprocess.Popen(
                [sys.executable, str(ROOT / "manage.py"), "up", "--empty", "--json"],
                env=self.environment,
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                start_new_session=True,
            )
        stream = self._program.stdout
        assert stream is not None
        ready, _, _ = select.select([stream], [], [], _START_SECONDS)
        line = stream.readline() if ready else ""
        if not line:
            self.stop()
            raise SiteError(f"the site did not start: {(self.home / 'up.log').read_text()[-3000:]}")
        self.url = str(json.loads(line)["url"])

    def stop(self) -> None:
        """End all programs; what they keep stays."""
        program = self._program
        if program is None or program.poll() is not None:
            return
        program.send_signal(signal.SIGINT)
        try:
            program.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(program.pid, signal.SIGKILL)
            program.wait()

    def manage(self, *arguments: str) -> str:
        """Run a command of the site and return what it printed.

        Raises:
            SiteError: it failed.
        """
        return run([sys.executable, str(ROOT / "manage.py"), *arguments], self.environment)


def run(program: list[str], environment: dict[str, str]) -> str:
    """Run a program in the tree and return what it printed.

    Raises:
        SiteError: it failed.
    """
    ended = subprocess.run(
        program, env=environment, cwd=ROOT, capture_output=True, text=True, timeout=600, check=False
    )
    if ended.returncode:
        raise SiteError(f"{' '.join(program[1:])}: {ended.stdout[-1000:]} {ended.stderr[-3000:]}")
    return ended.stdout


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
