"""The leaderboard: page, live fragment, downloads."""

from collections.abc import Sequence
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from coliseum.competitions.models import Competition, Phase, PhaseState
from coliseum.competitions.queries import competition_for, shown_phase, teams_in
from coliseum.leaderboards.models import Snapshot
from coliseum.leaderboards.queries import (
    named,
    own_elsewhere,
    rows_in_order,
    snapshot_of,
    standings_of,
)
from coliseum.pages.boards import as_csv, as_records, board_of, board_rows, source_line
from coliseum.pages.boardviews import (
    CYCLIC_ELO,
    RATING,
    chosen_view,
    intransitivity,
    view_links,
    views_of,
)
from coliseum.pages.competitions import frame
from coliseum.pages.methods import require_safe
from coliseum.pages.paging import by_number
from coliseum.pages.parameters import (
    choice,
    known_only,
    known_slug,
    live_url,
    number,
    page_number,
    search_text,
    with_query,
)
from coliseum.pages.past_boards import day_asked, day_form, past_board
from coliseum.pages.plotting import link_to_plots
from coliseum.pages.rows import Row, moment
from coliseum.pages.shared_fragments import once_for_all
from coliseum.pages.wording import amount

PER_PAGE = 100


@require_safe
def leaderboard(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the standings, or give them as a file with `?format=csv` or `json`."""
    wanted = competition_for(known_slug(slug), request.user)
    known_only(request, ("page", "format", "phase", "view", "division", "q", "on"))
    if form := choice(request, "format", ("csv", "json")):
        return _download(request, wanted, form)
    if day := day_asked(request):
        context = frame(request, wanted, "leaderboard") | past_board(request, _phase(request, wanted), day)
        return render(request, "competitions/past.html", context)
    board = _board(request, wanted)
    mine = next((f"#{row['anchor']}" for row in board["standings"] if row["is_mine"]), "")
    context = frame(request, wanted, "leaderboard") | board | _links(request, board["phase"])
    context["my_anchor"] = mine
    context["days"] = day_form(board["phase"]) if board["compared_with"] else {}
    context["live_url"] = live_url(f"competition:{wanted.slug}")
    return render(request, "competitions/leaderboard.html", context)


@require_safe
def standings(request: HttpRequest, slug: str) -> HttpResponse:
    """Give the board alone, for a page that is kept fresh."""
    wanted = competition_for(known_slug(slug), request.user)

    def rendered() -> str:
        context = {"competition": wanted} | _board(request, wanted)
        return render_to_string("competitions/_standings.html", context, request)

    # Own rows are marked; and what few look at is not worth keeping.
    if request.GET or teams_in(wanted, request.user):
        return HttpResponse(rendered())
    phase = _phase(request, wanted)
    known = snapshot_of(phase)
    stand = (known.computed_at, known.studied_at, known.root) if known else ()
    return HttpResponse(once_for_all(("standings", phase.pk, phase.state, *stand), rendered))


def _board(request: HttpRequest, competition: Competition) -> Row:
    """Return what the fragment shows; only another order than that of the rating reads all rows."""
    measure = board_of(competition)
    mine = teams_in(competition, request.user)
    phase = _phase(request, competition)
    snapshot = snapshot_of(phase)
    ranked = standings_of(phase)
    if division := number(request, "division", least=1, otherwise=0):
        ranked = ranked.filter(division=division - 1)
    if wanted := search_text(request):
        ranked = named(ranked, wanted)
    total = ranked.count()
    page, pagination = by_number(request, ranked, total=total, per_page=PER_PAGE)
    views = views_of(page or ranked[:1]) if measure["is_rating"] else [RATING]
    view = chosen_view(request, views, snapshot)
    if view != RATING:
        first = (page_number(request) - 1) * PER_PAGE
        page = rows_in_order(ranked, view.name, slice(first, first + PER_PAGE))
    own = [] if wanted or len(page) == total else own_elsewhere(phase, mine, page)
    rows, scale = board_rows([*own, *page], mine=mine, is_rating=bool(measure["is_rating"]), view=view)
    for row in rows[: len(own)]:
        row |= {"is_pinned": True, "anchor": f"own-{row['anchor']}"}
    for row in rows[: len(own) + 1 if own else 0]:
        row["starts_band"] = False  # It says something about neighbours of the board only.
    return {
        "search": wanted,
        "compared_with": snapshot.compared_with if snapshot else None,
        "phase": phase,
        "view": view,
        "views": view_links(request, views, view),
        "notes": _notes(snapshot, phase),
        "standings": rows,
        "scale": scale,
        "caption": _("%(title)s: leaderboard") % {"title": competition.title},
        "measure": measure,
        "source": source_line(snapshot),
        "pagination": pagination,
        "standings_url": reverse("standings", args=[competition.slug]) + _same_query(request),
    }


def _links(request: HttpRequest, phase: Phase) -> Row:
    """Return what stands around the board on its page: other phases, divisions, plots, files."""
    divisions = standings_of(phase).order_by("division").values_list("division", flat=True).distinct()
    shown = number(request, "division", least=1, otherwise=0)
    return {
        "divisions": _division_links(request, list(divisions), shown),
        "phases": _phase_links(request, phase.competition, phase),
        "plots_url": link_to_plots(phase),
        "ledger_url": f"{reverse('ledger', args=[phase.competition.slug])}?phase={phase.slug}",
        "csv_url": with_query(request, format="csv"),
        "json_url": with_query(request, format="json"),
    }


def _phase(request: HttpRequest, competition: Competition) -> Phase:
    return shown_phase(competition, request.GET.get("phase", ""))


def _same_query(request: HttpRequest) -> str:
    """Return the query of the page, for the fragment that is fetched again."""
    names = ("page", "phase", "view", "division", "q")
    kept = {name: request.GET[name] for name in names if request.GET.get(name)}
    return f"?{urlencode(kept)}" if kept else ""


def _phase_links(request: HttpRequest, competition: Competition, shown: Phase) -> list[Row]:
    """Return the phases that were opened as links; nothing while there is but one."""
    opened = [phase for phase in competition.phases.order_by("id") if phase.state != PhaseState.DRAFT]
    if len(opened) < 2:
        return []
    return [
        {
            "url": with_query(request, phase=phase.slug, page="", view=""),
            "label": phase.shown_title,
            "is_current": phase == shown,
        }
        for phase in opened
    ]


def _division_links(request: HttpRequest, divisions: Sequence[int], shown: int) -> list[Row]:
    """Return the parts of a large field as links; nothing where there is but one."""
    if len(divisions) < 2:
        return []
    return [
        {
            "url": with_query(request, division=str(each) if each else "", page=""),
            "label": _("Division %(number)s") % {"number": each} if each else _("All"),
            "is_current": each == shown,
        }
        for each in (0, *(division + 1 for division in divisions))
    ]


def _notes(snapshot: Snapshot | None, phase: Phase) -> list[str]:
    """Return what a reader of this board should know before she reads the numbers."""
    notes = []
    if phase.state == PhaseState.CLOSED:
        notes.append(
            _("%(phase)s is over; this board does not change any more.") % {"phase": phase.shown_title}
        )
    if snapshot and snapshot.parameters.get("no_separation") and snapshot.matches:
        notes.append(_("Nobody can be told apart from the first yet."))
    if repeats := int(snapshot.parameters.get("repeats", 0)) if snapshot else 0:
        notes.append(
            _(
                "%(matches)s went move by move like an earlier one of the same agents and tell nothing new: "
                "they are not rated again."
            )
            % {"matches": amount(repeats, "match", "matches")}
        )
    if intransitivity(snapshot) > CYCLIC_ELO:
        notes.append(
            _(
                "Styles beat each other in circles here (by %(points)s points between two agents): look at "
                "the share of points against the field first."
            )
            % {"points": f"{intransitivity(snapshot):.0f}"}
        )
    return notes


def _download(request: HttpRequest, competition: Competition, form: str) -> HttpResponse:
    phase = _phase(request, competition)
    rows = list(standings_of(phase))
    if form == "csv":
        response: HttpResponse = HttpResponse(as_csv(rows), content_type="text/csv; charset=utf-8")
    else:
        snapshot = snapshot_of(phase)
        response = JsonResponse(
            {
                "competition": competition.slug,
                "arena": competition.arena,
                "phase": phase.slug,
                "root": snapshot.root if snapshot else "",
                "matches": snapshot.matches if snapshot else 0,
                "computed_at": moment(snapshot.computed_at) if snapshot else "",
                "standings": as_records(rows),
            }
        )
    response["Content-Disposition"] = f'attachment; filename="{competition.slug}-leaderboard.{form}"'
    return response
