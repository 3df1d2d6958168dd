"""The evidence of a league, match by match: added once, then turned into a table as often as one likes.

How it works. What a match says does not change any more, so it is turned into numbers and added up once.
Who takes a place may change; it is asked for with each table. The matches may come in any order: a table sees
them in the order of their ids, so that each order gives the same bits.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import TypeAlias

import numpy as np

from workers.league.comparisons import Booleans, Comparisons, Floats, Integers
from workers.league.evidence import Evidence, Gathering
from workers.league.ledger import ALONE, MatchResult, Objective
from workers.league.rating import Fit, fit
from workers.league.results import Episode, compare_episodes
from workers.league.returns import Returns, ReturnTable, fit_returns
from workers.league.scores import ScoreSettings, ScoreTable, fit_scores
from workers.league.totals import Total, compare_totals

Table: TypeAlias = Fit | ReturnTable | ScoreTable
_Scores: TypeAlias = tuple[int, int, float]
_Seatings: TypeAlias = tuple[tuple[int, ...], ...]
_Return: TypeAlias = tuple[int, int, int, int, float]


@dataclass(frozen=True, slots=True)
class Members:
    """The agents of a table, in order of their ids, which is the order of submission."""

    ids: tuple[str, ...]
    owners: tuple[int, ...]
    """A number for each owner; agents of one owner are never compared."""
    active: Booleans
    """(agents,) who takes a place; the others keep rating and results."""
    anchors: tuple[int, ...] = ()
    """The house's agents, which fix the scale once they have played enough."""


def members_of(agents: Iterable[tuple[str, str, bool]]) -> Members:
    """Return the members of a table.

    Args:
        agents: id, owner and whether it takes a place, of each agent that plays or played. The house's agents
            are those that own themselves.
    """
    ordered = sorted(agents)
    owners: dict[str, int] = {}
    return Members(
        ids=tuple(name for name, _, _ in ordered),
        owners=tuple(owners.setdefault(owner, number) for number, (_, owner, _) in enumerate(ordered)),
        active=np.array([is_active for _, _, is_active in ordered], bool),
        anchors=tuple(number for number, (name, owner, _) in enumerate(ordered) if owner == name),
    )


@dataclass(slots=True)
class _Course:
    """How the matches of the same agents in the same seats went, as long as all went alike."""

    counted: int
    """Number of the one that counts: after sorting, the first of them."""
    episodes: tuple[tuple[tuple[int, ...], str], ...]
    """Agents by seat and digest of each episode, sorted."""
    repeats: list[tuple[int, MatchResult]] | None = field(default_factory=list)
    """Number and result of the matches after the first; None once one of them went otherwise."""

    def renumber(self, number: Integers) -> None:
        """Give the matches their new numbers; the one that counts, being like the others, the smallest."""
        if not self.repeats:
            self.counted = int(number[self.counted])
            return
        first = min((at for at, _ in self.repeats), key=number.__getitem__)
        if number[first] < number[self.counted]:
            number[[first, self.counted]] = number[[self.counted, first]]
        self.counted = int(number[self.counted])
        self.repeats = [(int(number[at]), match) for at, match in self.repeats]


