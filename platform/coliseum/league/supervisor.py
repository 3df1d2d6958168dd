"""The laptop set-up as one process tree: queue, web, workers, scheduler; started, watched, ended together.

How it works. Every program is a child in a session of its own with a death signal, so that neither Ctrl-C,
nor a kill of the supervisor, leaves one behind. One that ends by itself is started again, a little later each
time. All that they write goes into the home folder's `logs`.
"""

import ctypes
import fcntl
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from django.conf import settings

from coliseum.league import embedded_broker

_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None)
STOP_SECONDS = 10.0
_CELERY = (sys.executable, "-m", "celery", "--quiet")
_BACK_OFF = (0.5, 1.0, 2.0, 5.0, 10.0)


class SupervisorError(Exception):
    """The set-up cannot be started; the message says what to do."""


@dataclass(slots=True)
class Program:
    """One child: what to run, and how it fares."""

    name: str
    arguments: Sequence[str]
    stop_signal: signal.Signals = signal.SIGTERM
    waits_for_pages: bool = False
    """Started once the site answers: all at once, the first page takes half as long again."""
    process: subprocess.Popen[bytes] | None = None
    failures: int = 0
    started_at: float = 0.0
    start_again_at: float = 0.0


def site_programs() -> list[Program]:
    """Return the programs of the laptop set-up beside the queue, in order of start."""
    web = ["coliseum.asgi:application", "--host", settings.HOST, "--port", str(settings.PORT)]
    uvicorn = [sys.executable, "-m", "uvicorn", *web, "--no-access-log", "--timeout-graceful-shutdown", "2"]
    beat = [*_CELERY, "-A", "coliseum.celery_app", "beat", "--loglevel", "warning"]
    cores = len(os.sched_getaffinity(0))
    return [
        Program("web", uvicorn),
        # Two: the slow study of a board must not hold up ticks and results.
        _worker("site", "coliseum.celery_app", slots=2),
        Program("scheduler", beat, waits_for_pages=True),
        _worker("matches", "workers.celery_app", slots=cores),
        # Threads: a table waits for a person most of the time, and its work is done by the referee.
        _worker(
            "live",
            "workers.live.celery_app",
            "-P",
            "threads",
            slots=settings.LIVE_TABLES,
            waits_for_pages=True,
        ),
    ]


def _worker(queue: str, app: str, *options: str, slots: int, waits_for_pages: bool = False) -> Program:
    """Return the program that consumes a queue of the same name."""
    told = ["-Q", queue, "-c", str(slots), "-n", f"{queue}@%h", *options]
    quiet = ["--without-gossip", "--without-mingle", "--loglevel", "warning"]
    return Program(queue, [*_CELERY, "-A", app, "worker", *told, *quiet], waits_for_pages=waits_for_pages)


def child_environment() -> dict[str, str]:
    """Return what the programs get: our settings, with the queue and the folders spelt out."""
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "coliseum.settings",
        "COLISEUM_HOME": str(settings.HOME),
        "COLISEUM_PORT": str(settings.PORT),
        "COLISEUM_BROKER_URL": str(settings.BROKER_URL),
        "COLISEUM_FILES": str(settings.MEDIA_ROOT),
        "ORT_DISABLE_TELEMETRY": "1",
        "PYTHONUNBUFFERED": "1",
    }


def _die_with_parent() -> None:
    _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


