"""Bipedal walker, hardcore: one seat, walk over stumps, stairs and pits without falling."""

from pathlib import Path

from arenas.games import RANDOM
from arenas.spec import ArenaSpec, Baseline, Limits

_FOLDER = Path(__file__).parent

SPECS: tuple[ArenaSpec, ...] = (
    ArenaSpec(
        id="BipedalWalkerHardcore-v3",
        title="Bipedal Walker, Hardcore",
        summary="Drive four joints over stumps, stairs and pits to the far end.",
        kind="gymnasium",
        environment="BipedalWalkerHardcore-v3",
        arguments={"hardcore": True},
        seats=1,
        objective="score",
        swaps_seats=False,
        episodes=4,
        # As the plain walker, it keeps its Box2D world over `reset`, and with it the solver's memory.
        reopens=True,
        max_turns=2000,
        forfeit_score=-250.0,
        limits=Limits(step_seconds=0.1, bank_seconds=10.0),
        baselines=(
            RANDOM,
            Baseline(
                name="gait",
                title="Scripted gait",
                path=_FOLDER.parent / "bipedal_walker" / "baselines" / "gait.py",
                description="Gymnasium's scripted walker, made for even ground.",
            ),
        ),
        tags=("box2d", "control", "continuous", "single-seat", "hard"),
        folder=_FOLDER,
    ),
)
