"""Air hockey: two or four mallets, a puck on air, and cushions to play off; our own, on Box2D."""

from pathlib import Path

from arenas.games import RANDOM
from arenas.spec import MIB, ArenaSpec, Baseline, Control, Limits

_FOLDER = Path(__file__).parent
_LIMITS = Limits(step_seconds=0.05, bank_seconds=5.0, memory_bytes=256 * MIB)
_BASELINES = (
    RANDOM,
    Baseline(
        name="guard",
        title="Guard",
        path=_FOLDER / "baselines" / "guard.py",
        description="Waits where the puck will come, cushions counted, and strikes when it is slow.",
    ),
    Baseline(
        name="trained",
        title="Trained network",
        path=_FOLDER / "baselines" / "trained",
        description="Two layers of 64, trained against guards of many habits and against itself.",
    ),
)
_TAGS = ("box2d", "control", "own", "perfect-information")

SPECS: tuple[ArenaSpec, ...] = (
    ArenaSpec(
        id="coliseum/air_hockey-v1",
        title="Air Hockey",
        summary="Two mallets drive a puck, with spin and off cushions, into each other's mouth.",
        kind="parallel",
        environment="coliseum/air_hockey-v1",
        seats=2,
        objective="outcome",
        arguments={"continuous": True, "side": 1},
        episodes=2,
        max_turns=1200,
        limits=_LIMITS,
        baselines=_BASELINES,
        tags=(*_TAGS, "duel", "continuous"),
        folder=_FOLDER,
    ),
    ArenaSpec(
        id="coliseum/air_hockey_discrete-v1",
        title="Air Hockey, nine ways",
        summary="Air hockey with nine choices a turn: eight ways to push, and the brake. People play, too.",
        kind="parallel",
        environment="coliseum/air_hockey-v1",
        seats=2,
        objective="outcome",
        arguments={"continuous": False, "side": 1},
        controls=(
            Control(1, "ahead", ("ArrowRight", "d")),
            Control(5, "back", ("ArrowLeft", "a")),
            Control(3, "left", ("ArrowUp", "w")),
            Control(7, "right", ("ArrowDown", "s")),
            Control(2, "ahead left", ("e",)),
            Control(8, "ahead right", ("c",)),
            Control(4, "back left", ("q",)),
            Control(6, "back right", ("y", "z")),
        ),
        idle_action=0,
        episodes=2,
        max_turns=1200,
        limits=_LIMITS,
        baselines=_BASELINES,
        tags=(*_TAGS, "duel", "discrete"),
        folder=_FOLDER,
    ),
    ArenaSpec(
        id="coliseum/air_hockey_2v2-v1",
        title="Air Hockey, two a side",
        summary="Two mallets a side on a larger table; one agent plays both, each in a process of its own.",
        kind="parallel",
        environment="coliseum/air_hockey-v1",
        seats=4,
        # Sides of two are compared by goals: won, drawn and lost is for two seats.
        objective="return",
        arguments={"continuous": True, "side": 2},
        team_of_seat=(0, 0, 1, 1),
        swaps_seats=True,
        forfeit_score=-3.0,
        episodes=2,
        max_turns=1200,
        limits=_LIMITS,
        baselines=_BASELINES,
        tags=(*_TAGS, "team", "continuous"),
        folder=_FOLDER,
    ),
)
