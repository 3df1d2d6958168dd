"""Sumo: two tracked machines push each other out of a ring that shrinks; our own, on Box2D."""

from pathlib import Path

from arenas.games import RANDOM
from arenas.spec import MIB, ArenaSpec, Baseline, Control, Limits

_FOLDER = Path(__file__).parent
_LIMITS = Limits(step_seconds=0.05, bank_seconds=5.0, memory_bytes=256 * MIB)
_BASELINES = (
    RANDOM,
    Baseline(
        name="bulldozer",
        title="Bulldozer",
        path=_FOLDER / "baselines" / "bulldozer.py",
        description="Drives at the other and boosts when well aimed; turns back before the edge.",
    ),
    Baseline(
        name="trained",
        title="Trained network",
        path=_FOLDER / "baselines" / "trained",
        description="Two layers of 64, trained by playing against itself.",
    ),
)

SPECS: tuple[ArenaSpec, ...] = (
    ArenaSpec(
        id="coliseum/sumo-v1",
        title="Sumo",
        summary="Two tracked machines push each other out of a ring that loses plank after plank.",
        kind="parallel",
        environment="coliseum/sumo-v1",
        seats=2,
        objective="outcome",
        arguments={"continuous": True},
        episodes=2,
        max_turns=400,
        limits=_LIMITS,
        baselines=_BASELINES,
        tags=("box2d", "duel", "control", "continuous", "own", "perfect-information"),
        folder=_FOLDER,
    ),
    ArenaSpec(
        id="coliseum/sumo_discrete-v1",
        title="Sumo, by keys",
        summary="Sumo with 18 choices a turn instead of three numbers. People may play, too.",
        kind="parallel",
        environment="coliseum/sumo-v1",
        seats=2,
        objective="outcome",
        arguments={"continuous": False},
        controls=(
            Control(3, "ahead", ("ArrowUp", "w")),
            Control(6, "back", ("ArrowDown", "s")),
            Control(1, "turn left", ("ArrowLeft", "a")),
            Control(2, "turn right", ("ArrowRight", "d")),
            Control(4, "ahead left", ("q",)),
            Control(5, "ahead right", ("e",)),
            Control(12, "boost", (" ",)),
            Control(13, "boost left"),
            Control(14, "boost right"),
        ),
        idle_action=0,
        episodes=2,
        max_turns=400,
        limits=_LIMITS,
        baselines=_BASELINES,
        tags=("box2d", "duel", "control", "discrete", "own", "perfect-information"),
        folder=_FOLDER,
    ),
)
