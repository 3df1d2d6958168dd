"""One table of refusals for site, API and command line: dotted code, status, message, hint, exit code."""

from workers.refusals.outcomes import ABORTED, INFRASTRUCTURE_ERROR, OUTCOMES, REJECTED, OutcomeText
from workers.refusals.refused import REFUSALS, RefusedError, unknown_arena
from workers.refusals.retelling import retold
from workers.refusals.table import Exit, Refusal, Wording
from workers.refusals.text import LONG, SHORT, printable

__all__ = [
    "ABORTED",
    "INFRASTRUCTURE_ERROR",
    "LONG",
    "OUTCOMES",
    "REFUSALS",
    "REJECTED",
    "SHORT",
    "Exit",
    "OutcomeText",
    "Refusal",
    "RefusedError",
    "Wording",
    "printable",
    "retold",
    "unknown_arena",
]
