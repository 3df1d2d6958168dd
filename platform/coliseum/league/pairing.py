"""Filling the queue with league matches: who should meet next, by what is known so far."""

from dataclasses import dataclass, replace

import numpy as np
from django.conf import settings

from arenas import registry
from arenas.spec import ArenaSpec
from coliseum.competitions.models import Competition
from coliseum.competitions.queries import takes_league_matches
from coliseum.leaderboards.fitting import Computed, compute
from coliseum.matches.models import Match
from coliseum.matches.queries import COMMON_SCENARIO, league_lineups, waiting_league_matches
from coliseum.matches.services import NEWCOMER_PRIORITY, Plan, schedule_matches
from coliseum.submissions.models import Submission
from coliseum.submissions.queries import active_submissions
from workers.league.board import PairingState
from workers.league.comparisons import Floats, Integers
from workers.league.pairing import Pairing, choose_pairs, choose_solos
from workers.seating import seatings
from workers.spec import MatchKind

NEWCOMER_MATCHES = 8


def schedule_league_matches(competition: Competition) -> list[Match]:
    """Schedule league matches until every active agent has enough of them waiting.

    No match is scheduled while the competition is not open, once all agents have its target number of
    matches, or while the queue already holds enough for the workers.
    """
    if not takes_league_matches(competition):
        return []
    agents = list(active_submissions(competition.pk))
    arena = registry.get(competition.arena)
    if len(agents) < min(2, arena.lineup):
        return []
    wanted = settings.LEAGUE_MATCHES_AHEAD * max(1, len(agents) // arena.lineup)
    room = wanted - waiting_league_matches(competition)
    # Refilled in portions: a portion sees the results of the one before.
    if room < max(1, wanted // 2):
        return []
    plans = (
        _solos(competition, agents, room) if arena.lineup == 1 else _duels(competition, arena, agents, room)
    )
    return schedule_matches(competition=competition, plans=plans)


def _solos(competition: Competition, agents: list[Submission], room: int) -> list[Plan]:
    """Give every agent the same scenarios in the same order, those behind first."""
    index = {agent.pk: number for number, agent in enumerate(agents)}
    played = np.zeros(len(agents), np.int64)
    for lineup in league_lineups(competition):
        for submission in lineup:
            if submission in index:
                played[index[submission]] += 1
    open_to = (played < competition.target_matches).astype(np.int64)
    plans = []
    for agent, scenario in choose_solos(played, open_to, count=room):
        if scenario < competition.target_matches:
            plans.append(
                Plan(
                    MatchKind.LEAGUE,
                    (agents[agent],),
                    NEWCOMER_PRIORITY if scenario < NEWCOMER_MATCHES else 0,
                    reason="newcomer" if scenario < NEWCOMER_MATCHES else "common seeds",
                    scenario=f"{COMMON_SCENARIO}{scenario}",
                )
            )
    return plans


def _duels(competition: Competition, arena: ArenaSpec, agents: list[Submission], room: int) -> list[Plan]:
    """Pair agents by what their meeting would tell."""
    index = {agent.pk: number for number, agent in enumerate(agents)}
    episodes_per_match = len(seatings(arena)) * arena.episodes
    met, load = _met(competition, index, episodes_per_match)
    state = _state(competition, arena, agents, met, load)
    # A fresh generator a portion: the choice is stored on each match with its propensity.
    pairings = _choose(state, room, np.random.default_rng())
    return [
        Plan(
            MatchKind.LEAGUE,
            tuple(agents[agent] for agent in pairing.lineup),
            NEWCOMER_PRIORITY if pairing.reason == "newcomer" else 0,
            reason=pairing.reason,
            propensity=pairing.propensity,
        )
        for pairing in pairings
    ]


def _choose(state: PairingState, room: int, rng: np.random.Generator) -> list[Pairing]:
    """Choose matches for the agents that have not reached the target; alone, they meet those that have."""
    pairings = choose_pairs(state, count=room, rng=rng)
    if pairings or not state.active.any():
        return pairings
    everybody = replace(state, active=np.ones_like(state.active))
    wider = choose_pairs(everybody, count=4 * room, rng=rng)
    return [pairing for pairing in wider if state.active[list(pairing.lineup)].any()][:room]


def _met(competition: Competition, index: dict[str, int], episodes_per_match: int) -> tuple[Floats, Integers]:
    """Return episodes of each pair and matches of each agent, waiting ones included."""
    met = np.zeros((len(index), len(index)))
    load = np.zeros(len(index), np.int64)
    for lineup in league_lineups(competition):
        present = [index[submission] for submission in lineup if submission in index]
        for agent in present:
            load[agent] += 1
            for other in present:
                if other != agent:
                    met[agent, other] += episodes_per_match
    return met, load


@dataclass(slots=True)
class _Fitted:
    """A fit this process made, and for what."""

    agents: frozenset[str]
    load: int
    computed: Computed


_lately: dict[str, _Fitted] = {}
GROWTH = 0.02
"""Share by which the matches of a field may grow before pairing wants a new fit."""


def _fitted(competition: Competition, agents: list[Submission], load: int) -> Computed:
    """Return a fit that knows these agents; an earlier one while hardly anything has changed.

    Pairing needs no fit of the last second: in simulated leagues, scheduling eight matches an agent ahead of
    the fit cost nothing. A fit for every portion would take most of the site worker's time.
    """
    known = frozenset(agent.pk for agent in agents)
    kept = _lately.get(competition.pk)
    if kept is None or kept.agents != known or load > kept.load * (1 + GROWTH) + 1:
        kept = _lately[competition.pk] = _Fitted(known, load, compute(competition))
    return kept.computed


def _state(
    competition: Competition, arena: ArenaSpec, agents: list[Submission], met: Floats, load: Integers
) -> PairingState:
    computed = _fitted(competition, agents, int(load.sum()))
    place = {submission: at for at, submission in enumerate(computed.agents)}
    at = [place[agent.pk] for agent in agents]
    fit = computed.fit
    assert fit is not None, "an arena of several agents is rated by a fit"
    owner = []
    names: dict[str, int] = {}
    for agent in agents:
        key = agent.pk if agent.entry.team.is_house else agent.entry.team_id
        owner.append(names.setdefault(key, len(names)))
    return PairingState(
        theta=fit.theta[at],
        covariance=fit.covariance[np.ix_(at, at)],
        kappa=fit.kappa,
        tau=fit.tau,
        episodes=met,
        load=load,
        owner=np.array(owner, np.int64),
        active=load < competition.target_matches,
        seats=arena.lineup,
        episodes_per_match=len(seatings(arena)) * arena.episodes,
    )
