"""Panels of text: cards, and every environment that nothing else can draw."""

from typing import Any, Final

import numpy as np

from arenas.adapters.open_spiel import Table
from arenas.recorders.spiel_cards import spiel_move, spiel_panels
from arenas.recorders.timeline import Panel, Recorded, Timeline

_SUITS: Final = {"S": "spades", "H": "hearts", "D": "diamonds", "C": "clubs"}
_RANKS: Final = {"J": "Jack", "Q": "Queen", "K": "King", "A": "Ace", "T": "10"}
_VERBS: Final = {"call": "calls", "raise": "raises", "fold": "folds", "check": "checks"}
_FPS: Final = 1.0
_NUMBERS_SHOWN: Final = 8


class PanelRecorder:
    """Records a few lines of text for each seat and for the table."""

    def start(self, adapter: Recorded) -> None:
        """Write the panels after reset."""
        shows_cards = _table(adapter) is not None or isinstance(adapter.environment, Table)
        self._timeline = Timeline(adapter, "panel", _FPS if shows_cards else None)
        self._last = _panels(adapter)
        self._panels: list[list[Panel] | None] = [self._last]

    def turn(self, adapter: Recorded, actor: int, label: str | None = None) -> None:
        """Write the panels after a step, where they changed."""
        panels = _panels(adapter)
        if label is None:
            label = _last_action(adapter, actor, self._last)
        self._panels.append(None if panels == self._last else panels)
        self._last = panels
        self._timeline.turn(adapter, actor, label)

    def finish(self) -> bytes:
        """Return the stored trajectory."""
        return self._timeline.stored({"panels": self._panels})


def _table(adapter: Recorded) -> Any:  # Any: RLCard's environment, untyped.
    """Return the card table behind PettingZoo's wrapper of RLCard; None for other environments."""
    table = getattr(adapter.environment, "env", None)
    return table if hasattr(getattr(table, "game", None), "players") else None


def _panels(adapter: Recorded) -> list[Panel]:
    if isinstance(adapter.environment, Table):
        return spiel_panels(adapter.environment)
    table = _table(adapter)
    return _seat_panels(adapter) if table is None else _card_panels(table.game)


def _card_panels(game: Any) -> list[Panel]:  # Any: as above.
    panels: list[Panel] = []
    for seat, holder in enumerate(game.players):
        held = holder.hand if isinstance(holder.hand, list) else [holder.hand]
        lines = [f"Holds: {', '.join(_card(card) for card in held if card is not None) or 'nothing'}"]
        lines.append(f"Chips in: {int(holder.in_chips)}")
        if getattr(holder, "status", "alive") == "folded":
            lines.append("Folded")
        panels.append({"title": f"Seat {seat + 1}", "lines": lines, "seat": seat})
    shown = getattr(game, "public_card", None) or getattr(game, "public_cards", None) or []
    cards = shown if isinstance(shown, list) else [shown]
    pot = sum(int(holder.in_chips) for holder in game.players)
    lines = [f"Public: {', '.join(_card(card) for card in cards) or 'none yet'}", f"Pot: {pot}"]
    return [*panels, {"title": "Table", "lines": lines, "seat": None}]


def _card(card: Any) -> str:  # Any: as above.
    return f"{_RANKS.get(card.rank, card.rank)} of {_SUITS.get(card.suit, card.suit)}"


def _last_action(adapter: Recorded, actor: int, before: list[Panel]) -> str:
    if isinstance(adapter.environment, Table):
        return spiel_move(adapter.environment, actor, before)
    table = _table(adapter)
    if table is None or not table.action_recorder:
        return ""
    seat, action = table.action_recorder[-1]
    name = str(action)
    return f"Seat {seat + 1} {_VERBS.get(name, 'plays ' + name)}"


def _seat_panels(adapter: Recorded) -> list[Panel]:
    """Write for each seat what it has earned, and for the asked seats what they see."""
    seen = {asked.seat: asked.observation for asked in adapter.asked()}
    return [
        {
            "title": f"Seat {seat + 1}",
            "lines": [f"Reward: {reward:.2f}", *_lines(seen.get(seat))],
            "seat": seat,
        }
        for seat, reward in enumerate(adapter.rewards)
    ]


def _lines(observation: object) -> list[str]:
    if observation is None:
        return []
    if isinstance(observation, dict):
        return [f"{key}: {_summary(part)}" for key, part in observation.items()]
    return [f"Sees: {_summary(observation)}"]


def _summary(value: object) -> str:
    if isinstance(value, str):
        return value[:80]
    array = np.asarray(value)
    if array.dtype.kind not in "biuf":
        return str(value)[:80]
    if array.size <= _NUMBERS_SHOWN:
        return ", ".join(f"{float(number):.3g}" for number in array.ravel())
    return f"{array.shape} from {float(array.min()):.3g} to {float(array.max()):.3g}"
