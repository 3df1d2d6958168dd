"""Tank duel: two tanks hunt each other among walls while a storm closes in; our own, on Box2D."""

from pathlib import Path

from arenas.games import RANDOM
from arenas.spec import MIB, ArenaSpec, Baseline, Control, Limits

_FOLDER = Path(__file__).parent
_LIMITS = Limits(step_seconds=0.05, bank_seconds=5.0, memory_bytes=256 * MIB)
_BASELINES = (
    RANDOM,
    Baseline(
        name="gunner",
        title="Gunner",
        path=_FOLDER / "baselines" / "gunner.py",
        description="Keeps front and gun to the other, fires when aimed; else goes where it last saw it.",
    ),
    Baseline(
        name="trained",
        title="Trained matador",
        path=_FOLDER / "baselines" / "trained",
        description="Shows its side and drives out of a shell's way; sixteen numbers found by search.",
    ),
)

SPECS: tuple[ArenaSpec, ...] = (
    ArenaSpec(
        id="coliseum/tank_duel-v1",
        title="Tank Duel",
        summary="Two tanks hunt each other among walls with shells that bounce, and a storm closes in.",
        kind="parallel",
        environment="coliseum/tank_duel-v1",
        hidden="arenas.games.tank_duel.hiding:move_unseen",
        seats=2,
        objective="outcome",
        arguments={"continuous": True},
        episodes=2,
        max_turns=1000,
        limits=_LIMITS,
        baselines=_BASELINES,
        tags=("box2d", "duel", "control", "continuous", "hidden-information", "own"),
        folder=_FOLDER,
    ),
    ArenaSpec(
        id="coliseum/tank_duel_discrete-v1",
        title="Tank Duel, by keys",
        summary="The tank duel with 54 choices instead of four numbers, for keyboards and tables.",
        kind="parallel",
        environment="coliseum/tank_duel-v1",
        hidden="arenas.games.tank_duel.hiding:move_unseen",
        seats=2,
        objective="outcome",
        arguments={"continuous": False},
        controls=(
            Control(9, "ahead", ("ArrowUp", "w")),
            Control(18, "back", ("ArrowDown", "s")),
            Control(3, "turn left", ("ArrowLeft", "a")),
            Control(6, "turn right", ("ArrowRight", "d")),
            Control(12, "ahead left"),
            Control(15, "ahead right"),
            Control(1, "gun left", ("q",)),
            Control(2, "gun right", ("e",)),
            Control(27, "fire", (" ",)),
        ),
        idle_action=0,
        episodes=2,
        max_turns=1000,
        limits=_LIMITS,
        baselines=_BASELINES,
        tags=("box2d", "duel", "control", "discrete", "hidden-information", "own"),
        folder=_FOLDER,
    ),
)
