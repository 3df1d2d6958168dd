"""Leaderboards: the board of a phase in its views, its plots, its ledger."""

from datetime import UTC, date
from functools import partial
from typing import Final

from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse
from ninja import Query, Router, Schema
from pydantic import Field

from coliseum import clock
from coliseum.api.board_rows import official_row, past_row, standing_row
from coliseum.api.board_schemas import Leaderboard, PastLeaderboard, PlotContent, PlotList
from coliseum.api.callers import ANYBODY
from coliseum.api.paging import Paging, cut, part
from coliseum.api.seen import seen_competition
from coliseum.competitions.models import Phase
from coliseum.competitions.queries import shown_phase
from coliseum.leaderboards.days import board_on, rows_of, with_agents
from coliseum.leaderboards.models import Standing
from coliseum.leaderboards.queries import (
    ROLE,
    ledger_pages,
    named,
    plot_names,
    plot_of,
    roles_on,
    rows_in_order,
    snapshot_of,
    standings_of,
    stream_ledger,
)
from workers.league.pictures import PLOTS
from workers.refusals import RefusedError

router = Router(tags=["leaderboards"])
LINES: Final = {
    "responses": {
        200: {
            "description": "One JSON object a line.",
            "content": {"application/x-ndjson": {"schema": {"type": "string"}}},
        }
    }
}


class Phased(Schema):
    """Which phase is meant."""

    phase: str = Field(
        "",
        description="Season or final, as `public-1` or `final-1`; the latest opened if left out.",
        examples=["public-1"],
    )


class Look(Phased):
    """How to look at a board."""

    view: str = Field(
        "rating",
        description="Order: `rating`, `field` (share of points against all), `nash` (at equilibrium), or "
        "`role-` and a role, where seats are of several kinds.",
        examples=["rating"],
    )
    q: str = Field("", description="Part of an agent's or a team's name.", examples=["seasons"])
    division: int = Field(0, ge=0, le=1000, description="One part of a large field, from 1; 0 is all of it.")


@router.get("/{slug}/leaderboard", response=Leaderboard, auth=ANYBODY, operation_id="get_leaderboard")
def leaderboard(request: HttpRequest, slug: str, look: Query[Look], paging: Query[Paging]) -> Leaderboard:
    """Return the leaderboard of the phase shown now, or of one named, a page at a time.

    Send the answer's `ETag` back in `If-None-Match`, and an unchanged board is 304.
    """
    shown = shown_phase(seen_competition(request, slug), look.phase)
    snapshot = snapshot_of(shown)
    ranked = standings_of(shown)
    if look.division:
        ranked = ranked.filter(division=look.division - 1)
    if wanted := look.q.strip():
        ranked = named(ranked, wanted)
    rows: list[Standing]
    if look.view == "rating":
        rows, after = part(request, ranked, paging)
    else:
        _check_view(shown, look.view)
        rows, after = cut(request, partial(rows_in_order, ranked, look.view), paging)
    return Leaderboard(
        items=[standing_row(standing) for standing in rows],
        next=after,
        total=ranked.count(),
        phase=shown.slug,
        view=look.view,
        matches=snapshot.matches if snapshot else 0,
        computed_at=snapshot.computed_at if snapshot else None,
        compared_with=snapshot.compared_with if snapshot else None,
        digest=snapshot.digest if snapshot else "",
        root=snapshot.root if snapshot else "",
        official=official_row(shown),
    )


def _check_view(phase: Phase, view: str) -> None:
    """Refuse a view that no board has, or a role that nobody of this board has played.

    Raises:
        RefusedError: `request.bad_field`.
    """
    known = ["rating", "field", "nash", *(ROLE + role for role in roles_on(phase))]
    if view not in known:
        raise RefusedError("request.bad_field", sort=view, choices=", ".join(known), field="view")


@router.get(
    "/{slug}/leaderboard/days/{day}",
    response=PastLeaderboard,
    auth=ANYBODY,
    operation_id="get_past_leaderboard",
)
def past_leaderboard(
    request: HttpRequest, slug: str, day: date, phased: Query[Phased], paging: Query[Paging]
) -> PastLeaderboard:
    """Return the leaderboard as it stood at the end of a day (UTC) that is over, a page at a time."""
    if day >= clock.now().astimezone(UTC).date():
        raise RefusedError("request.bad_field", name="day", wanted="a day that is over", field="day")
    shown = shown_phase(seen_competition(request, slug), phased.phase)
    board = board_on(shown, day)
    kept = rows_of(board) if board else []
    rows, after = part(request, kept, paging)
    return PastLeaderboard(
        items=[past_row(each) for each in with_agents(rows)],
        next=after,
        total=len(kept),
        phase=shown.slug,
        kept_on=board.day if board else None,
        matches=board.matches if board else 0,
    )


@router.get("/{slug}/plots", response=PlotList, auth=ANYBODY, operation_id="list_plots")
def plots(request: HttpRequest, slug: str, phased: Query[Phased]) -> PlotList:
    """List the plots that a phase's leaderboard has."""
    shown = shown_phase(seen_competition(request, slug), phased.phase)
    known = plot_names(shown)
    return PlotList(phase=shown.slug, items=[name for name in PLOTS if name in known])


@router.get("/{slug}/plots/{name}", response=PlotContent, auth=ANYBODY, operation_id="get_plot")
def plot(request: HttpRequest, slug: str, name: str, phased: Query[Phased]) -> PlotContent:
    """Return the numbers of one plot; agents are named by submission id."""
    shown = shown_phase(seen_competition(request, slug), phased.phase)
    if name not in PLOTS:
        # Findings that are for hosts alone are kept beside the plots.
        raise RefusedError("not_found", kind="plot", id=name)
    found = plot_of(shown, name)
    return PlotContent(plot=name, phase=shown.slug, computed_at=found.computed_at, content=found.content)


@router.get("/{slug}/ledger", auth=ANYBODY, operation_id="get_ledger", openapi_extra=LINES, response=None)
def ledger(request: HttpRequest, slug: str, phased: Query[Phased]) -> HttpResponseBase:
    """Return all sealed results of a phase as `coliseum rerate` reads them: JSONL."""
    shown = shown_phase(seen_competition(request, slug), phased.phase)
    contents = list(ledger_pages(shown).values_list("content", flat=True))
    answer = StreamingHttpResponse(stream_ledger(contents), content_type="application/x-ndjson")
    answer["Content-Disposition"] = f'attachment; filename="{slug}-{shown.slug}-ledger.jsonl"'
    return answer
