"""Filling the queue with league matches: who should meet next, by what is known so far."""

import math
import time
from dataclasses import dataclass, replace

import numpy as np
from django.conf import settings

from arenas import registry
from arenas.spec import ArenaSpec
from coliseum.competitions.calibrations import league_arena
from coliseum.competitions.models import Phase
from coliseum.competitions.queries import plays_now
from coliseum.leaderboards.fitting import Computed, compute
from coliseum.leaderboards.queries import ratings_of
from coliseum.league.finals import target_of
from coliseum.league.meetings import Meetings, read_meetings
from coliseum.matches.models import Match
from coliseum.matches.queries import COMMON_SCENARIO, waiting_league_matches
from coliseum.matches.services import NEWCOMER_PRIORITY, Plan, schedule_matches
from coliseum.submissions.models import Submission
from coliseum.submissions.queries import paired_in
from workers.league.board import PairingRules, PairingState
from workers.league.comparisons import Floats, Integers
from workers.league.neighbours import Field, choose_neighbours
from workers.league.pairing import Pairing, choose_pairs, choose_solos
from workers.seating import seatings
from workers.spec import MatchKind

NEWCOMER_MATCHES = 8
LARGE_FIELD = 300
"""Agents from which on opponents are sought among neighbours in strength, not by weighing all pairs.

Weighing costs 0.2 ms of processor time a match at 100 agents. Who meets neighbours only is known less well
where styles matter. In simulated leagues of 100 agents (worlds W1, W4 and W6) Kendall's tau after
256 episodes an agent was .921, .945 and .936 among neighbours, .934, .956 and .958 by weighing all pairs, and
95 % intervals covered .87 and .98 in W6.
"""
FINAL_RULES = PairingRules(finals=True, cap=1e9)
"""In a final the cuts bound how often an agent plays; with few owners some must play more than the others."""
_ELO = 400.0 / math.log(10.0)
_UNKNOWN_DEVIATION = 1.5
"""Logits; of an agent that has no rating yet."""


@dataclass(frozen=True, slots=True)
class Agent:
    """What pairing knows of one active agent."""

    submission: str
    owner: str
    """The team, or the agent itself where it is the house's."""


def schedule_league_matches(phase: Phase) -> list[Match]:
    """Schedule league matches until every active agent has enough of them waiting.

    No match is scheduled while the competition or the phase is not open, once all agents have its target
    number of matches, or while the queue already holds enough for the workers.
    """
    room = room_for_matches(phase)
    if room <= 0:
        return []
    # In a final everybody takes every seat, whatever the host chose for the league.
    is_final = phase.is_final
    arena = registry.get(phase.competition.arena) if is_final else league_arena(phase.competition)
    agents = _agents(phase)
    is_exact = arena.lineup > 1 and len(agents) < LARGE_FIELD
    meetings = read_meetings(phase, keeps_lineups=is_exact)
    if arena.lineup == 1:
        plans = _solos(phase, agents, meetings, room)
    else:
        pairings = (
            _duels(phase, arena, agents, meetings, room)
            if is_exact
            else _neighbours(phase, arena, agents, meetings, room)
        )
        plans = _plans(phase, agents, pairings)
    return schedule_matches(competition=phase.competition, plans=plans)


