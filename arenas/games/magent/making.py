"""magent2's games as this package plays them: with a cure for the first turn after a reset."""

from typing import Any

from arenas.headless import import_headless


def battle(**arguments: Any) -> Any:  # Any: arguments and environments of magent2, untyped.
    """Make `magent2.environments.battle_v4`."""
    return _counted(import_headless("magent2.environments.battle_v4").parallel_env(**arguments))


def adversarial_pursuit(**arguments: Any) -> Any:  # Any: as above.
    """Make `magent2.environments.adversarial_pursuit_v4`."""
    return _counted(import_headless("magent2.environments.adversarial_pursuit_v4").parallel_env(**arguments))


def _counted(environment: Any) -> Any:  # Any: as above.
    """Count the teams after each reset.

    magent2 0.3.4 counts them before it puts anybody on the map. It then cuts the actions of the first turn
    after nobody, and the second team plays the actions of the first.
    """
    reset = environment.reset

    def reset_and_count(seed: int | None = None, options: object = None) -> Any:  # Any: as above.
        found = reset(seed=seed, options=options)
        environment.team_sizes = [environment.env.get_num(handle) for handle in environment.handles]
        return found

    environment.reset = reset_and_count
    return environment
