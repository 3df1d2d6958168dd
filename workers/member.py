"""Who sits at a table: the members of the line-up, their processes, and why one of them is out."""

from dataclasses import dataclass
from typing import Protocol

from workers.protocol import Start
from workers.spec import AgentUsage, Outcome


class Sitter(Protocol):
    """What the table asks of whoever sits at it: `workers.seat.Seat`, or a person's."""

    lanes: int
    turn_seconds: list[float]

    def load(self, package: bytes, file_name: str, *, lanes: int = 1) -> None:
        """Get ready for the match."""

    def reset(self, start: Start) -> None:
        """Hear that an episode begins."""

    def act(self, observations: bytes, lanes: bytes = b"\0") -> memoryview:
        """Answer for one or more lanes."""

    def hold(self) -> None:
        """Stand still until asked."""

    def leave(self) -> None:
        """Go, without being waited for."""

    def close(self) -> AgentUsage:
        """Be gone; return what was used."""


@dataclass(slots=True)
class Fault:
    """Why an agent is out of the match, and since when."""

    outcome: Outcome
    message: str
    evidence: str
    turn: int
    """Turn of the episode; -1 before its first."""


@dataclass(slots=True, eq=False)
class Copy:
    """One process of an agent; an agent that plays several seats has one for each, and they never meet."""

    seat: Sitter
    seed: int
    fault: Fault | None = None


@dataclass(slots=True)
class Member:
    """One agent of the line-up."""

    copies: list[Copy]

    @property
    def fault(self) -> Fault | None:
        """Return what went wrong first with any of its processes."""
        return next((copy.fault for copy in self.copies if copy.fault), None)

    def leave(self) -> None:
        """End its processes, without waiting until they are gone."""
        for copy in self.copies:
            copy.seat.leave()

    def close(self) -> AgentUsage:
        """End its processes; return what one of them used: the one that failed, or the slowest."""
        used = [(copy.fault is not None, copy.seat.close()) for copy in self.copies]
        return max(used, key=lambda each: (each[0], each[1].step_quantiles), default=(False, AgentUsage()))[1]
