"""The slow half of a leaderboard, now and then: Nash, roles, what hangs on whom, and the plots."""

import time
from collections.abc import Callable
from datetime import timedelta

from django.db import transaction

from arenas import registry
from arenas.spec import ArenaSpec
from coliseum import clock
from coliseum.competitions.models import Phase
from coliseum.leaderboards.evidence import lock
from coliseum.leaderboards.fitting import Computed, compute
from coliseum.leaderboards.models import Plot, RatingChange, Snapshot, Standing
from coliseum.leaderboards.services import keep_flags
from coliseum.matches.turns import turn_times
from coliseum.submissions.models import Submission
from workers.league import pair_pictures, pictures, score_pictures
from workers.league.columns import is_whole
from workers.league.influence import leverage
from workers.league.matchups import matchups
from workers.league.nash import nash_view
from workers.league.pictures import Content, Lineage, Version
from workers.league.rating import Fit
from workers.league.residuals import watch_pairs
from workers.league.returns import ReturnTable
from workers.league.role_columns import RoleColumns, role_columns
from workers.league.scores import ScoreTable

STUDY_SECONDS = 30.0
"""A study is not made again sooner."""
STUDY_SHARE = 0.1
"""Most of a process's time that the studies of one phase may take."""
MOST_NASH = 500
"""Agents up to which the Nash view is computed: a draw takes 0.2 s there."""
NASH_DRAWS = 200
HANGING = 0.5
"""Share of all that is known of an agent from which on it hangs on one opponent."""
_LARGE_FIELD = 7
"""In smaller fields everybody hangs on few."""


def is_stale(phase: Phase) -> bool:
    """Say whether the slow half should be computed again: the board has changed, and some time has passed."""
    snapshot = Snapshot.objects.filter(phase=phase).first()
    if snapshot is None or snapshot.computed_at is None:
        return False
    if snapshot.studied_at is None:
        return True
    pause = timedelta(seconds=max(STUDY_SECONDS, snapshot.study_seconds / STUDY_SHARE))
    return snapshot.studied_at < snapshot.computed_at and clock.now() - snapshot.studied_at >= pause


def study_phase(*, phase: Phase) -> dict[str, Content]:
    """Compute the slow columns and all plots of a leaderboard, store and return them."""
    started, at = time.monotonic(), clock.now()
    arena = registry.get(phase.competition.arena)
    with lock:
        computed = compute(phase, is_warm=True)
        roles = role_columns(computed.tally, computed.members, arena.roles) if arena.roles else None
        plots = _plots(phase, arena, computed, roles)
    nash = _nash(arena, computed)
    times = turn_times(phase.competition)
    keep_flags(phase=phase, source="study", flags=_hanging(computed))
    with transaction.atomic():
        _keep_columns(phase, computed, nash, roles, times)
        for name, content in plots.items():
            Plot.objects.update_or_create(
                phase=phase,
                name=name,
                defaults={"content": content | {"matches": computed.matches}, "computed_at": at},
            )
        Snapshot.objects.filter(phase=phase).update(
            studied_at=clock.now(), study_seconds=time.monotonic() - started
        )
    return plots


def _plots(
    phase: Phase, arena: ArenaSpec, computed: Computed, roles: RoleColumns | None
) -> dict[str, Content]:
    table, members = computed.table, computed.members
    matches = {row.submission_id: row.matches for row in computed.rows}
    faced = {row.submission_id: row.opponents for row in computed.rows}
    drawn: dict[str, Callable[[], Content]] = {
        "ladder": lambda: pictures.ladder(table, members),
        "superiority": lambda: pictures.superiority(table, members),
        "rank_distribution": lambda: pictures.rank_distribution(table, members),
        "opponents": lambda: pictures.opponents(table, members, matches, faced),
        "lineage": lambda: pictures.lineage(table, _lineages(phase, computed)),
    }
    if isinstance(table, Fit) and is_whole(table):
        comparisons = computed.tally.comparisons(members)
        drawn |= {
            "heat_map": lambda: pair_pictures.heat_map(table, members, comparisons),
            "residual_map": lambda: pair_pictures.residual_map(
                table, members, watch_pairs(comparisons, agents=len(members.ids), owners=members.owners)
            ),
            "convergence": lambda: pair_pictures.convergence(table, members, comparisons),
            "calibration": lambda: pair_pictures.calibration(table, members, comparisons),
        }
        if arena.lineup == 2:
            drawn["style_disc"] = lambda: pair_pictures.style_disc(table, members)
    if isinstance(table, ScoreTable):
        scores = computed.tally.scores(members)
        drawn["performance_profiles"] = lambda: score_pictures.performance_profiles(table, members, scores)
    elif isinstance(table, ReturnTable):
        returns = computed.tally.returns(members)
        drawn["cross_play"] = lambda: score_pictures.cross_play(table, members, returns)
    plots = {name: draw() for name, draw in drawn.items()}
    if not isinstance(table, ScoreTable):
        plots["seats_and_roles"] = _seats_and_roles(arena, computed, roles)
    return plots


