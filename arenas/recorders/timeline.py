"""What every recorder keeps besides its scene: who acted, what was earned, a few words."""

from collections.abc import Sequence
from typing import Any, Protocol, TypeAlias

from arenas.spec import ArenaSpec
from arenas.trajectory import FORMAT, Trajectory, encode_trajectory, track

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

    def finish(self) -> bytes:
        """Return the stored trajectory (see `arenas.trajectory`)."""


class Timeline:
    """The header of a trajectory, built up turn by turn."""

    def __init__(self, adapter: Recorded, scene: str, fps: float | None = None) -> None:
        self._arena = adapter.spec.id
        self._seats = adapter.spec.seats
        self._scene = scene
        metadata = getattr(adapter.environment, "metadata", None) or {}
        self._fps = fps or metadata.get("render_fps") or 10
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

    def stored(self, scene: Trajectory) -> bytes:
        """Return header and scene in their stored form."""
        header = {
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
        return encode_trajectory(header | scene)
