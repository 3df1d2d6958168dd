"""The calibration of a competition: the house's agents play for it, and their matches are judged.

How it works. Its matches are of no phase, so they count for no board, and wait behind all others. Each step
is derived from the rows: matches are scheduled once, when the house's agents are ready; they are judged when
none of them waits any more.
"""

from dataclasses import asdict
from typing import Any, Final

from django.db import transaction
from django.db.models import QuerySet

from arenas import registry
from coliseum.competitions.calibrations import (
    DONE,
    PLAYING,
    calibration_of,
    note_calibration,
    uncalibrated,
)
from coliseum.competitions.models import Competition
from coliseum.matches.models import Audit, AuditVerdict, Episode, Match, MatchState, Seat
from coliseum.matches.services import Plan, schedule_matches
from coliseum.submissions.models import Submission, SubmissionState
from workers.league.calibration import RANDOM, Calibration, Trial, calibrate, trial_lineups
from workers.league.results import Episode as Compared
from workers.seating import seatings
from workers.spec import MatchKind, Outcome

MATCHES: Final = 200
REASON: Final = "calibration"
PRIORITY: Final = -5
_WAITING: Final = (MatchState.QUEUED, MatchState.RUNNING)


def advance_calibrations() -> None:
    """Schedule the matches of calibrations that are wanted, and judge those that were played."""
    for competition in uncalibrated():
        advance_calibration(competition)


@transaction.atomic
def advance_calibration(competition: Competition) -> None:
    """Take a calibration its next step, if that is due."""
    competition = Competition.objects.select_for_update().get(pk=competition.pk)
    if calibration_of(competition).get("state") != PLAYING:
        _begin(competition)
    elif not calibration_matches(competition).filter(state__in=_WAITING).exists():
        found = calibrate(house_trial(competition), seatings=len(seatings(registry.get(competition.arena))))
        note_calibration(competition=competition, state=DONE, found=as_options(found))


def calibration_matches(competition: Competition) -> QuerySet[Match]:
    """Return the matches of a competition's calibrations."""
    return Match.objects.filter(competition=competition, kind=MatchKind.SCRIMMAGE, reason=REASON)


def _begin(competition: Competition) -> None:
    house = Submission.objects.filter(entry__competition=competition, entry__team__is_house=True)
    if house.filter(state__in=[SubmissionState.UPLOADED, SubmissionState.VALIDATING]).exists():
        return
    agents = list(house.filter(state=SubmissionState.READY, is_active=True).order_by("pk"))
    if len(agents) < 2:
        return
    lineups = trial_lineups(len(agents), registry.get(competition.arena).lineup)
    plans = [
        Plan(
            MatchKind.SCRIMMAGE,
            tuple(agents[place] for place in lineups[number % len(lineups)]),
            PRIORITY,
            REASON,
        )
        for number in range(MATCHES)
    ]
    schedule_matches(competition=competition, plans=plans)
    note_calibration(competition=competition, state=PLAYING)


def house_trial(competition: Competition) -> Trial:
    """Return what was played for the calibrations of a competition, the oldest first."""
    finished = calibration_matches(competition).filter(state=MatchState.FINISHED, is_counted=True)
    matches = list(finished.order_by("id").values_list("pk", "seconds"))
    number = {pk: place for place, (pk, _) in enumerate(matches)}
    agents: dict[str, int] = {}
    weakest = None
    lineup: dict[tuple[str, int], int] = {}
    loads: dict[str, float] = {}
    seats = Seat.objects.filter(match__in=finished).select_related("submission").order_by("match", "position")
    for seat in seats:
        agent = agents.setdefault(seat.submission_id, len(agents))
        weakest = agent if seat.submission.baseline == RANDOM else weakest
        lineup[seat.match_id, seat.position] = agent
        # Agents of a match are started one after the other.
        loads[seat.match_id] = loads.get(seat.match_id, 0.0) + float(seat.usage.get("load_seconds", 0.0))
    played = Episode.objects.filter(match__in=finished).order_by("match", "index")
    rows = list(played.values_list("match_id", "seats", "digest"))
    return Trial(
        agents=len(agents),
        episodes=tuple(_compared(number[match], match, places, lineup) for match, places, _ in rows),
        digests=tuple(digest for *_, digest in rows),
        match_seconds=tuple(seconds for _, seconds in matches),
        start_seconds=sum(loads.values()) / max(len(loads), 1),
        repeats=_repeats(competition),
        weakest=weakest,
    )


def _compared(
    number: int, match: str, places: list[dict[str, Any]], lineup: dict[tuple[str, int], int]
) -> Compared:
    return Compared(
        match=number,
        agents=tuple(lineup[match, int(seat["agent"])] for seat in places),
        ranks=tuple(int(seat["rank"]) for seat in places),
        gifts=tuple(
            place
            for place, seat in enumerate(places)
            if Outcome(seat["outcome"]).is_forfeit and not seat["turns"]
        ),
    )


def _repeats(competition: Competition) -> tuple[tuple[str, str], ...]:
    """Return audits as pairs of digests: the same where the result came out again."""
    verdicts = Audit.objects.filter(match__competition=competition).values_list("verdict", flat=True)
    good = {AuditVerdict.REPRODUCED.value, AuditVerdict.REPLAYED.value}
    return tuple(
        ("same", "same" if verdict in good else "other")
        for verdict in verdicts
        if verdict in good or verdict == AuditVerdict.DIFFERS.value
    )


def as_options(found: Calibration) -> dict[str, Any]:  # Any: JSON
    """Return what of a calibration is kept with the competition."""
    return {
        "swaps": found.advice.swaps,
        "episodes": found.advice.episodes,
        "draw_rule": found.advice.draws,
        "matches": found.matches,
        "different": found.different,
        "phi": round(found.phi, 4),
        "phi_single": round(found.phi_single, 4),
        "draws": round(found.draws, 4),
        "seats": [{name: round(value, 1) for name, value in asdict(seat).items()} for seat in found.seats],
        "intransitivity_elo": round(found.intransitivity_elo, 1),
        "separation": None if found.separation is None else round(found.separation, 4),
        "match_seconds": round(found.match_seconds, 4),
        "is_repeatable": found.is_repeatable,
        "warnings": [asdict(warning) for warning in found.warnings],
    }
