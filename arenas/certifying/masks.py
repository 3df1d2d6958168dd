"""Whether masks tell the truth: what they allow is accepted, what they forbid is refused or punished.

How it works. Positions of one random episode are set up again and again, and one other action is tried in
each. The referee refuses forbidden actions itself; they are tried all the same, past it, because a mask that
forbids what the environment would take as a move of its own is a wrong mask. The environment may refuse a
forbidden action, end the episode at the seat's cost, ignore it, charge more for it than for any legal one, or
take it for a legal one. OpenSpiel's games are not tried past the referee: they do not say what happens then.
"""

import time
from collections.abc import Sequence
from typing import Final

import numpy as np

from arenas.adapters import Adapter
from arenas.adapters.open_spiel import Table
from arenas.certifying.checks import ArenaCheck, Effort
from arenas.certifying.playing import Played, go_to, observers, random_actions
from arenas.codec import Discrete
from arenas.errors import ArenaError, IllegalActionError

_LEGAL: Final = 32
_FORBIDDEN: Final = 6
_PLACES: Final = 6


def check_masks(adapter: Adapter, played: Played, effort: Effort) -> ArenaCheck:
    """Try what the masks of one episode allow and forbid.

    Raises:
        ArenaError: the environment failed before anything was tried.
    """
    if not any(played.legal):
        return ArenaCheck("masks", True, 0.0, "there are no masks: every action of the space is legal")
    trial = _Trial(adapter, played, effort.mask_seconds)
    for turn in _turns(played):
        for seat, legal in played.legal[turn].items():
            wrong = trial.look(turn, seat, legal)
            if wrong:
                return ArenaCheck("masks", False, float(trial.allowed), f"turn {turn}, seat {seat}: {wrong}")
    told = f"legal actions tried, and {trial.forbidden} forbidden ones"
    return ArenaCheck("masks", True, float(trial.allowed), told)


def _turns(played: Played) -> Sequence[int]:
    """Return turns to look at: the ends, the middle, and some in which something is forbidden."""
    last = played.log.turns - 1
    chosen = {0, last // 2, last}
    by_count = sorted(range(last + 1), key=lambda turn: min(map(len, played.legal[turn].values()), default=0))
    return sorted(chosen | set(by_count[:: max(1, len(by_count) // _PLACES)][:_PLACES]))


class _Trial:
    """Sets up positions of one episode and tries single actions in them."""

    def __init__(self, adapter: Adapter, played: Played, seconds: float) -> None:
        self.allowed = 0
        """Legal actions that were tried."""
        self.forbidden = 0
        self._adapter = adapter
        self._played = played
        self._codecs = observers(adapter)
        self._until = time.monotonic() + seconds

    def look(self, turn: int, seat: int, legal: Sequence[int]) -> str:
        """Try what a mask allows and forbids; return what is wrong with it, empty if nothing is."""
        if not legal:
            return "no action is legal"
        for action in legal[:_LEGAL]:
            if self.allowed and time.monotonic() > self._until:
                break
            try:
                self._try(turn, seat, action)
            except ArenaError as error:
                return f"legal action {action} is refused: {error}"
            self.allowed += 1
        allowed = set(legal)
        others = [action for action in range(self._size(seat)) if action not in allowed]
        for action in others[:: max(1, len(others) // _FORBIDDEN)][:_FORBIDDEN]:
            if self.forbidden and time.monotonic() > self._until:
                break
            wrong = self._wrongly_open(turn, seat, action, legal)
            if wrong:
                return wrong
            self.forbidden += 1
        return ""

    def _size(self, seat: int) -> int:
        schema = self._adapter.action_schemas[seat]
        return schema.n if isinstance(schema, Discrete) else 0

    def _wrongly_open(self, turn: int, seat: int, action: int, legal: Sequence[int]) -> str:
        """Return how a forbidden action gets through; empty if it does not."""
        self._go(turn)
        (asked,) = (one for one in self._adapter.asked() if one.seat == seat)
        try:
            self._adapter.check_legal(asked, action + getattr(self._adapter.action_schemas[seat], "start", 0))
        except IllegalActionError:
            pass
        else:
            return f"action {action} is forbidden, and the referee lets it pass"
        if isinstance(self._adapter.environment, Table):
            return ""
        if self._takes(turn, seat, action, legal):
            return f"action {action} is forbidden, and yet a move of its own"
        return ""

    def _takes(self, turn: int, seat: int, action: int, legal: Sequence[int]) -> bool:
        """Say whether the environment takes an action as a move that no legal one is."""
        self._go(turn)
        before, paid = self._views(), list(self._adapter.rewards)
        try:
            after, earned = self._try(turn, seat, action)
        except ArenaError:
            return False
        gain = earned[seat] - paid[seat]
        if after == before or (self._adapter.is_over and gain < 0):
            return False
        outcomes = [self._try(turn, seat, other) for other in legal[:_LEGAL]]
        if (after, earned) in outcomes:
            return False
        return any(usual[seat] - paid[seat] <= gain for _, usual in outcomes)

    def _go(self, turn: int) -> None:
        go_to(self._adapter, self._played.seed, turn)

    def _try(self, turn: int, seat: int, action: int) -> tuple[list[bytes], list[float]]:
        """Play up to a turn and then one action of a seat; return what is seen then, and the rewards."""
        adapter = self._adapter
        self._go(turn)
        actions = random_actions(adapter, np.random.default_rng([self._played.seed, turn]))
        actions[seat] = action + getattr(adapter.action_schemas[seat], "start", 0)
        adapter.step(actions)
        return self._views(), list(adapter.rewards)

    def _views(self) -> list[bytes]:
        if self._adapter.is_over:
            return []
        return [
            bytes([asked.seat]) + self._codecs[asked.seat].encode(asked.observation)
            for asked in self._adapter.asked()
        ]
