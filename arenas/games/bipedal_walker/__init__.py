"""Bipedal walker: one seat, walk to the far end without falling."""

from pathlib import Path

from arenas.games import RANDOM
from arenas.spec import ArenaSpec, Baseline, Limits

_FOLDER = Path(__file__).parent

SPECS: tuple[ArenaSpec, ...] = (
    ArenaSpec(
        id="BipedalWalker-v3",
        title="Bipedal Walker",
        summary="Drive four joints to walk over uneven ground to the far end.",
        kind="gymnasium",
        environment="BipedalWalker-v3",
        seats=1,
        objective="score",
        swaps_seats=False,
        episodes=4,
        # Gymnasium's walker keeps its Box2D world over `reset`, and with it the solver's memory of contacts.
        reopens=True,
        max_turns=1600,
        forfeit_score=-200.0,
        limits=Limits(step_seconds=0.1, bank_seconds=10.0),
        baselines=(
            RANDOM,
            Baseline(
                name="gait",
                title="Scripted gait",
                path=_FOLDER / "baselines" / "gait.py",
                description="Gymnasium's scripted walker: stand, put the other leg down, push off.",
            ),
            Baseline(
                name="searched",
                title="Searched gait",
                path=_FOLDER / "baselines" / "searched",
                description="The scripted gait with its eighteen numbers improved by search.",
            ),
        ),
        tags=("box2d", "control", "continuous", "single-seat"),
        folder=_FOLDER,
    ),
)
