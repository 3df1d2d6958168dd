"""One search for people, agents, competitions and arenas: a plain page, bounded queries."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from arenas.spec import ArenaSpec
from coliseum.accounts.models import User, Visitor
from coliseum.competitions.models import Competition
from coliseum.league.finding import find_agents, find_arenas, find_competitions, find_people
from coliseum.pages.methods import require_safe
from coliseum.pages.paging import by_number
from coliseum.pages.parameters import choice, known_only, search_text, with_query
from coliseum.pages.rows import Row, arena_title
from coliseum.pages.wording import amount
from coliseum.submissions.models import Submission

FEW = 6
"""Rows of a kind where all kinds are shown."""
MANY = 30
"""Rows on a page of one kind."""


@dataclass(frozen=True, slots=True)
class _Kind:
    """What can be looked for."""

    title: str
    find: Callable[[str, Visitor], QuerySet[Any] | list[ArenaSpec]]  # Any: of several models
    row: Callable[[Any], Row]


def _person_row(person: User) -> Row:
    profile = getattr(person, "profile", None)
    return {
        "title": person.username,
        "url": reverse("person", args=[person.username]),
        "about": profile.display_name if profile else "",
    }


def _agent_row(agent: Submission) -> Row:
    about = _("by %(team)s in %(title)s") % {
        "team": agent.entry.team.name,
        "title": agent.entry.competition.title,
    }
    return {"title": str(agent), "url": reverse("agent", args=[agent.pk]), "about": about}


def _competition_row(competition: Competition) -> Row:
    about = f"{arena_title(competition.arena)}, {competition.get_state_display()}. {competition.summary}"
    return {
        "title": competition.title,
        "url": reverse("competition", args=[competition.slug]),
        "about": about,
    }


def _arena_row(spec: ArenaSpec) -> Row:
    return {
        "title": spec.title,
        "url": reverse("arena", args=[spec.id]),
        "about": f"{spec.id}. {_(spec.summary)}",
    }


def _kinds() -> dict[str, _Kind]:
    return {
        "competitions": _Kind(_("Competitions"), find_competitions, _competition_row),
        "agents": _Kind(_("Agents"), find_agents, _agent_row),
        "people": _Kind(_("People"), find_people, _person_row),
        "arenas": _Kind(_("Arenas"), find_arenas, _arena_row),
    }


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Show what holds the text: a few of every kind, or pages of one."""
    known_only(request, ("q", "kind", "page"))
    text = search_text(request)
    kinds = _kinds()
    kind = choice(request, "kind", list(kinds))
    context: Row = {"text": text, "kind": kind, "groups": [], "pagination": None}
    if text and kind:
        found = kinds[kind].find(text, request.user)
        total = len(found) if isinstance(found, list) else found.count()
        rows, context["pagination"] = by_number(request, cast(Any, found), total=total, per_page=MANY)
        context["groups"] = [_group(kinds[kind], rows, total, "")]
        context["all_url"] = with_query(request, kind="", page="")
    elif text:
        groups = [_few(request, name, each, text) for name, each in kinds.items()]
        context["groups"] = [group for group in groups if group["rows"]]
    return render(request, "search/search.html", context)


def _few(request: HttpRequest, name: str, kind: _Kind, text: str) -> Row:
    found = kind.find(text, request.user)
    rows = list(found[: FEW + 1])
    more = with_query(request, kind=name, page="") if len(rows) > FEW else ""
    return _group(kind, rows[:FEW], None, more)


def _group(kind: _Kind, rows: list[Any], total: int | None, more_url: str) -> Row:
    return {
        "title": kind.title,
        "rows": [kind.row(row) for row in rows],
        "count": "" if total is None else amount(total, "result", "results"),
        "more_url": more_url,
    }
