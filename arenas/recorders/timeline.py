"""What every recorder keeps besides its scene: who acted, what was earned, a few words."""

from collections.abc import Sequence
from typing import Any, Final, Protocol, TypeAlias

from arenas.spec import ArenaSpec
from arenas.trajectory import FORMAT, Trajectory, encode_trajectory, track

DEFAULT_FPS: Final = 10.0
Thought: TypeAlias = Sequence[Sequence[int]]
"""For each seat the levels of `arenas.thought`, one for each turn it was asked in."""
Panel: TypeAlias = dict[str, Any]  # Any: a JSON object, see `arenas.trajectory`.


class Observed(Protocol):
    """A seat that must act now."""

    seat: int
    observation: object


class Recorded(Protocol):
    """The part of an adapter that recorders look at."""

    spec: ArenaSpec
    environment: Any  # Any: an object of a third-party library.
    rewards: list[float]
    is_over: bool

    def asked(self) -> Sequence[Observed]:
        """Return the seats that must act now; empty when the episode is over."""


class Recorder(Protocol):
    """Draws one episode: `start` after reset, `turn` after each step, `finish` at the end."""

    def start(self, adapter: Recorded) -> None:
        """Draw frame 0, the state after reset; forgets any earlier episode."""

    def turn(self, adapter: Recorded, actor: int, label: str | None = None) -> None:
        """Draw the frame after a step.

        Args:
            adapter: after the step.
            actor: the seat that acted, or -1 when all acted together.
            label: a few words on what happened; None lets the recorder find its own.
        """

    def finish(self, thought: Thought = ()) -> bytes:
        """Return the stored trajectory (see `arenas.trajectory`).

        Args:
            thought: how long each seat thought in each of its turns; empty where nobody knows.
        """


def fps_of(adapter: Recorded) -> float:
    """Return how many frames a second the environment is meant to be watched at; 10 where it does not say."""
    metadata = getattr(adapter.environment, "metadata", None) or {}
    found = metadata.get("render_fps") or DEFAULT_FPS
    return float(found) if isinstance(found, int | float) and found > 0 else DEFAULT_FPS


class Timeline:
    """The header of a trajectory, built up turn by turn."""

    def __init__(
        self, adapter: Recorded, scene: str, fps: float | None = None, colours: Sequence[str] = ()
    ) -> None:
        self._arena = adapter.spec.id
        self._seats = adapter.spec.seats
        self._scene = scene
        self._colours = list(colours)
        self._fps = fps or fps_of(adapter)
        self._actors: list[int] = []
        self._labels = [""]
        self._rewards = [tuple(adapter.rewards)]

    @property
    def frames(self) -> int:
        """Return how many frames there are."""
        return len(self._labels)

    def turn(self, adapter: Recorded, actor: int, label: str | None) -> None:
        """Note one turn."""
        self._actors.append(actor)
        self._labels.append(label or "")
        self._rewards.append(tuple(adapter.rewards))

    def stored(self, scene: Trajectory, thought: Thought = ()) -> bytes:
        """Return header and scene in their stored form; `thought` as for `Recorder.finish`."""
        header: Trajectory = {
            "format": FORMAT,
            "arena": self._arena,
            "scene": self._scene,
            "seats": self._seats,
            "turns": len(self._actors),
            "fps": self._fps,
            "actors": self._actors,
            "rewards": [track(frame[seat] for frame in self._rewards) for seat in range(self._seats)],
            "labels": self._labels,
        }
        if self._colours:
            header["colours"] = self._colours
        if thought:
            header["thought"] = list(map(list, thought))
        return encode_trajectory(header | scene)
