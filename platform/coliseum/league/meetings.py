"""Who met whom in a phase so far, kept by each process and read on from where the last look ended.

How it works. Ids sort by time of creation, so that the matches up to the oldest one that still waits or runs
are settled: they are counted once. Only what is younger is read again, about what the queue holds, however
many matches were ever played. (A failed match that an administrator runs again after its time is
missed until the process starts anew; pairing can bear that.)
"""

from collections import Counter
from dataclasses import dataclass, field

from coliseum.competitions.models import Phase
from coliseum.matches.models import MatchState
from coliseum.matches.queries import league_lineups_since


@dataclass(slots=True)
class Meetings:
    """Counts of line-ups and of matches, waiting ones included."""

    lineups: Counter[tuple[str, ...]] = field(default_factory=Counter)
    """By the submission ids of a line-up, sorted; kept only where asked for, it grows with the pairs."""
    load: Counter[str] = field(default_factory=Counter)
    """Matches by submission id."""
    waiting: list[tuple[str, ...]] = field(default_factory=list)
    """Line-ups that are queued or being played."""


@dataclass(slots=True)
class _Settled:
    """What one process counted of a league once and for all."""

    until: str = ""
    """Id of the youngest match that is counted."""
    keeps_lineups: bool = True
    lineups: Counter[tuple[str, ...]] = field(default_factory=Counter)
    load: Counter[str] = field(default_factory=Counter)


_settled: dict[str, _Settled] = {}


def read_meetings(phase: Phase, *, keeps_lineups: bool = True) -> Meetings:
    """Return the counts of a phase's matches that were or will be played."""
    known = _settled.get(phase.key)
    if known is None or (keeps_lineups and not known.keeps_lineups):
        known = _settled[phase.key] = _Settled(keeps_lineups=keeps_lineups)
    young: list[tuple[str, ...]] = []
    waiting: list[tuple[str, ...]] = []
    is_settled = True
    for match_id, state, lineup in league_lineups_since(phase, known.until):
        is_settled = is_settled and state == MatchState.FINISHED
        if state != MatchState.FINISHED:
            waiting.append(lineup)
        if not is_settled:
            young.append(lineup)
            continue
        known.until = match_id
        known.load.update(lineup)
        if known.keeps_lineups:
            known.lineups[lineup] += 1
    meetings = Meetings(load=known.load.copy(), waiting=waiting)
    if keeps_lineups:
        meetings.lineups = known.lineups.copy()
        meetings.lineups.update(young)
    for lineup in young:
        meetings.load.update(lineup)
    return meetings
