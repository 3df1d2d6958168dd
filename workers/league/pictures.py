"""What the plots of any leaderboard show, as values of JSON; nothing here draws."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

import numpy as np

from workers.league.columns import bands_of, better_by, ranks_drawn
from workers.league.comparisons import Floats, Integers
from workers.league.rating import Fit
from workers.league.rerating import place_of
from workers.league.returns import ReturnTable
from workers.league.role_columns import RoleColumns
from workers.league.tally import Members, Table

Content: TypeAlias = dict[str, Any]  # Any: values of JSON, of the shape in each docstring

PLOTS: Final = (
    *("ladder", "heat_map", "residual_map", "style_disc", "superiority", "lineage", "convergence"),
    *("opponents", "seats_and_roles", "rank_distribution", "performance_profiles", "cross_play"),
    "calibration",
)
"""Names of all plots, in the order in which a page shows them; a board has those that apply to it."""
MOST_ROWS: Final = 100
MOST_IN_TABLE: Final = 40
MOST_LINES: Final = 30
MOST_VIOLINS: Final = 10
MOST_WITH_ROLES: Final = 20


@dataclass(frozen=True, slots=True)
class Version:
    """One agent of a team, for the plot of lineages."""

    agent: str
    number: int
    at: str
    """When it was uploaded, ISO 8601."""
    rating: float
    low: float
    high: float
    rank: int | None
    """None where it takes no place any more."""


@dataclass(frozen=True, slots=True)
class Lineage:
    """All rated agents of one team."""

    team: str
    name: str
    is_house: bool
    versions: tuple[Version, ...]


def unit_of(table: Table) -> str:
    """Return the unit of a table's ratings: `elo`, `return` or `score`."""
    if isinstance(table, Fit):
        return "elo"
    return "return" if isinstance(table, ReturnTable) else "score"


def in_order(table: Table, most: int) -> Integers:
    """Return the best agents, best first."""
    ranked = np.flatnonzero(table.rank)
    return np.asarray(ranked[np.argsort(table.rank[ranked])][:most])


def names(members: Members, agents: Integers) -> list[str]:
    """Return the ids of agents."""
    return [members.ids[agent] for agent in agents]


def ranked_in(table: Table) -> int:
    """Return how many agents take a place."""
    return int((table.rank > 0).sum())


def grid(values: Floats, agents: Integers, digits: int = 3) -> list[list[float | None]]:
    """Return the part of a square table of these agents; None on the diagonal and for what is not finite."""
    part = np.round(values[np.ix_(agents, agents)], digits) + 0.0
    known = np.isfinite(part) & ~np.eye(len(agents), dtype=bool)
    return [
        [value if fine else None for value, fine in zip(row, is_fine, strict=True)]
        for row, is_fine in zip(part.tolist(), known.tolist(), strict=True)
    ]


def counts(values: Floats, agents: Integers) -> list[list[int]]:
    """Return the part of a square table of counts of these agents."""
    return np.round(values[np.ix_(agents, agents)]).astype(int).tolist()  # type: ignore[no-any-return]


def ladder(table: Table, members: Members) -> Content:
    """Return the ladder of the best 100.

    {"unit", "of", "rows": [{"agent", "rank", "rank_low", "rank_high", "rating", "low", "high", "band",
    "provisional"}]}; equal bands are not told apart from the first of the band, 0 is the top.
    """
    band = bands_of(table.rank, better_by(table))
    wanted = ("rank", "rank_low", "rank_high", "rating", "low", "high", "provisional")
    rows = []
    for agent in in_order(table, MOST_ROWS):
        place = place_of(table, int(agent))._asdict()
        row = {"agent": members.ids[agent], "band": int(band[agent])}
        rows.append(row | {name: place[name] for name in wanted})
    return {"unit": unit_of(table), "of": ranked_in(table), "rows": rows}


def superiority(table: Table, members: Members) -> Content:
    """Return how sure the order of every two of the best 40 is.

    {"agents", "of", "p": [[x]]}: the chance that the row's agent is stronger than the column's.
    """
    agents = in_order(table, MOST_IN_TABLE)
    better = better_by(table)
    chances = np.array([better(int(agent))[agents] for agent in agents]).reshape(len(agents), len(agents))
    return {
        "agents": names(members, agents),
        "of": ranked_in(table),
        "p": grid(chances, np.arange(len(agents))),
    }


