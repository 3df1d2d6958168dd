"""Knights, archers and zombies as this package plays it: with a clock that starts anew in each episode."""

from typing import Any

from arenas.headless import import_headless


def knights_archers_zombies(
    **arguments: Any,
) -> Any:  # Any: arguments and environments of PettingZoo, untyped.
    """Make `butterfly/knights_archers_zombies-v11`, whose clock of spawns is wound up at each reset.

    PettingZoo 1.27 makes that clock once and lets it run on over `reset`: the first zombie of an episode
    would come the sooner, the longer ago the last one of the episode before had come.
    """
    environment = import_headless("pettingzoo").make(
        "parallel", "butterfly/knights_archers_zombies-v11", **arguments
    )
    game = environment.unwrapped
    clock = type(game.zombie_spawn_interval)
    delay = int(arguments.get("spawn_delay", 20))
    reset = game.reset

    def reset_and_wind(seed: int | None = None, options: object = None) -> None:
        game.zombie_spawn_interval = clock(delay)
        reset(seed=seed, options=options)

    game.reset = reset_and_wind
    return environment
