"""Traffic lights on SUMO through sumo-rl, made to work with today's PettingZoo and inside one process.

sumo-rl 1.4.5 calls `pettingzoo.utils.agent_selector`, which has become a module since (its issue 228, mended
on its main branch, not released): the class is put back under that name. SUMO runs in this process (libsumo)
instead of in one that is spoken to over a socket: the referee may start no programs, and it is five times
as fast. libsumo holds one simulation a process.
"""

import contextlib
import io
import os
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, Final

NETWORKS: Final = Path(__file__).parent / "networks"
SECONDS: Final = 900
TURN_SECONDS: Final = 5
YELLOW_SECONDS: Final = 2
GREEN_SECONDS: Final = 5
_HOLDERS: Final[list[Any]] = [None]  # Any: sumo-rl's environment.
"""Who has the simulation of this process, or None."""
_QUIET: Final = "--no-step-log --duration-log.disable"


def grid(seconds: int = SECONDS) -> Any:  # Any: PettingZoo's classes are untyped.
    """Four crossings in a square, two lanes a direction; all lights act together, every five seconds.

    First more cars come from north and south, then from east and west, 15 minutes in all. Left turns yield.

    Observation, float32 (19,), of one crossing:
        0-1 which of the two phases is green (0 the first and third approach, 1 the second and fourth)
        2 whether it has been green long enough to change, 7 seconds
        3-10 density of each incoming lane, 0 to 1: two lanes of each approach, in the order of the approaches
        11-18 queue of each incoming lane, 0 to 1: share of the lane with cars that stand

    Action: 0 or 1, the phase that is to be green; a change costs two seconds of yellow.
    Reward: minus the number of cars that stand at the crossing.
    """
    return _make("grid", seconds)


def arterial(seconds: int = SECONDS) -> Any:  # Any: as above.
    """Four crossings along an avenue, two lanes a direction; all lights act together, every five seconds.

    Platoons drive along the avenue, first more of them eastwards, then westwards, 15 minutes in all, and
    cross streets bring cars at every crossing. Who opens in time for the platoon from the light before has a
    green wave.

    Observation, action and reward are those of the grid: float32 (19,) of one crossing, phase 0 or 1, minus
    the number of cars that stand there.
    """
    return _make("arterial", seconds)


def _make(network: str, seconds: int) -> Any:  # Any: as above.
    return _constructor()(
        net_file=str(NETWORKS / f"{network}.net.xml"),
        route_file=str(NETWORKS / f"{network}.rou.xml"),
        num_seconds=seconds,
        delta_time=TURN_SECONDS,
        yellow_time=YELLOW_SECONDS,
        min_green=GREEN_SECONDS,
        add_system_info=False,
        add_per_agent_info=False,
        sumo_warnings=False,
        sumo_seed=0,
        # That of sumo-rl by default sums up to what waits at the end alone; queues count all the way.
        reward_fn="queue",
        additional_sumo_cmd=_QUIET,
    )


@cache
def _constructor() -> Callable[..., Any]:  # Any: as above.
    """Import sumo-rl so that it runs SUMO in this process, and put right what it calls by an old name."""
    import sumo

    os.environ.setdefault("SUMO_HOME", sumo.SUMO_HOME)
    os.environ["LIBSUMO_AS_TRACI"] = "1"
    with contextlib.redirect_stdout(io.StringIO()):  # It says which binding it uses.
        import sumo_rl.environment.env as module
        import traci
    from pettingzoo.utils import AgentSelector
    from pettingzoo.utils.conversions import parallel_wrapper_fn

    module.agent_selector = AgentSelector

    class Lights(module.SumoEnvironmentPZ):  # type: ignore[misc]  # untyped.
        """sumo-rl's environment, which takes the one simulation of this process whenever it begins."""

        render_mode = None

        def __init__(self, **arguments: Any) -> None:  # Any: as above.
            _take(traci, None)
            super().__init__(**arguments)

        def reset(self, seed: int | None = None, options: dict[str, Any] | None = None) -> None:
            """Begin an episode in a new simulation; SUMO's seeds have 31 bits."""
            _take(traci, self.env)
            self.env.episode = 0
            super().reset(seed=None if seed is None else seed % (1 << 31), options=options)

        def close(self) -> None:
            """End the simulation, if it is still this one's."""
            if self.env is _HOLDERS[-1]:
                _take(traci, None)

    made: Callable[..., Any] = parallel_wrapper_fn(Lights)
    return made


def _take(traci: Any, holder: Any) -> None:  # Any: libsumo under the name of traci, sumo-rl's environment.
    """End the simulation of whoever has it, and give it to another.

    Whoever had it must not know any more: sumo-rl closes what runs when an environment is forgotten.
    """
    if _HOLDERS[-1] is not None:
        _HOLDERS[-1].sumo = None
    _HOLDERS[:] = [holder]
    if traci.isLoaded():
        traci.close()
