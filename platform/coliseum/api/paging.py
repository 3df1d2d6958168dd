"""Pages of a list: newest first, continued by a cursor."""

import re
from typing import Final, TypeVar

from django.db.models import Model, QuerySet
from ninja import Schema
from pydantic import Field

from workers.refusals import RefusedError

_ID: Final = re.compile(r"[0-9a-z]{18}")
M = TypeVar("M", bound=Model)


class Paging(Schema):
    """Which part of a list."""

    limit: int = Field(50, ge=1, le=100, description="How many items at most.")
    cursor: str = Field("", description="`next` of the page before; empty for the first page.")


def page(rows: QuerySet[M], paging: Paging) -> tuple[list[M], str | None]:
    """Return a page of rows, newest first, and the cursor of the next page if there is one.

    Raises:
        RefusedError: `request.bad_field` for a cursor that no page gave.
    """
    rows = rows.order_by("-id")
    if paging.cursor:
        if not is_id(paging.cursor):
            wanted = "the `next` of an earlier page"
            raise RefusedError("request.bad_field", name="cursor", wanted=wanted, field="cursor")
        rows = rows.filter(pk__lt=paging.cursor)
    found = list(rows[: paging.limit + 1])
    more = len(found) > paging.limit
    found = found[: paging.limit]
    return found, str(found[-1].pk) if more else None


def is_id(text: str) -> bool:
    """Say whether a text can be one of our ids at all."""
    return bool(_ID.fullmatch(text))
