"""Agents as everybody may see them: record, opponents, rating history; two of them head to head."""

from typing import Any

import numpy as np
from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from arenas import registry
from arenas.errors import ArenaError
from coliseum.api.addresses import page_address
from coliseum.api.agent_schemas import (
    AgentDetail,
    ExploitList,
    ExploitRow,
    OpponentPage,
    OpponentRow,
    RatingPage,
    RatingRow,
    VersionRow,
    Versus,
)
from coliseum.api.board_rows import standing_row
from coliseum.api.callers import ANYBODY
from coliseum.api.paging import Paging, page, part
from coliseum.api.seen import seen_agent, seen_competition
from coliseum.competitions.models import Competition
from coliseum.leaderboards.queries import rating_history
from coliseum.matches.filters import opponents_of
from coliseum.matches.meetings import Meeting, public_meetings, public_solo_meetings
from coliseum.submissions.models import Role, Submission, SubmissionState, Trial
from coliseum.submissions.queries import agents_by_id, exploits_against, exploits_of, submissions_of
from workers.league.sequential import compare_two
from workers.refusals import RefusedError

router = Router(tags=["agents"])
_LISTED = 50
_MOST_EXPLOITS = 200


class Pair(Schema):
    """Two agents of one competition, by submission id."""

    a: str = Field(..., description="Submission id of the first.")
    b: str = Field(..., description="Submission id of the second.")


@router.get("/agents/{submission_id}", response=AgentDetail, auth=ANYBODY, operation_id="get_agent")
def show(request: HttpRequest, submission_id: str) -> AgentDetail:
    """Return an agent that passed validation: its place, its other versions, who was shown to beat it."""
    agent = _agent(request, submission_id)
    standing = agent.standing
    shown = (SubmissionState.READY, SubmissionState.RETIRED)
    versions = (
        submissions_of(agent.entry).filter(state__in=shown).exclude(role__in=(Role.HOLDOUT, Role.REHEARSAL))
    )
    return AgentDetail(
        **_row(agent),
        arena=agent.entry.competition.arena,
        role=agent.role,
        suspended_at=agent.suspended_at,
        standing=standing_row(standing) if standing else None,
        versions=[VersionRow(**_row(each)) for each in versions[:_LISTED]],
        exploits=[_exploit(each) for each in exploits_against(agent)[:_LISTED]],
    )


@router.get(
    "/agents/{submission_id}/history", response=RatingPage, auth=ANYBODY, operation_id="list_agent_ratings"
)
def history(request: HttpRequest, submission_id: str, paging: Query[Paging]) -> RatingPage:
    """List an agent's ratings over time, newest first."""
    rows = rating_history(_agent(request, submission_id)).select_related("phase")
    found, after = page(request, rows, paging)
    names = ("matches", "rating", "low", "high", "rank", "at")
    items = [
        RatingRow(phase=each.phase.slug, **{name: getattr(each, name) for name in names}) for each in found
    ]
    return RatingPage(items=items, next=after)


@router.get(
    "/agents/{submission_id}/opponents",
    response=OpponentPage,
    auth=ANYBODY,
    operation_id="list_agent_opponents",
)
def opponents(request: HttpRequest, submission_id: str, paging: Query[Paging]) -> OpponentPage:
    """List whom an agent met in public rated matches, the most frequent first."""
    agent = _agent(request, submission_id)
    met, after = part(request, opponents_of(agent), paging)
    names = agents_by_id([each.submission for each in met])
    items = [
        OpponentRow(
            submission=each.submission,
            agent=str(names[each.submission]),
            team=names[each.submission].entry.team.name,
            matches=each.matches,
            ahead=each.ahead,
            level=each.level,
            behind=each.matches - each.ahead - each.level,
        )
        for each in met
    ]
    return OpponentPage(items=items, next=after)


@router.get("/competitions/{slug}/versus", response=Versus, auth=ANYBODY, operation_id="compare_agents")
def versus(request: HttpRequest, slug: str, pair: Query[Pair]) -> Versus:
    """Compare two agents by what they did against each other; the claim holds however often one looks.

    In arenas played alone they are compared scenario by scenario.
    """
    competition = seen_competition(request, slug)
    first, second = (seen_agent(request, each, competition) for each in (pair.a, pair.b))
    if first.pk == second.pk:
        raise RefusedError("request.bad_field", name="b", wanted="another agent than a", field="b")
    is_solo = _plays_alone(competition)
    met = public_solo_meetings(first, second) if is_solo else public_meetings(first, second)
    return _versus(met, first, second, is_solo=is_solo)


def _versus(met: list[Meeting], first: Submission, second: Submission, *, is_solo: bool) -> Versus:
    points = np.array([each.points for each in met])
    episodes = np.array([each.episodes for each in met], np.int64)
    claim = compare_two(points, episodes)
    won, level = int((points > 0.5).sum()), int((points == 0.5).sum())
    return Versus(
        a=first.pk,
        b=second.pk,
        unit="scenarios" if is_solo else "matches",
        meetings=len(met),
        episodes=int(episodes.sum()),
        won=won,
        level=level,
        lost=len(met) - won - level,
        share=float(np.average(points, weights=episodes)) if met else None,
        low=claim.low,
        high=claim.high,
        better={"first": first.pk, "second": second.pk}.get(claim.winner),
        shown_after=claim.matches if claim.winner != "nobody" else None,
    )


def _plays_alone(competition: Competition) -> bool:
    try:
        return registry.get(competition.arena).lineup == 1
    except ArenaError:
        return False


@router.get("/competitions/{slug}/exploits", response=ExploitList, auth=ANYBODY, operation_id="list_exploits")
def exploits(request: HttpRequest, slug: str) -> ExploitList:
    """List what exploiters found out about the first agents of the board: the latest 200 trials."""
    found = exploits_of(seen_competition(request, slug))
    return ExploitList(items=[_exploit(each) for each in found[:_MOST_EXPLOITS]])


def _exploit(trial: Trial) -> ExploitRow:
    return ExploitRow(
        submission=trial.submission_id,
        agent=str(trial.submission),
        team=trial.submission.entry.team.name,
        target=trial.opponent_id,
        purpose=trial.purpose,
        verdict=trial.verdict,
        matches=trial.matches,
        episodes=trial.episodes,
        points=trial.points,
        decided_at=trial.decided_at,
    )


def _agent(request: HttpRequest, submission_id: str) -> Submission:
    agent = seen_agent(request, submission_id)
    try:
        seen_competition(request, agent.entry.competition.slug)
    except RefusedError:
        raise RefusedError("not_found", kind="agent", id=submission_id) from None
    return agent


def _row(agent: Submission) -> dict[str, Any]:  # Any: the fields of VersionRow
    return {
        "id": agent.pk,
        "name": agent.name,
        "number": agent.number,
        "competition": agent.entry.competition.slug,
        "team": agent.entry.team.name,
        "team_id": agent.entry.team_id,
        "is_active": agent.is_active,
        "baseline": agent.baseline,
        "url": page_address("agent", agent.pk),
    }
