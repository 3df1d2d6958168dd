"""Lists of matches with their filters and orders: the latest, or the most remarkable of them."""

from collections.abc import Mapping
from typing import Final, Literal

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from coliseum.competitions.models import Competition
from coliseum.leaderboards.highlights import LOOKED_AT, SORTS, Sort, highlights
from coliseum.matches.models import MatchState
from coliseum.matches.queries import (
    PUBLIC_KINDS,
    RESULTS,
    in_state,
    of_kind,
    public_matches,
    with_agent,
    with_result,
)
from coliseum.pages.paging import by_id, by_number
from coliseum.pages.parameters import choice, known_only, optional_id, page_number
from coliseum.pages.rows import Row, match_kind, match_rows
from workers.refusals import RefusedError

MATCH_STATES: Final = (
    MatchState.QUEUED.value,
    MatchState.RUNNING.value,
    MatchState.FINISHED.value,
    MatchState.FAILED.value,
)
_LATEST: Final[Literal["latest"]] = "latest"
_ORDERS: Final = {
    _LATEST: gettext_lazy("the latest"),
    "upset": gettext_lazy("upsets"),
    "longest": gettext_lazy("the longest"),
    "closest": gettext_lazy("the closest"),
}
_RESULT_LABELS: Final = {
    "won": gettext_lazy("won"),
    "lost": gettext_lazy("lost"),
    "level": gettext_lazy("level"),
    "forfeit": gettext_lazy("forfeit"),
}
_OF_AN_AGENT: Final = ("won", "lost")
_FILTERS: Final = ("agent", "state", "kind", "result", "sort", "older", "newer", "page")
_PER_PAGE: Final = 50


def match_list(request: HttpRequest, competition: Competition | None) -> Row:
    """Return the context of a list of matches with its filters.

    Raises:
        RefusedError: `request.bad_field` for a filter, an order, a page or a cursor that cannot be read.
    """
    known_only(request, _FILTERS)
    page_number(request)  # Only some orders have numbered pages; one that cannot be read is refused in all.
    chosen = {
        "state": choice(request, "state", MATCH_STATES),
        "kind": choice(request, "kind", PUBLIC_KINDS),
        "result": choice(request, "result", RESULTS),
        "agent": optional_id(request, "agent"),
    }
    sort = _sort(request)
    if chosen["result"] in _OF_AN_AGENT and not chosen["agent"]:
        wanted = _("used together with agent, unless it is level or forfeit")
        raise RefusedError("request.bad_field", name="result", wanted=wanted, field="result")
    found = public_matches(competition)
    if chosen["state"]:
        found = in_state(found, chosen["state"])
    if chosen["kind"]:
        found = of_kind(found, chosen["kind"])
    if chosen["agent"]:
        found = with_agent(found, chosen["agent"])
    if chosen["result"]:
        found = with_result(found, chosen["result"], chosen["agent"])
    waiting = 0
    if not chosen["state"] and not chosen["result"]:
        # Who opens a list wants to see games: what still waits is one line with a link, not a page of rows.
        waiting = in_state(found, MatchState.QUEUED).count()
        found = found.exclude(state=MatchState.QUEUED)
    if sort == _LATEST:
        rows, pagination = by_id(request, found, per_page=_PER_PAGE)
    else:
        order = [each.match for each in highlights(found, sort)]
        # Ids instead of rows: it only cuts.
        page, pagination = by_number(request, order, total=len(order), per_page=_PER_PAGE)  # type: ignore[type-var]
        known = {match.pk: match for match in found.filter(pk__in=page)}
        rows = [known[pk] for pk in page if pk in known]
    is_first = not request.GET.get("older") and not request.GET.get("newer")
    return {
        "matches": match_rows(rows),
        "match_list_url": request.get_full_path() if competition and is_first and sort == _LATEST else "",
        "pagination": pagination,
        "states": _options({each: MatchState(each).label for each in MATCH_STATES}, chosen["state"]),
        "kinds": _options({each: match_kind(each) for each in PUBLIC_KINDS}, chosen["kind"]),
        "results": _options(
            {each: _RESULT_LABELS[each] for each in RESULTS if chosen["agent"] or each not in _OF_AN_AGENT},
            chosen["result"],
        ),
        "sorts": [
            {"value": value, "label": label, "is_current": value == sort} for value, label in _ORDERS.items()
        ],
        "looked_at": LOOKED_AT if sort != _LATEST else 0,
        "agent": chosen["agent"],
        "waiting": waiting,
        "is_filtered": any(chosen.values()) or sort != _LATEST,
    }


def _sort(request: HttpRequest) -> Sort | Literal["latest"]:
    """Return the order asked for.

    Raises:
        RefusedError: `request.bad_field`.
    """
    sort = request.GET.get("sort", "") or _LATEST
    if sort == _LATEST:
        return _LATEST
    for known in SORTS:
        if sort == known:
            return known
    raise RefusedError("request.bad_field", sort=sort, choices=", ".join((_LATEST, *SORTS)), field="sort")


def _options(labels: Mapping[str, str | Promise], chosen: str) -> list[Row]:
    return [
        {"value": value, "label": label, "is_current": value == chosen} for value, label in labels.items()
    ]


def rendered(request: HttpRequest, template: str, context: Row) -> HttpResponse:
    """Return the page of a list, or the list alone for a page that is kept fresh."""
    alone = request.headers.get("HX-Request") == "true" and context["match_list_url"]
    if alone:
        template = "parts/_match_list.html"
        context = context | {"caption": _("Matches, newest first")}
    response = render(request, template, context)
    response["Vary"] = "HX-Request, Cookie"
    return response
