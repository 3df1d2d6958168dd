"""How league matches of a competition are played: as its host chose, or as a calibration advises.

How it works. `options["calibration"]` has a state: wanted, once somebody asked; playing, while the house's
agents play matches that count for no board; done, with what was found. Once the competition has started, a
further calibration tells its findings, and the way of playing stays.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import msgspec
from django.db import transaction
from django.db.models import QuerySet

from arenas import registry
from arenas.spec import ArenaSpec
from coliseum import clock
from coliseum.accounts.models import User
from coliseum.competitions.models import Competition, CompetitionState
from coliseum.competitions.queries import has_started
from coliseum.competitions.services import record_act
from workers.hosting.file import League
from workers.refusals import RefusedError

WANTED, PLAYING, DONE = "wanted", "playing", "done"


def league_arena(competition: Competition) -> ArenaSpec:
    """Return the arena as league matches of a competition are played: with its seatings and episodes."""
    arena = registry.get(competition.arena)
    league = msgspec.convert(competition.options.get("league", {}), League)
    advice = calibration_of(competition)
    swaps = bool(advice.get("swaps", True)) if league.swap == "calibrated" else league.swap == "always"
    episodes = league.episodes or int(advice.get("episodes", 0)) or arena.episodes
    return replace(arena, swaps_seats=arena.swaps_seats and swaps, episodes=episodes)


def calibration_of(competition: Competition) -> Mapping[str, Any]:  # Any: JSON
    """Return the state of a competition's calibration and what it found; empty if nobody asked for one."""
    found: Mapping[str, Any] = competition.options.get("calibration", {})
    return found


def uncalibrated() -> QuerySet[Competition]:
    """Return the competitions whose calibration is wanted or being played."""
    return Competition.objects.filter(options__calibration__state__in=[WANTED, PLAYING]).exclude(
        state=CompetitionState.CLOSED
    )


def want_calibration(*, competition: Competition, actor: User | None) -> None:
    """Ask for a calibration: the house's agents play for it as soon as they may.

    Raises:
        RefusedError: `ops.refused` where one agent plays alone, or while one is being played.
    """
    arena = registry.get(competition.arena)
    if arena.lineup == 1:
        reason, remedy = f"in {arena.id} one agent plays alone", "Its agents are compared on the same seeds."
        raise RefusedError("ops.refused", reason=reason, remedy=remedy)
    if calibration_of(competition).get("state") in {WANTED, PLAYING}:
        remedy = "Wait until its matches are played."
        raise RefusedError("ops.refused", reason="a calibration is under way", remedy=remedy)
    note_calibration(competition=competition, state=WANTED)
    record_act(competition=competition, actor=actor, verb="asked for a calibration")


@transaction.atomic
def note_calibration(
    *, competition: Competition, state: str, found: Mapping[str, Any] | None = None
) -> None:  # Any: JSON
    """Keep how far a calibration is, and what it found: `swaps` and `episodes` decide, the rest is shown."""
    kept = Competition.objects.select_for_update().get(pk=competition.pk)
    before = calibration_of(kept)
    noted = {**before, **(found or {}), "state": state, "at": clock.now().isoformat()}
    if has_started(kept):
        # Nobody's matches change their kind in the middle; the first calibration may decide at any time.
        noted |= {name: before[name] for name in ("swaps", "episodes") if name in before}
    kept.options = kept.options | {"calibration": noted}
    kept.save(update_fields=["options"])
    competition.options = kept.options
    if state == DONE:
        seatings = "every seating" if noted["swaps"] else "one seating"
        reason = f"{noted['matches']} matches of the house: {seatings}, {noted['episodes']} episodes of each."
        record_act(competition=kept, actor=None, verb="calibrated", reason=reason)
