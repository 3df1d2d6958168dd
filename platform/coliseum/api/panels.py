"""A host's own agents: in the field, in the background, or held out; and what the held-out ones tell."""

from django.http import HttpRequest
from ninja import Router, Status

from coliseum.accounts.models import Scope
from coliseum.api.callers import needs
from coliseum.api.host_schemas import Panel, PanelAgent, PanelCheckRow
from coliseum.api.paging import is_id
from coliseum.api.seen import hosted_competition, user_of
from coliseum.api.taken import NewRole
from coliseum.league.models import PanelCheck
from coliseum.league.panel import start_check
from coliseum.league.queries import latest_check
from coliseum.submissions.models import Submission
from coliseum.submissions.queries import own_agents
from coliseum.submissions.roles import set_role
from workers.refusals import RefusedError

router = Router(tags=["hosting"])
_LISTED = 100


@router.get("/{slug}/panel", response=Panel, auth=needs(Scope.HOST), operation_id="get_panel")
def panel(request: HttpRequest, slug: str) -> Panel:
    """Return the host's own agents with their roles, and the last check against those held out."""
    competition = hosted_competition(request, slug)
    check = latest_check(competition)
    return Panel(
        agents=[_agent(each) for each in own_agents(competition, user_of(request))[:_LISTED]],
        check=_check(check) if check else None,
    )


@router.post("/{slug}/panel/role", response=PanelAgent, auth=needs(Scope.HOST), operation_id="set_role")
def role(request: HttpRequest, slug: str, body: NewRole) -> PanelAgent:
    """Say what one of the host's own agents is for: `main`, `background` or `holdout`."""
    competition, user = hosted_competition(request, slug), user_of(request)
    chosen = body.submission if is_id(body.submission) else ""
    found = own_agents(competition, user).filter(pk=chosen).first()
    if found is None:
        raise RefusedError("role.not_yours")
    return _agent(set_role(submission=found, role=body.role, actor=user))


@router.post(
    "/{slug}/panel/check",
    response={201: PanelCheckRow},
    auth=needs(Scope.HOST),
    operation_id="check_against_panel",
)
def check_now(request: HttpRequest, slug: str) -> Status[PanelCheckRow]:
    """Have the first of the board meet the held-out agents; one that is under way is the answer."""
    return Status(201, _check(start_check(competition=hosted_competition(request, slug))))


def _agent(submission: Submission) -> PanelAgent:
    return PanelAgent(submission=submission.pk, agent=str(submission), role=submission.role)


def _check(check: PanelCheck) -> PanelCheckRow:
    return PanelCheckRow(started_at=check.started_at, finished_at=check.finished_at, rows=check.rows)