@dataclass(slots=True)
class Tally:
    """All matches of a league as numbers.

    Agents are numbered in the order in which they were first seen, which a table turns into that of its
    members.
    """

    objective: Objective
    has_roles: bool = False
    """Also keep what ratings by role are made from: episodes where places are compared, else returns."""
    matches: list[str] = field(default_factory=list)
    """Ids by number."""
    episodes: list[Episode] = field(default_factory=list)
    _index: dict[str, int] = field(default_factory=dict)
    _fresh: list[Episode] = field(default_factory=list)
    _totals: list[Total] = field(default_factory=list)
    _compared: list[Comparisons] = field(default_factory=list)
    _scores: list[_Scores] = field(default_factory=list)
    _returns: list[_Return] = field(default_factory=list)
    _is_sorted: bool = True
    _courses: dict[_Seatings, "_Course"] = field(default_factory=dict)
    """By who sat where in the episodes of a match, in a fixed order."""
    _summed: Gathering = field(default_factory=Gathering)
    _in_sum: int = 0
    """Comparisons that are in the sums."""

    def add(self, match: MatchResult) -> None:
        """Add a match; each at most once."""
        number = len(self.matches)
        self._is_sorted = self._is_sorted and (not self.matches or self.matches[-1] < match.match)
        self.matches.append(match.match)
        who = [self._index.setdefault(agent, len(self._index)) for agent in match.lineup]
        if self.objective in ALONE:
            self._scores += _scores(match, who)
        elif not self._is_repeat(number, match, who):
            self._count(number, match, who)

    def _count(self, number: int, match: MatchResult, who: Sequence[int]) -> None:
        if self.objective == "rank":
            episodes = _episodes(match, number, who)
            self._fresh += episodes
            self.episodes += episodes if self.has_roles else ()
            return
        if self.objective == "return":
            self._totals.append(Total(number, tuple(who), _totals(match)))
        if self.objective == "general_return" or self.has_roles:
            self._returns += _returns(match, number, who)

    def _is_repeat(self, number: int, match: MatchResult, who: Sequence[int]) -> bool:
        """Say whether the same agents in the same seats did the very same in all their matches so far.

        Two agents that always do the same have played one match, however often it is played. The first match
        that goes otherwise shows that they do not: then all of them count.
        """
        seated = [tuple(who[seat.agent] for seat in episode.seats) for episode in match.episodes]
        digests = [episode.digest for episode in match.episodes]
        if not all(digests):
            return False
        key = tuple(sorted(seated))
        course = tuple(sorted(zip(seated, digests, strict=True)))
        known = self._courses.get(key)
        if known is None:
            self._courses[key] = _Course(number, course)
            return False
        if known.repeats is None:
            return False
        if known.episodes == course:
            known.repeats.append((number, match))
            return True
        for held, earlier in known.repeats:
            self._count(held, earlier, [self._index[agent] for agent in earlier.lineup])
            self._is_sorted = False
        known.repeats = None
        return False

    @property
    def repeats(self) -> int:
        """Return how many matches are left out of the table because they repeated an earlier one."""
        return sum(len(course.repeats or ()) for course in self._courses.values())

    @property
    def agents(self) -> Iterable[str]:
        """Return the ids of all agents that played."""
        return self._index.keys()

    def table(self, members: Members) -> Table:
        """Fit the table of these agents.

        Args:
            members: all agents that played, and whoever else takes a place.
        """
        size, active = len(members.ids), members.active
        if self.objective in ALONE:
            settings = ScoreSettings(statistic="mean" if self.objective == "mean_score" else "iqm")
            return fit_scores(*self.scores(members), agents=size, active=active, settings=settings)
        if self.objective == "general_return":
            return fit_returns(self.returns(members), agents=size, active=active)
        evidence, owners = self._evidence(members), members.owners
        return fit(evidence, agents=size, owners=owners, active=active, anchors=members.anchors)

    def _evidence(self, members: Members) -> Evidence:
        """Return the sums of all comparisons of agents of different owners; only new ones are added up."""
        rows = self._compare()
        new = _taken(rows, slice(self._in_sum, len(rows)))
        self._summed.add(_between_owners(new, self._owners(members)))
        self._in_sum = len(rows)
        return self._summed.evidence(len(members.ids), places=self.places(members))

    def comparisons(self, members: Members) -> Comparisons:
        """Return all comparisons of agents of different owners; leagues of places and of zero-sum returns."""
        rows, place = _between_owners(self._compare(), self._owners(members)), self.places(members)
        return replace(rows, side_a=place[rows.side_a], side_b=place[rows.side_b])

    def _owners(self, members: Members) -> Integers:
        """Return the owner of each agent by its number here; who owns an agent never changes."""
        return np.array(members.owners, np.int64)[self.places(members)]

    def returns(self, members: Members) -> Returns:
        """Return the own returns of every seat of every episode."""
        self._sort()
        match, episode, seat, agent, value = _columns(self._returns, 5)
        return Returns(
            match=match.astype(np.int64),
            episode=episode.astype(np.int64),
            seat=seat.astype(np.int64),
            agent=self.places(members)[agent.astype(np.int64)],
            value=value,
        )

    def scores(self, members: Members) -> tuple[Integers, Integers, Floats]:
        """Return scenario, agent and score of every episode."""
        scenario = np.array([row[0] for row in self._scores], np.int64)
        agent = np.array([row[1] for row in self._scores], np.int64)
        return (
            scenario,
            self.places(members)[agent],
            np.array([row[2] for row in self._scores], np.float64),
        )

    def places(self, members: Members) -> Integers:
        """Return the place among the members of each agent, by its number here."""
        place = {name: at for at, name in enumerate(members.ids)}
        return np.array([place[name] for name in self._index], np.int64)

    def _compare(self) -> Comparisons:
        """Return all comparisons as one block, in order of match ids."""
        self._sort()
        if self._fresh or self._totals or not self._compared:
            self._compared.append(
                compare_totals(self._totals) if self.objective == "return" else compare_episodes(self._fresh)
            )
            self._fresh, self._totals = [], []
        if len(self._compared) > 1:
            self._compared = [
                Comparisons(
                    *(
                        np.concatenate([getattr(block, each.name) for block in self._compared])
                        for each in fields(Comparisons)
                    )
                )
            ]
        return self._compared[0]

    def _sort(self) -> None:
        """Number the matches in order of their ids, where one came later than its turn."""
        if self._is_sorted:
            return
        order = np.argsort(np.array(self.matches), kind="stable")
        number = np.empty(len(order), np.int64)
        number[order] = np.arange(len(order))
        for course in self._courses.values():
            course.renumber(number)
        self.matches = [self.matches[at] for at in order]
        self.episodes = [replace(each, match=int(number[each.match])) for each in self.episodes]
        self._fresh = [replace(each, match=int(number[each.match])) for each in self._fresh]
        self._totals = [replace(each, match=int(number[each.match])) for each in self._totals]
        self._returns = [(int(number[row[0]]), *row[1:]) for row in self._returns]
        for at, block in enumerate(self._compared):
            self._compared[at] = replace(block, match=number[block.match])
        # Sums over matches hang on their order in the last bit: they are made anew.
        self._summed, self._in_sum = Gathering(), 0
        self._is_sorted = True


