"""Thinking time: so much a turn, and a bank for the whole match."""

from arenas.spec import Limits


class MoveClock:
    """What one seat may still spend; the caller measures, on its monotonic clock."""

    def __init__(self, limits: Limits) -> None:
        self._step_seconds = limits.step_seconds
        self.bank_left_seconds = limits.bank_seconds

    def budget(self, turns: int = 1) -> float:
        """Return the seconds after which the next answer is late.

        Args:
            turns: decisions asked for at once.
        """
        return self._step_seconds * turns + self.bank_left_seconds

    def charge(self, elapsed_seconds: float, turns: int = 1) -> bool:
        """Take a turn's time; what goes beyond the step limit comes out of the bank.

        Returns:
            Whether the answer was in time. The bank never goes below zero.
        """
        over = elapsed_seconds - self._step_seconds * turns
        if over <= 0:
            return True
        left = self.bank_left_seconds - over
        self.bank_left_seconds = max(left, 0.0)
        return left >= 0
