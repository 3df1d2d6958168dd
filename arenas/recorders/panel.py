"""Panels of text: cards, and every environment that nothing else can draw."""

from typing import Final

import numpy as np

from arenas.recorders.tables import words_of
from arenas.recorders.timeline import Panel, Recorded, Thought, Timeline

_FPS: Final = 1.0
_NUMBERS_SHOWN: Final = 8


class PanelRecorder:
    """Records a few lines of text for each seat and for the table."""

    def start(self, adapter: Recorded) -> None:
        """Write the panels after reset."""
        self._words = words_of(adapter)
        self._timeline = Timeline(adapter, "panel", _FPS if self._words else None)
        self._last = self._told(adapter)
        self._panels: list[list[Panel] | None] = [self._last]

    def turn(self, adapter: Recorded, actor: int, label: str | None = None) -> None:
        """Write the panels after a step, where they changed."""
        panels = self._told(adapter)
        if label is None:
            label = self._words.move(adapter, actor, self._last) if self._words else ""
        self._panels.append(None if panels == self._last else panels)
        self._last = panels
        self._timeline.turn(adapter, actor, label)

    def finish(self, thought: Thought = ()) -> bytes:
        """Return the stored trajectory."""
        return self._timeline.stored({"panels": self._panels}, thought)

    def _told(self, adapter: Recorded) -> list[Panel]:
        return self._words.panels(adapter) if self._words else _seat_panels(adapter)


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