def _taken(rows: Comparisons, which: slice | Booleans) -> Comparisons:
    return Comparisons(*(getattr(rows, each.name)[which] for each in fields(Comparisons)))


def _between_owners(rows: Comparisons, owner: Integers) -> Comparisons:
    return _taken(rows, owner[rows.side_a] != owner[rows.side_b]) if len(rows) else rows


def _episodes(match: MatchResult, number: int, who: Sequence[int]) -> list[Episode]:
    return [
        Episode(
            match=number,
            agents=tuple(who[seat.agent] for seat in episode.seats),
            ranks=tuple(seat.rank for seat in episode.seats),
            gifts=tuple(at for at, seat in enumerate(episode.seats) if seat.gift),
        )
        for episode in match.episodes
    ]


def _totals(match: MatchResult) -> tuple[float, ...]:
    total = [0.0] * len(match.lineup)
    for episode in match.episodes:
        for position in range(len(total)):
            own = [seat.reward for seat in episode.seats if seat.agent == position]
            # The mean over its seats: three that share one reward must not count thrice.
            total[position] += sum(own) / max(1, len(own))
    return tuple(total)


def _returns(match: MatchResult, number: int, who: Sequence[int]) -> list[_Return]:
    return [
        (number, index, seat, who[result.agent], result.reward)
        for index, episode in enumerate(match.episodes)
        for seat, result in enumerate(episode.seats)
    ]


def _scores(match: MatchResult, who: Sequence[int]) -> list[_Scores]:
    return [
        (episode.seed, who[0], sum(seat.score for seat in episode.seats) / len(episode.seats))
        for episode in match.episodes
    ]


def _columns(rows: Sequence[_Return], width: int) -> Floats:
    return np.array(rows, np.float64).reshape(len(rows), width).T
