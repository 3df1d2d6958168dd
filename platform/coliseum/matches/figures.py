"""Figures about matches for hosts: what agents did wrong lately, and what a competition costs."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Final

from django.core.files.storage import default_storage
from django.db.models import Count, Sum
from django.db.models.functions import Length

from coliseum.competitions.models import Competition
from coliseum.matches.models import Episode, Match, MatchState, Seat
from coliseum.submissions.figures import package_bytes
from coliseum.submissions.models import Submission
from coliseum.submissions.queries import agents_by_id
from workers.spec import MatchKind, Outcome

LATELY: Final = 1000
"""Latest league matches that are looked at for faults."""
_SAMPLE: Final = 100
"""Latest matches that the size of a record is reckoned from."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What went wrong with agents in the latest league matches, by outcome."""

    outcome: str
    seats: int
    agents: tuple[tuple[Submission, int], ...]
    """The agents hit and how often, the most often first."""


def faults_lately(competition: Competition) -> list[Fault]:
    """Return the faults of agents in the latest finished league matches, the most frequent first."""
    finished = competition.matches.filter(kind=MatchKind.LEAGUE.value, state=MatchState.FINISHED)
    latest = list(finished.order_by("-id").values_list("pk", flat=True)[:LATELY])
    seats = Seat.objects.filter(match__in=latest).exclude(outcome__in=("", Outcome.OK.value))
    rows = list(seats.values_list("outcome", "submission").annotate(count=Count("pk")).order_by("-count"))
    agents = agents_by_id([submission for _, submission, _ in rows])
    hit: defaultdict[str, list[tuple[Submission, int]]] = defaultdict(list)
    for outcome, submission, count in rows:
        hit[outcome].append((agents[submission], count))
    faults = [Fault(outcome, sum(n for _, n in found), tuple(found)) for outcome, found in hit.items()]
    return sorted(faults, key=lambda fault: -fault.seats)


@dataclass(frozen=True, slots=True)
class Cost:
    """What a competition has cost so far."""

    kinds: tuple[tuple[str, int, float], ...]
    """Kind of match, how many were played, seconds on the workers."""
    package_bytes: int
    record_bytes: int
    """Actions and drawn episodes; reckoned from the latest matches."""

    @property
    def matches(self) -> int:
        """Return how many matches were played."""
        return sum(count for _, count, _ in self.kinds)

    @property
    def seconds(self) -> float:
        """Return how long they took on the workers."""
        return sum(seconds for _, _, seconds in self.kinds)


def cost_of(competition: Competition) -> Cost:
    """Add up what a competition's matches took and keep; reads all of them, so ask seldom."""
    finished = competition.matches.filter(state=MatchState.FINISHED)
    rows = finished.order_by().values_list("kind").annotate(count=Count("pk"), seconds=Sum("seconds"))
    kinds = tuple(sorted(((kind, count, seconds or 0.0) for kind, count, seconds in rows)))
    return Cost(
        kinds=kinds,
        package_bytes=package_bytes(competition),
        record_bytes=_record_bytes(competition, sum(count for _, count, _ in kinds)),
    )


def _record_bytes(competition: Competition, matches: int) -> int:
    """Return what the records of so many matches take, if the latest are like all."""
    finished = competition.matches.filter(state=MatchState.FINISHED).order_by("-id")
    sample = list(finished.values_list("pk", flat=True)[:_SAMPLE])
    if not sample:
        return 0
    total = 0
    episodes = Episode.objects.filter(match__in=sample).annotate(size=Length("actions"))
    for key, size in episodes.values_list("trajectory", "size"):
        total += size + (_stored(key) if key else 0)
    return total * matches // len(sample)


def _stored(key: str) -> int:
    try:
        return int(default_storage.size(key))
    except FileNotFoundError:
        return 0


def dearest_agents(competition: Competition, *, most: int = 20) -> list[tuple[Submission, int, float]]:
    """Return the agents whose matches took most: how many they were, and seconds of the whole matches."""
    finished = Match.objects.filter(competition=competition, state=MatchState.FINISHED)
    seats = Seat.objects.filter(match__in=finished.values("pk"))
    rows = (
        seats.values_list("submission")
        .annotate(count=Count("pk"), took=Sum("match__seconds"))
        .order_by("-took")
    )
    shown = list(rows[:most])
    agents = agents_by_id([submission for submission, _, _ in shown])
    return [(agents[submission], count, took or 0.0) for submission, count, took in shown]
