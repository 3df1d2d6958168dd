"""Matches: list them, read one, fetch its replay; hosts void, restore and rerun."""

from typing import Any, Literal

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema
from pydantic import Field

from coliseum.accounts.models import Scope
from coliseum.api.callers import ANYBODY, needs
from coliseum.api.match_rows import match_detail, match_row
from coliseum.api.match_schemas import MatchDetail, MatchPage, ReplayFile
from coliseum.api.paging import Paging, page
from coliseum.api.seen import id_or_nothing, seen_competition, seen_match, user_of
from coliseum.api.taken import Counted
from coliseum.competitions.queries import is_host
from coliseum.downloads import file_answer
from coliseum.league.conductor import run_again
from coliseum.matches.audits import set_counted
from coliseum.matches.filters import Wanted, narrowed
from coliseum.matches.models import Match, MatchState
from coliseum.matches.queries import public_matches
from coliseum.matches.replays import replay_file
from coliseum.matches.revealing import check_replay, is_openly_replayed, may_see_replay
from workers.refusals import RefusedError

router = Router(tags=["matches"])
_MOST_SEED = 2**31


class WantedMatches(Schema):
    """Filters of a list of matches; all of them together."""

    agent: str = Field("", description="Submission id of an agent that plays in it.")
    opponent: str = Field("", description="Submission id of another one; only together with `agent`.")
    outcome: Literal[
        "",
        "ok",
        "load_failed",
        "crashed",
        "timed_out",
        "illegal_action",
        "protocol_violation",
        "out_of_memory",
        "resource_limit",
        "security_violation",
    ] = Field("", description="What became of the agent, or of anybody where none is named.")
    result: Literal["", "won", "lost", "drawn"] = Field(
        "", description="How it ended for `agent`: first alone, not first, first with others."
    )
    kind: Literal["", "league", "tournament", "scrimmage", "gate"] = Field("", description="What for.")
    state: Literal["", "queued", "running", "finished", "failed"] = Field("", description="How it stands.")
    phase: str = Field("", description="Season or final, as `public-1`.", examples=["public-1"])
    seed: int = Field(-1, ge=-1, le=_MOST_SEED, description="Environment seed of an episode; -1 is any.")


@router.get("/competitions/{slug}/matches", response=MatchPage, auth=ANYBODY, operation_id="list_matches")
def list_matches(
    request: HttpRequest, slug: str, wanted: Query[WantedMatches], paging: Query[Paging]
) -> MatchPage:
    """List a competition's matches, newest first; validations are not among them."""
    return _page(request, public_matches(seen_competition(request, slug)), wanted, paging)


@router.get("/matches", response=MatchPage, auth=ANYBODY, operation_id="list_all_matches")
def list_all(request: HttpRequest, wanted: Query[WantedMatches], paging: Query[Paging]) -> MatchPage:
    """List the matches of all competitions, newest first."""
    return _page(request, public_matches(), wanted, paging)


def _page(request: HttpRequest, found: QuerySet[Match], wanted: WantedMatches, paging: Paging) -> MatchPage:
    facts: dict[str, Any] = wanted.dict()
    facts |= {name: id_or_nothing(name, facts[name]) for name in ("agent", "opponent")}
    facts["seed"] = None if wanted.seed < 0 else wanted.seed
    rows, after = page(request, narrowed(found, Wanted(**facts)), paging)
    return MatchPage(items=[match_row(each) for each in rows], next=after)


@router.get("/matches/{match_id}", response=MatchDetail, auth=ANYBODY, operation_id="get_match")
def show(request: HttpRequest, match_id: str) -> MatchDetail:
    """Return a match with its seats and episodes; faults and logs are told to the agents' owners only."""
    return _detail(request, seen_match(request, match_id))


def _detail(request: HttpRequest, match: Match) -> MatchDetail:
    user = user_of(request)
    return match_detail(match, user, shows_seeds=may_see_replay(match, user))


@router.get("/matches/{match_id}/replay", response=ReplayFile, auth=ANYBODY, operation_id="get_replay")
def replay(request: HttpRequest, match_id: str) -> HttpResponse:
    """Return the replay file of a finished match, as `coliseum verify` reads it."""
    match = seen_match(request, match_id)
    check_replay(match, user_of(request))
    content = ReplayFile(**replay_file(match)).model_dump_json().encode()
    return file_answer(
        request,
        content,
        name=f"match-{match.pk}.json",
        kind="application/json",
        is_public=is_openly_replayed(match),
    )


@router.post(
    "/matches/{match_id}/count", response=MatchDetail, auth=needs(Scope.HOST), operation_id="count_match"
)
def count(request: HttpRequest, match_id: str, body: Counted) -> MatchDetail:
    """Take a finished match out of the ratings, or back into them, for a public reason; for hosts."""
    match, user = seen_match(request, match_id), user_of(request)
    if not is_host(match.competition, user):
        raise RefusedError("auth.not_allowed", action="run this competition")
    verb = "restored" if body.counted else "voided"
    set_counted(match=match, counted=body.counted, actor=user, verb=verb, reason=body.reason)
    return _detail(request, seen_match(request, match_id))


@router.post(
    "/matches/{match_id}/again", response=MatchDetail, auth=needs(Scope.HOST), operation_id="run_match_again"
)
def again(request: HttpRequest, match_id: str) -> MatchDetail:
    """Queue a match again that failed by our fault; for administrators."""
    match = seen_match(request, match_id)
    if not user_of(request).is_staff:
        raise RefusedError("auth.not_allowed", action="run failed matches again")
    if match.state == MatchState.FINISHED:
        raise RefusedError("match.already_done")
    run_again(match)
    return _detail(request, seen_match(request, match_id))
