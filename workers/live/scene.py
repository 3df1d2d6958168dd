"""What the browser of a person draws: the state of the arena as one frame of a trajectory.

How it works. A recorder that starts in the middle of an episode draws that moment as its frame 0, so that
every arena with a recorder can be played without code of its own. Worlds of shapes say only where their
bodies are, in thousandths, as long as no body comes or goes. Worlds, boards and grids lie open; of anything
else the person gets what their seat may see.
"""

import base64
import gzip
import io
import json
from typing import Any, Final

import numpy as np

from arenas.adapters import Adapter
from arenas.errors import ArenaFaultError
from arenas.pictures import MODE
from arenas.recorders import recorder_for
from arenas.recorders.shapes2d import stage_of
from arenas.recorders.stage import Stage
from arenas.sight import panels_for
from arenas.trajectory import THOUSANDTHS

_OPEN: Final = frozenset(("board", "grid", "shapes2d"))
_HEADER: Final = ("format", "arena", "seats", "turns", "fps", "actors", "rewards", "labels", "colours")

Drawing = dict[str, Any]  # Any: a JSON object for the browser.


def is_shown_in_pictures(adapter: Adapter) -> bool:
    """Say whether nothing but its own pictures shows what happens, and whether it was made to render them."""
    return getattr(adapter.environment, "render_mode", None) == MODE


def picture_of(adapter: Adapter) -> str:
    """Return what the environment renders now, as a PNG in base64.

    Raises:
        ArenaFaultError: it rendered nothing.
    """
    # Who has no emulators needs no library for pictures.
    from PIL import Image

    rendered = adapter.environment.render()
    if rendered is None:
        raise ArenaFaultError(f"{adapter.spec.id} rendered nothing.")
    file = io.BytesIO()
    Image.fromarray(np.asarray(rendered, np.uint8)).save(file, "PNG", compress_level=1)
    return base64.b64encode(file.getvalue()).decode()


class Scene:
    """Draws one episode for one seat.

    Args:
        adapter: after reset.
        seat: whose eyes; -1 for somebody who watches a show, and sees everything.
    """

    def __init__(self, adapter: Adapter, seat: int) -> None:
        self._adapter = adapter
        self._seat = seat
        self._stage: Stage | None = None
        self.is_open = True
        """Whether everybody at the table sees the same; known once it is drawn."""

    def draw(self) -> Drawing:
        """Return {"places": [x, y, angle, ...]} where nothing but places changed, else {"scene": {...}}."""
        if self._stage is not None and not self._stage.changed():
            return {"places": [round(value * THOUSANDTHS) for value in self._stage.row()]}
        recorder = recorder_for(self._adapter)
        recorder.start(self._adapter)
        found: Drawing = json.loads(gzip.decompress(recorder.finish()))
        kind, seats = found["scene"], self._adapter.spec.seats
        if kind == "frames" and is_shown_in_pictures(self._adapter):
            return {"scene": found, "picture": picture_of(self._adapter)}
        self.is_open = kind in _OPEN or (kind == "text" and seats == 1)
        if not self.is_open and self._seat >= 0:
            header = {key: found[key] for key in _HEADER if key in found}
            panels = panels_for(self._adapter, self._seat)
            return {"scene": header | {"scene": "panel", "panels": [panels]}}
        if kind == "shapes2d" and self._stage is None:
            self._stage = stage_of(self._adapter)
        if self._stage is not None:
            self._stage.bodies()  # What `changed` compares with.
        return {"scene": found}