def _seats_and_roles(arena: ArenaSpec, computed: Computed, roles: RoleColumns | None) -> Content:
    """Return what seats and roles are worth.

    {"unit", "seats": [{"seat", "role", "rating", "low", "high"}], "role_unit", "roles": [{"role",
    "advantage", "agents": [{"agent", "rating", "low", "high", "episodes"}]}]}; no seats where all were played
    in all seatings; advantage None where roles have returns of their own; agents: the first twenty places.
    """
    table = computed.table
    return {
        "unit": pictures.unit_of(table),
        "role_unit": "elo" if computed.tally.objective == "rank" else "return",
        "seats": pair_pictures.seat_effects(table, arena.roles) if isinstance(table, Fit) else [],
        "roles": pictures.roles_shown(table, computed.members, roles) if roles else [],
    }


def _lineages(phase: Phase, computed: Computed) -> list[Lineage]:
    """Return the rated agents of each team, with their present or last known rating."""
    placed = {row.submission_id: row for row in computed.rows}
    changes = RatingChange.objects.filter(phase=phase).order_by("submission_id", "matches")
    last = {change.submission_id: change for change in changes}
    teams: dict[str, list[Submission]] = {}
    known = Submission.objects.filter(pk__in=placed.keys() | last.keys()).select_related("entry__team")
    for each in known.order_by("id"):
        # The house's baselines do not follow each other: each is a line of its own.
        key = each.pk if each.entry.team.is_house else each.entry.team_id
        teams.setdefault(key, []).append(each)
    lines = []
    for submissions in teams.values():
        team = submissions[0].entry.team
        versions = []
        for each in submissions:
            row = placed.get(each.pk) or last[each.pk]
            rank = placed[each.pk].rank if each.pk in placed else None
            at = each.uploaded_at.isoformat()
            versions.append(Version(each.pk, each.number, at, row.rating, row.low, row.high, rank))
        name = submissions[0].name if team.is_house else team.name
        lines.append(Lineage(team.pk, name, team.is_house, tuple(versions)))
    return lines


def _nash(arena: ArenaSpec, computed: Computed) -> dict[str, float]:
    """Return each agent's mean share of drawn equilibria; nothing where two agents do not meet alone."""
    table = computed.table
    if not isinstance(table, Fit) or arena.lineup != 2 or not 0 < len(computed.rows) <= MOST_NASH:
        return {}
    counted = table.rank > 0
    # The draws shrink with the field: 200 games of 500 agents would take 40 s.
    draws = max(20, min(NASH_DRAWS, int(NASH_DRAWS * (100 / max(len(computed.rows), 100)) ** 2)))
    view = nash_view(matchups(table), counted=counted, owners=computed.members.owners, draws=draws)
    return {agent: round(float(view.support[at]), 4) for at, agent in enumerate(computed.members.ids)}


def _hanging(computed: Computed) -> dict[str, list[str]]:
    table, members = computed.table, computed.members
    if not isinstance(table, Fit) or not is_whole(table) or len(members.ids) < _LARGE_FIELD:
        return {}
    share = leverage(computed.tally.comparisons(members), table, opponents=1)
    return {
        agent: ["hanging_on_one_opponent"]
        for at, agent in enumerate(members.ids)
        if share[at] > HANGING and table.rank[at] > 0
    }


def _keep_columns(
    phase: Phase,
    computed: Computed,
    nash: dict[str, float],
    roles: RoleColumns | None,
    times: dict[str, float],
) -> None:
    place = {agent: at for at, agent in enumerate(computed.members.ids)}
    for standing in Standing.objects.filter(phase=phase):
        agent = standing.submission_id
        share = nash.get(agent)
        by_role = roles.of(place[agent]) if roles and agent in place else []
        # Two digits: a row is not written again for a millionth of a second.
        turn = float(f"{times[agent]:.2g}") if agent in times else standing.turn_seconds
        if (standing.nash, standing.roles, standing.turn_seconds) != (share, by_role, turn):
            Standing.objects.filter(pk=standing.pk).update(nash=share, roles=by_role, turn_seconds=turn)