class Supervisor:
    """Runs the laptop set-up until it is told to stop.

    Args:
        say: prints a line for the person at the terminal.
    """

    def __init__(self, say: Callable[[str], None]) -> None:
        self._say = say
        self._logs = Path(settings.HOME) / "logs"
        self._lock: IO[str] | None = None
        self._stopping = False
        self.programs: list[Program] = []

    def take_home(self) -> None:
        """Make sure that this is the only set-up on the home folder and that the port is free.

        Raises:
            SupervisorError: it is not.
        """
        self._logs.mkdir(parents=True, exist_ok=True, mode=0o700)
        Path(settings.FILE_UPLOAD_TEMP_DIR).mkdir(parents=True, exist_ok=True, mode=0o700)
        Path(settings.SOCKET_FOLDER).mkdir(parents=True, exist_ok=True, mode=0o700)
        if Path(settings.SOCKET_FOLDER).stat().st_uid != os.geteuid():
            raise SupervisorError(f"{settings.SOCKET_FOLDER} belongs to somebody else; remove it first.")
        self._lock = (Path(settings.HOME) / "up.lock").open("w")
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise SupervisorError(
                f"Coliseum already runs on {settings.HOME}. Stop it, or set COLISEUM_HOME to another folder."
            ) from error
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((settings.HOST, settings.PORT))
            except OSError as error:
                raise SupervisorError(
                    f"Port {settings.PORT} is taken. Choose one: COLISEUM_PORT={settings.PORT + 1} make run"
                ) from error

    def start_broker(self) -> None:
        """Start the embedded queue, if it is the configured one.

        Raises:
            SupervisorError: it does not start.
        """
        if not embedded_broker.is_embedded():
            return
        state = Path(settings.HOME) / "queue"
        state.mkdir(exist_ok=True, mode=0o700)
        program = Program(
            "queue",
            [
                embedded_broker.server_program(),
                *embedded_broker.server_arguments(Path(settings.SOCKET_FOLDER), state),
            ],
        )
        self._start(program)
        self.programs.append(program)
        assert program.process is not None
        try:
            embedded_broker.wait_until_ready(program.process)
        except RuntimeError as error:
            raise SupervisorError(str(error)) from error

    def start(self, programs: Sequence[Program]) -> None:
        """Start further programs."""
        for program in programs:
            self._start(program)
            self.programs.append(program)

    def _start(self, program: Program) -> None:
        with (self._logs / f"{program.name}.log").open("ab") as log:
            program.process = subprocess.Popen(  # noqa: S603 - fixed arguments of our own
                list(program.arguments),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=child_environment(),
                start_new_session=True,
                preexec_fn=_die_with_parent,
            )
        program.started_at = time.monotonic()

    def wait_for_web(self, *, seconds: float = 30.0) -> None:
        """Wait until the site answers.

        Raises:
            SupervisorError: it did not in time.
        """
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            with socket.socket() as probe:
                probe.settimeout(0.2)
                if probe.connect_ex((settings.HOST, settings.PORT)) == 0:
                    return
            self._watch()
            time.sleep(0.05)
        raise SupervisorError(f"The site did not start. Read {self._logs / 'web.log'}.")

    def run(self) -> None:
        """Watch the programs until SIGINT or SIGTERM."""
        for wanted in (signal.SIGINT, signal.SIGTERM):
            signal.signal(wanted, lambda *_: setattr(self, "_stopping", True))
        while not self._stopping:
            self._watch()
            time.sleep(0.2)

    def _watch(self) -> None:
        now = time.monotonic()
        for program in self.programs:
            if program.process is None or program.process.poll() is None:
                if program.failures and now - program.started_at > 60:
                    program.failures = 0
                continue
            if not program.start_again_at:
                wait = _BACK_OFF[min(program.failures, len(_BACK_OFF) - 1)]
                program.start_again_at = now + wait
                program.failures += 1
                code = program.process.returncode
                self._say(
                    f"{program.name} ended ({code}); starting it again in {wait:g} s. "
                    f"Log: {self._logs / program.name}.log"
                )
            elif now >= program.start_again_at:
                program.start_again_at = 0.0
                self._start(program)

    def stop(self) -> None:
        """End every program, the last started first; kill what does not end in time."""
        running = [each for each in reversed(self.programs) if each.process and each.process.poll() is None]
        queue = [each for each in running if each.name == "queue"]
        for group in ([each for each in running if each.name != "queue"], queue):
            for program in group:
                self._signal(program, program.stop_signal)
            deadline = time.monotonic() + STOP_SECONDS
            for program in group:
                assert program.process is not None
                try:
                    program.process.wait(max(0.1, deadline - time.monotonic()))
                except subprocess.TimeoutExpired:
                    self._signal(program, signal.SIGKILL)
                    program.process.wait()
                # A pool's children share its session; whatever is left of it goes too.
                self._signal(program, signal.SIGKILL, whole_session=True)
        if self._lock:
            self._lock.close()

    def _signal(self, program: Program, wanted: signal.Signals, *, whole_session: bool = False) -> None:
        assert program.process is not None
        try:
            if whole_session or wanted is signal.SIGKILL:
                os.killpg(program.process.pid, wanted)
            else:
                program.process.send_signal(wanted)
        except ProcessLookupError:
            pass
