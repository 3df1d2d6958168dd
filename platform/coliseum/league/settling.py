"""Closed phases come to rest: last results, places, seeds revealed, champions kept.

How it works. When the last match of a closed phase is over its places are written, its seeds are revealed,
and it is never looked at again. Like all of the tick this is derived from the rows: it may be missed or run
twice.
"""

from coliseum.announcements import publish
from coliseum.competitions.models import CompetitionState, Phase, PhaseState
from coliseum.competitions.phases import settle_phase
from coliseum.competitions.queries import unsettled_phases
from coliseum.leaderboards.queries import standings_of
from coliseum.leaderboards.services import is_behind, rate_phase
from coliseum.league.finals import final_places
from coliseum.league.seasons import end_phase
from coliseum.matches.queries import waiting_league_matches
from coliseum.submissions.contenders import place_contenders
from coliseum.submissions.queries import champions
from coliseum.submissions.services import keep_champion


def settle_closed() -> None:
    """Close the phases of closed competitions, and bring those to rest whose last match is over."""
    for phase in unsettled_phases():
        if phase.state == PhaseState.OPEN and phase.competition.state == CompetitionState.CLOSED:
            verdict = "stopped because the competition was closed" if phase.is_final else ""
            end_phase(phase, actor=None, reason="The competition was closed.", verdict=verdict)
        if phase.state == PhaseState.CLOSED and not waiting_league_matches(phase):
            settle(phase)


def settle(phase: Phase) -> None:
    """Write the places of a closed phase, reveal its seeds, and keep its champion if the host wished so."""
    if is_behind(phase):
        rate_phase(phase=phase)
    if phase.is_final:
        places = final_places(phase)
    else:
        places = dict(standings_of(phase).values_list("submission_id", "rank"))
    place_contenders(phase=phase, places=places)
    settle_phase(phase=phase)
    if phase.options.get("keeps_champion"):
        for first in champions(phase.competition).filter(phase=phase):
            keep_champion(submission=first.submission)
    publish(f"competition:{phase.competition.slug}", "changed")
