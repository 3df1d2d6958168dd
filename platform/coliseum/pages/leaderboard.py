"""The leaderboard: page, live fragment, downloads."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse

from coliseum.competitions.models import Competition
from coliseum.competitions.queries import competition_for, teams_in
from coliseum.leaderboards.queries import snapshot_of, standings_of
from coliseum.pages.boards import as_csv, as_records, board_of, board_rows, source_line
from coliseum.pages.competitions import frame
from coliseum.pages.methods import require_safe
from coliseum.pages.paging import by_number
from coliseum.pages.parameters import choice, known_only, known_slug, live_url, page_number, with_query
from coliseum.pages.rows import Row, moment

PER_PAGE = 100


@require_safe
def leaderboard(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the standings, or give them as a file with `?format=csv` or `json`."""
    wanted = competition_for(known_slug(slug), request.user)
    known_only(request, ("page", "format"))
    if form := choice(request, "format", ("csv", "json")):
        return _download(wanted, form)
    context = frame(request, wanted, "leaderboard") | _board(request, wanted)
    context["live_url"] = live_url(f"competition:{wanted.slug}")
    return render(request, "competitions/leaderboard.html", context)


@require_safe
def standings(request: HttpRequest, slug: str) -> HttpResponse:
    """Give the board alone, for a page that is kept fresh."""
    wanted = competition_for(known_slug(slug), request.user)
    return render(request, "competitions/_standings.html", {"competition": wanted} | _board(request, wanted))


def _board(request: HttpRequest, competition: Competition) -> Row:
    measure = board_of(competition)
    mine = teams_in(competition, request.user)
    snapshot = snapshot_of(competition)
    everything = standings_of(competition)
    page, pagination = by_number(request, everything, total=everything.count(), per_page=PER_PAGE)
    rows, scale = board_rows(page, mine=mine, is_rating=bool(measure["is_rating"]))
    number = page_number(request)
    address = reverse("standings", args=[competition.slug])
    return {
        "standings": rows,
        "scale": scale,
        "caption": f"{competition.title}: leaderboard",
        "measure": measure,
        "source": source_line(snapshot),
        "pagination": pagination,
        "standings_url": f"{address}?page={number}" if number > 1 else address,
        "my_anchor": next((f"#{row['anchor']}" for row in rows if row["is_mine"]), ""),
        "csv_url": with_query(request, format="csv"),
        "json_url": with_query(request, format="json"),
    }


def _download(competition: Competition, form: str) -> HttpResponse:
    rows = list(standings_of(competition))
    if form == "csv":
        response: HttpResponse = HttpResponse(as_csv(rows), content_type="text/csv; charset=utf-8")
    else:
        snapshot = snapshot_of(competition)
        response = JsonResponse(
            {
                "competition": competition.slug,
                "arena": competition.arena,
                "matches": snapshot.matches if snapshot else 0,
                "computed_at": moment(snapshot.computed_at) if snapshot else "",
                "standings": as_records(rows),
            }
        )
    response["Content-Disposition"] = f'attachment; filename="{competition.slug}-leaderboard.{form}"'
    return response
