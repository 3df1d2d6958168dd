"""The collusion monitor: pairs, forfeits and owners that a person should look at; it judges nobody.

How it works. What two agents did is compared with what their results against everybody else promise; forfeits
are counted by whom they served; and the table is fitted without each owner in turn. The findings are for the
hosts; the board only says that a pair is strange.
"""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any, Final

import numpy as np

from coliseum import clock
from coliseum.competitions.models import Phase
from coliseum.leaderboards.fitting import Computed, compute
from coliseum.leaderboards.models import Plot
from coliseum.leaderboards.services import keep_flags
from coliseum.league.clones import clones_of
from coliseum.matches.models import MatchState, Seat
from workers.league.comparisons import Comparisons, sums
from workers.league.evidence import gather
from workers.league.forfeits import directed_forfeits
from workers.league.influence import hanging_on_owners, leverage
from workers.league.rating import Fit
from workers.league.residuals import watch_pairs

PLOT: Final = "monitor"
MOST_AGENTS: Final = 300
"""In larger fields only pairs are watched: the rest takes a table of all pairs, and a fit for each owner."""
_ALL_FROM_FEW: Final = 0.9
"""Share of what is known of an agent from three opponents; strange where it has met more than six."""
_FEW_OPPONENTS: Final = 6
Findings = dict[str, Any]  # Any: JSON


def watch(phase: Phase) -> Findings:
    """Look for pairs, forfeits and owners that are strange, keep them for the hosts, flag the agents."""
    computed = compute(phase, is_warm=True)
    findings: Findings = {"matches": computed.matches, "pairs": [], "forfeits": [], "moved": []}
    flags: dict[str, list[str]] = defaultdict(list)
    if isinstance(computed.table, Fit) and computed.matches:
        _look(phase, computed, computed.table, findings, flags)
    findings["clones"] = clones_of(phase)
    for group in findings["clones"]:
        for agent in group["agents"]:
            flags[agent].append("clone")
    Plot.objects.update_or_create(
        phase=phase, name=PLOT, defaults={"content": findings, "computed_at": clock.now()}
    )
    keep_flags(phase=phase, source=PLOT, flags=flags)
    return findings


def findings_of(phase: Phase) -> Findings:
    """Return what the monitor found last; empty before its first look."""
    found = Plot.objects.filter(phase=phase, name=PLOT).first()
    return dict(found.content) if found else {}


def _look(
    phase: Phase, computed: Computed, table: Fit, findings: Findings, flags: Mapping[str, list[str]]
) -> None:
    members = computed.members
    comparisons = computed.tally.comparisons(members)
    pairs = watch_pairs(comparisons, agents=len(members.ids), owners=members.owners)
    for at in pairs.flagged():
        low, high = members.ids[pairs.low[at]], members.ids[pairs.high[at]]
        findings["pairs"].append(
            {
                "agents": [low, high],
                "episodes": round(float(pairs.episodes[at]), 2),
                "points": round(float(pairs.points[at]), 2),
                "expected": round(float(pairs.expected[at]), 2),
                "z": round(float(pairs.z[at]), 2),
            }
        )
        for agent in (low, high):
            if "strange_pair" not in flags[agent]:
                flags[agent].append("strange_pair")
    if len(members.ids) > MOST_AGENTS:
        return
    findings["forfeits"] = _forfeits(phase, computed, comparisons)
    for moved in hanging_on_owners(comparisons, table, owners=members.owners):
        mine = [each for each, owner in zip(members.ids, members.owners, strict=True) if owner == moved.owner]
        findings["moved"].append(
            {
                "agents": mine,
                "agent": members.ids[moved.agent],
                "rank": moved.rank,
                "rank_without": moved.rank_without,
                "elo": round(moved.elo, 1),
            }
        )
    shares, opponents = leverage(comparisons, table), _opponents(comparisons, len(members.ids))
    for at in np.flatnonzero((shares > _ALL_FROM_FEW) & (opponents > _FEW_OPPONENTS)):
        flags[members.ids[at]].append("hanging_on_one_opponent")


def _opponents(comparisons: Comparisons, agents: int) -> np.ndarray[Any, np.dtype[np.int64]]:
    """Return (agents,) how many different ones each has met."""
    evidence = gather(comparisons, agents)
    met = np.bincount(evidence.low, minlength=agents) + np.bincount(evidence.high, minlength=agents)
    return met.astype(np.int64)


def _forfeits(phase: Phase, computed: Computed, comparisons: Comparisons) -> list[Findings]:
    """Return the agents that forfeit for one owner's sake."""
    members = computed.members
    index = {agent: at for at, agent in enumerate(members.ids)}
    size = len(members.ids)
    owner = np.array(members.owners, np.int64)
    evidence = gather(comparisons, size)
    met = np.rint(sums(evidence.cell_pair, evidence.weight, len(evidence.low))).astype(np.int64)
    episodes, forfeits = np.zeros((size, size), np.int64), np.zeros((size, size), np.int64)
    np.add.at(episodes, (evidence.low, owner[evidence.high]), met)
    np.add.at(episodes, (evidence.high, owner[evidence.low]), met)
    for agent, other, count in _forfeited(phase):
        if agent in index and other in index and owner[index[agent]] != owner[index[other]]:
            forfeits[index[agent], owner[index[other]]] += count
    return [
        {
            "agent": members.ids[each.agent],
            "agents": [
                name for name, one in zip(members.ids, members.owners, strict=True) if one == each.owner
            ],
            "forfeits": each.forfeits,
            "episodes": each.episodes,
            "chance": each.chance,
        }
        for each in directed_forfeits(np.minimum(forfeits, episodes), episodes)
    ]


def _forfeited(phase: Phase) -> list[tuple[str, str, int]]:
    """Return who forfeited how many episodes against whom, match by match."""
    failed = Seat.objects.filter(
        match__phase=phase, match__state=MatchState.FINISHED, match__is_counted=True, forfeits__gt=0
    )
    rows = {
        (match, agent): count
        for match, agent, count in failed.values_list("match_id", "submission_id", "forfeits")
    }
    lineups: dict[str, list[str]] = defaultdict(list)
    seats = Seat.objects.filter(match__in={match for match, _ in rows})
    for match, agent in seats.values_list("match_id", "submission_id"):
        lineups[match].append(agent)
    return [
        (agent, other, count)
        for (match, agent), count in rows.items()
        for other in lineups[match]
        if other != agent
    ]