def rank_distribution(table: Table, members: Members) -> Content:
    """Return how likely each place is for the best 10.

    {"agents", "of", "places": n, "shares": [[x]]}: shares[i][k] is the chance of agent i of place k + 1; the
    last column holds all the rest where places < of.
    """
    agents, of = in_order(table, MOST_VIOLINS), ranked_in(table)
    places = min(of, MOST_IN_TABLE)
    shares: list[list[float]] = []
    if of:
        who = np.flatnonzero(table.rank)
        ranks = np.minimum(ranks_drawn(table)[:, np.searchsorted(who, agents)], places)
        shares = [
            np.round(np.bincount(own, minlength=places + 1)[1:] / len(ranks), 4).tolist() for own in ranks.T
        ]
    return {"agents": names(members, agents), "of": of, "places": places, "shares": shares}


def opponents(
    table: Table, members: Members, matches: Mapping[str, int], faced: Mapping[str, int]
) -> Content:
    """Return how evenly the agents were made to play.

    {"of", "mean", "agents", "played": [n], "share": [x], "opponents": [n], "histogram": [{"from", "to",
    "agents"}]}; played: matches; share: of all seats taken; the histogram counts opponents, on boards of
    scores matches.

    Args:
        table: the board.
        members: its agents.
        matches: played by each agent, by id.
        faced: different opponents of each agent, by id.
    """
    everybody = [members.ids[agent] for agent in np.flatnonzero(table.rank)]
    played = [matches.get(agent, 0) for agent in everybody]
    total = max(sum(played), 1)
    shown = names(members, in_order(table, MOST_ROWS))
    alone = not any(faced.get(agent, 0) for agent in everybody)
    counted = [(matches if alone else faced).get(agent, 0) for agent in everybody]
    return {
        "of": len(everybody),
        "mean": round(sum(played) / max(len(played), 1), 2),
        "agents": shown,
        "played": [matches.get(agent, 0) for agent in shown],
        "share": [round(matches.get(agent, 0) / total, 5) for agent in shown],
        "opponents": [faced.get(agent, 0) for agent in shown],
        "histogram": _histogram(counted),
    }


def _histogram(values: Sequence[int]) -> list[dict[str, int]]:
    if not values:
        return []
    low, high = min(values), max(values)
    width = max(1, -(-(high - low + 1) // 20))
    return [
        {
            "from": start,
            "to": start + width - 1,
            "agents": sum(start <= value < start + width for value in values),
        }
        for start in range(low, high + 1, width)
    ]


def lineage(table: Table, lines: Sequence[Lineage]) -> Content:
    """Return how the agents of each team followed each other.

    {"unit", "of", "lines": [{"team", "name", "is_house", "points": [{"agent", "number", "at", "rating",
    "low", "high", "rank", "active"}]}]}; points in order of upload, the 30 best lines first.
    """
    ordered = sorted(lines, key=lambda line: -max(version.rating for version in line.versions))
    return {
        "unit": unit_of(table),
        "of": len(lines),
        "lines": [
            {
                "team": line.team,
                "name": line.name,
                "is_house": line.is_house,
                "points": [
                    {
                        "agent": version.agent,
                        "number": version.number,
                        "at": version.at,
                        "rating": version.rating,
                        "low": version.low,
                        "high": version.high,
                        "rank": version.rank,
                        "active": version.rank is not None,
                    }
                    for version in line.versions
                ],
            }
            for line in ordered[:MOST_LINES]
        ],
    }


def roles_shown(table: Table, members: Members, roles: RoleColumns) -> list[Content]:
    """Return the ratings by role of the best 20.

    [{"role", "advantage", "agents": [{"agent", "rating", "low", "high", "episodes"}]}]; advantage: Elo that
    the role itself brings, None where roles have returns of their own.
    """
    shown = []
    for role, name in enumerate(roles.names):
        advantage = float(roles.advantage[role])
        rows = [
            {"agent": members.ids[agent]} | {key: row[key] for key in ("rating", "low", "high", "episodes")}
            for agent in in_order(table, MOST_WITH_ROLES)
            for row in roles.of(int(agent))
            if row["role"] == name
        ]
        shown.append(
            {
                "role": name,
                "advantage": round(advantage, 1) if math.isfinite(advantage) else None,
                "agents": rows,
            }
        )
    return shown
