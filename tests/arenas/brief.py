"""Arenas as tests play them that play in all of them: the slow ones are cut short."""

from dataclasses import replace

from arenas import registry
from arenas.extras import is_installed
from arenas.spec import ArenaSpec

SLOW = {
    "BipedalWalkerHardcore-v3": 200,
    "CarRacing-v3": 15,  # 4 ms a turn: it paints what it shows
    "CarRacingDiscrete-v3": 15,
    "go-v5": 150,
    "pistonball-v6": 12,  # 10 ms a turn, and twenty agents
    "atari/pong-v3": 40,
    "atari/pong_grey-v3": 10,
    "coliseum/cleanup-v1": 25,
    "coliseum/harvest-v1": 25,
    "coliseum/tank_duel-v1": 60,
    "coliseum/tank_duel_discrete-v1": 60,
    "collect_treasure-v1": 10,  # eight agents
    "cooperative_pong-v6": 20,
    "cooperative_pong_grey-v6": 10,
    "knights_archers_zombies-v11": 40,
    "magent/adversarial_pursuit-v4": 12,
    "magent/battle-v4": 12,  # twelve agents
    "pursuit-v5": 10,
}
"""Turns that are played where an episode of random play costs more than a second."""
_FAMILIES = {
    "atari/": {"atari/pong-v3", "atari/pong_grey-v3"},
    "simple_": {"simple-v3", "simple_crypto-v3", "simple_tag-v3"},
}
"""Arenas that are one library's games under one adapter, and those of them that stand for all."""
_TWINS = {
    *(
        "CarRacingDiscrete-v3",
        "CliffWalkingSlippery-v1",
        "FrozenLake8x8-v1",
        "LunarLanderContinuous-v3",
        "MountainCarContinuous-v0",
        "coliseum/cleanup_focal-v1",
        "coliseum/harvest_focal-v1",
        "coliseum/tank_duel_discrete-v1",
    ),
    "texas_holdem-v4",
}
"""Arenas of which another one is the same environment with other arguments."""
EVERY = [
    name
    for name in registry.names()
    if name not in _TWINS
    and is_installed(registry.get(name))
    and all(name in chosen or not name.startswith(family) for family, chosen in _FAMILIES.items())
]
"""The arenas that are played in sandboxes, where each costs half a second."""
QUICK = [name for name in EVERY if name not in SLOW]
"""Those of them that may be played to the end."""


def brief(name: str) -> ArenaSpec:
    """Return an arena, cut short if it is a slow one."""
    spec = registry.get(name)
    most = SLOW.get(spec.id, 15 if name.startswith("atari/") else spec.max_turns)
    return replace(spec, max_turns=min(spec.max_turns, most))
