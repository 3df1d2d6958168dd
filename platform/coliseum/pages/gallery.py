"""Arenas: the gallery, and a page for each, made by `arenas.pages` from its code."""

import re
from collections import Counter
from pathlib import Path

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from arenas import registry
from arenas.certifying.certificate import find_preview, what_forbids
from arenas.errors import UnknownArenaError
from arenas.extras import install_line, is_installed
from arenas.pages import first_commands, page_of
from arenas.spec import ArenaSpec
from coliseum.accounts.models import User
from coliseum.competitions.queries import visible_competitions
from coliseum.pages.markdown import title_of, to_html
from coliseum.pages.methods import require_safe
from coliseum.pages.rows import KINDS, Row, arena_card
from coliseum.pages.wording import amount, counted
from coliseum.submissions.queries import baselines_of
from workers.package import installed_libraries
from workers.refusals import unknown_arena

_TAGS_SHOWN = 16
_FIGURE = re.compile(r"[a-z0-9_-]+\.svg")
_FIGURE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
"""Figures are our own and drawn by code; one that was tampered with still cannot run anything."""


@require_safe
def arenas(request: HttpRequest) -> HttpResponse:
    """Show all arenas, or those that match; administrators also see the plug-ins that are broken."""
    words, tag = request.GET.get("q", "").strip()[:60], request.GET.get("tag", "")[:40]
    specs = sorted(map(registry.get, registry.names()), key=_order)
    shown = [spec for spec in specs if (not tag or tag in spec.tags) and _matches(spec, words.lower())]
    counts = Counter(name for spec in specs for name in spec.tags)
    context = {
        "section": "arenas",
        "arenas": [arena_card(spec) for spec in shown],
        "count": _("%(shown)d of %(all)s")
        % {
            "shown": len(shown),
            "all": amount(len(specs), "arena", "arenas"),
        },
        "words": words,
        "tag": tag,
        "tags": [{"name": name, "count": count} for name, count in counts.most_common(_TAGS_SHOWN)],
        "problems": registry.problems() if getattr(request.user, "is_staff", False) else (),
    }
    return render(request, "arenas/list.html", context)


def _order(spec: ArenaSpec) -> tuple[bool, str]:
    """Return the place in the gallery: by title, the many of one machine behind all others."""
    return spec.id.startswith("atari/"), spec.title


@require_safe
def arena(request: HttpRequest, arena_id: str) -> HttpResponse:
    """Show what an arena is: rules, seats, spaces, limits, scoring, baselines, certificate, competitions."""
    spec = _known(arena_id)
    running = visible_competitions(request.user).filter(arena=spec.id)
    text = title_of(page_of(spec, standings=_standings(spec)))[1].replace(spec.summary, "", 1)
    context = {
        "section": "arenas",
        "arena": spec,
        "summary": _(spec.summary),
        "page": to_html(text, shift=0, figures=reverse("arena-figure", args=[spec.id, "x.svg"])[:-5]),
        "facts": _facts(spec),
        "forbidden": what_forbids(spec),
        "install": "" if is_installed(spec) else install_line(spec),
        "preview_url": reverse("arena-preview", args=[spec.id]) if find_preview(spec) else "",
        "offered": installed_libraries(),
        "start": first_commands(spec),
        "may_host": isinstance(request.user, User) and (request.user.may_host or request.user.is_staff),
        "competitions": [
            {
                "title": each.title,
                "url": reverse("competition", args=[each.slug]),
                "state": each.get_state_display(),
            }
            for each in running[:20]
        ],
    }
    return render(request, "arenas/arena.html", context)


@require_safe
def preview(request: HttpRequest, arena_id: str) -> HttpResponse:
    """Send the drawn form of an episode of the house's agents, gzip-compressed."""
    stored = find_preview(_known(arena_id))
    if stored is None:
        raise Http404
    response = HttpResponse(stored, content_type="application/json")
    response["Content-Encoding"] = "gzip"
    response["Cache-Control"] = "public, max-age=3600"
    return response


@require_safe
def figure(request: HttpRequest, arena_id: str, name: str) -> HttpResponse:
    """Send a figure of an arena's rules."""
    spec = _known(arena_id)
    path = (spec.folder or Path()) / "figures" / name
    if spec.folder is None or not _FIGURE.fullmatch(name) or not path.is_file():
        raise Http404
    response = HttpResponse(path.read_bytes(), content_type="image/svg+xml")
    response["Content-Security-Policy"] = _FIGURE_POLICY
    response["Cache-Control"] = "public, max-age=3600"
    return response


def _known(arena_id: str) -> ArenaSpec:
    try:
        return registry.get(arena_id)
    except UnknownArenaError as error:
        raise unknown_arena(arena_id, error.suggestions) from error


def _matches(spec: ArenaSpec, words: str) -> bool:
    told = f"{spec.id} {spec.title} {spec.summary} {' '.join(spec.tags)}".lower()
    return all(word in told for word in words.split())


def _facts(spec: ArenaSpec) -> list[Row]:
    swaps = spec.swaps_seats and spec.seats > 1
    turns = _("%(kind)s, at most %(most)s") % {"kind": KINDS[spec.kind], "most": counted(spec.max_turns)}
    rows = [
        (_("Id"), spec.id, True),
        (_("Environment"), spec.environment, True),
        (_("Seats"), str(spec.seats), False),
        (_("Turns"), turns, False),
        (_("Seating"), _("each agent takes each seat on the same seed") if swaps else _("fixed"), False),
        (_("Episodes"), _("%(count)d for each seating") % {"count": spec.episodes}, False),
    ]
    if spec.roles:
        rows.insert(3, (_("Roles"), ", ".join(dict.fromkeys(spec.roles)), False))
    return [{"label": label, "value": value, "is_code": is_code} for label, value, is_code in rows]


def _standings(spec: ArenaSpec) -> dict[str, list[str]]:
    """Return for each of the arena's own agents where it stands in its competitions, as Markdown."""
    placed: dict[str, list[str]] = {}
    for submission in baselines_of(spec.id):
        standing = getattr(submission, "standing", None)
        if standing:
            competition = submission.entry.competition
            told = {
                "rank": standing.rank,
                "rating": f"{standing.rating:.0f}",
                "low": f"{standing.low:.0f}",
                "high": f"{standing.high:.0f}",
                "title": competition.title.replace("[", "(").replace("]", ")"),
                "address": reverse("agent", args=[submission.pk]),
            }
            placed.setdefault(submission.baseline, []).append(
                _("rank %(rank)d, %(rating)s (%(low)s to %(high)s), in [%(title)s](%(address)s)") % told
            )
    return placed
