"""Pictures of an episode: played again from its actions, rendered, and put into one animated WebP.

How it works. Nothing is rendered while a match is played: that would take a hundred times longer than the
match. Whoever wants pictures has the episode played again, on a new environment that was made with
`render_mode="rgb_array"`. Long episodes are shown in every n-th turn. A picture lasts as many milliseconds
as its turns take at normal speed, so that the player can tell from the file which turn a picture shows.
"""

import io
import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

import numpy as np

from arenas.adapters import Adapter, open_arena
from arenas.errors import ArenaError
from arenas.recorders.timeline import fps_of
from arenas.replay import ActionLog, replay_episode
from arenas.spec import ArenaSpec

MODE: Final = "rgb_array"
MOST_PICTURES: Final = 300
MOST_BYTES: Final = 4 * 1024 * 1024
FASTEST: Final = 120
"""Frames a second beyond which the player does not go either."""
_LONGEST_SIDE: Final = 480
_SMALL: Final = 320
"""What is no wider and no higher than this keeps its size; larger pictures are halved."""
_QUALITIES: Final = (70, 40, 15)


class PicturesError(ArenaError):
    """No pictures could be made of an episode; the message says why."""


@dataclass(slots=True)
class _Photographer:
    """Looks on while an episode is played again, and takes a picture of every n-th frame."""

    turns: int
    pictures: list[Any] = field(default_factory=list)  # Any: Pillow's images.
    """The last frame is always among them."""
    frames: list[int] = field(default_factory=list)

    @property
    def stride(self) -> int:
        return math.ceil((self.turns + 1) / MOST_PICTURES)

    def start(self, adapter: Adapter) -> None:
        self._take(adapter, 0)

    def turn(self, adapter: Adapter, actor: int) -> None:
        frame = adapter.turns
        if frame % self.stride == 0 or frame == self.turns:
            self._take(adapter, frame)

    def _take(self, adapter: Adapter, frame: int) -> None:
        self.pictures.append(_shrunk(adapter.environment.render()))
        self.frames.append(frame)


def make_pictures(
    spec: ArenaSpec, *, seed: int, log: ActionLog, forfeits: Mapping[int, int], digest: str = ""
) -> bytes:
    """Return an animated WebP of an episode.

    Args:
        spec: the arena.
        seed: the seed of the episode.
        log: the applied actions.
        forfeits: for each seat that forfeited the turn in which it did.
        digest: what the episode must come to again; empty if that does not matter.

    Raises:
        PicturesError: the environment draws nothing, played out otherwise, or the pictures are too large.
        ArenaError: it cannot be made or played again here.
    """
    if spec.kind == "open_spiel":
        raise PicturesError("Games of OpenSpiel render no pictures.")
    drawn = replace(spec, arguments={**spec.arguments, "render_mode": MODE})
    adapter = open_arena(drawn)
    try:
        photographer = _Photographer(log.turns)
        played = replay_episode(
            spec, seed=seed, log=log, forfeits=forfeits, recorder=photographer, adapter=adapter
        )
        ms = turn_ms(fps_of(adapter))
    finally:
        adapter.close()
    if digest and played.digest != digest:
        raise PicturesError(
            "The episode played out otherwise on this machine, so pictures would be of another."
        )
    return _encoded(photographer, ms)


def turn_ms(fps: float) -> int:
    """Return how long a turn lasts in the file, in whole milliseconds; the player counts alike."""
    return max(1, math.floor(1000 / min(fps, FASTEST) + 0.5))


def _shrunk(rendered: object) -> Any:  # Any: Pillow's image.
    """Return a rendered picture at half its size, smaller if it is very large."""
    # Imported now: only who makes pictures needs Pillow.
    from PIL import Image

    if not isinstance(rendered, np.ndarray) or rendered.ndim != 3 or rendered.shape[2] not in (3, 4):
        raise PicturesError(
            "The environment renders no pictures: its rgb_array is no array of (height, width, 3)."
        )
    image = Image.fromarray(np.ascontiguousarray(rendered[:, :, :3], dtype=np.uint8))
    longest = max(image.size)
    share = 1.0 if longest <= _SMALL else min(0.5, _LONGEST_SIDE / longest)
    size = (max(1, round(image.width * share)), max(1, round(image.height * share)))
    return image if size == image.size else image.resize(size, Image.Resampling.BOX)


def _encoded(photographer: _Photographer, ms: int) -> bytes:
    ends = [*photographer.frames[1:], photographer.frames[-1] + 1]
    durations = [ms * (end - start) for start, end in zip(photographer.frames, ends, strict=True)]
    first, *others = photographer.pictures
    for quality in _QUALITIES:
        out = io.BytesIO()
        first.save(
            out, "WEBP", save_all=True, append_images=others, duration=durations, quality=quality, method=2
        )
        if out.tell() <= MOST_BYTES:
            return out.getvalue()
    raise PicturesError(f"The pictures take more than {MOST_BYTES // 1024 // 1024} MB even at low quality.")
