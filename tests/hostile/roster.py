"""The cast of the hostile suite: every agent is one file whose docstring says what must become of it.

The first line of the docstring says what the agent does. Then come `name: value` lines:

    row       number in the table of hostile classes; 0 for an honest control
    expected  verdicts that are right, as in `workers.spec.Outcome`
    arena     where it plays
    why       what the verdict rests on
    threat    which of T1 (host), T2 (host's secrets), T3 (host's files), T4 (other seats) it is
    tries     how many `tried <name> <answer>` lines it must print; an answer OPEN is a breach
    refusals  the only answers that count as a refusal; without it all but OPEN do
    told      yes: the package gets a told.json with places and processes of the platform to go for
    opponent  quiet (default), busy (30 ms a turn) or itself (both seats are taken by this agent)
    matches   how many it plays one after the other
    log       a text that must be in its log
    says      a text that must be in the message of its fault: that it failed by the rule it was made for
    within    seconds the match may take
    holds     most MiB of memory its process may come to; without it 64 more than its limit
    limits    changes of the short limits, as `memory_bytes=268435456 load_seconds=4`
"""

import ast
import dataclasses
import io
import json
import re
import zipfile
from dataclasses import dataclass
from pathlib import Path

from arenas.spec import MIB, Limits
from tests.hostile.archives import ARCHIVES
from workers.spec import Outcome

AGENTS = Path(__file__).with_name("agents")
ROWS = range(1, 49)
CONTROLS = 9
LIMITS = Limits(
    load_seconds=8.0,
    reset_seconds=1.5,
    step_seconds=0.2,
    bank_seconds=0.5,
    memory_bytes=128 * MIB,
    scratch_bytes=4 * MIB,
    threads=16,
    log_bytes=16 * 1024,
)
_KNOWN = {"row", "expected", "arena", "why", "threat", "tries", "refusals", "told", "opponent", "matches"}
_KNOWN |= {"log", "says", "holds", "within", "limits"}


@dataclass(frozen=True, slots=True)
class Card:
    """One agent of the suite and what its header asks for."""

    id: str
    title: str
    source: str
    row: int
    expected: frozenset[Outcome]
    arena: str
    why: str
    threat: str
    tries: int
    refusals: frozenset[str]
    is_told: bool
    opponent: str
    matches: int
    log: str
    says: str
    within_seconds: float
    most_bytes: int
    limits: Limits

    def package(self, told: dict[str, object]) -> tuple[bytes, str]:
        """Return the upload's bytes and file name."""
        if self.id in ARCHIVES:
            return ARCHIVES[self.id](self.source), "agent.zip"
        if not self.is_told:
            return self.source.encode(), "agent.py"
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            archive.writestr("agent.py", self.source)
            archive.writestr("told.json", json.dumps(told))
        return packed.getvalue(), "agent.zip"


class HeaderError(Exception):
    """An agent's header cannot be read; the suite refuses to run."""


def read_card(path: Path) -> Card:
    """Read one agent and its header.

    Raises:
        HeaderError: the header lacks a field, or has one that nobody knows.
    """
    source = path.read_text(encoding="utf-8")
    title, _, rest = (ast.get_docstring(ast.parse(source)) or "").partition("\n")
    found = dict(re.findall(r"^(\w+): (.*(?:\n {4}.*)*)$", rest, re.MULTILINE))
    if not {"row", "expected", "arena", "why"} <= set(found) <= _KNOWN:
        raise HeaderError(f"{path.name} has the header fields {sorted(found)}")
    try:
        limits = _limits(found.get("limits", ""))
        return Card(
            id=path.stem,
            title=title,
            source=source,
            row=int(found["row"]),
            expected=frozenset(Outcome(word) for word in found["expected"].split(", ")),
            arena=found["arena"],
            why=" ".join(found["why"].split()),
            threat=found.get("threat", ""),
            tries=int(found.get("tries", 0)),
            refusals=frozenset(found.get("refusals", "").split()),
            is_told=found.get("told") == "yes",
            opponent=found.get("opponent", "quiet"),
            matches=int(found.get("matches", 1)),
            log=found.get("log", ""),
            says=found.get("says", ""),
            within_seconds=float(found.get("within", 6)),
            most_bytes=int(found["holds"]) * MIB if "holds" in found else limits.memory_bytes + 64 * MIB,
            limits=limits,
        )
    except (ValueError, AttributeError) as error:
        raise HeaderError(f"{path.name}: {error}") from error


def _limits(text: str) -> Limits:
    changes = {}
    for change in text.split():
        name, _, value = change.partition("=")
        changes[name] = type(getattr(LIMITS, name))(value)
    return dataclasses.replace(LIMITS, **changes)


def read_all(only: str = "") -> list[Card]:
    """Return all cards in order, or those whose id begins with one of the words in `only`.

    Raises:
        HeaderError: a header cannot be read.
    """
    words = tuple(only.replace(",", " ").split())
    paths = sorted(AGENTS.glob("[0-9c]*.py"))
    return [read_card(path) for path in paths if not words or path.stem.startswith(words)]
