"""What each outcome of a seat means to its owner, and what to do next."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from workers.spec import Outcome


@dataclass(frozen=True, slots=True)
class OutcomeText:
    """The words for one outcome."""

    label: str
    """One or two words for a chip."""
    meaning: str
    """One sentence for everybody."""
    hint: str
    """What the owner can do; empty where nothing is wanted."""


REJECTED: Final = "rejected"
INFRASTRUCTURE_ERROR: Final = "infrastructure_error"
ABORTED: Final = "aborted"

OUTCOMES: Final[Mapping[str, OutcomeText]] = MappingProxyType(
    {
        Outcome.OK: OutcomeText("ok", "The agent played to the end.", ""),
        Outcome.LOAD_FAILED: OutcomeText(
            "failed to start",
            "The agent could not be imported or constructed within its loading time.",
            "Run coliseum check. Load weights from beside agent.py; import only what the arena offers.",
        ),
        Outcome.CRASHED: OutcomeText(
            "crashed",
            "The agent raised an exception, exited, or was ended by a signal.",
            "The traceback and the log are on the match page. coliseum check plays the same match here.",
        ),
        Outcome.TIMED_OUT: OutcomeText(
            "timed out",
            "The agent used up its time for a move and its spare time.",
            "The times per move are on the match page. Do heavy work while loading, and less per move.",
        ),
        Outcome.ILLEGAL_ACTION: OutcomeText(
            "illegal action",
            "The agent chose an action that the arena does not allow there.",
            "Choose where the action mask has a 1, and stay within the action space.",
        ),
        Outcome.PROTOCOL_VIOLATION: OutcomeText(
            "protocol violation",
            "The agent's answer was not an action: wrong type, wrong shape, too large, or not asked for.",
            "Return a plain number, or an array of the shape of the action space, and nothing else.",
        ),
        Outcome.OUT_OF_MEMORY: OutcomeText(
            "out of memory",
            "The agent used more memory than the arena grants.",
            "The match page shows limit and peak. Use smaller weights or float32, and keep less history.",
        ),
        Outcome.RESOURCE_LIMIT: OutcomeText(
            "resource limit",
            "The agent went over a limit on processes, files, disk or output.",
            "Agents cannot start processes. Use threads, write little, and print little.",
        ),
        Outcome.SECURITY_VIOLATION: OutcomeText(
            "rule violation",
            "The agent made a system call that is never allowed and was stopped.",
            "Remove the code that makes the call named on the match page; the third time suspends you.",
        ),
        REJECTED: OutcomeText(
            "rejected",
            "The upload was refused before any match.",
            "The message says what to change. Upload it again afterwards.",
        ),
        INFRASTRUCTURE_ERROR: OutcomeText(
            "our fault, run again",
            "The platform failed, not an agent; the match counts for nobody and is played again.",
            "",
        ),
        ABORTED: OutcomeText("cancelled", "The match was cancelled by the host; it counts for nobody.", ""),
    }
)
"""By outcome, with the three words for what never reaches a seat: rejected, infrastructure_error, aborted."""
