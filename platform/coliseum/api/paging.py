"""Pages of a list: in one fixed order, continued by a cursor."""

import re
from collections.abc import Callable, Sequence
from typing import Any, Final, TypeVar

from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponseBase
from ninja import Schema
from pydantic import Field

from workers.refusals import RefusedError

_ID: Final = re.compile(r"[0-9a-z]{18}")
_NUMBER: Final = re.compile(r"[1-9][0-9]{0,17}")
_NEXT: Final = "coliseum.next"
M = TypeVar("M", bound=Model)
T = TypeVar("T")


class Paging(Schema):
    """Which part of a list."""

    limit: int = Field(50, ge=1, le=100, description="How many items at most.", examples=[20])
    cursor: str = Field("", description="`next` of the page before; empty for the first page.")


def page(request: HttpRequest, rows: QuerySet[M], paging: Paging) -> tuple[list[M], str | None]:
    """Return a page of rows, newest first, and the cursor of the next page if there is one.

    Raises:
        RefusedError: `request.bad_field` for a cursor that no page gave.
    """
    rows = rows.order_by("-pk")
    if paging.cursor:
        _check_cursor(rows, paging.cursor)
        rows = rows.filter(pk__lt=paging.cursor)
    found = list(rows[: paging.limit + 1])
    more = len(found) > paging.limit
    found = found[: paging.limit]
    return found, _going_on(request, str(found[-1].pk) if more else None)


def part(
    request: HttpRequest, rows: Sequence[T] | QuerySet[Any], paging: Paging
) -> tuple[list[T], str | None]:
    """Return a page of rows in an order of their own, and the cursor of the next page: how many came before.

    For lists that stand still between two fits, as boards do.

    Raises:
        RefusedError: `request.bad_field` for a cursor that no page gave.
    """
    return cut(request, lambda places: list(rows[places]), paging)


def cut(
    request: HttpRequest, rows_at: Callable[[slice], list[T]], paging: Paging
) -> tuple[list[T], str | None]:
    """Return the same of rows that are looked up by their places."""
    start = 0
    if paging.cursor:
        if not _NUMBER.fullmatch(paging.cursor) or len(paging.cursor) > 9:
            raise _bad_cursor()
        start = int(paging.cursor)
    found = rows_at(slice(start, start + paging.limit + 1))
    more = len(found) > paging.limit
    return found[: paging.limit], _going_on(request, str(start + paging.limit) if more else None)


def is_id(text: str) -> bool:
    """Say whether a text can be one of our ids at all."""
    return bool(_ID.fullmatch(text))


def tell_next(request: HttpRequest, response: HttpResponseBase) -> None:
    """Write the address of the next page into the answer's headers, if there is one."""
    cursor = request.META.get(_NEXT)
    if cursor:
        query = request.GET.copy()
        query["cursor"] = cursor
        response["Link"] = f'<{request.path}?{query.urlencode()}>; rel="next"'


def _check_cursor(rows: QuerySet[M], cursor: str) -> None:
    is_numbered = rows.model._meta.pk.get_internal_type() != "CharField"
    if not (_NUMBER if is_numbered else _ID).fullmatch(cursor):
        raise _bad_cursor()


def _bad_cursor() -> RefusedError:
    return RefusedError(
        "request.bad_field", name="cursor", wanted="the `next` of an earlier page", field="cursor"
    )


def _going_on(request: HttpRequest, cursor: str | None) -> str | None:
    request.META[_NEXT] = cursor
    return cursor
