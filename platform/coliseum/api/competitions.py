"""Competitions: list, read, join, and what their hosts do."""

import re
from hashlib import sha256
from typing import Any

from django.db.models import Sum
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.cache import get_conditional_response
from ninja import Query, Router, Status

from coliseum.accounts.models import Scope, User
from coliseum.api.addresses import page_address
from coliseum.api.bodies import TOML
from coliseum.api.callers import ANYBODY, caller_of, needs
from coliseum.api.files import FILE_ANSWER, FILE_BODY, NEW_BODY, read_file, read_new
from coliseum.api.matches import match_row
from coliseum.api.paging import Paging, is_id, page
from coliseum.api.schemas import (
    CompetitionDetail,
    CompetitionPage,
    CompetitionRow,
    CompetitionWritten,
    EntryRow,
    Leaderboard,
    MatchPage,
    OfficialTable,
    StandingRow,
)
from coliseum.api.taken import Disqualification, NewState
from coliseum.competitions.models import Competition, CompetitionState, Entry, Phase
from coliseum.competitions.queries import (
    competition_for,
    entry_in,
    is_host,
    shown_phase,
    visible_competitions,
)
from coliseum.competitions.services import (
    create_competition,
    disqualify_entry,
    enter_competition,
    entry_of,
    move_competition,
)
from coliseum.leaderboards.models import Standing
from coliseum.leaderboards.queries import (
    ledger_pages,
    official_table,
    snapshot_of,
    standings_of,
    stream_ledger,
)
from coliseum.league import conductor
from coliseum.league.opening import change_from_file, open_from_file, text_of
from coliseum.matches.queries import public_matches
from coliseum.submissions.services import quota_left
from workers.hosting.file import CompetitionFile
from workers.refusals import RefusedError

router = Router(tags=["competitions"])
_SLUG = re.compile(r"[a-z0-9-]{1,60}")


@router.get("", response=CompetitionPage, auth=ANYBODY, operation_id="list_competitions")
def list_competitions(request: HttpRequest, paging: Query[Paging]) -> CompetitionPage:
    """List the competitions the caller may see, newest first."""
    rows, after = page(visible_competitions(caller_of(request).user), paging)
    return CompetitionPage(items=[CompetitionRow(**_row(each)) for each in rows], next=after)


@router.post(
    "",
    response={201: CompetitionDetail},
    auth=needs(Scope.HOST),
    operation_id="create_competition",
    openapi_extra=NEW_BODY,
)
def create(request: HttpRequest) -> Status[CompetitionDetail]:
    """Make a competition as a draft, from a few fields or from competition.toml, for people who may host."""
    user = _who_may_open(request)
    body = read_new(request)
    if isinstance(body, CompetitionFile):
        made = open_from_file(host=user, file=body)
    else:
        made = create_competition(host=user, **body.model_dump(exclude_none=True))
    return Status(201, _detail(request, competition_for(made.slug, user)))


@router.put(
    "/{slug}/competition.toml",
    response={200: CompetitionWritten, 201: CompetitionWritten},
    auth=needs(Scope.HOST),
    operation_id="put_competition_file",
    openapi_extra=FILE_BODY,
)
def put_file(request: HttpRequest, slug: str) -> Status[CompetitionWritten]:
    """Make a competition what competition.toml says: a new draft, or changes of the one that is there."""
    user = caller_of(request).user
    found = visible_competitions(user).filter(slug=slug).first() if _SLUG.fullmatch(slug) else None
    if found is None:
        user = _who_may_open(request)
        file = read_file(request, is_new=True)
        if file.competition.slug != slug:
            raise RefusedError("hosting.other_slug", theirs=file.competition.slug, ours=slug, field="slug")
        open_from_file(host=user, file=file)
        changed: tuple[str, ...] = ()
    else:
        if not is_host(found, user):
            raise RefusedError("auth.not_allowed", action="run this competition")
        changed = change_from_file(competition=found, actor=user, file=read_file(request, is_new=False))
    written = _detail(request, competition_for(slug, user))
    answer = CompetitionWritten(**written.dict(), created=found is None, changed=list(changed))
    return Status(201 if found is None else 200, answer)


