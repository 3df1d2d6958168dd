"""Cutting long lists into pages: by number where the list is short, by last id where it grows for ever."""

from collections.abc import Sequence
from typing import Any, TypeVar

from django.db.models import Model, QuerySet
from django.http import HttpRequest

from coliseum.pages.parameters import optional_id, page_number, with_query

_Row = TypeVar("_Row", bound=Model)
Pagination = dict[str, Any]  # Any: what parts/_pagination.html takes


def by_number(
    request: HttpRequest, rows: QuerySet[_Row] | Sequence[_Row], *, total: int, per_page: int = 100
) -> tuple[list[_Row], Pagination]:
    """Return the rows of the page asked for and the links to the others.

    Raises:
        RefusedError: `request.bad_field` when `page` is no whole number from 1.
    """
    number = page_number(request)
    last = max(1, -(-total // per_page))
    start = (number - 1) * per_page
    found = list(rows[start : start + per_page])
    shown = sorted({1, last, *range(max(1, number - 1), min(last, number + 1) + 1)})
    pages: list[dict[str, Any]] = []  # Any: as above
    for position, page in enumerate(shown):
        if position and page - shown[position - 1] > 1:
            pages.append({"is_gap": True})
        pages.append(
            {"label": str(page), "url": with_query(request, page=str(page)), "is_current": page == number}
        )
    return found, {
        "previous_url": with_query(request, page=str(number - 1)) if 1 < number <= last else "",
        "next_url": with_query(request, page=str(number + 1)) if number < last else "",
        "pages": pages if last > 1 else [],
        "is_needed": last > 1,
    }


def by_id(request: HttpRequest, rows: QuerySet[_Row], *, per_page: int = 50) -> tuple[list[_Row], Pagination]:
    """Return a page of rows sorted by falling id: those before `older`, or those after `newer`.

    Raises:
        RefusedError: `request.bad_field` when a cursor is no id.
    """
    older, newer = optional_id(request, "older"), optional_id(request, "newer")
    if newer:
        found = list(rows.filter(id__gt=newer).order_by("id")[: per_page + 1])
        has_newer, has_older = len(found) > per_page, True
        found = found[:per_page][::-1]
    else:
        found = list((rows.filter(id__lt=older) if older else rows)[: per_page + 1])
        has_newer, has_older = bool(older), len(found) > per_page
        found = found[:per_page]
    first, last = (found[0].pk, found[-1].pk) if found else ("", "")
    return found, {
        "previous_url": with_query(request, newer=first, older="") if has_newer and first else "",
        "next_url": with_query(request, older=last, newer="") if has_older and last else "",
        "pages": [],
        "is_needed": bool(found) and (has_newer or has_older),
    }
