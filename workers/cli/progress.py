"""How far a long transfer is: one line that moves on a terminal, a line now and then elsewhere."""

import os
import sys
import time

import click

_MIB = 1024 * 1024
_QUIET_SECONDS = 0.3
_TERMINAL_SECONDS = 0.1
_LOG_SECONDS = 10.0
_ERASE = "\r\x1b[K"


class Progress:
    """Tells on standard error how many bytes of how many are through; silent below a third of a second.

    Args:
        what: as "Uploading agent.zip".
        is_quiet: whether to say nothing at all.
    """

    def __init__(self, what: str, *, is_quiet: bool = False) -> None:
        self._what = what
        self._is_quiet = is_quiet
        self._is_terminal = sys.stderr.isatty() and os.environ.get("TERM") != "dumb"
        self._started = self._told = time.monotonic()
        self._has_line = False
        self.sent = self.total = 0

    @property
    def is_all_sent(self) -> bool:
        """Say whether every byte is through."""
        return 0 < self.total == self.sent

    def __call__(self, sent: int, total: int) -> None:
        """Tell it."""
        self.sent, self.total = sent, total
        now = time.monotonic()
        if self._is_quiet or now - self._started < _QUIET_SECONDS:
            return
        if now - self._told < (_TERMINAL_SECONDS if self._is_terminal else _LOG_SECONDS):
            return
        self._told = now
        text = self._text(now - self._started)
        if self._is_terminal:
            click.echo(f"{_ERASE}{text}", err=True, nl=False)
            self._has_line = True
        else:
            click.echo(text, err=True)

    def close(self) -> None:
        """Take the moving line away."""
        if self._has_line:
            click.echo(_ERASE, err=True, nl=False)
            self._has_line = False

    def _text(self, seconds: float) -> str:
        rate = self.sent / seconds
        left = (self.total - self.sent) / rate if rate else 0.0
        return (
            f"{self._what}: {self.sent / _MIB:.1f} of {self.total / _MIB:.1f} MB, "
            f"{self.sent / self.total:.0%}, {rate / _MIB:.1f} MB/s, {left:.0f} s left"
        )