@router.get(
    "/{slug}/competition.toml",
    response=None,
    auth=needs(Scope.READ),
    operation_id="get_competition_file",
    openapi_extra=FILE_ANSWER,
)
def get_file(request: HttpRequest, slug: str) -> HttpResponse:
    """Return competition.toml of a competition, for its hosts."""
    text = text_of(_hosted(request, slug))
    name = {"Content-Disposition": 'attachment; filename="competition.toml"'}
    return HttpResponse(text, content_type=f"{TOML}; charset=utf-8", headers=name)


def _who_may_open(request: HttpRequest) -> User:
    user = caller_of(request).user
    if not (user.may_host or user.is_staff):
        raise RefusedError("auth.not_allowed", action="open competitions")
    return user


@router.get("/{slug}", response=CompetitionDetail, auth=ANYBODY, operation_id="get_competition")
def show(request: HttpRequest, slug: str) -> CompetitionDetail:
    """Return a competition with its rules, and the caller's quota in it."""
    return _detail(request, seen_competition(request, slug))


@router.get("/{slug}/leaderboard", response=Leaderboard, auth=ANYBODY, operation_id="get_leaderboard")
def leaderboard(
    request: HttpRequest, response: HttpResponse, slug: str, phase: str = ""
) -> Leaderboard | HttpResponseBase:
    """Return the leaderboard of the phase shown now, or of one named; 304 to the ETag of an unchanged one."""
    shown = shown_phase(seen_competition(request, slug), phase)
    snapshot = snapshot_of(shown)
    board = Leaderboard(
        items=[standing_row(standing) for standing in standings_of(shown)],
        phase=shown.slug,
        matches=snapshot.matches if snapshot else 0,
        computed_at=snapshot.computed_at if snapshot else None,
        digest=snapshot.digest if snapshot else "",
        root=snapshot.root if snapshot else "",
        official=_official(shown),
    )
    response["ETag"] = _etag(board)
    unchanged = get_conditional_response(request, etag=response["ETag"])
    return unchanged if unchanged else board


@router.get("/{slug}/ledger", auth=ANYBODY, operation_id="get_ledger")
def ledger(request: HttpRequest, slug: str, phase: str = "") -> HttpResponseBase:
    """Return all results of the phase shown now, or of one named, as `coliseum rerate` reads them: JSONL."""
    shown = shown_phase(seen_competition(request, slug), phase)
    contents = list(ledger_pages(shown).values_list("content", flat=True))
    answer = StreamingHttpResponse(stream_ledger(contents), content_type="application/x-ndjson")
    answer["Content-Disposition"] = f'attachment; filename="{slug}-{shown.slug}-ledger.jsonl"'
    return answer


@router.get("/{slug}/matches", response=MatchPage, auth=ANYBODY, operation_id="list_matches")
def list_matches(request: HttpRequest, slug: str, paging: Query[Paging]) -> MatchPage:
    """List a competition's matches, newest first; validations are not among them."""
    competition = seen_competition(request, slug)
    rows, after = page(public_matches(competition), paging)
    return MatchPage(items=[match_row(each) for each in rows], next=after)


@router.post("/{slug}/join", response=EntryRow, auth=needs(Scope.SUBMIT), operation_id="join_competition")
def join(request: HttpRequest, slug: str) -> EntryRow:
    """Join a competition and accept its rules; joining twice changes nothing."""
    user = caller_of(request).user
    return entry_row(enter_competition(competition=seen_competition(request, slug), user=user))


@router.post(
    "/{slug}/state", response=CompetitionDetail, auth=needs(Scope.HOST), operation_id="move_competition"
)
def move(request: HttpRequest, slug: str, body: NewState) -> CompetitionDetail:
    """Open, pause, resume or close a competition; for its hosts."""
    competition = _hosted(request, slug)
    if body.state not in CompetitionState.values:
        wanted = f"one of {', '.join(CompetitionState.values)}"
        raise RefusedError("request.bad_field", name="state", wanted=wanted, field="state")
    move_competition(
        competition=competition, to=body.state, actor=caller_of(request).user, reason=body.reason[:400]
    )
    return _detail(request, competition)


