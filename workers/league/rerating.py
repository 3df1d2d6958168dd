"""From a ledger to its leaderboard: a pure function of the events, the same in every process."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final, NamedTuple, NoReturn

from workers.league.ledger import ALONE, START, Agent, LedgerError, MatchResult, Opening, Sealed, Void
from workers.league.rating import ESTIMATOR_VERSION, Fit
from workers.league.returns import ReturnTable
from workers.league.scores import ScoreTable
from workers.league.tally import Members, Table, Tally, members_of

MOST_AGENTS: Final = 5_000
"""The fit is dense: its time grows with the cube of the field."""
_SCORES_VERSION: Final = "scores-1"
_RETURNS_VERSION: Final = "returns-1"


@dataclass(frozen=True, slots=True)
class Row:
    """One agent's place; ratings in the unit of the board."""

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
    """0 on boards of scores and of own returns."""


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
        alone = self.opening is not None and self.opening.objective in ALONE
        if alone and len(match.lineup) > 1:
            self._refuse(f"{name} has several agents, but in this league each plays alone")
        for episode in match.episodes:
            seated = {seat.agent for seat in episode.seats}
            if seated != set(range(len(match.lineup))):
                self._refuse(f"an episode of {name} does not seat its line-up")

    def _refuse(self, problem: str) -> NoReturn:
        raise LedgerError("unreadable", self.lines, problem)


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
    members = _members(season)
    tally = Tally(opening.objective)
    for _, match in sorted(season.matches.items()):
        tally.add(match)
    table = tally.table(members)
    return Rerated(
        league=opening.league,
        arena=opening.arena,
        estimator=version_of(table),
        lines=season.lines,
        matches=len(season.matches),
        root=season.root,
        digest=table.digest(),
        parameters=parameters_of(table),
        rows=tuple(sorted(_rows(season, members, table), key=lambda row: row.rank)),
    )


def _members(season: Season) -> Members:
    """Return the agents that played or take a place; who only was there changes no table."""
    played = {agent for match in season.matches.values() for agent in match.lineup}
    return members_of(
        (name, agent.owner, agent.active)
        for name, agent in season.agents.items()
        if agent.active or name in played
    )


def version_of(table: Table) -> str:
    """Return the name of the estimator behind a table."""
    if isinstance(table, ScoreTable):
        return _SCORES_VERSION
    return ESTIMATOR_VERSION if isinstance(table, Fit) else _RETURNS_VERSION


def parameters_of(table: Table) -> dict[str, float]:
    """Return what a fit learned besides ratings."""
    if isinstance(table, ScoreTable):
        return {"common_seeds": float(table.common_seeds)}
    if isinstance(table, ReturnTable):
        return {}
    return {
        "sigma0": round(table.sigma0, 6),
        "kappa": round(table.kappa, 6),
        "tau": round(table.tau, 6),
    }


class Place(NamedTuple):
    """The columns that make an agent's place, rounded as boards show them."""

    rank: int
    rank_low: int
    rank_high: int
    rating: float
    low: float
    high: float
    p_best: float
    provisional: bool


def place_of(table: Table, at: int) -> Place:
    """Return the place of one agent: ratings to 1/1000, scores and returns to 1/10,000."""
    rating, digits = (table.elo, 3) if isinstance(table, Fit) else (table.score, 4)
    return Place(
        rank=int(table.rank[at]),
        rank_low=int(table.rank_low[at]),
        rank_high=int(table.rank_high[at]),
        rating=round(float(rating[at]), digits),
        low=round(float(table.low[at]), digits),
        high=round(float(table.high[at]), digits),
        p_best=round(float(table.p_best[at]), 4),
        provisional=bool(table.provisional[at]),
    )


def _rows(season: Season, members: Members, table: Table) -> list[Row]:
    return [
        Row(
            agent=name,
            owner=season.agents[name].owner,
            **place_of(table, at)._asdict(),
            episodes=float(table.episodes[at]),
            opponents=int(table.opponents[at]) if isinstance(table, Fit) else 0,
        )
        for at, name in enumerate(members.ids)
        if table.rank[at] > 0
    ]
