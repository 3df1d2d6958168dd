"""The ledger of results: one event a line, each sealed over the line before, so that no change goes unseen.

How it works. A line is `{"event": ..., "hash": "..."}` in canonical JSON: keys sorted, no blanks, ASCII.
Its hash is the SHA-256 of the previous line's hash (hex; 64 noughts before the first), a line feed, and the
event's canonical JSON. The hash of the last line is the root: it stands for every line up to it. Lines are
only ever added; a correction is a further event. Files are opened by the caller.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Annotated, Final, Literal, TypeAlias

import msgspec

VERSION: Final = 1
START: Final = "0" * 64
"""What stands for the hash before the first line."""
MOST_LINE_BYTES: Final = 1024 * 1024

Fault: TypeAlias = Literal["unreadable", "broken", "version", "too_large"]
Objective: TypeAlias = Literal["rank", "return", "general_return", "score", "mean_score"]
ALONE: Final = frozenset({"score", "mean_score"})
"""Objectives of leagues whose agents play alone, all the same scenarios."""
"""What is compared: places in each episode; returns over a match, where what one gains others lose; own
returns, where it is not so; scores of agents that play alone."""
_Id: TypeAlias = Annotated[str, msgspec.Meta(min_length=1, max_length=100)]
_Number: TypeAlias = Annotated[float, msgspec.Meta(ge=-1e100, le=1e100)]
"""Sums and squares of as many as there are stay finite."""


class LedgerError(Exception):
    """A ledger cannot be believed from some line on; shown to whoever gave the file."""

    def __init__(self, fault: Fault, line: int, problem: str) -> None:
        self.fault: Fault = fault
        self.line = line
        """Counted from 1."""
        self.problem = problem
        super().__init__(f"line {line}: {problem}")


class Opening(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="opening", tag_field="kind"):
    """The first line: what league this is."""

    league: _Id
    arena: str
    objective: Objective
    version: int = VERSION


class Agent(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="agent", tag_field="kind"):
    """An agent, or a change of its standing: the last such line counts. Ids sort by time of submission."""

    agent: _Id
    owner: _Id
    """Agents of one owner are never compared; each house agent is its own owner."""
    active: bool
    """Whether it takes a place; its results stay in any case."""


class SeatResult(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What one seat got in one episode."""

    agent: int
    """Position in the match's line-up."""
    rank: Annotated[int, msgspec.Meta(ge=1, le=1000)]
    """1 is best; equal ranks are a tie."""
    reward: _Number
    """Sum of the rewards of the episode."""
    score: _Number
    gift: bool = False
    """Whether it forfeited before it really played."""


class EpisodeResult(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One episode of a match; seats in order."""

    seed: Annotated[int, msgspec.Meta(ge=0, le=2**63 - 1)]
    """Of the environment; where all agents play the same scenarios, the number of the scenario instead."""
    seats: Annotated[tuple[SeatResult, ...], msgspec.Meta(min_length=1, max_length=64)]
    digest: str = ""
    """Digest of the recorded episode, where there is one."""


class MatchResult(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="match", tag_field="kind"):
    """A finished match; a later line of the same match replaces this one."""

    match: _Id
    lineup: Annotated[tuple[_Id, ...], msgspec.Meta(min_length=1, max_length=64)]
    """Agents by position."""
    episodes: Annotated[tuple[EpisodeResult, ...], msgspec.Meta(min_length=1)]


class Void(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="void", tag_field="kind"):
    """A match that does not count any more."""

    match: _Id
    reason: str


Event: TypeAlias = Opening | Agent | MatchResult | Void


@dataclass(frozen=True, slots=True)
class Sealed:
    """One line that was found to be true."""

    event: Event
    hash: str
    """The root, if this is the last line."""


def seal(events: Iterable[Event], *, after: str = START) -> Iterator[tuple[bytes, str]]:
    """Yield the line (with its line feed) and the hash of each event.

    Args:
        events: in the order they happened; the first event of a ledger is its `Opening`.
        after: hash of the line before; the default begins a ledger.

    Raises:
        ValueError: a number is not finite.
    """
    for event in events:
        content = _canonical(msgspec.to_builtins(event))
        after = _hash(after, content)
        yield f'{{"event":{content},"hash":"{after}"}}\n'.encode("ascii"), after


def unseal(lines: Iterable[bytes]) -> Iterator[Sealed]:
    """Yield the events of a ledger, each as soon as its line is proved.

    Args:
        lines: with their line feeds; the last line may be cut off there, but nowhere else. Whoever reads a
            file bounds the length of a line by `MOST_LINE_BYTES` + 1.

    Raises:
        LedgerError: on the first line that is wrong: `too_large`, `unreadable` (no such event), `version`
            (of the opening), or `broken` (changed, left out, or moved).
    """
    before = START
    for number, line in enumerate(lines, 1):
        if len(line) > MOST_LINE_BYTES:
            raise LedgerError("too_large", number, f"the line is longer than {MOST_LINE_BYTES:,} bytes")
        sealed = _unsealed(line.removesuffix(b"\n"), before, number)
        before = sealed.hash
        yield sealed


def _unsealed(line: bytes, before: str, number: int) -> Sealed:
    try:
        content = json.loads(line.decode("ascii"))
        canonical = _canonical(content)
    except (ValueError, RecursionError) as error:
        raise LedgerError("unreadable", number, f"it is no JSON line ({_short(error)})") from error
    if not isinstance(content, dict) or set(content) != {"event", "hash"}:
        raise LedgerError("unreadable", number, "it must hold an event and a hash, and nothing else")
    _check_version(content["event"], number)
    try:
        event = msgspec.convert(content["event"], Event)
    except (msgspec.ValidationError, RecursionError) as error:
        raise LedgerError("unreadable", number, _short(error)) from error
    if canonical.encode("ascii") != line:
        raise LedgerError("unreadable", number, "it is not in canonical form")
    if isinstance(event, Opening) != (number == 1):
        raise LedgerError("broken", number, "the opening must be the first line, and only the first")
    wanted = _hash(before, _canonical(content["event"]))
    if content["hash"] != wanted:
        problem = "its hash does not follow from the line before; a line was changed, moved or left out"
        raise LedgerError("broken", number, problem)
    return Sealed(event, wanted)


def _check_version(event: object, number: int) -> None:
    """Tell a ledger of another version from one that makes no sense."""
    if isinstance(event, dict) and event.get("kind") == "opening" and event.get("version") != VERSION:
        problem = f"this is version {event.get('version')!r:.20}; version {VERSION} is understood"
        raise LedgerError("version", number, problem)


def _canonical(content: object) -> str:
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)


def _hash(before: str, content: str) -> str:
    return hashlib.sha256(f"{before}\n{content}".encode("ascii")).hexdigest()


def _short(error: Exception) -> str:
    return f"{error or type(error).__name__}"[:200]
