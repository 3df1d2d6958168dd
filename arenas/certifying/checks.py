"""What a certificate consists of: checks, and how long they may take."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class ArenaCheck:
    """One thing that was checked or measured."""

    name: str
    """`opens`, `masks`, `luck`, ...: see docs/arenas.md, which lists them all."""
    ok: bool
    value: float | None
    """What was measured, as `detail` says; None where there was nothing to measure."""
    detail: str
    blocks: bool = True
    """Whether rated play is refused when it is not ok."""


@dataclass(frozen=True, slots=True)
class Effort:
    """How much is played for the figures. Wall seconds; what must be played is played whatever it takes."""

    name: str = "quick"
    play_seconds: float = 4.0
    """Random play, for seats, draws, luck, lengths and step times."""
    most_episodes: int = 4000
    api_seconds: float = 2.0
    """Each of the libraries' own tests."""
    mask_seconds: float = 2.0
    leak_seconds: float = 2.0
    contest_seconds: float = 4.0
    """The best baseline against itself."""
    preview_frames: int = 120


QUICK: Final = Effort()
THOROUGH: Final = Effort(
    name="thorough",
    play_seconds=60.0,
    most_episodes=20_000,
    api_seconds=20.0,
    mask_seconds=20.0,
    leak_seconds=20.0,
    contest_seconds=60.0,
)
BRIEF: Final = Effort(
    name="brief",
    play_seconds=0.1,
    most_episodes=40,
    api_seconds=0.1,
    mask_seconds=0.2,
    leak_seconds=0.2,
    contest_seconds=0.1,
)
"""For tests, and to see at a glance whether an arena is sound; its intervals are wide."""
