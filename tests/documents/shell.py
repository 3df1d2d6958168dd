"""A terminal in which somebody follows a document: commands typed one by one, questions answered."""

import os
import pty
import select
import subprocess
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

_LOOP = r"""
while IFS= read -r -d '' typed <&3; do
  eval "$typed" >"$OUT" 2>"$ERR"
  printf '%s\n' "$?" >&4
done
"""


@dataclass(frozen=True, slots=True)
class Ran:
    """What became of a command; `status` is None where it had not ended in time."""

    status: int | None
    out: str
    err: str
    seconds: float


class Shell:
    """A bash with a terminal for its input, so that programs ask as they ask people.

    Args:
        folder: where it begins.
        environment: what it is born with.
        answer: gets what a command printed so far (standard error); returns what is typed then, if anything.
    """

    def __init__(self, folder: Path, environment: Mapping[str, str], answer: Callable[[str], str]) -> None:
        self._files = [folder.parent / f"{folder.name}.{name}" for name in ("out", "err")]
        self._answer = answer
        self._keyboard, terminal = pty.openpty()
        read_typed, self._typed = os.pipe()
        self._statuses, write_status = os.pipe()
        plumbing = f"exec 3<&{read_typed} 4>&{write_status}\n"
        self._bash = subprocess.Popen(
            ["bash", "--norc", "-c", plumbing + _LOOP],
            cwd=folder,
            env={**environment, "OUT": str(self._files[0]), "ERR": str(self._files[1])},
            stdin=terminal,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            pass_fds=(read_typed, write_status),
            start_new_session=True,
        )
        for end in (terminal, read_typed, write_status):
            os.close(end)

    def run(self, command: str, *, seconds: float = 300.0) -> Ran:
        """Type a command and wait for its end."""
        begun = time.monotonic()
        os.write(self._typed, f"{command}\0".encode())
        answered = 0
        while time.monotonic() - begun < seconds:
            ready, _, _ = select.select([self._statuses], [], [], 0.05)
            if ready:
                status = int(os.read(self._statuses, 20))
                return Ran(status, *self._printed(), time.monotonic() - begun)
            printed = self._printed()[1]
            if words := self._answer(printed[answered:]):
                answered = len(printed)
                os.write(self._keyboard, words.encode())
        return Ran(None, *self._printed(), seconds)

    def _printed(self) -> tuple[str, str]:
        out, err = (
            file.read_text(encoding="utf-8", errors="replace") if file.exists() else ""
            for file in self._files
        )
        return out, err

    def close(self) -> None:
        """Close the terminal and end what was started in it."""
        os.close(self._typed)
        try:
            self._bash.wait(5)
        except subprocess.TimeoutExpired:
            os.killpg(self._bash.pid, 9)
            self._bash.wait()
        os.close(self._keyboard)
        os.close(self._statuses)
