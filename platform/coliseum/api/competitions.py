"""Competitions: list, read, make and change."""

from typing import Literal

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema, Status
from pydantic import Field

from coliseum.accounts.models import Scope, User
from coliseum.api.bodies import TOML
from coliseum.api.callers import ANYBODY, needs
from coliseum.api.competition_rows import act_row, competition_detail, competition_fields
from coliseum.api.files import FILE_ANSWER, FILE_BODY, NEW_BODY, read_file, read_new
from coliseum.api.paging import Paging, page
from coliseum.api.schemas import (
    ActPage,
    CompetitionDetail,
    CompetitionPage,
    CompetitionRow,
    CompetitionWritten,
)
from coliseum.api.seen import hosted_competition, is_slug, seen_competition, user_of
from coliseum.api.taken import Changes
from coliseum.competitions.changing import change_competition
from coliseum.competitions.models import Competition
from coliseum.competitions.queries import (
    acts_of,
    competition_for,
    competitions_of,
    is_host,
    joined_by,
    visible_competitions,
)
from coliseum.competitions.services import create_competition
from coliseum.league.opening import change_from_file, open_from_file, text_of
from workers.hosting.file import CompetitionFile
from workers.refusals import RefusedError

router = Router(tags=["competitions"])


class Wanted(Schema):
    """Which competitions to list."""

    q: str = Field("", description="Words of the title.", examples=["four"])
    state: Literal["", "draft", "open", "paused", "closed"] = Field("", description="How they stand.")
    arena: str = Field("", max_length=80, description="Arena id.", examples=["connect_four-v3"])
    mine: Literal["", "joined", "hosted"] = Field("", description="Those the caller joined, or runs.")


@router.get("", response=CompetitionPage, auth=ANYBODY, operation_id="list_competitions")
def list_competitions(request: HttpRequest, wanted: Query[Wanted], paging: Query[Paging]) -> CompetitionPage:
    """List the competitions the caller may see, newest first."""
    user = user_of(request)
    found = visible_competitions(user)
    if wanted.q:
        found = found.filter(title__icontains=wanted.q.replace("\0", ""))
    if wanted.state:
        found = found.filter(state=wanted.state)
    if wanted.arena:
        found = found.filter(arena=wanted.arena.replace("\0", ""))
    if wanted.mine == "joined":
        found = found.filter(pk__in=joined_by(user))
    if wanted.mine == "hosted":
        found = found.filter(pk__in=competitions_of(user).values("pk")) if user.pk else found.none()
    rows, after = page(request, found, paging)
    return CompetitionPage(items=[CompetitionRow(**competition_fields(each)) for each in rows], next=after)


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
    return Status(201, competition_detail(request, competition_for(made.slug, user)))


@router.get("/{slug}", response=CompetitionDetail, auth=ANYBODY, operation_id="get_competition")
def show(request: HttpRequest, slug: str) -> CompetitionDetail:
    """Return a competition with its texts, terms and limits, and the caller's quota in it."""
    return competition_detail(request, seen_competition(request, slug))


@router.patch(
    "/{slug}", response=CompetitionDetail, auth=needs(Scope.HOST), operation_id="change_competition"
)
def change(request: HttpRequest, slug: str, body: Changes) -> CompetitionDetail:
    """Change texts, end and limits of a competition; what is left out stays as it is. For its hosts."""
    competition = hosted_competition(request, slug)
    said = body.model_dump(exclude_unset=True)
    wanted = {"title": competition.title, "closes_at": competition.closes_at} | said
    change_competition(competition=competition, actor=user_of(request), **wanted)
    return competition_detail(request, competition)


@router.get(
    "/{slug}/competition.toml",
    response=None,
    auth=needs(Scope.READ),
    operation_id="get_competition_file",
    openapi_extra=FILE_ANSWER,
)
def get_file(request: HttpRequest, slug: str) -> HttpResponse:
    """Return competition.toml of a competition, for its hosts."""
    text = text_of(hosted_competition(request, slug))
    name = {"Content-Disposition": 'attachment; filename="competition.toml"'}
    return HttpResponse(text, content_type=f"{TOML}; charset=utf-8", headers=name)


@router.put(
    "/{slug}/competition.toml",
    response={200: CompetitionWritten, 201: CompetitionWritten},
    auth=needs(Scope.HOST),
    operation_id="put_competition_file",
    openapi_extra=FILE_BODY,
)
def put_file(request: HttpRequest, slug: str) -> Status[CompetitionWritten]:
    """Make a competition what competition.toml says: a new draft, or changes of the one that is there."""
    user = user_of(request)
    found = visible_competitions(user).filter(slug=slug).first() if is_slug(slug) else None
    changed = _write_new(request, slug) if found is None else _write_changes(request, found)
    written = competition_detail(request, competition_for(slug, user))
    answer = CompetitionWritten(**written.dict(), created=found is None, changed=list(changed))
    return Status(201 if found is None else 200, answer)


def _write_new(request: HttpRequest, slug: str) -> tuple[str, ...]:
    user = _who_may_open(request)
    file = read_file(request, is_new=True)
    if file.competition.slug != slug:
        raise RefusedError("hosting.other_slug", theirs=file.competition.slug, ours=slug, field="slug")
    open_from_file(host=user, file=file)
    return ()


def _write_changes(request: HttpRequest, found: Competition) -> tuple[str, ...]:
    user = user_of(request)
    if not is_host(found, user):
        raise RefusedError("auth.not_allowed", action="run this competition")
    return change_from_file(competition=found, actor=user, file=read_file(request, is_new=False))


def _who_may_open(request: HttpRequest) -> User:
    user = user_of(request)
    if not (user.may_host or user.is_staff):
        raise RefusedError("auth.not_allowed", action="open competitions")
    return user


@router.get("/{slug}/log", response=ActPage, auth=ANYBODY, operation_id="list_acts")
def log(request: HttpRequest, slug: str, paging: Query[Paging]) -> ActPage:
    """List what hosts, administrators and the platform did to a competition, newest first."""
    rows, after = page(request, acts_of(seen_competition(request, slug)), paging)
    return ActPage(items=[act_row(each) for each in rows], next=after)
