"""What the engine is to reach: the goals and aims of the project, in one place."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

SANDBOXED: Final = "sandboxed"
BARE: Final = "bare"
KAGGLE: Final = "kaggle"


@dataclass(frozen=True, slots=True)
class Goal:
    """A bound on figures of one round."""

    id: str
    what: str
    bound: float
    aim: float | None = None
    subject: str = SANDBOXED
    """The variant it is about."""
    over: str = BARE
    """The variant it is compared with."""
    by: Literal["ratio", "difference", "value"] = "ratio"
    """subject / over, subject - over, or the subject's figure alone."""
    at_most: bool = False

    def value(self, figures: Mapping[str, float]) -> float | None:
        """Return what is bounded; None where one of its variants was not measured."""
        if self.subject not in figures or (self.by != "value" and self.over not in figures):
            return None
        subject = figures[self.subject]
        if self.by == "value":
            return subject
        return subject / figures[self.over] if self.by == "ratio" else subject - figures[self.over]

    def verdict(self, value: float | None) -> str:
        """Return `aim`, `goal`, `missed` or `not measured`."""
        if value is None:
            return "not measured"
        if self.aim is not None and self._holds(value, self.aim):
            return "aim"
        return "goal" if self._holds(value, self.bound) else "missed"

    def _holds(self, value: float, bound: float) -> bool:
        return value <= bound if self.at_most else value >= bound


GOALS: Final[Mapping[str, tuple[Goal, ...]]] = {
    "connect-four": (
        Goal("G1", "plies, over kaggle-environments in one process", 15, 25, over=KAGGLE),
        Goal("G1", "plies, over the bare env() loop", 0.7),
    ),
    "connect-four-lockstep": (
        Goal("G2", "plies, over the bare env() loop", 1.0, 1.6),
        Goal("G2", "plies, over kaggle-environments in one process", 25, 35, over=KAGGLE),
        Goal("G2", "act_batch: plies, over the bare env() loop", 1.0, 1.6, subject="act_batch"),
    ),
    "connect-four-fresh": (
        Goal("G3", "matches, over kaggle-environments in one process", 4, 6, over=KAGGLE),
    ),
    "boundary": (
        Goal("G4", "µs an act beyond the work itself, 336 bytes", 25, 18, by="difference", at_most=True),
        Goal("G4", "the same in 16 lanes", 25, 4, subject="336 B, 16 lanes", by="difference", at_most=True),
    ),
    "multiwalker": (Goal("G5", "turns, over bare", 0.85, 0.92),),
    "simple-tag": (Goal("G6", "turns, over bare", 0.80, 0.87),),
    "pistonball": (Goal("G6", "turns, over bare", 0.90, 0.97),),
    "lunar-lander": (
        Goal("G7", "turns, over bare", 0.55, 0.65),
        Goal("G7", "turns in 16 lanes, over bare", 0.9, subject="16 lanes"),
    ),
    "workers": (Goal("G8", "turns of two workers, over one", 1.85, 1.95),),
    "cold-start": (Goal("G9", "seconds from the command to its result", 0.7, 0.4, by="value", at_most=True),),
    "rating": (Goal("G15", "µs a match", 5, 1, by="value", at_most=True),),
    "refit": (
        Goal("L1", "s, 100 agents and 50 pairings", 0.05, by="value", at_most=True),
        Goal("L1", "s, 500 agents", 1.0, subject="500 agents", by="value", at_most=True),
        Goal("L1", "s, 1,500 agents", 5.0, subject="1500 agents", by="value", at_most=True),
    ),
    "large-field": (Goal("L2", "s, 10,000 agents, 10^6 matches", 1.5, by="value", at_most=True),),
    "replay-bytes": (Goal("G18", "bytes a match", 200, 64, by="value", at_most=True),),
    "memory": (Goal("G21", "MB of a running match", 130, 80, by="value", at_most=True),),
}
"""By workload; the first of each is the one that counts."""
