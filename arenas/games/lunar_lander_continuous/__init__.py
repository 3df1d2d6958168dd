"""Lunar lander with throttles: one seat, set down softly between the flags."""

from pathlib import Path

from arenas.games import RANDOM
from arenas.spec import ArenaSpec, Baseline, Limits

_FOLDER = Path(__file__).parent

SPECS: tuple[ArenaSpec, ...] = (
    ArenaSpec(
        id="LunarLanderContinuous-v3",
        title="Lunar Lander, Continuous",
        summary="Set the lander down softly between the flags with two throttles instead of switches.",
        kind="gymnasium",
        environment="LunarLanderContinuous-v3",
        arguments={"continuous": True, "gravity": -10.0, "enable_wind": False},
        seats=1,
        objective="score",
        swaps_seats=False,
        episodes=8,
        max_turns=1000,
        forfeit_score=-500.0,
        limits=Limits(step_seconds=0.1, bank_seconds=10.0),
        baselines=(
            RANDOM,
            Baseline(
                name="heuristic",
                title="Scripted pilot",
                path=_FOLDER / "baselines" / "heuristic.py",
                description="Gymnasium's scripted pilot: steers to the pad, brakes on the way down.",
            ),
        ),
        tags=("box2d", "control", "continuous", "single-seat"),
        folder=_FOLDER,
    ),
)