@router.post("/{slug}/disqualify", response=EntryRow, auth=needs(Scope.HOST), operation_id="disqualify_team")
def disqualify(request: HttpRequest, slug: str, body: Disqualification) -> EntryRow:
    """Take a team out of a competition for a reason everybody can read; for its hosts."""
    competition = _hosted(request, slug)
    if not is_id(body.team):
        raise RefusedError("not_found", kind="team", id=body.team)
    entry = entry_in(competition, body.team)
    disqualify_entry(entry=entry, actor=caller_of(request).user, reason=body.reason)
    conductor.on_disqualified(entry)
    return entry_row(entry)


def seen_competition(request: HttpRequest, slug: str) -> Competition:
    """Return a competition that the caller may see.

    Raises:
        RefusedError: `not_found`.
    """
    if not _SLUG.fullmatch(slug):
        raise RefusedError("not_found", kind="competition", id=slug)
    return competition_for(slug, caller_of(request).user)


def _hosted(request: HttpRequest, slug: str) -> Competition:
    competition = seen_competition(request, slug)
    if not is_host(competition, caller_of(request).user):
        raise RefusedError("auth.not_allowed", action="run this competition")
    return competition


def _row(competition: Competition) -> dict[str, Any]:  # Any: the fields of CompetitionRow
    return {
        "slug": competition.slug,
        "title": competition.title,
        "arena": competition.arena,
        "state": competition.state,
        "summary": competition.summary,
        "opens_at": competition.opens_at,
        "closes_at": competition.closes_at,
        # Annotated by the queries that list competitions.
        "entries": competition.entry_count,  # type: ignore[attr-defined]
        "url": page_address("competition", competition.slug),
    }


def _detail(request: HttpRequest, competition: Competition) -> CompetitionDetail:
    entry = entry_of(competition, caller_of(request).user)
    left, resets_at = quota_left(entry) if entry else (None, None)
    return CompetitionDetail(
        **_row(competition),
        overview=competition.overview,
        rules=competition.rules,
        daily_submissions=competition.daily_submissions,
        active_submissions=competition.active_submissions,
        target_matches=competition.target_matches,
        hosts=[host.username for host in competition.hosts.order_by("username")],
        joined=entry is not None,
        submissions_left=None if left is None else max(left, 0),
        submissions_reset_at=resets_at,
    )


def standing_row(standing: Standing) -> StandingRow:
    """Return a row of the leaderboard."""
    submission = standing.submission
    return StandingRow(
        rank=standing.rank,
        rank_low=standing.rank_low,
        rank_high=standing.rank_high,
        agent=submission.name,
        submission=submission.pk,
        team=submission.entry.team.name,
        baseline=submission.baseline,
        rating=standing.rating,
        low=standing.low,
        high=standing.high,
        matches=standing.matches,
        wins=standing.wins,
        draws=standing.draws,
        losses=standing.losses,
        forfeits=standing.forfeits,
        provisional=standing.provisional,
        p_best=standing.p_best,
        p_top3=standing.p_top3,
        p_top10=standing.p_top10,
        field_rate=standing.field_rate,
        nash=standing.nash,
        worst_opponent=standing.worst_opponent_id,
        worst_rate=standing.worst_rate,
        worst_low=standing.worst_low,
        band=standing.band,
        episodes_to_next=standing.episodes_to_next,
        roles=standing.roles,
        flags=standing.flags,
        episodes=standing.episodes,
        opponents=standing.opponents,
    )


def _official(phase: Phase) -> OfficialTable | None:
    page = official_table(phase)
    if page is None:
        return None
    lines = ledger_pages(phase).filter(number__lte=page.number).aggregate(lines=Sum("events"))["lines"]
    return OfficialTable(
        root=page.digest,
        digest=page.table_digest,
        matches=page.matches,
        lines=lines,
        sealed_at=page.sealed_at,
    )


def entry_row(entry: Entry) -> EntryRow:
    """Return a team in a competition."""
    return EntryRow(
        competition=entry.competition.slug,
        team=entry.team.name,
        team_id=entry.team_id,
        members=[member.username for member in entry.team.members.order_by("username")],
        joined_at=entry.joined_at,
        disqualified=entry.is_disqualified,
        disqualified_reason=entry.disqualified_reason,
    )


def _etag(board: Leaderboard) -> str:
    return f'"{sha256(board.model_dump_json().encode()).hexdigest()[:32]}"'
