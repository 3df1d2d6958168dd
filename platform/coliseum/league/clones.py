"""Agents of different teams that are one agent: the same code, or the same behaviour.

How it works. All validations of a competition are played from the same seeds, so that two agents which always
do the same leave the same digest there. A team's own versions are no clones of each other, and nobody is
punished: who came first may be a coincidence, or a baseline that both started from.
"""

from collections import defaultdict
from typing import Any, Final

from django.db.models import Sum

from coliseum.competitions.models import Phase
from coliseum.matches.models import Match, MatchState
from coliseum.submissions.queries import players_in
from workers.spec import MatchKind

FEWEST_TURNS: Final = 40
"""In shorter validations all good agents may well do the same."""


def clones_of(phase: Phase) -> list[dict[str, Any]]:  # Any: JSON
    """Return the groups of agents in play that are alike though their teams differ.

    Each has `why` ("code" or "behaviour"), `agents` in order of upload, and `first`, the earliest of them.
    The house is a team too: a copy of a baseline is found.
    """
    rows = list(players_in(phase).values_list("pk", "entry__team_id", "package_id").order_by("pk"))
    groups = _alike("code", rows)
    known = {frozenset(group["agents"]) for group in groups}
    traces = _traces([agent for agent, _, _ in rows])
    alike = _alike("behaviour", [(agent, team, traces[agent]) for agent, team, _ in rows if agent in traces])
    return groups + [group for group in alike if frozenset(group["agents"]) not in known]


def _traces(agents: list[str]) -> dict[str, str]:
    """Return what each agent's validation came to, where it was long enough to tell anything."""
    validations = Match.objects.filter(
        kind=MatchKind.VALIDATION.value, state=MatchState.FINISHED, seats__submission__in=agents
    ).annotate(turns=Sum("episodes__turns"))
    rows = validations.values_list("seats__submission_id", "digest", "turns")
    return {agent: digest for agent, digest, turns in rows if (turns or 0) >= FEWEST_TURNS}


def _alike(why: str, rows: list[tuple[str, str, str]]) -> list[dict[str, Any]]:  # Any: JSON
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for agent, team, mark in rows:
        found[mark].append((agent, team))
    return [
        {"why": why, "agents": [agent for agent, _ in members], "first": members[0][0]}
        for members in found.values()
        if len({team for _, team in members}) > 1
    ]
