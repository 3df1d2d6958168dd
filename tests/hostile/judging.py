"""What counts as a breach: each rule looks at one match and names what it found."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from arenas import registry
from arenas.spec import MIB
from tests.hostile.roster import Card
from workers.spec import AgentUsage, MatchResult, SeatResult

_TRIED = re.compile(r"^tried (\S+) (\S+)$", re.MULTILINE)
_QUIET = "quiet\n"
_SLACK_BYTES = 64 * MIB
_SLOWER_SECONDS = 0.005
_SLOWER_PART = 0.5
_IDLE_SECONDS = 0.05
"""What it may get before it is found out, loading included."""
_IDLE_PART = 0.05
_TURNS = 3
_SLOWER_SECONDS_OF_FEW = 0.05
"""A median of one or two turns is at the mercy of whatever else the host does."""
_TIMES = ("the opponent's turns took", "the match took", "did not finish", "No answer after")


@dataclass(slots=True)
class Played:
    """One match of a hostile agent, and what was seen around it."""

    card: Card
    result: MatchResult | None
    quiet_seconds: float
    """Median turn of the same opponent against a quiet one."""
    word: str
    """The secret of the bait."""
    seed: int
    memory_before: int
    memory_after: int = 0
    found: list[str] = field(default_factory=list)
    """Breaches that were seen while it was played."""

    @property
    def seats(self) -> tuple[SeatResult, ...]:
        """Return the seats' results; none without a result."""
        return self.result.episodes[0].seats if self.result and self.result.episodes else ()

    @property
    def hostile(self) -> list[SeatResult]:
        """Return the results of the seats it took."""
        if self.card.opponent == "itself" or len(self.usage) == 1:
            return list(self.seats)
        return [seat for seat in self.seats if seat.agent == 1]

    @property
    def opponent(self) -> list[SeatResult]:
        """Return the results of the quiet opponent's seats."""
        return [seat for seat in self.seats if seat not in self.hostile]

    @property
    def usage(self) -> tuple[AgentUsage, ...]:
        """Return what each member of the line-up used."""
        return self.result.usage if self.result else ()

    @property
    def outcome(self) -> str:
        """Return its verdict; the worst where it took several seats."""
        outcomes = [str(seat.outcome) for seat in self.hostile]
        return next((each for each in outcomes if each != "ok"), outcomes[0] if outcomes else "no result")

    def answers(self) -> dict[str, str]:
        """Return what it tried, and what it got; of two seats, the one that got further."""
        found: dict[str, str] = {}
        for usage in self.usage if self.card.opponent == "itself" else self.usage[-1:]:
            for name, answer in _TRIED.findall(usage.log):
                if found.get(name) != "OPEN":
                    found[name] = answer
        return found


def breaches(played: Played) -> list[str]:
    """Return all that the agent broke."""
    found = list(played.found)
    if played.result is None:
        return found
    if played.result.error or not played.seats:
        return [*found, f"our fault: {played.result.error or 'no episode'}"]
    for rule in (_verdict, _opponent, _idle, _attempts, _log, _secrets, _room):
        found += rule(played)
    return found


def is_about_time(played: Played) -> bool:
    """Say whether all that was found could be the doing of a busy host."""
    found = breaches(played)
    if any(breach.startswith("the opponent got timed_out") for breach in found):
        return True
    return all(speaks_of_time(breach) for breach in found)


def speaks_of_time(breach: str) -> bool:
    """Say whether a breach is about how long something took."""
    return any(words in breach for words in _TIMES)


def _verdict(played: Played) -> Iterator[str]:
    wrong = {str(seat.outcome) for seat in played.hostile} - {str(each) for each in played.card.expected}
    for outcome in sorted(wrong):
        message = next(seat.message for seat in played.hostile if seat.outcome == outcome)
        yield f"is not among the expected: {outcome} ({message})"
    assert played.result
    if played.result.seconds > played.card.within_seconds:
        yield f"the match took {played.result.seconds:.1f} s of {played.card.within_seconds:g}"


def _opponent(played: Played) -> Iterator[str]:
    for seat in played.opponent:
        if seat.outcome != "ok":
            yield f"the opponent got {seat.outcome}: {seat.message}"
        if played.outcome != "ok" and seat.rank != 1:
            yield f"the opponent came in place {seat.rank}"
    if not played.opponent:
        return
    outcome = registry.get(played.card.arena).objective == "outcome"
    if played.outcome != "ok" and outcome and played.opponent[0].score != 1:
        yield f"the opponent's score is {played.opponent[0].score:g}"
    usage = played.usage[0]
    if usage.log != _QUIET:
        yield f"the opponent's log holds {usage.log[:60]!r}"
    if usage.step_quantiles and outcome:
        median = usage.step_quantiles[0]
        slower = max(_SLOWER_SECONDS, _SLOWER_PART * played.quiet_seconds)
        if sum(seat.turns for seat in played.opponent) < _TURNS:
            slower = _SLOWER_SECONDS_OF_FEW
        if median > played.quiet_seconds + slower:
            yield f"the opponent's turns took {median * 1000:.1f} ms, not {played.quiet_seconds * 1000:.1f}"


def _idle(played: Played) -> Iterator[str]:
    """Judge by the processor clock what it computed in others' time; a busy host does not blur that."""
    if played.card.opponent != "busy":
        return
    others = sum(seat.think_seconds for seat in played.opponent)
    used = played.usage[-1].idle_cpu_seconds
    if used > _IDLE_SECONDS + _IDLE_PART * others:
        yield f"it computed {used * 1000:.0f} ms in the {others * 1000:.0f} ms of the opponent's turns"


def _attempts(played: Played) -> Iterator[str]:
    card, answers = played.card, played.answers()
    if len(answers) != card.tries:
        yield f"{len(answers)} attempts were made, not {card.tries}"
    for name, answer in answers.items():
        if answer == "OPEN" or (card.refusals and answer not in card.refusals):
            yield f"{name}: {answer}"


def _log(played: Played) -> Iterator[str]:
    for usage in played.usage:
        if len(usage.log) > 2 * played.card.limits.log_bytes + 60:
            yield f"the log kept {len(usage.log)} characters"
    if played.card.log and not any(played.card.log in usage.log for usage in played.usage):
        yield f"its log lacks {played.card.log!r}"
    for seat in played.hostile:
        if "\n" in seat.message or len(seat.message) > 500:
            yield "the message is more than a line"
        if played.card.says not in seat.message:
            yield f"its message is {seat.message[:80]!r}, without {played.card.says!r}"


def _secrets(played: Played) -> Iterator[str]:
    for usage in played.usage:
        if played.word in usage.log:
            yield "the secret is in its log"
        if str(played.seed) in usage.log:
            yield "the seed is in its log"
    for seat in played.hostile:
        if played.word in seat.message + seat.evidence or str(played.seed) in seat.message + seat.evidence:
            yield "the secret or the seed is in its message"


def _room(played: Played) -> Iterator[str]:
    for usage in played.usage:
        if usage.peak_memory_bytes > played.card.most_bytes:
            yield f"it held {usage.peak_memory_bytes // MIB} MiB"
    if played.memory_after > played.memory_before + _SLACK_BYTES:
        yield f"the referee grew by {(played.memory_after - played.memory_before) // MIB} MiB"
