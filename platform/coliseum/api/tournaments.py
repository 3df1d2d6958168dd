"""Tournaments: list, read, and what their hosts do."""

from typing import Any

from django.http import HttpRequest
from ninja import Query, Router, Status

from coliseum.accounts.models import Scope
from coliseum.api.addresses import page_address
from coliseum.api.callers import ANYBODY, caller_of, check_competition, needs
from coliseum.api.paging import Paging, is_id, page
from coliseum.api.seen import hosted_competition, seen_competition
from coliseum.api.taken import Leaving, NewTournament, Reason, Releasing
from coliseum.api.tournament_schemas import (
    EntrantRow,
    PairedMatchRow,
    PairingRow,
    PlaceRow,
    PreviewRow,
    StageRow,
    TournamentDetail,
    TournamentPage,
    TournamentRow,
)
from coliseum.competitions.queries import is_host
from coliseum.league import conductor
from coliseum.tournaments.chances import crowning_of
from coliseum.tournaments.history import Course, read_course
from coliseum.tournaments.models import PairedMatch, Tournament, TournamentState
from coliseum.tournaments.previews import preview
from coliseum.tournaments.queries import (
    departures_of,
    entrant_of,
    entrants_of,
    paired_matches,
    sees_everything,
    tournament_for,
    visible_tournaments,
)
from coliseum.tournaments.services import (
    cancel_tournament,
    change_tournament,
    create_tournament,
    disqualify_entrant,
    pause_tournament,
    release_round,
    resume_tournament,
    start_tournament,
    withdraw_entrant,
)
from coliseum.tournaments.wanted import Wanted
from workers.league.formats import FormatError, Standing
from workers.refusals import RefusedError

router = Router(tags=["tournaments"])
_HOST = needs(Scope.HOST)


@router.get(
    "/competitions/{slug}/tournaments",
    response=TournamentPage,
    auth=ANYBODY,
    operation_id="list_tournaments",
)
def list_tournaments(request: HttpRequest, slug: str, paging: Query[Paging]) -> TournamentPage:
    """List a competition's tournaments, newest first; drafts without a date are for its hosts."""
    competition = seen_competition(request, slug)
    rows, after = page(request, visible_tournaments(competition, caller_of(request).user), paging)
    return TournamentPage(items=[TournamentRow(**_row(each)) for each in rows], next=after)


@router.post(
    "/competitions/{slug}/tournaments",
    response={201: TournamentDetail},
    auth=_HOST,
    operation_id="create_tournament",
)
def create(request: HttpRequest, slug: str, body: NewTournament) -> Status[TournamentDetail]:
    """Make a tournament as a draft; for the competition's hosts."""
    competition = hosted_competition(request, slug)
    made = create_tournament(competition=competition, actor=caller_of(request).user, wanted=_wanted(body))
    return Status(201, _detail(request, made))


def _wanted(body: NewTournament) -> Wanted:
    return Wanted(**body.model_dump() | {"chosen": tuple(body.chosen)})


@router.get(
    "/tournaments/{tournament_id}", response=TournamentDetail, auth=ANYBODY, operation_id="get_tournament"
)
def show(request: HttpRequest, tournament_id: str) -> TournamentDetail:
    """Return a tournament with entrants, pairings and places; what is held back is for its hosts."""
    return _detail(request, _seen(request, tournament_id))


@router.put(
    "/tournaments/{tournament_id}", response=TournamentDetail, auth=_HOST, operation_id="change_tournament"
)
def change(request: HttpRequest, tournament_id: str, body: NewTournament) -> TournamentDetail:
    """Make a draft what the body says; what is left out gets its default."""
    wanted = _hosted(request, tournament_id)
    change_tournament(tournament=wanted, actor=caller_of(request).user, wanted=_wanted(body))
    return _changed(request, wanted)


