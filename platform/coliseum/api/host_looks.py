"""What hosts look closer at: what goes wrong with agents, what it all costs, and the whole as one archive."""

from typing import Final

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from ninja import Query, Router, Schema, Status
from pydantic import Field

from coliseum import clock
from coliseum.accounts.models import Scope
from coliseum.api.announcements import announcement_row
from coliseum.api.callers import needs
from coliseum.api.describing import file_of
from coliseum.api.exports import in_background
from coliseum.api.host_schemas import (
    AgentHit,
    AnnouncementRow,
    Citation,
    Cost,
    CostOfAgent,
    CostOfKind,
    Failures,
    FaultRow,
    RejectionRow,
)
from coliseum.api.seen import hosted_competition, user_of
from coliseum.api.taken import ToRejected
from coliseum.competitions.announcements import send_notice
from coliseum.competitions.models import Competition
from coliseum.league.archive import archive, citation
from coliseum.matches.figures import cost_of, dearest_agents, faults_lately
from coliseum.submissions.figures import entries_rejected_for, rejections_of
from coliseum.submissions.models import Submission
from workers.refusals import OUTCOMES

router = Router(tags=["hosting"])
_HOST: Final = needs(Scope.HOST)
_KEPT_SECONDS: Final = 120
"""All matches are read for the cost: a program that asks again and again must not read them each time."""
_MOST_AGENTS: Final = 50
_ZIP: Final = file_of("application/zip", "The archive.")


class Contents(Schema):
    """What the archive shall hold."""

    replays: bool = Field(True, description="Whether replays are in it; they are most of it.")


@router.get("/{slug}/failures", response=Failures, auth=_HOST, operation_id="list_failures")
def failures(request: HttpRequest, slug: str) -> Failures:
    """Return what rejected submissions, what goes wrong in matches, and whom it hit; for hosts."""
    competition = hosted_competition(request, slug)
    return Failures(
        rejections=[
            RejectionRow(
                code=each.code,
                meaning=_meaning(each.code),
                submissions=each.submissions,
                teams=each.teams,
                latest=each.latest.pk,
                message=each.latest.message,
                agents=[_hit(agent, 1) for agent in each.agents],
            )
            for each in rejections_of(competition)
        ],
        faults=[
            FaultRow(
                outcome=each.outcome,
                meaning=_meaning(each.outcome),
                seats=each.seats,
                agents=[_hit(agent, count) for agent, count in each.agents[:_MOST_AGENTS]],
            )
            for each in faults_lately(competition)
        ],
    )


@router.post(
    "/{slug}/failures/write", response={201: AnnouncementRow}, auth=_HOST, operation_id="write_to_rejected"
)
def write(request: HttpRequest, slug: str, body: ToRejected) -> Status[AnnouncementRow]:
    """Write to the teams whose submissions a code rejected; nobody else reads it. For hosts."""
    competition = hosted_competition(request, slug)
    sent = send_notice(
        competition=competition,
        actor=user_of(request),
        title=body.title,
        text=body.text,
        entries=entries_rejected_for(competition, body.code),
        code=body.code,
    )
    return Status(201, announcement_row(sent, slug))


@router.get("/{slug}/cost", response=Cost, auth=_HOST, operation_id="get_cost")
def cost(request: HttpRequest, slug: str) -> Cost:
    """Return what the matches took and what is kept of them; for hosts."""
    competition = hosted_competition(request, slug)
    key = f"api:cost:{competition.pk}"
    kept = cache.get(key)
    if not isinstance(kept, dict):
        kept = _cost(competition).model_dump()
        cache.set(key, kept, _KEPT_SECONDS)
    return Cost.model_validate(kept)


@router.get("/{slug}/citation", response=Citation, auth=_HOST, operation_id="get_citation")
def cite(request: HttpRequest, slug: str) -> Citation:
    """Return how a paper cites the competition, as BibTeX; for hosts."""
    return Citation(bibtex=citation(hosted_competition(request, slug)))


@router.get("/{slug}/archive", response=None, auth=_HOST, operation_id="get_archive", openapi_extra=_ZIP)
def whole(request: HttpRequest, slug: str, contents: Query[Contents]) -> HttpResponseBase:
    """Return one zip of all: what was agreed, who took part, results, ledgers, replays; for hosts.

    It is made while it is sent. Seeds that are still being played are in none of its files.
    """
    competition = hosted_competition(request, slug)
    headers = {
        "Content-Disposition": f'attachment; filename="{competition.slug}.zip"',
        "Accept-Ranges": "none",
        "X-Accel-Buffering": "no",
    }
    kind = "application/zip"
    if request.META["REQUEST_METHOD"] == "HEAD":
        return HttpResponse(content_type=kind, headers=headers)
    pieces = archive(competition, with_replays=contents.replays)
    return StreamingHttpResponse(in_background(pieces), content_type=kind, headers=headers)


def _meaning(code: str) -> str:
    known = OUTCOMES.get(code)
    return known.meaning if known else ""


def _hit(agent: Submission, count: int) -> AgentHit:
    return AgentHit(submission=agent.pk, agent=str(agent), team=agent.entry.team.name, count=count)


def _cost(competition: Competition) -> Cost:
    found = cost_of(competition)
    return Cost(
        as_of=clock.now(),
        matches=found.matches,
        seconds=found.seconds,
        kinds=[CostOfKind(kind=kind, matches=count, seconds=took) for kind, count, took in found.kinds],
        agents=[
            CostOfAgent(
                submission=agent.pk,
                agent=str(agent),
                team=agent.entry.team.name,
                matches=count,
                seconds=took,
            )
            for agent, count, took in dearest_agents(competition)
        ],
        package_bytes=found.package_bytes,
        record_bytes=found.record_bytes,
    )
