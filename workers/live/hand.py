"""The person's hand: presses come in by one thread, the table takes them in another."""

from threading import Condition
from time import monotonic

from workers.live.wire import Press


class LeftError(Exception):
    """The person is gone, or must go; the message is a key of `workers.live.ending.ENDINGS`."""


class Hand:
    """The latest press, and whether the person is still there. Older presses are forgotten."""

    def __init__(self) -> None:
        self._changed = Condition()
        self._press: Press | None = None
        self._left = ""
        self._last_turn = -1

    def put(self, press: Press) -> None:
        """Take a press."""
        with self._changed:
            self._press = press
            self._changed.notify()

    def leave(self, why: str) -> None:
        """Say that the person's part is over; the first reason stays."""
        with self._changed:
            self._left = self._left or why
            self._changed.notify()

    def take(self, seconds: float) -> Press | None:
        """Wait for a press and take it; None if none comes in time.

        Raises:
            LeftError: the person is gone.
        """
        with self._changed:
            self._changed.wait_for(lambda: self._press is not None or self._left, max(0.0, seconds))
            self._check()
            press, self._press = self._press, None
            return press

    def pause_until(self, moment: float) -> None:
        """Wait until a moment of the monotonic clock; presses that come meanwhile stay.

        Raises:
            LeftError: the person is gone.
        """
        with self._changed:
            self._changed.wait_for(lambda: bool(self._left), max(0.0, moment - monotonic()))
            self._check()

    def held(self, before: int) -> int:
        """Return the action that is held now: that of a newer press, else the one from before."""
        with self._changed:
            press, self._press = self._press, None
            if press is None or press.turn <= self._last_turn:
                return before
            self._last_turn = press.turn
            return press.action

    def _check(self) -> None:
        if self._left:
            raise LeftError(self._left)
