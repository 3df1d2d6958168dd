"""Many matches at once, as a host may treat them: voided, restored, or played again as new ones."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

from django.db import transaction
from django.db.models import QuerySet

from coliseum.accounts.models import User
from coliseum.competitions.models import Competition, PhaseState
from coliseum.competitions.phases import check_reason
from coliseum.competitions.services import record_act
from coliseum.matches.models import Match, MatchState
from coliseum.matches.queries import COMMON_SCENARIO
from coliseum.matches.services import Plan, requeue_failed, schedule_matches
from coliseum.submissions.models import Submission
from coliseum.submissions.queries import paired_in
from workers.refusals import RefusedError
from workers.spec import MatchKind

MOST: Final = 500
"""Matches that are treated at a time."""
RERUN: Final = "rerun"
"""What stands as reason of a match that is played in place of a voided one."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What an act would do with the matches that were chosen, before it happens."""

    fit: tuple[Match, ...]
    """It will be done with these."""
    unfit: int
    """How many of those chosen it cannot be done with: of another state, or an agent is out of play."""


def chosen_matches(
    competition: Competition, *, match_ids: Collection[str] = (), submission: str = ""
) -> QuerySet[Match]:
    """Return league matches of a competition by id, or all of one agent, oldest first."""
    league = competition.matches.filter(kind=MatchKind.LEAGUE.value)
    if submission:
        league = league.filter(seats__submission=submission).distinct()
    else:
        league = league.filter(pk__in=list(match_ids)[: MOST + 1])
    return league.select_related("phase").prefetch_related("seats").order_by("pk")


def choose(act: str, matches: QuerySet[Match]) -> Choice:
    """Return what `void`, `restore` or `rerun` would do with these matches.

    Raises:
        RefusedError: `match.none_chosen`, or `match.too_many`.
    """
    found = list(matches[: MOST + 1])
    fit = tuple(_fitting(act, found))
    if not fit:
        raise RefusedError("match.none_chosen")
    if len(found) > MOST:
        raise RefusedError("match.too_many", given=matches.count(), most=MOST)
    return Choice(fit, len(found) - len(fit))


def _fitting(act: str, matches: Sequence[Match]) -> list[Match]:
    finished = [match for match in matches if match.state == MatchState.FINISHED]
    if act == "void":
        return [match for match in finished if match.is_counted]
    if act == "restore":
        return [match for match in finished if not match.is_counted]
    phases = {match.phase_id: match.phase for match in matches if match.phase}
    playing = {
        number: set(paired_in(phase).values_list("pk", flat=True))
        if phase.state == PhaseState.OPEN
        else set()
        for number, phase in phases.items()
    }
    return [
        match
        for match in matches
        if match.state == MatchState.FAILED
        or (
            match.state == MatchState.FINISHED
            and match.is_counted
            and {seat.submission_id for seat in match.seats.all()} <= playing.get(match.phase_id, set())
        )
    ]


@transaction.atomic
def count_matches(
    *, competition: Competition, matches: Sequence[Match], counted: bool, actor: User, reason: str
) -> int:
    """Take finished matches out of the ratings, or back into them; return how many changed.

    Raises:
        RefusedError: `request.bad_field` without a reason.
    """
    reason = check_reason(reason)
    ids = [match.pk for match in matches]
    changing = competition.matches.filter(
        pk__in=ids, state=MatchState.FINISHED, is_counted=not counted
    ).order_by("pk")
    changed = list(changing.select_for_update(of=("self",)).values_list("pk", flat=True))
    Match.objects.filter(pk__in=changed).update(is_counted=counted)
    if changed:
        verb = "restored" if counted else "voided"
        record_act(competition=competition, actor=actor, verb=verb, subject=_named(changed), reason=reason)
    return len(changed)


@transaction.atomic
def rerun_matches(
    *, competition: Competition, matches: Sequence[Match], actor: User, reason: str
) -> list[Match]:
    """Play matches again: new ones are queued, the old ones are voided; failed ones go back into the queue.

    Whatever was voided in the meantime is not played a second time, so that sending a form twice is harmless.
    Seeds are fresh, but in score arenas, where all agents play the same scenarios.

    Raises:
        RefusedError: `request.bad_field` without a reason; `match.none_chosen` if nothing is left to do.
    """
    reason = check_reason(reason)
    again = [match for match in matches if requeue_failed(match=match)]
    wanted = [match.pk for match in matches if match.state == MatchState.FINISHED]
    held = competition.matches.filter(pk__in=wanted, state=MatchState.FINISHED, is_counted=True).order_by(
        "pk"
    )
    old = list(held.select_for_update(of=("self",)).select_related("phase").prefetch_related("seats"))
    if not (again or old):
        raise RefusedError("match.none_chosen")
    Match.objects.filter(pk__in=[match.pk for match in old]).update(is_counted=False)
    made = schedule_matches(competition=competition, plans=[_plan(match) for match in old])
    subject = _named([match.pk for match in (*again, *old)])
    record_act(competition=competition, actor=actor, verb="ordered again", subject=subject, reason=reason)
    return [*again, *made]


def _plan(match: Match) -> Plan:
    return Plan(
        MatchKind.LEAGUE,
        tuple(Submission(pk=seat.submission_id) for seat in match.seats.all()),
        reason=RERUN,
        propensity=match.propensity,
        scenario=match.scenario if match.scenario.startswith(COMMON_SCENARIO) else "",
        phase=match.phase,
    )


def _named(ids: Sequence[str]) -> str:
    """Return the subject of an act on matches: all of them where they are few, else how many and the ends."""
    if len(ids) <= 3:
        return f"{'match' if len(ids) == 1 else 'matches'} {', '.join(ids)}"
    return f"{len(ids):,} matches, {min(ids)} to {max(ids)}"
