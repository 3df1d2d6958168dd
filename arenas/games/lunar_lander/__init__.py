"""Lunar lander: one seat, set down softly between the flags."""

from pathlib import Path

from arenas.games import RANDOM
from arenas.spec import ArenaSpec, Baseline, Control, Limits

_FOLDER = Path(__file__).parent

SPECS: tuple[ArenaSpec, ...] = (
    ArenaSpec(
        id="LunarLander-v3",
        title="Lunar Lander",
        summary="Fire three engines to set the lander down softly between the flags.",
        kind="gymnasium",
        environment="LunarLander-v3",
        seats=1,
        objective="score",
        swaps_seats=False,
        episodes=8,
        max_turns=1000,
        forfeit_score=-500.0,
        limits=Limits(step_seconds=0.1, bank_seconds=10.0),
        controls=(
            Control(2, "main engine", ("ArrowUp", "w", " ")),
            Control(1, "tip left", ("ArrowLeft", "a")),
            Control(3, "tip right", ("ArrowRight", "d")),
        ),
        idle_action=0,
        baselines=(
            RANDOM,
            Baseline(
                name="heuristic",
                title="Scripted pilot",
                path=_FOLDER / "baselines" / "heuristic.py",
                description="Gymnasium's scripted pilot: steers to the pad, brakes on the way down.",
            ),
            Baseline(
                name="searched",
                title="Searched pilot",
                path=_FOLDER / "baselines" / "searched",
                description="The scripted pilot with its eleven numbers improved by search.",
            ),
        ),
        tags=("box2d", "control", "single-seat"),
        folder=_FOLDER,
    ),
)
