"""What a competition's calibration found, in the words of its host's console."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from coliseum.competitions.calibrations import DONE, PLAYING, WANTED, calibration_of, league_arena
from coliseum.competitions.models import Competition
from coliseum.league.calibrating import calibration_matches
from coliseum.matches.models import MatchState
from coliseum.pages.rows import Row
from coliseum.pages.wording import amount, counted


def calibration_section(competition: Competition) -> Row | None:
    """Return what hosting/_calibration.html shows; nothing where one agent plays alone."""
    arena = league_arena(competition)
    if arena.lineup == 1:
        return None
    found = calibration_of(competition)
    state = found.get("state", "")
    way = (
        _("A league match is played in every seating on the same seed, %(episodes)s of each.")
        if arena.swaps_seats
        else _("A league match is played in one seating, %(episodes)s of each.")
    )
    return {
        "state": _words(competition, str(state)),
        "way": way % {"episodes": amount(arena.episodes, "episode", "episodes")},
        "can_ask": state not in {WANTED, PLAYING} and competition.state != "closed",
        "stats": _stats(found) if "phi" in found else [],
        "warnings": found.get("warnings", []) if "phi" in found else [],
    }


def _words(competition: Competition, state: str) -> str:
    if state == WANTED:
        return _("Waiting until two of the house's agents have passed validation.")
    if state == PLAYING:
        matches = calibration_matches(competition)
        over = matches.exclude(state__in=[MatchState.QUEUED, MatchState.RUNNING]).count()
        told = {"over": over, "matches": amount(matches.count(), "match", "matches")}
        return _("The house's agents play: %(over)d of %(matches)s.") % told
    return "" if state == DONE else _("Not calibrated: the arena's own way of playing is in force.")


def _stats(found: Mapping[str, Any]) -> list[Row]:
    seats = [
        (
            _("seat %(number)d, Elo") % {"number": number},
            _("%(value)+.0f (%(low)+.0f to %(high)+.0f)")
            % {"value": seat["elo"], "low": seat["low"], "high": seat["high"]},
        )
        for number, seat in enumerate(found["seats"])
    ]
    separation = found["separation"]
    numbers = [
        (_("matches of the house"), counted(found["matches"])),
        (_("that went differently"), counted(found["different"])),
        *seats,
        (_("draws"), f"{found['draws']:.0%}"),
        (_("φ, a match as played"), f"{found['phi']:.2f}"),
        (_("φ, an episode alone"), f"{found['phi_single']:.2f}"),
        (_("seconds a match"), f"{found['match_seconds']:.2f}"),
        (_("best surely beats random"), _("unknown") if separation is None else f"{separation:.1%}"),
    ]
    return [{"label": label, "value": value} for label, value in numbers]
