"""How a running tournament goes on: results noted, rounds paired, stages started, the end seen.

How it works. Everything follows from the rows: `advance` reads them under the tournament's lock, asks the
format what is due, and stores all of that in the same transaction. Run twice, or after a crash, it finds
nothing to do. Matches are played by the queue like all others.
"""

import logging
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from coliseum import clock, faults
from coliseum.accounts.models import User
from coliseum.competitions.services import record_act
from coliseum.matches.models import Match, MatchState, Seat
from coliseum.matches.services import Plan as MatchPlan
from coliseum.matches.services import cancel_waiting, schedule_matches, show_results
from coliseum.submissions.models import Submission
from coliseum.tournaments.history import Course, read_course
from coliseum.tournaments.models import (
    Departure,
    Entrant,
    PairedMatch,
    Pairing,
    Release,
    Stage,
    Tournament,
    TournamentState,
)
from coliseum.tournaments.points import points_of
from coliseum.tournaments.queries import arena_of, newly_disqualified
from workers.league.formats import Due, FormatError
from workers.league.formats import Pairing as Planned
from workers.spec import MatchKind

logger = logging.getLogger(__name__)

PRIORITY = 7
"""Above the league, below validations."""
MOST_TRIES = 3
"""Matches that are scheduled for one place before a host is asked."""
_OVER = (MatchState.FAILED, MatchState.CANCELLED)


@transaction.atomic
def advance(tournament_id: str) -> bool:
    """Take a tournament as far as its results allow; False if it does not run."""
    tournament = locked(tournament_id)
    if tournament.state not in {TournamentState.RUNNING, TournamentState.PAUSED, TournamentState.FINISHED}:
        return False
    try:
        note_results(tournament)
    except FormatError as error:
        if tournament.state == TournamentState.RUNNING:
            halt(tournament, actor=None, reason=f"Results cannot be counted: {error}.")
        return False
    for entrant in newly_disqualified(tournament):
        depart(tournament, entrant, kind="disqualified", reason="Disqualified from the competition.")
    if tournament.state != TournamentState.RUNNING:
        return False
    go_on(tournament)
    return True


def locked(tournament_id: str) -> Tournament:
    """Return a tournament that nobody else changes until the transaction ends."""
    rows = Tournament.objects.select_for_update(of=("self",)).select_related("competition")
    return rows.get(pk=tournament_id)


def note_results(tournament: Tournament) -> None:
    """Store the points of the matches that were finished since the last look.

    Raises:
        FormatError: the arena is gone.
    """
    fresh = list(
        PairedMatch.objects.filter(
            pairing__stage__tournament=tournament,
            points__isnull=True,
            match__state=MatchState.FINISHED,
            match__is_counted=True,
        ).select_related("pairing")
    )
    arena = arena_of(tournament.competition)
    seats: dict[str, list[Seat]] = defaultdict(list)
    for seat in Seat.objects.filter(match__in=[each.match_id for each in fresh]).order_by("position"):
        seats[seat.match_id].append(seat)
    for each in fresh:
        by_seat = points_of(arena, seats[each.match_id])
        count = len(by_seat)
        # The line-up of a match is turned by its number; points are kept by place in the pairing's.
        each.points = [by_seat[(place - each.number + 1) % count] for place in range(count)]
    PairedMatch.objects.bulk_update(fresh, ["points"], batch_size=500)


def depart(tournament: Tournament, entrant: Entrant, *, kind: str, reason: str) -> bool:
    """Note that an entrant left; False if it had left before, or was out already and only withdraws."""
    stages = [stage for stage in tournament.stages.order_by("-number") if entrant.number in stage.entries]
    if not stages:
        return False
    stage = stages[0]
    if kind == "withdrawn" and stage.number < tournament.stages.count():
        return False
    rounds = [
        round_ for round_, lineup in stage.pairings.values_list("round", "lineup") if entrant.number in lineup
    ]
    _, is_new = Departure.objects.get_or_create(
        stage=stage,
        entrant=entrant,
        defaults={
            "kind": kind,
            "after_round": max(rounds, default=0),
            "reason": reason[:400],
            "at": clock.now(),
        },
    )
    if not is_new and kind == "disqualified":
        Departure.objects.filter(stage=stage, entrant=entrant).update(kind=kind, reason=reason[:400])
    return is_new or kind == "disqualified"


def go_on(tournament: Tournament) -> None:
    """Store what is due, start the next stage, or finish."""
    try:
        while True:
            course = read_course(tournament)
            due = course.due()
            _void_what_is_settled(course, due)
            if due:
                if not _store(tournament, course, due):
                    return
                continue
            following = course.next_field()
            if following is None:
                _finish(tournament)
                return
            Stage.objects.create(
                tournament=tournament,
                number=len(course.stages) + 1,
                entries=list(following.entries),
                ratings=list(following.ratings),
                started_at=clock.now(),
            )
    except FormatError as error:
        # Rows that contradict each other are a bug; the other tournaments must go on.
        logger.exception("tournament_contradicts_itself", extra={"tournament": tournament.pk})
        halt(tournament, actor=None, reason=f"The rows contradict each other: {error}.")


def _void_what_is_settled(course: Course, due: Sequence[Due]) -> None:
    """Let matches count for nobody whose pairing needs no play any more, because somebody left."""
    wanted = {one.pairing.name for one in due}
    stage = course.stages[-1]
    open_ = PairedMatch.objects.filter(pairing__stage=stage, points__isnull=True)
    settled = [
        (paired, match)
        for paired, match, round_, number in open_.values_list(
            "pk", "match_id", "pairing__round", "pairing__number"
        )
        if (round_, number) not in wanted
    ]
    if settled:
        PairedMatch.objects.filter(pk__in=[paired for paired, _ in settled]).update(points=[])
        cancel_waiting(match_ids=[match for _, match in settled])


