"""What hosts do with seasons and finals: close, open, announce, move, cancel, declare."""

from django.http import HttpRequest
from ninja import Router, Status

from coliseum.accounts.models import Scope
from coliseum.api.callers import needs
from coliseum.api.phase_rows import phase_row
from coliseum.api.phase_schemas import PhaseRow
from coliseum.api.seen import hosted_competition, user_of
from coliseum.api.taken import ClosedSeason, NewDeadline, NewFinal, Reason
from coliseum.competitions.models import Competition, Phase
from coliseum.competitions.phases import announce_final, cancel_final, move_deadline
from coliseum.competitions.queries import final_of
from coliseum.league.finals import declare_final
from coliseum.league.seasons import close_season, open_season
from workers.refusals import RefusedError

router = Router(tags=["phases"])
_HOST = needs(Scope.HOST)


@router.post("/{slug}/season/close", response=PhaseRow, auth=_HOST, operation_id="close_season")
def close(request: HttpRequest, slug: str, body: ClosedSeason) -> PhaseRow:
    """Close the season that is open: pairing stops, the field is fixed, the seeds are revealed."""
    competition = hosted_competition(request, slug)
    closed = close_season(
        competition=competition,
        actor=user_of(request),
        reason=body.reason,
        keeps_champion=body.keeps_champion,
    )
    return phase_row(closed)


@router.post("/{slug}/season/open", response={201: PhaseRow}, auth=_HOST, operation_id="open_season")
def open_next(request: HttpRequest, slug: str) -> Status[PhaseRow]:
    """Open the next season: fresh seeds and an empty board; agents stay in play."""
    competition = hosted_competition(request, slug)
    return Status(201, phase_row(open_season(competition=competition, actor=user_of(request))))


@router.post("/{slug}/final", response={201: PhaseRow}, auth=_HOST, operation_id="announce_final")
def announce(request: HttpRequest, slug: str, body: NewFinal) -> Status[PhaseRow]:
    """Announce a final: submissions are locked from now on, and owners name their finalists until a time."""
    competition = hosted_competition(request, slug)
    options = body.model_dump(exclude_unset=True, exclude={"naming_ends_at"})
    made = announce_final(
        competition=competition,
        actor=user_of(request),
        naming_ends_at=body.naming_ends_at,
        options={name: value for name, value in options.items() if value is not None},
    )
    return Status(201, phase_row(made))


@router.post("/{slug}/final/deadline", response=PhaseRow, auth=_HOST, operation_id="move_final_deadline")
def move(request: HttpRequest, slug: str, body: NewDeadline) -> PhaseRow:
    """Give owners another time until which they name finalists, while the final has not begun."""
    final = _final(hosted_competition(request, slug))
    move_deadline(phase=final, actor=user_of(request), naming_ends_at=body.naming_ends_at, reason=body.reason)
    return phase_row(final)


@router.post("/{slug}/final/cancel", response={204: None}, auth=_HOST, operation_id="cancel_final")
def cancel(request: HttpRequest, slug: str, body: Reason) -> Status[None]:
    """Take back a final that has not begun; submissions are open again."""
    final = _final(hosted_competition(request, slug))
    cancel_final(phase=final, actor=user_of(request), reason=body.reason)
    return Status(204, None)


@router.post("/{slug}/final/declare", response=PhaseRow, auth=_HOST, operation_id="declare_final")
def declare(request: HttpRequest, slug: str, body: Reason) -> PhaseRow:
    """Make the result of a final that is over official."""
    final = _final(hosted_competition(request, slug))
    declare_final(phase=final, actor=user_of(request), reason=body.reason)
    return phase_row(final)


def _final(competition: Competition) -> Phase:
    final = final_of(competition)
    if final is None:
        raise RefusedError("final.wrong_state", state="not announced", action="changed")
    return final
