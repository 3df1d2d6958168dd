"""From a ledger to its leaderboard: a pure function of the events, the same in every process."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final, NoReturn

import numpy as np

from workers.league.comparisons import Comparisons
from workers.league.ledger import START, Agent, LedgerError, MatchResult, Opening, Sealed, Void
from workers.league.rating import ESTIMATOR_VERSION, Fit, fit
from workers.league.results import Episode, compare_episodes
from workers.league.scores import ScoreTable, fit_scores
from workers.league.totals import Total, compare_totals

MOST_AGENTS: Final = 5_000
"""The fit is dense: its time grows with the cube of the field."""
_SCORES_VERSION: Final = "scores-1"


@dataclass(frozen=True, slots=True)
class Row:
    """One agent's place; ratings in the unit of the board, rounded to 1/1000."""

    agent: str
    owner: str
    rank: int
    rank_low: int
    rank_high: int
    rating: float
    low: float
    high: float
    p_best: float
    provisional: bool
    episodes: float
    opponents: int
    """0 on boards of scores."""


@dataclass(frozen=True, slots=True)
class Rerated:
    """A leaderboard as its ledger gives it."""

    league: str
    arena: str
    estimator: str
    lines: int
    matches: int
    root: str
    """Hash of the last line that counted."""
    digest: str
    """Of the whole table; equal to that of the site's official table of the same results."""
    parameters: dict[str, float]
    rows: tuple[Row, ...]
    """In order of rank; only agents that take a place."""


@dataclass(slots=True)
class Season:
    """What the events of a ledger add up to."""

    opening: Opening | None = None
    agents: dict[str, Agent] = field(default_factory=dict)
    matches: dict[str, MatchResult] = field(default_factory=dict)
    lines: int = 0
    root: str = START

    def add(self, sealed: Sealed) -> None:
        """Take one more line in.

        Raises:
            LedgerError: `unreadable`: the event speaks of an agent, a match or a seat that is not there.
        """
        self.lines += 1
        self.root = sealed.hash
        event = sealed.event
        if isinstance(event, Opening):
            self.opening = event
        elif isinstance(event, Agent):
            self._enter(event)
        elif isinstance(event, Void):
            if self.matches.pop(event.match, None) is None:
                self._refuse(f"there is no match {event.match:.40} to void")
        else:
            self._check(event)
            self.matches[event.match] = event

    def _enter(self, agent: Agent) -> None:
        known = self.agents.setdefault(agent.agent, agent)
        if known.owner != agent.owner:
            self._refuse(f"the agent {agent.agent:.40} cannot change its owner")
        if len(self.agents) > MOST_AGENTS:
            raise LedgerError("too_large", self.lines, f"there are more than {MOST_AGENTS:,} agents")
        self.agents[agent.agent] = agent

    def _check(self, match: MatchResult) -> None:
        name = f"the match {match.match:.40}"
        unknown = [agent for agent in match.lineup if agent not in self.agents]
        if unknown:
            self._refuse(f"{name} has an agent that was never entered: {unknown[0]:.40}")
        alone = self.opening is not None and self.opening.objective == "score"
        if alone and len(match.lineup) > 1:
            self._refuse(f"{name} has several agents, but in this league each plays alone")
        for episode in match.episodes:
            seated = {seat.agent for seat in episode.seats}
            if seated != set(range(len(match.lineup))):
                self._refuse(f"an episode of {name} does not seat its line-up")

    def _refuse(self, problem: str) -> NoReturn:
        raise LedgerError("unreadable", self.lines, problem)


@dataclass(frozen=True, slots=True)
class _Field:
    ids: tuple[str, ...]
    index: dict[str, int]
    owners: tuple[int, ...]
    active: tuple[bool, ...]


def add_up(lines: Iterable[Sealed], *, until: str = "") -> Season:
    """Add up a ledger.

    Args:
        lines: proved lines, as `ledger.unseal` yields them.
        until: root at which to stop, so that an older official table can be found again; all lines, if empty.

    Raises:
        LedgerError: a line is wrong, or makes no sense after those before it.
    """
    season = Season()
    for sealed in lines:
        season.add(sealed)
        if sealed.hash == until:
            break
    return season


