"""Tournaments within the life of matches: what a result, a tick and a disqualification mean for them."""

from collections.abc import Sequence

from coliseum.announcements import publish_all
from coliseum.competitions.models import Competition
from coliseum.matches.models import Match
from coliseum.tournaments.advancing import advance
from coliseum.tournaments.chances import simulate_portion
from coliseum.tournaments.queries import (
    tournaments_of,
    tournaments_to_advance,
    tournaments_to_start,
    tournaments_with,
    waiting_in,
)
from coliseum.tournaments.services import start_when_due
from workers.spec import MatchKind

BUSY = 24
"""Waiting matches from which on a tournament needs no look at each result: the tick's is soon enough."""


def on_played(matches: Sequence[Match]) -> None:
    """Take the tournaments of these matches on, so that their next round waits for no tick."""
    played = [match.pk for match in matches if match.kind == MatchKind.TOURNAMENT.value]
    if played:
        _advance([each for each in tournaments_with(played) if waiting_in(each, most=BUSY) < BUSY])


def on_tick() -> None:
    """Start what is due, advance what is behind, and simulate a little."""
    started = [each.pk for each in tournaments_to_start() if start_when_due(tournament=each)]
    _tell(started)
    _advance(tournaments_to_advance())
    simulated = simulate_portion()
    if simulated is not None:
        _tell([simulated.pk])


def on_left(competition: Competition) -> None:
    """Note in a competition's tournaments that a team was disqualified."""
    _advance([each.pk for each in tournaments_of(competition)])


def on_changed(tournament_id: str) -> None:
    """Wake the pages of a tournament after its host has acted."""
    _tell([tournament_id])


def _advance(tournaments: Sequence[str]) -> None:
    for each in tournaments:
        advance(each)
    _tell(tournaments)


def _tell(tournaments: Sequence[str]) -> None:
    """Wake the pages that show these tournaments."""
    publish_all([f"tournament:{each}" for each in tournaments], "changed")
