"""What a competition costs, for its host: matches, core time, agent by agent, and what is kept."""

from typing import Any, Final

from django.contrib.auth.decorators import login_required
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from coliseum import clock
from coliseum.competitions.models import Competition
from coliseum.matches.figures import cost_of, dearest_agents
from coliseum.pages.host_frame import console_frame, no_filters
from coliseum.pages.hosting import hosted
from coliseum.pages.methods import require_safe
from coliseum.pages.rows import Row, agent_url, match_kind
from coliseum.pages.wording import counted, size, took

_KEPT_SECONDS: Final = 120
"""All matches are read for it: a page that is loaded again and again must not read them each time."""


@login_required
@require_safe
def cost(request: HttpRequest, slug: str) -> HttpResponse:
    """Show what the matches took and what is kept of them; two minutes old at most."""
    wanted = hosted(request, slug)
    no_filters(request)
    key = f"cost:{wanted.pk}:{get_language()}"
    figures = cache.get(key)
    if not isinstance(figures, dict):
        figures = _figures(wanted)
        cache.set(key, figures, _KEPT_SECONDS)
    context = console_frame(request, wanted, "host-cost") | figures
    return render(request, "hosting/cost.html", context)


def _figures(competition: Competition) -> dict[str, Any]:  # Any: a template context of plain values
    found = cost_of(competition)
    hours = found.seconds / 3600
    return {
        "as_of": f"{clock.now():%Y-%m-%d %H:%M} UTC",
        "totals": [
            {"label": _("matches"), "value": counted(found.matches)},
            {"label": _("core time"), "value": f"{hours:,.1f} h" if hours >= 1 else took(found.seconds)},
            {
                "label": _("a match on average"),
                "value": took(found.seconds / found.matches) if found.matches else "",
            },
            {"label": _("uploads"), "value": size(found.package_bytes)},
            {"label": _("records and replays, about"), "value": size(found.record_bytes)},
        ],
        "kinds": [
            {
                "kind": match_kind(kind),
                "count": counted(count),
                "took": took(seconds),
                "share": _share(seconds, found.seconds),
            }
            for kind, count, seconds in found.kinds
        ],
        "agents": [_agent(*each) for each in dearest_agents(competition)],
    }


def _share(part: float, whole: float) -> str:
    return f"{100 * part / whole:.0f} %" if whole else ""


def _agent(submission: Any, count: int, seconds: float) -> Row:  # Any: a Submission
    return {
        "name": str(submission),
        "team": submission.entry.team.name,
        "url": agent_url(submission),
        "count": counted(count),
        "took": took(seconds),
        "each": took(seconds / count),
    }
