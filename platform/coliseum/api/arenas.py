"""Arenas: what can be played, each with its limits, its page, its certificate and an episode to watch."""

from dataclasses import asdict
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema
from pydantic import Field

from arenas import registry
from arenas.certifying.certificate import find_certificate, find_preview, what_forbids
from arenas.errors import UnknownArenaError
from arenas.extras import install_line, is_installed
from arenas.pages import page_of
from arenas.spec import ArenaSpec
from coliseum.api.arena_schemas import (
    ArenaDetail,
    ArenaList,
    ArenaRow,
    BaselineRow,
    CertificateRow,
    CheckedRow,
    SeatSheet,
)
from coliseum.api.callers import ANYBODY
from coliseum.api.episodes import DRAWN
from coliseum.downloads import file_answer
from workers.refusals import RefusedError, unknown_arena

router = Router(tags=["arenas"])


class Wanted(Schema):
    """Which arenas to list."""

    q: str = Field("", description="Words of id, title, summary or tags.", examples=["connect"])
    tag: str = Field("", max_length=40, description="Those with this tag.", examples=["board"])


@router.get("/arenas", response=ArenaList, auth=ANYBODY, operation_id="list_arenas")
def list_arenas(request: HttpRequest, wanted: Query[Wanted]) -> ArenaList:
    """List all arenas with their limits and baselines, or those that match."""
    specs = (registry.get(name) for name in registry.names())
    return ArenaList(items=[ArenaRow(**_row(each)) for each in specs if _fits(each, wanted)])


def _fits(spec: ArenaSpec, wanted: Wanted) -> bool:
    told = f"{spec.id} {spec.title} {spec.summary} {' '.join(spec.tags)}".lower()
    has_tag = not wanted.tag or wanted.tag in spec.tags
    return has_tag and all(word in told for word in wanted.q.lower().split())


@router.get(
    "/arenas/{path:arena_id}/preview",
    response=None,
    auth=ANYBODY,
    operation_id="get_arena_preview",
    openapi_extra=DRAWN,
)
def preview(request: HttpRequest, arena_id: str) -> HttpResponse:
    """Return an episode of the house's agents as the player shows it: a `.ctr` file."""
    spec = _known(arena_id)
    stored = find_preview(spec)
    if stored is None:
        raise RefusedError("not_found", kind="preview of", id=arena_id)
    name = f"{spec.id.replace('/', '-')}.ctr"
    return file_answer(request, stored, name=name, kind="application/gzip")


@router.get("/arenas/{path:arena_id}", response=ArenaDetail, auth=ANYBODY, operation_id="get_arena")
def show(request: HttpRequest, arena_id: str) -> ArenaDetail:
    """Return what an arena is: rules, seats, spaces, limits, scoring, baselines, certificate."""
    spec = _known(arena_id)
    certificate = find_certificate(spec)
    sheet = certificate.sheet if certificate else None
    return ArenaDetail(
        **_row(spec),
        environment=spec.environment,
        arguments=dict(spec.arguments),
        zero_sum=spec.zero_sum,
        forfeit_score=spec.forfeit_score,
        statistic=spec.statistic,
        page=page_of(spec),
        sheet=[
            SeatSheet(names=list(each.names), observation=list(each.observation), action=list(each.action))
            for each in (sheet.seats if sheet else ())
        ],
        certificate=CertificateRow(
            ok=certificate.ok,
            date=certificate.date,
            checks=[
                CheckedRow(name=each.name, ok=each.ok, value=each.value, detail=each.detail)
                for each in certificate.checks
            ],
            versions=certificate.versions,
        )
        if certificate
        else None,
        forbidden=what_forbids(spec),
        install="" if is_installed(spec) else install_line(spec),
        preview=find_preview(spec) is not None,
    )


def _known(arena_id: str) -> ArenaSpec:
    try:
        return registry.get(arena_id)
    except UnknownArenaError as error:
        raise unknown_arena(arena_id, error.suggestions) from error


def _row(spec: ArenaSpec) -> dict[str, Any]:  # Any: the fields of ArenaRow
    return {
        "id": spec.id,
        "title": spec.title,
        "summary": spec.summary,
        "kind": spec.kind,
        "seats": spec.seats,
        "lineup": spec.lineup,
        "roles": list(spec.roles),
        "objective": spec.objective,
        "swaps_seats": spec.swaps_seats,
        "episodes": spec.episodes,
        "max_turns": spec.max_turns,
        "illegal_action": spec.illegal_action,
        "limits": asdict(spec.limits),
        "baselines": [
            BaselineRow(name=each.name, title=each.title, description=each.description)
            for each in spec.baselines
        ],
        "tags": list(spec.tags),
    }
