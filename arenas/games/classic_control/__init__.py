"""Classic control: one seat, one small mechanism to swing up; the cart pole has a folder of its own."""

from pathlib import Path
from typing import Final

from arenas.games import RANDOM
from arenas.spec import ArenaSpec, Baseline, Control, Limits

_FOLDER = Path(__file__).parent
_LIMITS: Final = Limits(step_seconds=0.1, bank_seconds=10.0)

SPECS: tuple[ArenaSpec, ...] = (
    ArenaSpec(
        id="Acrobot-v1",
        title="Acrobot",
        summary="Swing two hanging links up above the line by turning the joint between them.",
        kind="gymnasium",
        environment="Acrobot-v1",
        seats=1,
        objective="score",
        swaps_seats=False,
        episodes=8,
        max_turns=500,
        # Who never gets up has -500.
        forfeit_score=-600.0,
        limits=_LIMITS,
        controls=(
            Control(0, "turn left", ("ArrowLeft", "a")),
            Control(2, "turn right", ("ArrowRight", "d")),
        ),
        idle_action=1,
        baselines=(
            RANDOM,
            Baseline(
                name="pump",
                title="Pump against the swing",
                path=_FOLDER / "acrobot" / "baselines" / "pump.py",
                description="Turns the joint against the way the upper link swings, as on a child's swing.",
            ),
        ),
        tags=("control", "single-seat"),
        folder=_FOLDER / "acrobot",
    ),
    ArenaSpec(
        id="MountainCar-v0",
        title="Mountain Car",
        summary="Rock a weak car in a valley until it gets over the hill on the right.",
        kind="gymnasium",
        environment="MountainCar-v0",
        seats=1,
        objective="score",
        swaps_seats=False,
        episodes=8,
        max_turns=200,
        # Who never gets up has -200.
        forfeit_score=-250.0,
        limits=_LIMITS,
        controls=(
            Control(0, "push left", ("ArrowLeft", "a")),
            Control(2, "push right", ("ArrowRight", "d")),
        ),
        idle_action=1,
        baselines=(
            RANDOM,
            Baseline(
                name="rock",
                title="Push with the motion",
                path=_FOLDER / "mountain_car" / "baselines" / "rock.py",
                description="Pushes the way the car rolls already, so that it climbs higher each time.",
            ),
        ),
        tags=("control", "single-seat", "first-steps"),
        folder=_FOLDER / "mountain_car",
    ),
    ArenaSpec(
        id="MountainCarContinuous-v0",
        title="Mountain Car, Continuous",
        summary="Rock a weak car over the hill with as little force as it takes.",
        kind="gymnasium",
        environment="MountainCarContinuous-v0",
        arguments={"goal_velocity": 0},
        seats=1,
        objective="score",
        swaps_seats=False,
        episodes=4,
        max_turns=999,
        # Full force in every turn and no goal is -99.9.
        forfeit_score=-150.0,
        limits=_LIMITS,
        baselines=(
            RANDOM,
            Baseline(
                name="rock",
                title="Push with the motion",
                path=_FOLDER / "mountain_car_continuous" / "baselines" / "rock.py",
                description="Pushes gently the way the car rolls already: force is what costs.",
            ),
        ),
        tags=("control", "continuous", "single-seat"),
        folder=_FOLDER / "mountain_car_continuous",
    ),
    ArenaSpec(
        id="Pendulum-v1",
        title="Pendulum",
        summary="Swing a pendulum up with a motor that is too weak to lift it, and keep it up.",
        kind="gymnasium",
        environment="Pendulum-v1",
        arguments={"g": 10.0},
        seats=1,
        objective="score",
        swaps_seats=False,
        episodes=8,
        max_turns=200,
        # No turn costs more than 16.28.
        forfeit_score=-3300.0,
        limits=_LIMITS,
        baselines=(
            RANDOM,
            Baseline(
                name="energy",
                title="Energy, then balance",
                path=_FOLDER / "pendulum" / "baselines" / "energy.py",
                description="Gives the swing the energy it needs to stand, then holds it there.",
            ),
        ),
        tags=("control", "continuous", "single-seat"),
        folder=_FOLDER / "pendulum",
    ),
)
