"""Agents, tables and matches for the tests of the match side; every agent is a real one in a jail."""

import textwrap
from contextlib import closing
from dataclasses import replace
from functools import cache

from arenas import registry
from arenas.adapters import open_arena
from arenas.spec import MIB, Limits
from workers.match import Table
from workers.spec import AgentRef, EpisodeSpec, LimitsSpec, MatchKind, MatchSpec

LIMITS = Limits(
    load_seconds=10.0,
    reset_seconds=5.0,
    step_seconds=5.0,
    bank_seconds=2.0,
    memory_bytes=128 * MIB,
    scratch_bytes=4 * MIB,
)
SHORT = replace(LIMITS, load_seconds=0.5, reset_seconds=0.4, step_seconds=0.3, bank_seconds=0.1)

FIRST = "def agent(observation):\n    return int(observation['action_mask'].argmax())\n"
"""Takes the first legal action."""
STILL = "def agent(observation):\n    return 0\n"


def source(text):
    return textwrap.dedent(text).encode()


def failing(body, *, at=0, rest="int(observation['action_mask'].argmax())"):
    """An agent that runs `body` in its turn number `at`, and plays well in all others."""
    return (
        "import os, sys, time\ncalls = 0\ndef agent(observation):\n    global calls\n    calls += 1\n"
        f"    if calls == {at + 1}:\n{textwrap.indent(textwrap.dedent(body), ' ' * 8)}\n    return {rest}\n"
    )


def arena_of(name, **changes):
    return replace(registry.get(name), **changes)


@cache
def adapter_of(name):
    return open_arena(registry.get(name))


def adapter_for(arena):
    """The adapter all tests share, or one of its own where the arena's episodes are cut short."""
    shared = adapter_of(arena.id)
    return shared if arena.max_turns == shared.spec.max_turns else open_arena(arena)


def table_of(launcher, arena, lineup, *, limits=LIMITS, records=False, copies=None):
    """A table with every agent of the line-up joined; each is a source text or a (bytes, file name)."""
    table = Table(arena, [adapter_for(arena)], launcher, limits, records=records)
    for position, agent in enumerate(lineup):
        package, file_name = (source(agent), "agent.py") if isinstance(agent, str) else agent
        many = copies[position] if copies else 1
        table.join(package, file_name, seed=position, copies=many)
    return table


def play(launcher, arena, lineup, *, seats=None, seeds=(1,), limits=LIMITS, records=False, copies=None):
    """Play episodes of one match; return them and what the agents used."""
    with closing(table_of(launcher, arena, lineup, limits=limits, records=records, copies=copies)) as table:
        seating = seats or tuple(range(arena.seats))
        episodes = [table.play_episode(EpisodeSpec(seed=seed, seating=seating)) for seed in seeds]
        return episodes, table.close()


def outcomes(episode):
    return [seat.outcome.value for seat in episode.seats]


def scores(episode):
    return [seat.score for seat in episode.seats]


def limits_spec(limits=LIMITS):
    return LimitsSpec(**{name: getattr(limits, name) for name in LimitsSpec.__struct_fields__})


def match_spec(arena, digests, *, episodes=((1, (0, 1)),), kind=MatchKind.LEAGUE, match="m1", **changes):
    return MatchSpec(
        match=match,
        token="t1",
        kind=kind,
        arena=arena,
        lineup=tuple(AgentRef(f"s{digest}", digest, "agent.py") for digest in digests),
        episodes=tuple(EpisodeSpec(seed=seed, seating=seating) for seed, seating in episodes),
        limits=changes.pop("limits", limits_spec()),
        **changes,
    )
