"""What the hosts of a competition do and look at: its state, its teams, its figures, its integrity."""

from dataclasses import asdict

from django.http import HttpRequest
from ninja import Router, Status

from coliseum.accounts.models import Scope
from coliseum.api.callers import needs
from coliseum.api.competition_rows import competition_detail, entry_row
from coliseum.api.host_schemas import Figures, FunnelRow, Integrity
from coliseum.api.match_rows import match_row
from coliseum.api.paging import is_id
from coliseum.api.schemas import CompetitionDetail, EntryRow
from coliseum.api.seen import hosted_competition, user_of
from coliseum.api.status_schemas import QueueRow
from coliseum.api.submission_rows import submission_row
from coliseum.api.submission_schemas import SubmissionList
from coliseum.api.taken import Disqualification, NewState
from coliseum.competitions.calibrations import want_calibration
from coliseum.competitions.models import Competition, CompetitionState, Entry
from coliseum.competitions.queries import entry_in, shown_phase
from coliseum.competitions.services import disqualify_entry, move_competition, reinstate_entry
from coliseum.league import conductor
from coliseum.league.demo import enter_baselines
from coliseum.league.monitor import findings_of
from coliseum.league.status import living_slots, queue_state
from coliseum.matches.audits import audit_counts, uncounted_matches
from coliseum.matches.queries import state_counts as match_counts
from coliseum.matches.queries import workers
from coliseum.matches.waiting import why_stuck
from coliseum.submissions.figures import funnel_of
from coliseum.submissions.queries import failures_by_code, state_counts
from workers.refusals import RefusedError

router = Router(tags=["hosting"])
_HOST = needs(Scope.HOST)


@router.post("/{slug}/state", response=CompetitionDetail, auth=_HOST, operation_id="move_competition")
def move(request: HttpRequest, slug: str, body: NewState) -> CompetitionDetail:
    """Open, pause, resume or close a competition; for its hosts."""
    competition = hosted_competition(request, slug)
    if body.state not in CompetitionState.values:
        wanted = f"one of {', '.join(CompetitionState.values)}"
        raise RefusedError("request.bad_field", name="state", wanted=wanted, field="state")
    move_competition(competition=competition, to=body.state, actor=user_of(request), reason=body.reason[:400])
    return competition_detail(request, competition)


@router.post("/{slug}/disqualify", response=EntryRow, auth=_HOST, operation_id="disqualify_team")
def disqualify(request: HttpRequest, slug: str, body: Disqualification) -> EntryRow:
    """Take a team out of a competition for a reason everybody can read; for its hosts."""
    entry = _entry(hosted_competition(request, slug), body.team)
    disqualify_entry(entry=entry, actor=user_of(request), reason=body.reason)
    conductor.on_disqualified(entry)
    return entry_row(entry)


@router.post("/{slug}/reinstate", response=EntryRow, auth=_HOST, operation_id="reinstate_team")
def reinstate(request: HttpRequest, slug: str, body: Disqualification) -> EntryRow:
    """Let a disqualified team back in for a reason everybody can read; for its hosts."""
    entry = _entry(hosted_competition(request, slug), body.team)
    if reinstate_entry(entry=entry, actor=user_of(request), reason=body.reason):
        conductor.on_reinstated(entry)
    return entry_row(entry)


def _entry(competition: Competition, team: str) -> Entry:
    if not is_id(team):
        raise RefusedError("not_found", kind="team", id=team)
    return entry_in(competition, team)


@router.post("/{slug}/baselines", response={201: SubmissionList}, auth=_HOST, operation_id="enter_baselines")
def baselines(request: HttpRequest, slug: str) -> Status[SubmissionList]:
    """Enter the arena's own agents for the house, so that there is somebody to meet; twice is once."""
    entered = enter_baselines(hosted_competition(request, slug))
    for each in entered:
        conductor.on_uploaded(each)
    return Status(201, SubmissionList(items=[submission_row(each) for each in entered]))


@router.post("/{slug}/calibration", response=CompetitionDetail, auth=_HOST, operation_id="calibrate")
def calibrate(request: HttpRequest, slug: str) -> CompetitionDetail:
    """Have the house's agents play, to find out how matches should be played here."""
    competition = hosted_competition(request, slug)
    want_calibration(competition=competition, actor=user_of(request))
    return competition_detail(request, competition)


@router.get("/{slug}/figures", response=Figures, auth=_HOST, operation_id="get_figures")
def figures(request: HttpRequest, slug: str) -> Figures:
    """Return how far teams and matches came, what waits, and what rejected submissions; for hosts."""
    competition = hosted_competition(request, slug)
    is_over = competition.state == CompetitionState.CLOSED
    return Figures(
        teams=competition.entries.count(),
        submissions=state_counts(competition),
        matches=match_counts(competition),
        failures=dict(failures_by_code(competition)),
        funnel=FunnelRow(**asdict(funnel_of(competition))),
        queue=QueueRow(**asdict(queue_state(slots=living_slots(), competition=competition))),
        stuck="" if is_over else why_stuck(competition.arena, list(workers()[:20])),
    )


@router.get("/{slug}/integrity", response=Integrity, auth=_HOST, operation_id="get_integrity")
def integrity(request: HttpRequest, slug: str) -> Integrity:
    """Return what a person should look at: strange pairs, forfeits, clones, what is not rated; for hosts."""
    competition = hosted_competition(request, slug)
    phase = shown_phase(competition)
    found = findings_of(phase)
    uncounted = uncounted_matches(competition).prefetch_related("seats__submission__entry__team")
    return Integrity(
        phase=phase.slug,
        matches=int(found.get("matches", 0)),
        pairs=found.get("pairs", []),
        forfeits=found.get("forfeits", []),
        moved=found.get("moved", []),
        clones=found.get("clones", []),
        audits=audit_counts(competition),
        uncounted=[match_row(each) for each in uncounted[:50]],
    )
