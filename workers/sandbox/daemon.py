"""Which container runtimes the daemon of this host knows: one question to it, no container started."""

import http.client
import socket
from typing import Final

import msgspec

_SECONDS: Final = 3.0
_MOST_BYTES: Final = 4 * 1024 * 1024


class _Info(msgspec.Struct, rename="pascal"):
    runtimes: dict[str, object] = {}


class _Connection(http.client.HTTPConnection):
    """HTTP over the daemon's socket file."""

    def __init__(self, path: str) -> None:
        super().__init__("localhost", timeout=_SECONDS)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(_SECONDS)
        self.sock.connect(self._path)


def known_runtimes(docker_host: str) -> frozenset[str]:
    """Ask the daemon for the names of its runtimes.

    Args:
        docker_host: `unix://` and the path of its socket.

    Raises:
        OSError: nobody answers there, or this user may not ask.
    """
    connection = _Connection(docker_host.removeprefix("unix://"))
    try:
        connection.request("GET", "/info")
        answer = connection.getresponse().read(_MOST_BYTES)
        return frozenset(msgspec.json.decode(answer, type=_Info).runtimes)
    except (http.client.HTTPException, msgspec.MsgspecError) as error:
        raise OSError(f"the answer cannot be read: {error}") from error
    finally:
        connection.close()
