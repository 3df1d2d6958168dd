"""The front page: what this is, what is going on, how to start."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from arenas import registry
from coliseum.accounts.models import User
from coliseum.competitions.models import CompetitionState
from coliseum.competitions.queries import joined_by, visible_competitions
from coliseum.matches.queries import latest_replay
from coliseum.pages.methods import require_safe
from coliseum.pages.parameters import live_url
from coliseum.pages.playing import player
from coliseum.pages.rows import arena_card, competition_card, match_rows
from coliseum.submissions.queries import submissions_by

QUICK_START = (
    "pip install coliseum-rl\ncoliseum new my-agent --arena connect_four\ncoliseum play my-agent random"
)


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Show open competitions, the latest match in the player, three commands, the arenas."""
    joined = joined_by(request.user) if isinstance(request.user, User) else set()
    running = visible_competitions(request.user).filter(
        state__in=(CompetitionState.OPEN, CompetitionState.PAUSED)
    )
    match = latest_replay()
    context = {
        "competitions": [competition_card(competition, joined) for competition in running[:6]],
        "match": match_rows([match])[0] if match else None,
        "replay": player(match, 0) if match else None,
        "arenas": [arena_card(registry.get(name)) for name in registry.names()][:6],
        "quick_start": QUICK_START,
        "live_url": live_url("site"),
    }
    return render(request, "home/home.html", context)


@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """Show a person's own submissions in all competitions."""
    return render(request, "home/mine.html", {"submissions": submissions_by(request.user)[:200]})
