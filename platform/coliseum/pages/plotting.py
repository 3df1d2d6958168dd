"""The plots of a leaderboard, one at a time: picture, sentence, table, file."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse

from coliseum.competitions.models import Phase
from coliseum.competitions.queries import competition_for, shown_phase
from coliseum.leaderboards.queries import plot_names, plot_of
from coliseum.pages.charts import DRAWN, draw
from coliseum.pages.charts.figures import Figure
from coliseum.pages.competitions import frame
from coliseum.pages.methods import require_safe
from coliseum.pages.parameters import choice, known_only, known_slug, with_query
from coliseum.pages.rows import Row, moment
from coliseum.pages.wording import ago, amount
from coliseum.submissions.queries import agent_names


@require_safe
def plots(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one plot of a phase, or give its numbers with `?format=json`."""
    wanted = competition_for(known_slug(slug), request.user)
    known_only(request, ("plot", "phase", "format"))
    phase = shown_phase(wanted, request.GET.get("phase", ""))
    known = plot_names(phase)
    there = [name for name in DRAWN if name in known]
    name = choice(request, "plot", tuple(DRAWN)) or (there[0] if there else "")
    stored = plot_of(phase, name) if name else None
    if stored is not None and choice(request, "format", ("json",)):
        return JsonResponse({"plot": name, "phase": phase.slug, **stored.content})
    context = frame(request, wanted, "leaderboard") | {
        "phase": phase,
        "choices": [_choice(request, each, is_current=each == name) for each in there],
        "leaderboard_url": f"{reverse('leaderboard', args=[wanted.slug])}?phase={phase.slug}",
    }
    if stored is not None:
        figure = draw(name, stored.content, agent_names(wanted))
        context |= {
            "plot": {"title": DRAWN[name].title, "question": DRAWN[name].question},
            "figure": figure,
            "table": _table(figure),
            "source": {
                "matches": amount(int(stored.content.get("matches", 0)), "match", "matches"),
                "when": ago(stored.computed_at),
                "when_at": moment(stored.computed_at),
            },
            "json_url": with_query(request, plot=name, format="json"),
        }
    return render(request, "competitions/plots.html", context)


def _choice(request: HttpRequest, name: str, *, is_current: bool) -> Row:
    return {"url": with_query(request, plot=name), "label": DRAWN[name].label, "is_current": is_current}


def _table(figure: Figure) -> list[list[Row]]:
    """Return the cells of the figure's table, each with the name of its column for narrow screens."""
    return [
        [{"label": label, "text": text} for label, text in zip(figure.columns, row, strict=True)]
        for row in figure.rows
    ]


def link_to_plots(phase: Phase) -> str:
    """Return where the plots of a phase are; nothing while there are none."""
    if plot_names(phase).isdisjoint(DRAWN):
        return ""
    return f"{reverse('plots', args=[phase.competition.slug])}?phase={phase.slug}"