def rerate(season: Season) -> Rerated:
    """Fit the leaderboard of a ledger; the order of the matches changes no bit.

    Raises:
        LedgerError: `unreadable`: there was no line.
    """
    opening = season.opening
    if opening is None:
        raise LedgerError("unreadable", 1, "there is no line")
    members = _field(season)
    table: Fit | ScoreTable
    if opening.objective == "score":
        estimator = _SCORES_VERSION
        table, parameters = _scored(season, members)
    else:
        estimator = ESTIMATOR_VERSION
        table, parameters = _rated(season, members, opening)
    return Rerated(
        league=opening.league,
        arena=opening.arena,
        estimator=estimator,
        lines=season.lines,
        matches=len(season.matches),
        root=season.root,
        digest=table.digest(),
        parameters=parameters,
        rows=tuple(sorted(_rows(season, members, table), key=lambda row: row.rank)),
    )


def _field(season: Season) -> _Field:
    """Return the agents that played or take a place; who only was there changes no table."""
    played = {agent for match in season.matches.values() for agent in match.lineup}
    ids = tuple(sorted(name for name, agent in season.agents.items() if agent.active or name in played))
    owners: dict[str, int] = {}
    return _Field(
        ids=ids,
        index={name: number for number, name in enumerate(ids)},
        owners=tuple(owners.setdefault(season.agents[name].owner, number) for number, name in enumerate(ids)),
        active=tuple(season.agents[name].active for name in ids),
    )


def _rated(season: Season, members: _Field, opening: Opening) -> tuple[Fit, dict[str, float]]:
    compare = _compare_returns if opening.objective == "return" else _compare_places
    table = fit(
        compare(season, members),
        agents=len(members.ids),
        owners=members.owners,
        active=np.array(members.active, bool),
    )
    return table, {
        "sigma0": round(table.sigma0, 6),
        "kappa": round(table.kappa, 6),
        "tau": round(table.tau, 6),
    }


def _scored(season: Season, members: _Field) -> tuple[ScoreTable, dict[str, float]]:
    """Rate an arena where agents play alone, by their scores on common scenarios."""
    seeds, who, scores = [], [], []
    for _, match in sorted(season.matches.items()):
        for episode in match.episodes:
            seeds.append(episode.seed)
            who.append(members.index[match.lineup[0]])
            scores.append(sum(seat.score for seat in episode.seats) / len(episode.seats))
    table = fit_scores(
        np.array(seeds, np.int64),
        np.array(who, np.int64),
        np.array(scores, np.float64),
        agents=len(members.ids),
        active=np.array(members.active, bool),
    )
    return table, {"common_seeds": float(table.common_seeds)}


def _compare_places(season: Season, members: _Field) -> Comparisons:
    episodes = []
    for number, (_, match) in enumerate(sorted(season.matches.items())):
        who = [members.index[agent] for agent in match.lineup]
        episodes += [
            Episode(
                match=number,
                agents=tuple(who[seat.agent] for seat in episode.seats),
                ranks=tuple(seat.rank for seat in episode.seats),
                gifts=tuple(at for at, seat in enumerate(episode.seats) if seat.gift),
            )
            for episode in match.episodes
        ]
    return compare_episodes(episodes, owners=members.owners)


def _compare_returns(season: Season, members: _Field) -> Comparisons:
    totals = []
    for number, (_, match) in enumerate(sorted(season.matches.items())):
        total = [0.0] * len(match.lineup)
        for episode in match.episodes:
            for position in range(len(total)):
                own = [seat.reward for seat in episode.seats if seat.agent == position]
                # The mean over its seats: three that share one reward must not count thrice.
                total[position] += sum(own) / len(own)
        totals.append(Total(number, tuple(members.index[agent] for agent in match.lineup), tuple(total)))
    return compare_totals(totals, owners=members.owners)


def _rows(season: Season, members: _Field, table: Fit | ScoreTable) -> list[Row]:
    rating = table.elo if isinstance(table, Fit) else table.score
    return [
        Row(
            agent=name,
            owner=season.agents[name].owner,
            rank=int(table.rank[at]),
            rank_low=int(table.rank_low[at]),
            rank_high=int(table.rank_high[at]),
            rating=round(float(rating[at]), 3),
            low=round(float(table.low[at]), 3),
            high=round(float(table.high[at]), 3),
            p_best=round(float(table.p_best[at]), 4),
            provisional=bool(table.provisional[at]),
            episodes=float(table.episodes[at]),
            opponents=int(table.opponents[at]) if isinstance(table, Fit) else 0,
        )
        for at, name in enumerate(members.ids)
        if table.rank[at] > 0
    ]
