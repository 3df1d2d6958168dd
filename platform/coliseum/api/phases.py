"""Seasons and finals: read them, name finalists, withdraw."""

from django.http import HttpRequest
from ninja import Query, Router

from coliseum.accounts.models import Scope
from coliseum.api.callers import ANYBODY, needs
from coliseum.api.paging import Paging, is_id, page
from coliseum.api.phase_rows import contender_row, phase_row
from coliseum.api.phase_schemas import ContenderRow, Finalists, PhaseDetail, PhasePage
from coliseum.api.seen import own_entry, seen_competition, user_of
from coliseum.api.taken import Naming, Withdrawal
from coliseum.competitions.models import Phase
from coliseum.competitions.queries import final_of, is_host, phase_in
from coliseum.competitions.services import entry_of
from coliseum.matches.queries import rated_count
from coliseum.submissions.contenders import name_finalists, withdraw_contender
from coliseum.submissions.queries import contenders_of
from workers.refusals import RefusedError

router = Router(tags=["phases"])
_LISTED = 300


@router.get("/{slug}/phases", response=PhasePage, auth=ANYBODY, operation_id="list_phases")
def phases(request: HttpRequest, slug: str, paging: Query[Paging]) -> PhasePage:
    """List a competition's seasons and finals, the latest first."""
    found = seen_competition(request, slug).phases.select_related("competition")
    rows, after = page(request, found, paging)
    return PhasePage(items=[phase_row(each) for each in rows], next=after)


@router.get("/{slug}/phases/{phase_slug}", response=PhaseDetail, auth=ANYBODY, operation_id="get_phase")
def phase(request: HttpRequest, slug: str, phase_slug: str) -> PhaseDetail:
    """Return a season or a final with who has a place in it."""
    return _detail(phase_in(seen_competition(request, slug), phase_slug))


@router.post(
    "/{slug}/phases/{phase_slug}/finalists",
    response=Finalists,
    auth=needs(Scope.SUBMIT),
    operation_id="name_finalists",
)
def name(request: HttpRequest, slug: str, phase_slug: str, body: Naming) -> Finalists:
    """Name the finalists of the caller's team instead of those named before; none leaves it to the rule."""
    competition = seen_competition(request, slug)
    shown = phase_in(competition, phase_slug)
    entry = own_entry(request, competition)
    named = name_finalists(phase=shown, entry=entry, user=user_of(request), ids=body.submissions)
    return Finalists(phase=shown.slug, named=[each.submission_id for each in named])


@router.post(
    "/{slug}/phases/{phase_slug}/withdraw",
    response=ContenderRow,
    auth=needs(Scope.SUBMIT),
    operation_id="withdraw_contender",
)
def withdraw(request: HttpRequest, slug: str, phase_slug: str, body: Withdrawal) -> ContenderRow:
    """Take an agent's place: a host anybody's, an owner their own in a final that is under way."""
    competition, user = seen_competition(request, slug), user_of(request)
    shown = phase_in(competition, phase_slug)
    chosen = body.submission if is_id(body.submission) else ""
    row = contenders_of(shown).filter(submission=chosen).first()
    entry = entry_of(competition, user)
    is_own = row is not None and entry is not None and row.submission.entry_id == entry.pk
    if not is_host(competition, user) and not (is_own and final_of(competition) == shown):
        raise RefusedError("final.no_finalist", id=body.submission)
    withdraw_contender(phase=shown, submission_id=chosen, actor=user, reason=body.reason)
    return contender_row(contenders_of(shown).get(submission=chosen))


def _detail(shown: Phase) -> PhaseDetail:
    return PhaseDetail(
        **phase_row(shown).dict(),
        matches=rated_count(shown),
        contenders=[contender_row(each) for each in contenders_of(shown)[:_LISTED]],
    )