@dataclass(slots=True)
class _Lack:
    """A match that a pairing needs and that is not in play."""

    pairing: Pairing
    number: int
    paired: PairedMatch | None
    """Its place, where a match before it failed or was taken back."""


def _store(tournament: Tournament, course: Course, due: Sequence[Due]) -> bool:
    """Store due pairings and schedule their matches; True if there is nothing to wait for."""
    stage = course.stages[-1]
    rows = _pairings(tournament, stage, [one.pairing for one in due])
    faults.point("inside_advance")
    places: dict[int, dict[int, PairedMatch]] = defaultdict(dict)
    for paired in PairedMatch.objects.filter(pairing__in=rows.values()).select_related("match"):
        places[paired.pairing_id][paired.number] = paired
    lacks = []
    for one in due:
        row = rows[one.pairing.name]
        for number in range(1, one.matches + 1):
            place = places[row.pk].get(number)
            if place is None or (place.points is None and _is_lost(place.match)):
                lacks.append(_Lack(row, number, place))
    worn = [each for each in lacks if _is_worn_out(each)]
    if worn:
        halt(tournament, actor=None, reason=_worn_reason(worn[0]))
        return False
    _schedule(tournament, lacks)
    return all(one.matches == 0 for one in due)


def _is_lost(match: Match) -> bool:
    """Say whether a match will give no result: it failed, was taken back, or was voided."""
    return match.state in _OVER or (match.state == MatchState.FINISHED and not match.is_counted)


def _is_worn_out(lack: _Lack) -> bool:
    paired = lack.paired
    return paired is not None and paired.match.state == MatchState.FAILED and paired.tries >= MOST_TRIES


def _worn_reason(lack: _Lack) -> str:
    match = lack.paired.match_id if lack.paired else ""
    return (
        f"Match {lack.number} of pairing {lack.pairing.number}, round {lack.pairing.round} failed by our "
        f"fault {MOST_TRIES} times, the last time as {match}. Mend the cause, then resume."
    )


def _pairings(tournament: Tournament, stage: Stage, due: Sequence[Planned]) -> dict[tuple[int, int], Pairing]:
    """Return the rows of due pairings by name; make those that are not there yet."""
    names = {pairing.name for pairing in due}
    known = {(row.round, row.number): row for row in stage.pairings.all()}
    new = [
        Pairing(
            stage=stage,
            round=pairing.round,
            number=pairing.number,
            lineup=list(pairing.lineup),
            label=pairing.label[:80],
            why=pairing.why[:400],
            is_released=tournament.release == Release.AT_ONCE,
        )
        for pairing in due
        if pairing.name not in known
    ]
    known |= {(row.round, row.number): row for row in Pairing.objects.bulk_create(new, batch_size=500)}
    return {name: known[name] for name in names}


def _schedule(tournament: Tournament, lacks: Sequence[_Lack]) -> None:
    agents = dict(tournament.entrants.values_list("number", "submission_id"))
    plans = []
    for lack in lacks:
        lineup = lack.pairing.lineup
        turned = [lineup[(seat + lack.number - 1) % len(lineup)] for seat in range(len(lineup))]
        plans.append(
            MatchPlan(
                MatchKind.TOURNAMENT,
                tuple(Submission(pk=agents[entrant]) for entrant in turned),
                PRIORITY,
                reason="tournament",
                is_held=not lack.pairing.is_released,
            )
        )
    matches = schedule_matches(competition=tournament.competition, plans=plans)
    new, again = [], []
    for lack, match in zip(lacks, matches, strict=True):
        if lack.paired is None:
            new.append(PairedMatch(pairing=lack.pairing, number=lack.number, match=match))
        else:
            lack.paired.tries += lack.paired.match.state == MatchState.FAILED
            lack.paired.match = match
            again.append(lack.paired)
    PairedMatch.objects.bulk_create(new, batch_size=500)
    PairedMatch.objects.bulk_update(again, ["match", "tries"], batch_size=500)


def _finish(tournament: Tournament) -> None:
    tournament.state = TournamentState.FINISHED
    tournament.finished_at = clock.now()
    tournament.save(update_fields=["state", "finished_at"])
    if tournament.release == Release.AT_END:
        release_pairings(list(Pairing.objects.filter(stage__tournament=tournament, is_released=False)))
    record_act(
        competition=tournament.competition, actor=None, verb="finished tournament", subject=tournament.title
    )


def release_pairings(pairings: Sequence[Pairing]) -> None:
    """Show everybody how these pairings went."""
    ids = [row.pk for row in pairings]
    Pairing.objects.filter(pk__in=ids).update(is_released=True)
    show_results(
        match_ids=list(PairedMatch.objects.filter(pairing__in=ids).values_list("match_id", flat=True))
    )


def halt(tournament: Tournament, *, actor: User | None, reason: str) -> None:
    """Pause a running tournament: what is being played ends, what waits is taken back until it goes on."""
    tournament.state = TournamentState.PAUSED
    tournament.reason = reason[:400]
    tournament.save(update_fields=["state", "reason"])
    take_back(tournament)
    record_act(
        competition=tournament.competition,
        actor=actor,
        verb="paused tournament",
        subject=tournament.title,
        reason=reason[:400],
    )


def take_back(tournament: Tournament) -> None:
    """Take the waiting matches of a tournament out of the queue."""
    waiting = Match.objects.filter(paired__pairing__stage__tournament=tournament, state=MatchState.QUEUED)
    cancel_waiting(match_ids=list(waiting.values_list("pk", flat=True)))
