"""Traffic: four crossings whose lights one agent runs, on SUMO; needs the extra `traffic`."""

from pathlib import Path

from arenas.games import RANDOM
from arenas.spec import MIB, ArenaSpec, Baseline, Limits

_FOLDER = Path(__file__).parent
_BASELINES = (
    RANDOM,
    Baseline(
        name="fixed",
        title="Fixed time",
        path=_FOLDER / "baselines" / "fixed.py",
        description="Fifteen seconds for one phase, fifteen for the other, whatever comes.",
    ),
    Baseline(
        name="actuated",
        title="Actuated",
        path=_FOLDER / "baselines" / "actuated.py",
        description="Opens where more cars stand and come.",
    ),
)


def _arena(name: str, title: str, summary: str, worst: float) -> ArenaSpec:
    return ArenaSpec(
        id=f"coliseum/traffic_{name}-v1",
        title=title,
        summary=summary,
        kind="parallel",
        environment=f"arenas.games.traffic.env:{name}",
        seats=4,
        objective="return",
        arguments={"seconds": 900},
        extra="traffic",
        # One agent runs all the lights, in a process each: they see only their own crossing.
        team_of_seat=(0,) * 4,
        swaps_seats=False,
        zero_sum=False,
        # libsumo holds one simulation a process.
        is_single=True,
        episodes=2,
        max_turns=180,
        forfeit_score=worst,
        limits=Limits(step_seconds=0.1, bank_seconds=10.0, memory_bytes=256 * MIB),
        baselines=_BASELINES,
        tags=("traffic", "cooperative", "own"),
        folder=_FOLDER,
    )


SPECS: tuple[ArenaSpec, ...] = (
    _arena(
        "grid",
        "Traffic Grid",
        "Four crossings in a square share the traffic; their lights see no further.",
        -9000.0,
    ),
    _arena("arterial", "Arterial", "Four lights along an avenue; who times them gets a green wave.", -9000.0),
)
