"""The leaderboard as it stood at the end of a day."""

import datetime
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from coliseum import clock
from coliseum.competitions.models import Phase
from coliseum.leaderboards.days import PastRow, board_on, rows_of, with_agents
from coliseum.leaderboards.queries import first_day
from coliseum.pages.boards import board_of, in_scale
from coliseum.pages.paging import by_number
from coliseum.pages.parameters import with_query
from coliseum.pages.rows import Row
from coliseum.pages.wording import counted
from workers.refusals import RefusedError

PER_PAGE = 100


def today() -> datetime.date:
    """Return the day that is still running, in UTC: its board is the live one."""
    return clock.now().astimezone(datetime.UTC).date()


def day_asked(request: HttpRequest) -> datetime.date | None:
    """Return the past day asked for by `on`; None for today, a day to come, or none.

    Raises:
        RefusedError: `request.bad_field` for what is no date.
    """
    text = request.GET.get("on", "")
    if not text:
        return None
    try:
        day = datetime.date.fromisoformat(text) if len(text) == len("2026-11-23") else None
    except ValueError:
        day = None
    if day is None:
        raise RefusedError("request.bad_field", name="on", wanted=_("a day as 2026-11-23"), field="on")
    return day if day < today() else None


def day_form(phase: Phase) -> Row:
    """Return what the form that asks for a day needs; nothing before a first day is over."""
    first = first_day(phase)
    if first is None:
        return {}
    yesterday = today() - datetime.timedelta(days=1)
    return {"phase": phase.slug, "first": first.isoformat(), "last": yesterday.isoformat()}


def past_board(request: HttpRequest, phase: Phase, day: datetime.date) -> Row:
    """Return the context of competitions/past.html: the rows of that day's last board, a page of them."""
    board = board_on(phase, day)
    kept: list[Any] = list(rows_of(board)) if board else []  # Any: paging only cuts
    page, pagination = by_number(request, kept, total=len(kept), per_page=PER_PAGE)
    measure = board_of(phase.competition)
    width = max((row.high for row in page), default=1.0) - min((row.low for row in page), default=0.0)
    shown = (lambda value: f"{value:.0f}") if measure["is_rating"] else in_scale(width or 1.0)
    return {
        "phase": phase,
        "day": day,
        "kept_on": board.day if board and board.day != day else None,
        "matches": board.matches if board else 0,
        "measure": measure,
        "rows": [_row(each, shown) for each in with_agents(page)],
        "pagination": pagination,
        "days": day_form(phase) | {"day": day.isoformat()},
        "now_url": with_query(request, on="", page=""),
    }


def _row(past: PastRow, shown: Any) -> Row:  # Any: a number's way to be written
    row, agent = past
    return {
        "rank": row.rank,
        "agent": str(agent) if agent else _("an agent that is gone"),
        "agent_url": reverse("agent", args=[agent.pk]) if agent else "",
        "owner": agent.entry.team.name if agent else "",
        "rating": shown(row.rating),
        "margin": shown((row.high - row.low) / 2),
        "matches": counted(row.matches),
    }