@router.get(
    "/tournaments/{tournament_id}/preview",
    response=PreviewRow,
    auth=_HOST,
    operation_id="preview_tournament",
)
def show_preview(request: HttpRequest, tournament_id: str) -> PreviewRow:
    """Return what a draft would be if it started now: who, how many matches, how long; for its hosts."""
    try:
        found = preview(_hosted(request, tournament_id))
    except FormatError as error:
        raise RefusedError("tournament.bad_format", problem=str(error)) from error
    return PreviewRow(
        entrants=list(found.entrants),
        is_enough=found.is_enough,
        least_entrants=found.least_entrants,
        most_matches=found.extent.most_matches,
        slots=found.slots,
        seconds=found.seconds,
    )


@router.post(
    "/tournaments/{tournament_id}/start",
    response=TournamentDetail,
    auth=_HOST,
    operation_id="start_tournament",
)
def start(request: HttpRequest, tournament_id: str) -> TournamentDetail:
    """Fix the field and the seeds and pair the first round."""
    wanted = _hosted(request, tournament_id)
    start_tournament(tournament=wanted, actor=caller_of(request).user)
    return _changed(request, wanted)


@router.post(
    "/tournaments/{tournament_id}/pause",
    response=TournamentDetail,
    auth=_HOST,
    operation_id="pause_tournament",
)
def pause(request: HttpRequest, tournament_id: str, body: Reason) -> TournamentDetail:
    """Stop a tournament: what is being played ends, nothing new begins."""
    wanted = _hosted(request, tournament_id)
    pause_tournament(tournament=wanted, actor=caller_of(request).user, reason=body.reason)
    return _changed(request, wanted)


@router.post(
    "/tournaments/{tournament_id}/resume",
    response=TournamentDetail,
    auth=_HOST,
    operation_id="resume_tournament",
)
def resume(request: HttpRequest, tournament_id: str) -> TournamentDetail:
    """Let a paused tournament go on."""
    wanted = _hosted(request, tournament_id)
    resume_tournament(tournament=wanted, actor=caller_of(request).user)
    return _changed(request, wanted)


@router.post(
    "/tournaments/{tournament_id}/release",
    response=TournamentDetail,
    auth=_HOST,
    operation_id="release_results",
)
def release(request: HttpRequest, tournament_id: str, body: Releasing) -> TournamentDetail:
    """Show everybody the first round that is held back, or everything once no more is played."""
    wanted = _hosted(request, tournament_id)
    release_round(tournament=wanted, actor=caller_of(request).user, everything=body.everything)
    return _changed(request, wanted)


@router.post(
    "/tournaments/{tournament_id}/withdraw",
    response=TournamentDetail,
    auth=_HOST,
    operation_id="withdraw_entrant",
)
def withdraw(request: HttpRequest, tournament_id: str, body: Leaving) -> TournamentDetail:
    """Take an agent out of a tournament, for everybody to read why."""
    wanted = _hosted(request, tournament_id)
    if not is_id(body.submission):
        raise RefusedError("not_found", kind="entrant", id=body.submission)
    entrant, actor = entrant_of(wanted, body.submission), caller_of(request).user
    take_out = disqualify_entrant if body.disqualified else withdraw_entrant
    take_out(tournament=wanted, entrant=entrant, actor=actor, reason=body.reason)
    return _changed(request, wanted)


@router.post(
    "/tournaments/{tournament_id}/cancel",
    response=TournamentDetail,
    auth=_HOST,
    operation_id="cancel_tournament",
)
def cancel(request: HttpRequest, tournament_id: str, body: Reason) -> TournamentDetail:
    """End a tournament without a champion."""
    wanted = _hosted(request, tournament_id)
    cancel_tournament(tournament=wanted, actor=caller_of(request).user, reason=body.reason)
    return _changed(request, wanted)


def _seen(request: HttpRequest, tournament_id: str) -> Tournament:
    if not is_id(tournament_id):
        raise RefusedError("not_found", kind="tournament", id=tournament_id)
    found = tournament_for(tournament_id, caller_of(request).user)
    check_competition(request, found.competition.slug)
    return found