def room_for_matches(phase: Phase) -> int:
    """Return how many matches the queue should get now.

    Zero or less where it holds enough: minus how many must be played before it is worth looking again.
    """
    if not plays_now(phase):
        return 0
    lineup = registry.get(phase.competition.arena).lineup
    agents = paired_in(phase).count()
    if agents < min(2, lineup):
        return 0
    wanted = settings.LEAGUE_MATCHES_AHEAD * max(1, agents // lineup)
    room = wanted - waiting_league_matches(phase)
    # Refilled in portions: a portion sees the results of the one before.
    portion = max(1, wanted // 2)
    return int(room if room >= portion else room - portion)


def _agents(phase: Phase) -> list[Agent]:
    """Return the active agents in order of upload; as plain values, a field may have many thousands."""
    rows = paired_in(phase).values_list("pk", "entry__team_id", "entry__team__is_house")
    return [Agent(submission, submission if is_house else team) for submission, team, is_house in rows]


def _submission(agent: Agent) -> Submission:
    """Return a submission of which only the key is known, which is all a plan needs."""
    return Submission(pk=agent.submission)


def _solos(phase: Phase, agents: list[Agent], meetings: Meetings, room: int) -> list[Plan]:
    """Give every agent the same scenarios in the same order, those behind first."""
    played = np.array([meetings.load[agent.submission] for agent in agents], np.int64)
    open_to = (played < target_of(phase)).astype(np.int64)
    plans = []
    for agent, scenario in choose_solos(played, open_to, count=room):
        if scenario < target_of(phase):
            plans.append(
                Plan(
                    MatchKind.LEAGUE,
                    (_submission(agents[agent]),),
                    NEWCOMER_PRIORITY if scenario < NEWCOMER_MATCHES else 0,
                    reason="newcomer" if scenario < NEWCOMER_MATCHES else "common seeds",
                    scenario=f"{COMMON_SCENARIO}{scenario}",
                    phase=phase,
                )
            )
    return plans


def _plans(phase: Phase, agents: list[Agent], pairings: list[Pairing]) -> list[Plan]:
    return [
        Plan(
            MatchKind.LEAGUE,
            tuple(_submission(agents[agent]) for agent in pairing.lineup),
            NEWCOMER_PRIORITY if pairing.reason == "newcomer" else 0,
            reason=pairing.reason,
            propensity=pairing.propensity,
            phase=phase,
        )
        for pairing in pairings
    ]


def _neighbours(
    phase: Phase, arena: ArenaSpec, agents: list[Agent], meetings: Meetings, room: int
) -> list[Pairing]:
    """Pair the agents of a large field by their stored ratings: no fit, no table of all pairs."""
    ratings = ratings_of(phase)
    known = [ratings.get(agent.submission) for agent in agents]
    middle = sum(row[0] for row in ratings.values()) / len(ratings) if ratings else 0.0
    load = np.array([meetings.load[agent.submission] for agent in agents], np.int64)
    index = {agent.submission: number for number, agent in enumerate(agents)}
    field = Field(
        theta=np.array([(row[0] - middle) / _ELO if row else 0.0 for row in known]),
        deviation=np.array(
            [(row[2] - row[1]) / (2 * 1.96 * _ELO) if row else _UNKNOWN_DEVIATION for row in known]
        ),
        load=load,
        owner=_owners(agents),
        active=load < target_of(phase),
        seats=arena.lineup,
    )
    waiting = [frozenset(index.get(each, -1) for each in lineup) for lineup in meetings.waiting]
    rng = np.random.default_rng()
    pairings = choose_neighbours(field, count=room, rng=rng, waiting=waiting)
    if pairings or not field.active.any():
        return pairings
    everybody = replace(field, active=np.ones_like(field.active))
    wider = choose_neighbours(everybody, count=room, rng=rng, waiting=waiting)
    return [pairing for pairing in wider if field.active[list(pairing.lineup)].any()]


def _owners(agents: list[Agent]) -> Integers:
    names: dict[str, int] = {}
    return np.array([names.setdefault(agent.owner, len(names)) for agent in agents], np.int64)


def _duels(
    phase: Phase, arena: ArenaSpec, agents: list[Agent], meetings: Meetings, room: int
) -> list[Pairing]:
    """Pair agents by what their meeting would tell."""
    met, load = _met(meetings, agents, len(seatings(arena)) * arena.episodes)
    state = _state(phase, arena, agents, met, load)
    # A fresh generator a portion: the choice is stored on each match with its propensity.
    return _choose(state, room, np.random.default_rng(), FINAL_RULES if phase.is_final else None)


def _choose(
    state: PairingState, room: int, rng: np.random.Generator, rules: PairingRules | None = None
) -> list[Pairing]:
    """Choose matches for the agents that have not reached the target; alone, they meet those that have."""
    pairings = choose_pairs(state, count=room, rng=rng, rules=rules)
    if pairings or not state.active.any():
        return pairings
    everybody = replace(state, active=np.ones_like(state.active))
    wider = choose_pairs(everybody, count=4 * room, rng=rng, rules=rules)
    return [pairing for pairing in wider if state.active[list(pairing.lineup)].any()][:room]


def _met(meetings: Meetings, agents: list[Agent], episodes_per_match: int) -> tuple[Floats, Integers]:
    """Return episodes of each pair and matches of each agent, waiting ones included."""
    index = {agent.submission: number for number, agent in enumerate(agents)}
    met = np.zeros((len(index), len(index)))
    for lineup, matches in meetings.lineups.items():
        present = [index[submission] for submission in lineup if submission in index]
        for agent in present:
            for other in present:
                if other != agent:
                    met[agent, other] += episodes_per_match * matches
    return met, np.array([meetings.load[agent.submission] for agent in agents], np.int64)


@dataclass(slots=True)
class _Fitted:
    """A fit this process made, and for what."""

    agents: frozenset[str]
    load: int
    computed: Computed
    good_until: float
    """On the monotonic clock."""


_lately: dict[str, _Fitted] = {}
GROWTH = 0.02
"""Share by which the matches of a field may grow before pairing wants a new fit."""
FIT_SHARE = 0.05
"""Most of a process's time that fits for pairing may take: a fit reads all matches, a portion is a few."""


def _fitted(phase: Phase, agents: list[Agent], load: int) -> Computed:
    """Return a fit that knows these agents; an earlier one while hardly anything has changed.

    Pairing needs no fit of the last second: in simulated leagues, scheduling eight matches an agent ahead of
    the fit cost nothing. A fit for every portion would take most of the site worker's time.
    """
    known = frozenset(agent.submission for agent in agents)
    kept = _lately.get(phase.key)
    started = time.monotonic()
    if (
        kept is None
        or not known <= kept.agents
        or (load > kept.load * (1 + GROWTH) + 1 and started > kept.good_until)
    ):
        computed = compute(phase, is_warm=True)
        over = time.monotonic()
        kept = _Fitted(frozenset(computed.agents), load, computed, over + (over - started) / FIT_SHARE)
        _lately[phase.key] = kept
    return kept.computed


def _state(phase: Phase, arena: ArenaSpec, agents: list[Agent], met: Floats, load: Integers) -> PairingState:
    computed = _fitted(phase, agents, int(load.sum()))
    place = {submission: at for at, submission in enumerate(computed.agents)}
    at = [place[agent.submission] for agent in agents]
    fit = computed.fit
    assert fit is not None, "an arena of several agents is rated by a fit"
    return PairingState(
        theta=fit.theta[at],
        covariance=fit.covariance[np.ix_(at, at)],
        kappa=fit.kappa,
        tau=fit.tau,
        episodes=met,
        load=load,
        owner=_owners(agents),
        active=load < target_of(phase),
        seats=arena.lineup,
        episodes_per_match=len(seatings(arena)) * arena.episodes,
    )
