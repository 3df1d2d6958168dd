"""Joust: two walkers with lances meet on a bridge that loses its planks; our own, on Box2D."""

from pathlib import Path

from arenas.games import RANDOM
from arenas.spec import MIB, ArenaSpec, Baseline, Control, Limits

_FOLDER = Path(__file__).parent
_LIMITS = Limits(step_seconds=0.05, bank_seconds=5.0, memory_bytes=256 * MIB)
_BASELINES = (
    RANDOM,
    Baseline(
        name="squire",
        title="Squire",
        path=_FOLDER / "baselines" / "squire.py",
        description="Walks up to the drum and charges with the lance low.",
    ),
    Baseline(
        name="trained",
        title="Trained network",
        path=_FOLDER / "baselines" / "trained",
        description="Two layers of 64 that choose how to walk and to aim, trained by self-play.",
    ),
)

SPECS: tuple[ArenaSpec, ...] = (
    ArenaSpec(
        id="coliseum/joust-v1",
        title="Joust",
        summary="Two walkers with lances meet on a bridge that loses its planks, each joint a motor.",
        kind="parallel",
        environment="coliseum/joust-v1",
        seats=2,
        objective="outcome",
        arguments={"continuous": True},
        episodes=2,
        max_turns=800,
        limits=_LIMITS,
        baselines=_BASELINES,
        tags=("box2d", "duel", "control", "continuous", "own"),
        folder=_FOLDER,
    ),
    ArenaSpec(
        id="coliseum/joust_discrete-v1",
        title="Joust, by keys",
        summary="Joust with twelve choices a turn: how to walk or stand, and where to aim. People play, too.",
        kind="parallel",
        environment="coliseum/joust-v1",
        seats=2,
        objective="outcome",
        arguments={"continuous": False},
        controls=(
            Control(1, "ahead", ("ArrowUp",)),
            Control(2, "back", ("ArrowDown",)),
            Control(3, "charge", (" ",)),
            Control(4, "lance up", ("w",)),
            Control(8, "lance down", ("s",)),
            Control(5, "ahead, lance up", ("e",)),
            Control(9, "ahead, lance down", ("d",)),
            Control(7, "charge, lance up", ("r",)),
            Control(11, "charge, lance down", ("f",)),
            Control(6, "back, lance up", ("q",)),
            Control(10, "back, lance down", ("a",)),
        ),
        idle_action=0,
        episodes=2,
        max_turns=800,
        limits=_LIMITS,
        baselines=_BASELINES,
        tags=("box2d", "duel", "control", "discrete", "own"),
        folder=_FOLDER,
    ),
)
