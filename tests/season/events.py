"""One tournament of each format, played through by the agents of the season. Needs the site's settings."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from coliseum.competitions.models import Competition
from coliseum.league.tourneys import on_changed
from coliseum.tournaments.chances import crowning_of, simulate_portion
from coliseum.tournaments.history import read_course
from coliseum.tournaments.models import Entrant, PairedMatch, Tournament, TournamentState
from coliseum.tournaments.services import create_tournament, start_tournament
from coliseum.tournaments.wanted import Wanted

_PATIENCE_SECONDS = 1800.0
_FIRST_PLACES = 3
_SIMULATION_SECONDS = 300.0
"""The site simulates in passing, a little a tick; here nothing else is left to do."""
_PORTION_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Event:
    """A tournament to be played."""

    slug: str
    """Of the competition."""
    title: str
    format: str
    size: int
    """How many of the leaderboard take part."""
    options: dict[str, int | bool] = field(default_factory=dict)


EVENTS = (
    Event("sumo", "Round robin of eight", "round_robin", 8),
    Event("connect-four", "Double round robin of six", "round_robin", 6, {"cycles": 2}),
    Event("connect-four", "Swiss, five rounds", "swiss", 16, {"rounds": 5}),
    Event("sumo", "Cup of twelve, with byes", "single_elimination", 12, {"best_of": 3}),
    Event("connect-four", "Two lives", "double_elimination", 8, {"best_of": 3}),
    Event("sumo", "Groups and knockout", "groups_and_knockout", 12, {"groups": 3, "cut": 4, "best_of": 3}),
    Event(
        "connect-four", "Swiss and the best four", "swiss_and_cut", 14, {"rounds": 4, "cut": 4, "best_of": 3}
    ),
    Event("hearts", "Tables of four", "tables", 16, {"rounds": 4}),
)


@dataclass(frozen=True, slots=True)
class Played:
    """What came out of a tournament."""

    event: Event
    tournament: Tournament
    entrants: int
    matches: int
    first: tuple[str, ...]
    """The first places by name, joint ones together."""
    crowning: tuple[float, float] | None
    """How likely this format crowns the best, and the standard error of that."""


def play_events(competitions: Sequence[Competition], say: Callable[[str], None]) -> list[Played]:
    """Start one tournament of each format and wait until all are over.

    Raises:
        TimeoutError: some did not end in time.
    """
    by_slug = {competition.slug: competition for competition in competitions}
    started = [(event, _start(by_slug[event.slug], event)) for event in EVENTS]
    deadline = time.monotonic() + _PATIENCE_SECONDS
    running = Tournament.objects.exclude(state=TournamentState.FINISHED)
    while running.exists():
        if time.monotonic() > deadline:
            raise TimeoutError(
                f"still open: {', '.join(f'{one} ({one.state} {one.reason})' for one in running)}"
            )
        time.sleep(1.0)
    say(f"{len(started)} tournaments played through")
    deadline = time.monotonic() + _SIMULATION_SECONDS
    while simulate_portion(seconds=_PORTION_SECONDS) is not None and time.monotonic() < deadline:
        pass
    return [_played(event, tournament) for event, tournament in started]


def _start(competition: Competition, event: Event) -> Tournament:
    known = Tournament.objects.filter(competition=competition, title=event.title).first()
    if known is not None:
        return known
    wanted = Wanted(
        title=event.title, format=event.format, options=event.options, source="top", size=event.size
    )
    made = create_tournament(competition=competition, actor=None, wanted=wanted)
    made = start_tournament(tournament=made, actor=None)
    on_changed(made.pk)
    return made


def _played(event: Event, tournament: Tournament) -> Played:
    tournament.refresh_from_db()
    names = dict(Entrant.objects.filter(tournament=tournament).values_list("number", "submission__name"))
    standings = read_course(tournament).standings()
    return Played(
        event=event,
        tournament=tournament,
        entrants=len(names),
        matches=PairedMatch.objects.filter(pairing__stage__tournament=tournament).count(),
        first=tuple(
            " and ".join(names[row.entry] for row in standings if row.place == place)
            for place in range(1, _FIRST_PLACES + 1)
        ),
        crowning=crowning_of(tournament),
    )
