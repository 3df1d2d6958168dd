"""How strong each agent is in each role, from the same evidence as the board."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from workers.league.comparisons import Floats
from workers.league.intervals import NORMAL_95
from workers.league.results import Episode
from workers.league.returns import Returns, fit_returns
from workers.league.roles import rate_roles
from workers.league.tally import Members, Tally

_FEWEST_DRAWS: Final = 1


@dataclass(frozen=True, slots=True)
class RoleColumns:
    """Ratings by role, (agents, roles), in the unit of the role: Elo, or the agent's own returns in it."""

    names: tuple[str, ...]
    rating: Floats
    low: Floats
    high: Floats
    episodes: Floats
    advantage: Floats
    """(roles,) Elo that a role brings; not-a-number where roles have returns of their own."""

    def of(self, agent: int) -> list[dict[str, object]]:
        """Return an agent's rows as JSON; roles it never had are left out."""
        return [
            {
                "role": name,
                "rating": round(float(self.rating[agent, role]), 2),
                "low": round(float(self.low[agent, role]), 2),
                "high": round(float(self.high[agent, role]), 2),
                "episodes": int(self.episodes[agent, role]),
            }
            for role, name in enumerate(self.names)
            if self.episodes[agent, role] > 0
        ]


def role_columns(tally: Tally, members: Members, roles: tuple[str, ...]) -> RoleColumns:
    """Rate the agents of a league role by role.

    Args:
        tally: evidence that was kept with `has_roles`.
        members: the agents.
        roles: name of the role of each seat.
    """
    named = tuple(dict.fromkeys(roles))
    of_seat = [named.index(role) for role in roles]
    if tally.objective == "rank":
        return _by_places(tally, members, named, of_seat)
    return _by_returns(tally, members, named, of_seat)


def _by_places(tally: Tally, members: Members, named: tuple[str, ...], of_seat: list[int]) -> RoleColumns:
    place = tally.places(members)
    episodes = (
        Episode(
            match=episode.match,
            agents=tuple(int(place[agent]) for agent in episode.agents),
            ranks=episode.ranks,
            gifts=episode.gifts,
        )
        for episode in tally.episodes
    )
    table = rate_roles(episodes, roles=of_seat, agents=len(members.ids), owners=members.owners)
    return RoleColumns(
        names=named,
        rating=table.elo,
        low=table.low,
        high=table.high,
        episodes=table.episodes,
        advantage=table.advantage,
    )


def _by_returns(tally: Tally, members: Members, named: tuple[str, ...], of_seat: list[int]) -> RoleColumns:
    """Rate own returns: an agent in a role is a player of its own, against the others in theirs.

    Returns of different roles have nothing to do with each other, so each role has a scale of its own.
    """
    kinds, agents = len(named), len(members.ids)
    returns = tally.returns(members)
    role = np.array(of_seat, np.int64)[returns.seat]
    mean, spread = np.zeros(kinds), np.ones(kinds)
    for kind in range(kinds):
        own = returns.value[role == kind]
        if len(own):
            mean[kind], spread[kind] = own.mean(), own.std() or 1.0
    table = fit_returns(
        Returns(
            match=returns.match,
            episode=returns.episode,
            seat=role,
            agent=returns.agent * kinds + role,
            value=(returns.value - mean[role]) / spread[role],
        ),
        agents=agents * kinds,
        draws=_FEWEST_DRAWS,
    )
    rating = table.score.reshape(agents, kinds) * spread + mean
    error = table.error.reshape(agents, kinds) * spread
    return RoleColumns(
        names=named,
        rating=rating,
        low=rating - NORMAL_95 * error,
        high=rating + NORMAL_95 * error,
        episodes=table.episodes.reshape(agents, kinds),
        advantage=np.full(kinds, np.nan),
    )
