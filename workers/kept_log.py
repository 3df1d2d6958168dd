"""What is kept of an agent's output, however much it prints."""


class KeptLog:
    """The head and the tail of what an agent printed."""

    def __init__(self, most_bytes: int) -> None:
        self._most = most_bytes
        self._head = bytearray()
        self._tail = bytearray()
        self._lost = 0

    def add(self, data: bytes) -> None:
        """Keep what fits, and count the rest."""
        room = self._most - len(self._head)
        if room > 0:
            self._head += data[:room]
            data = data[room:]
        self._tail += data
        over = len(self._tail) - self._most
        if over > 0:
            del self._tail[:over]
            self._lost += over

    def text(self) -> str:
        """Return it as text, with a mark where bytes are left out."""
        head, tail = self._head.decode(errors="replace"), self._tail.decode(errors="replace")
        mark = f"\n[... {self._lost} bytes left out ...]\n" if self._lost else ""
        return head + mark + tail
