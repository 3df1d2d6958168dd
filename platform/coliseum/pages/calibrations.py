"""What a competition's calibration found, in the words of its host's console."""

from collections.abc import Mapping
from typing import Any

from coliseum.competitions.calibrations import DONE, PLAYING, WANTED, calibration_of, league_arena
from coliseum.competitions.models import Competition
from coliseum.league.calibrating import calibration_matches
from coliseum.matches.models import MatchState
from coliseum.pages.rows import Row
from coliseum.pages.wording import amount


def calibration_section(competition: Competition) -> Row | None:
    """Return what hosting/_calibration.html shows; nothing where one agent plays alone."""
    arena = league_arena(competition)
    if arena.lineup == 1:
        return None
    found = calibration_of(competition)
    state = found.get("state", "")
    seatings = "every seating on the same seed" if arena.swaps_seats else "one seating"
    return {
        "state": _words(competition, str(state)),
        "way": f"A league match is played in {seatings}, {amount(arena.episodes, 'episode')} of each.",
        "can_ask": state not in {WANTED, PLAYING} and competition.state != "closed",
        "stats": _stats(found) if "phi" in found else [],
        "warnings": found.get("warnings", []) if "phi" in found else [],
    }


def _words(competition: Competition, state: str) -> str:
    if state == WANTED:
        return "Waiting until two of the house's agents have passed validation."
    if state == PLAYING:
        matches = calibration_matches(competition)
        over = matches.exclude(state__in=[MatchState.QUEUED, MatchState.RUNNING]).count()
        return f"The house's agents play: {over} of {amount(matches.count(), 'match', 'matches')}."
    return "" if state == DONE else "Not calibrated: the arena's own way of playing is in force."


def _stats(found: Mapping[str, Any]) -> list[Row]:
    seats = [
        (f"seat {number}, Elo", f"{seat['elo']:+.0f} ({seat['low']:+.0f} to {seat['high']:+.0f})")
        for number, seat in enumerate(found["seats"])
    ]
    separation = found["separation"]
    numbers = [
        ("matches of the house", f"{found['matches']:,}"),
        ("that went differently", f"{found['different']:,}"),
        *seats,
        ("draws", f"{found['draws']:.0%}"),
        ("φ, a match as played", f"{found['phi']:.2f}"),
        ("φ, an episode alone", f"{found['phi_single']:.2f}"),
        ("seconds a match", f"{found['match_seconds']:.2f}"),
        ("best surely beats random", "unknown" if separation is None else f"{separation:.1%}"),
    ]
    return [{"label": label, "value": value} for label, value in numbers]
