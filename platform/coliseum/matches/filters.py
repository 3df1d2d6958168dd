"""Reads of matches by what somebody looks for: an agent, an opponent, how it ended, a seed."""

from dataclasses import dataclass

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery

from coliseum.matches.models import Match, MatchState, Seat
from coliseum.matches.queries import PUBLIC_KINDS, in_state, of_kind, with_agent
from coliseum.matches.revealing import openly_replayed
from coliseum.submissions.models import Submission
from workers.refusals import RefusedError
from workers.spec import Outcome

RESULTS = ("won", "lost", "drawn")
_MOST_PHASE = 5


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to look for; all of it together, what is empty does not matter."""

    agent: str = ""
    """Submission id."""
    opponent: str = ""
    """Submission id of another one in the same match."""
    outcome: str = ""
    """What became of the agent, or of anybody where none is named."""
    result: str = ""
    """One of RESULTS, for the agent."""
    kind: str = ""
    state: str = ""
    phase: str = ""
    """As in addresses: `public-1`."""
    seed: int | None = None
    """Of an episode; finds only what everybody may replay."""


def narrowed(found: QuerySet[Match], wanted: Wanted) -> QuerySet[Match]:
    """Return the matches that fit.

    Raises:
        RefusedError: `request.bad_field` for `opponent` or `result` without an agent, or no phase.
    """
    for name in ("opponent", "result"):
        if getattr(wanted, name) and not wanted.agent:
            raise RefusedError("request.bad_field", name=name, wanted="sent together with agent", field=name)
    found = found.filter(**_phase(wanted.phase))
    if wanted.kind:
        found = of_kind(found, wanted.kind)
    if wanted.state:
        found = in_state(found, wanted.state)
    if wanted.opponent:
        found = with_agent(found, wanted.opponent)
    if wanted.agent or wanted.outcome:
        found = found.filter(_own_seat(wanted))
    if wanted.seed is not None:
        # Common scenarios are sealed: no filter may tell what their seeds are.
        found = openly_replayed(found).filter(scenario="", episodes__seed=wanted.seed).distinct()
    return found


def _own_seat(wanted: Wanted) -> Q | Exists:
    """Return what holds where the agent, or anybody where none is named, has a seat as wanted."""
    own = Seat.objects.all()
    if wanted.agent:
        own = own.filter(submission=wanted.agent)
    if wanted.outcome:
        own = own.filter(outcome=wanted.outcome)
    if not wanted.agent and wanted.outcome == Outcome.OK:
        # Nearly all: whoever looks from the newest down has found a page at once.
        return Exists(own.filter(match=OuterRef("pk")))
    if wanted.outcome and wanted.outcome != Outcome.OK:
        # An index holds these few.
        own = own.filter(forfeits__gt=0)
    if wanted.result == "lost":
        own = own.filter(rank__gt=1)
    if wanted.result in {"won", "drawn"}:
        beside = Seat.objects.filter(match=OuterRef("match"), rank=1).exclude(position=OuterRef("position"))
        own = own.filter(Exists(beside) if wanted.result == "drawn" else ~Exists(beside), rank=1)
    # Distinct for PostgreSQL: else it takes the few for many, and looks from the newest match down.
    return Q(pk__in=own.values("match").distinct())


def _phase(slug: str) -> dict[str, str | int]:
    if not slug:
        return {}
    kind, _, number = slug.rpartition("-")
    if (
        kind not in {"public", "final"}
        or not number.isascii()
        or not number.isdigit()
        or len(number) > _MOST_PHASE
    ):
        raise RefusedError(
            "request.bad_field", name="phase", wanted="like public-1 or final-1", field="phase"
        )
    return {"phase__kind": kind, "phase__number": int(number)}


@dataclass(frozen=True, slots=True)
class Opponent:
    """Somebody an agent met in public rated matches."""

    submission: str
    matches: int
    ahead: int
    """In how many the agent finished ahead of it."""
    level: int


def opponents_of(agent: Submission) -> list[Opponent]:
    """Return whom an agent met, the most frequent first; seats of its own entry's copies included."""
    own = Seat.objects.filter(submission=agent, match=OuterRef("match"))
    met = (
        Seat.objects.filter(match__in=_rated().filter(seats__submission=agent))
        .exclude(submission=agent)
        .annotate(own_rank=Subquery(own.order_by("rank").values("rank")[:1]))
        .order_by()
        .values("submission")
        .annotate(
            met=Count("match", distinct=True),
            ahead=Count("match", filter=Q(own_rank__lt=F("rank")), distinct=True),
            level=Count("match", filter=Q(own_rank=F("rank")), distinct=True),
        )
        .order_by("-met", "submission")
    )
    return [Opponent(row["submission"], row["met"], row["ahead"], row["level"]) for row in met]


def _rated() -> QuerySet[Match]:
    return Match.objects.filter(
        kind__in=PUBLIC_KINDS, state=MatchState.FINISHED, is_counted=True, is_held=False
    )