def _hosted(request: HttpRequest, tournament_id: str) -> Tournament:
    wanted = _seen(request, tournament_id)
    if not is_host(wanted.competition, caller_of(request).user):
        raise RefusedError("auth.not_allowed", action="run this tournament")
    return wanted


def _changed(request: HttpRequest, wanted: Tournament) -> TournamentDetail:
    conductor.on_tournament_changed(wanted.pk)
    return _detail(request, tournament_for(wanted.pk, caller_of(request).user))


def _row(tournament: Tournament) -> dict[str, Any]:  # Any: the fields of TournamentRow
    return {
        "id": tournament.pk,
        "competition": tournament.competition.slug,
        "title": tournament.title,
        "format": tournament.format,
        "state": tournament.state,
        "reason": tournament.reason,
        "starts_at": tournament.starts_at,
        "started_at": tournament.started_at,
        "finished_at": tournament.finished_at,
        "url": page_address("tournament", tournament.pk),
    }


def _detail(request: HttpRequest, tournament: Tournament) -> TournamentDetail:
    everything = sees_everything(tournament, caller_of(request).user)
    try:
        course = read_course(tournament, released_only=not everything)
    except FormatError as error:
        raise RefusedError("tournament.bad_format", problem=str(error)) from error
    entrants = list(entrants_of(tournament))
    left = {each.entrant_id: each.kind for each in departures_of(tournament)}
    names = {entrant.number: entrant.submission_id for entrant in entrants}
    crowning = crowning_of(tournament)
    return TournamentDetail(
        **_row(tournament),
        options=tournament.options,
        source=tournament.source,
        size=tournament.size,
        seeding=tournament.seeding,
        release=tournament.release,
        lot=str(tournament.lot) if tournament.started_at else "",
        crowning=crowning[0] if crowning else None,
        crowning_error=crowning[1] if crowning else None,
        crowning_runs=tournament.crowning_runs,
        is_final=tournament.state == TournamentState.FINISHED and _is_all_shown(tournament, course),
        entrants=[
            EntrantRow(
                submission=entrant.submission_id,
                agent=str(entrant.submission),
                team=entrant.submission.entry.team.name,
                seed=entrant.seed,
                rating=entrant.rating,
                left=left.get(entrant.pk, ""),
            )
            for entrant in entrants
        ],
        places=[
            PlaceRow(place=row.place or None, submission=names[row.entry], why=row.why)
            for row in _standings(course)
        ],
        stages=_stages(course, names, list(paired_matches(tournament))),
    )


def _is_all_shown(tournament: Tournament, course: Course) -> bool:
    shown = sum(len(history.pairings) for history in course.histories)
    return len(course.stages) == tournament.stages.count() and shown == sum(
        stage.pairings.count() for stage in course.stages
    )


def _standings(course: Course) -> tuple[Standing, ...]:
    try:
        return course.standings()
    except FormatError:
        # It is paused then, with the reason in it.
        return ()


def _stages(course: Course, names: dict[int, str], paired: list[PairedMatch]) -> list[StageRow]:
    matches: dict[tuple[int, int, int], list[PairedMatch]] = {}
    for each in paired:
        key = (each.pairing.stage_id, each.pairing.round, each.pairing.number)
        matches.setdefault(key, []).append(each)
    return [
        StageRow(
            number=stage.number,
            field=[names[entry] for entry in field.entries],
            pairings=[
                PairingRow(
                    round=pairing.round,
                    number=pairing.number,
                    label=pairing.label,
                    why=pairing.why,
                    lineup=[names[entry] for entry in pairing.lineup],
                    matches=[
                        PairedMatchRow(
                            number=each.number,
                            match=each.match_id,
                            state=each.match.state,
                            points=each.points,
                        )
                        for each in matches.get((stage.pk, *pairing.name), [])
                    ],
                )
                for pairing in sorted(history.pairings, key=lambda each: each.name)
            ],
        )
        for stage, field, history in zip(course.stages, course.fields, course.histories, strict=True)
    ]
