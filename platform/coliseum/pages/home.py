"""The front page: what this is, what is going on, how to start."""

from typing import Final, cast

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from arenas import registry
from coliseum.accounts.models import User
from coliseum.competitions.models import CompetitionState
from coliseum.competitions.queries import joined_by, visible_competitions
from coliseum.pages.methods import require_safe
from coliseum.pages.rows import arena_card, competition_card
from coliseum.pages.submissions import submission_rows
from coliseum.pages.tv import screen
from coliseum.submissions.queries import submissions_by

_SHOWN: Final = (
    "connect_four-v3",
    "coliseum/sumo-v1",
    "coliseum/air_hockey-v1",
    "multiwalker-v9",
    "coliseum/harvest-v1",
    "chess-v6",
)
"""The arenas of the front page: one of each sort, so that nobody takes it for a site of one sort."""

_FIRST_GAME: Final = "connect_four-v3"
"""What a stranger is offered to play: everybody knows its rules, and a move is one click."""

QUICK_START = """\
coliseum new my-agent --arena connect_four-v3
coliseum play connect_four-v3 my-agent random
coliseum submit my-agent --competition connect-four"""


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Show a match while it is played, open competitions, three commands, the arenas."""
    joined = joined_by(request.user) if isinstance(request.user, User) else set()
    running = visible_competitions(request.user).filter(
        state__in=(CompetitionState.OPEN, CompetitionState.PAUSED)
    )
    context = {
        "competitions": [competition_card(competition, joined) for competition in running[:6]],
        "screen": screen(),
        "arenas": [arena_card(registry.get(name)) for name in _SHOWN],
        "first_game": _FIRST_GAME,
        "quick_start": QUICK_START,
    }
    return render(request, "home/home.html", context)


@login_required
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """Show a person's own submissions in all competitions."""
    mine = submission_rows(submissions_by(cast(User, request.user))[:200])
    return render(request, "home/mine.html", {"submissions": mine})
