"""Reads about what the league's own jobs wrote."""

from coliseum.competitions.models import Competition
from coliseum.league.models import PanelCheck


def latest_check(competition: Competition) -> PanelCheck | None:
    """Return the last look at how the board does against secret agents, the one under way included."""
    return PanelCheck.objects.filter(phase__competition=competition).order_by("-id").first()
