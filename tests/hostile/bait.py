"""What hostile agents are told to go for: a secret, a file to change, an open folder, listening sockets."""

import os
import secrets
import socket
import tempfile
from pathlib import Path

ROOT = str(Path(__file__).resolve().parents[2])


class Bait:
    """Real targets on this host; harmless, and watched."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="coliseum-bait-")
        self.folder = self._folder.name
        os.chmod(self.folder, 0o755)
        self.word = secrets.token_hex(16)
        self.drop = os.path.join(self.folder, "drop")
        os.mkdir(self.drop)
        os.chmod(self.drop, 0o777)
        self._secret = self._write("secret", self.word, 0o644)
        self._victim = self._write("victim", "unchanged", 0o666)
        self._was = self._victim_state()
        self._tcp = socket.create_server(("127.0.0.1", 0))
        self._udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._udp.bind(("127.0.0.1", 0))
        self._abstract = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._name = f"coliseum-bait-{self.word[:8]}"
        self._abstract.bind("\0" + self._name)
        self._abstract.listen()
        self._path = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._path.bind(os.path.join(self.drop, "socket"))
        os.chmod(os.path.join(self.drop, "socket"), 0o777)
        self._path.listen()
        for listener in self._listeners():
            listener.setblocking(False)

    def _listeners(self) -> list[socket.socket]:
        return [self._tcp, self._udp, self._abstract, self._path]

    def _write(self, name: str, text: str, mode: int) -> str:
        path = os.path.join(self.folder, name)
        Path(path).write_text(text)
        os.chmod(path, mode)
        return path

    def _victim_state(self) -> tuple[str, int, int, int]:
        found = os.stat(self._victim)
        return Path(self._victim).read_text(), found.st_mode, found.st_mtime_ns, found.st_uid

    def told(self, referee: int, zygote: int) -> dict[str, object]:
        """Return what a told agent learns."""
        return {
            "referee": referee,
            "zygote": zygote,
            "secret": self._secret,
            "victim": self._victim,
            "drop": self.drop,
            "platform": ROOT,
            "tcp": self._tcp.getsockname()[1],
            "udp": self._udp.getsockname()[1],
            "abstract": "@" + self._name,
            "host": os.uname().nodename,
        }

    def taken(self) -> list[str]:
        """Say what an agent got hold of since the last call."""
        found = []
        for name, listener in zip(("tcp", "udp", "abstract", "path"), self._listeners(), strict=True):
            try:
                listener.recv(100) if name == "udp" else listener.accept()[0].close()
            except BlockingIOError:
                continue
            found.append(f"the {name} listener was reached")
        try:
            is_same = self._victim_state() == self._was
        except OSError:
            is_same = False
        if not is_same:
            found.append("the platform's file was changed")
            self._write("victim", "unchanged", 0o666)
            self._was = self._victim_state()
        return found

    def close(self) -> None:
        """Let go of everything."""
        for listener in self._listeners():
            listener.close()
        self._folder.cleanup()
