"""Environments that only write: what `render` says in its mode "ansi", frame by frame."""

from typing import Any, Final

from arenas.recorders.timeline import Recorded, Thought, Timeline

MODE: Final = "ansi"
_LONGEST: Final = 20_000
"""Characters of a frame that are kept."""


def can_write(environment: object) -> bool:
    """Say whether the environment can be asked for text: nobody chose another mode of rendering."""
    chosen = getattr(environment, "render_mode", None)
    return chosen == MODE or (chosen is None and can_show(environment, MODE))


def can_show(environment: object, mode: str) -> bool:
    """Say whether the environment knows a mode of rendering."""
    known = getattr(environment, "metadata", None) or {}
    return mode in (known.get("render_modes") or known.get("render.modes") or ())


class TextRecorder:
    """Records the environment's own text."""

    def start(self, adapter: Recorded) -> None:
        """Write frame 0."""
        # The mode only says what `render` returns; it takes no part in the game.
        getattr(adapter.environment, "unwrapped", adapter.environment).render_mode = MODE
        self._timeline = Timeline(adapter, "text")
        self._last = _written(adapter.environment)
        self._texts: list[str | None] = [self._last]

    def turn(self, adapter: Recorded, actor: int, label: str | None = None) -> None:
        """Write the frame after a step, where it changed."""
        text = _written(adapter.environment)
        self._texts.append(None if text == self._last else text)
        self._last = text
        self._timeline.turn(adapter, actor, label)

    def finish(self, thought: Thought = ()) -> bytes:
        """Return the stored trajectory."""
        return self._timeline.stored({"texts": self._texts}, thought)


class FramesRecorder:
    """Records no scene at all: pictures are made when somebody asks for them, see `arenas.pictures`."""

    def start(self, adapter: Recorded) -> None:
        """Begin with frame 0."""
        self._timeline = Timeline(adapter, "frames")

    def turn(self, adapter: Recorded, actor: int, label: str | None = None) -> None:
        """Note a turn."""
        self._timeline.turn(adapter, actor, label)

    def finish(self, thought: Thought = ()) -> bytes:
        """Return the stored trajectory."""
        return self._timeline.stored({}, thought)


def _written(environment: Any) -> str:  # Any: an object of a third-party library.
    try:
        text = environment.render()
    except Exception as error:
        # A drawing that fails must not end a match that goes well.
        return f"It could not be written: {type(error).__name__}."
    return str(text).rstrip()[:_LONGEST] if text is not None else ""
