"""The generalisation check: the first of the board against secret agents that nobody could train against.

How it works. Its matches are of the kind `gate`, of no phase and held back: nobody but the hosts sees them,
and they move no rating. Once all are played, ratings from these matches alone are compared with those of the
board. It starts by itself a week after the last one, or when a host asks.
"""

from datetime import timedelta

import numpy as np
from django.db import IntegrityError, transaction

from arenas import registry
from coliseum import clock
from coliseum.competitions.models import Competition, Phase, PhaseState
from coliseum.competitions.queries import open_phase_of, unsettled_phases
from coliseum.leaderboards.models import Standing
from coliseum.leaderboards.queries import standings_of
from coliseum.league.models import PanelCheck
from coliseum.matches.models import Episode, Match, MatchState
from coliseum.matches.services import Plan, schedule_matches
from coliseum.submissions.models import Submission
from coliseum.submissions.queries import panel_of
from workers.league.generalisation import generalisation_gaps
from workers.league.intervals import NORMAL_95
from workers.league.rating import fit
from workers.league.results import Episode as Played
from workers.league.results import compare_episodes
from workers.refusals import RefusedError
from workers.spec import MatchKind

EVERY = timedelta(days=7)
FIRST = 20
"""Places of the board that are looked at."""
MATCHES = 24
"""Of each agent against the panel, at least one against each of it."""
PRIORITY = -1


def start_check(*, competition: Competition) -> PanelCheck:
    """Ask for the matches of a check; the one under way is the answer while there is one.

    Raises:
        RefusedError: `panel.impossible` without an open season, a board, or a panel, or where not two meet.
    """
    phase = open_phase_of(competition)
    panel = list(panel_of(competition))
    first = [row.submission for row in standings_of(phase)[:FIRST]] if phase else []
    if phase is None or not panel or len(first) < 2 or registry.get(competition.arena).lineup != 2:
        raise RefusedError("panel.impossible")
    try:
        with transaction.atomic():
            check = PanelCheck.objects.create(phase=phase, started_at=clock.now())
            schedule_matches(competition=competition, plans=_plans(check, first, panel))
    except IntegrityError:
        return PanelCheck.objects.get(phase=phase, finished_at=None)
    return check


def _plans(check: PanelCheck, first: list[Submission], panel: list[Submission]) -> list[Plan]:
    pairs = [(agent, secret) for agent in first for secret in panel if agent.entry_id != secret.entry_id]
    rounds = max(1, MATCHES // len(panel))
    return [
        Plan(
            MatchKind.GATE,
            pair,
            PRIORITY,
            reason="holdout",
            scenario=f"panel-{check.pk}-{number}",
            is_held=True,
        )
        for number, pair in enumerate(pair for _ in range(rounds) for pair in pairs)
    ]


def advance_checks() -> None:
    """Start checks that are due and finish those that were played."""
    for phase in unsettled_phases():
        if phase.state == PhaseState.OPEN and not phase.is_final and _is_due(phase):
            start_check(competition=phase.competition)
    for check in PanelCheck.objects.filter(finished_at=None).select_related("phase__competition"):
        matches = Match.objects.filter(
            competition=check.phase.competition_id,
            kind=MatchKind.GATE.value,
            scenario__startswith=f"panel-{check.pk}-",
        )
        if not matches.filter(state__in=(MatchState.QUEUED, MatchState.RUNNING)).exists():
            check.rows = _rows(check.phase, list(matches.filter(state=MatchState.FINISHED, is_counted=True)))
            check.finished_at = clock.now()
            check.save(update_fields=["rows", "finished_at"])


def _is_due(phase: Phase) -> bool:
    """Say whether there is a panel, a board, and no check of the last week."""
    if registry.get(phase.competition.arena).lineup != 2 or not panel_of(phase.competition).exists():
        return False
    if PanelCheck.objects.filter(phase=phase, started_at__gt=clock.now() - EVERY).exists():
        return False
    return bool(phase.opened_at and phase.opened_at < clock.now() - EVERY) and standings_of(phase).count() > 1


def _rows(phase: Phase, matches: list[Match]) -> list[dict[str, object]]:
    """Return the gaps of all agents of the board that played the panel, the largest first."""
    lineups: dict[str, list[str]] = {}
    for match in matches:
        lineups[match.pk] = [seat.submission_id for seat in match.seats.order_by("position")]
    names = sorted({each for lineup in lineups.values() for each in lineup})
    index = {name: number for number, name in enumerate(names)}
    played = [
        Played(
            match=number,
            agents=tuple(index[lineups[match][seat["agent"]]] for seat in seats),
            ranks=tuple(seat["rank"] for seat in seats),
        )
        for number, match in enumerate(sorted(lineups))
        for seats in Episode.objects.filter(match=match).values_list("seats", flat=True)
    ]
    standings = {row.submission_id: row for row in Standing.objects.filter(phase=phase, submission__in=names)}
    if not played or not standings:
        return []
    table = fit(compare_episodes(played), agents=len(names))
    order = [name for name in names if name in standings]
    at = [index[name] for name in order]
    gaps = generalisation_gaps(
        np.array([standings[name].rating for name in order]),
        np.array([(standings[name].high - standings[name].low) / (2 * NORMAL_95) for name in order]),
        table.elo[at],
        table.error[at],
    )
    rows: list[dict[str, object]] = [
        {
            "submission": name,
            "gap": round(float(gaps.gap[number]), 1),
            "low": round(float(gaps.low[number]), 1),
            "high": round(float(gaps.high[number]), 1),
            "episodes": int(table.episodes[at[number]]),
        }
        for number, name in enumerate(order)
    ]
    return sorted(rows, key=lambda row: -float(str(row["gap"])))
