"""Cart pole: one seat, keep the pole upright."""

from pathlib import Path

from arenas.games import RANDOM
from arenas.spec import ArenaSpec, Baseline, Control, Limits

_FOLDER = Path(__file__).parent

SPECS: tuple[ArenaSpec, ...] = (
    ArenaSpec(
        id="CartPole-v1",
        title="Cart Pole",
        summary="Push a cart left and right so that the pole on it stays upright.",
        kind="gymnasium",
        environment="CartPole-v1",
        seats=1,
        objective="score",
        swaps_seats=False,
        episodes=8,
        max_turns=500,
        limits=Limits(step_seconds=0.1, bank_seconds=10.0),
        # There is no doing nothing here: every turn waits for a push.
        controls=(Control(0, "left", ("ArrowLeft", "a")), Control(1, "right", ("ArrowRight", "d"))),
        baselines=(
            RANDOM,
            Baseline(
                name="linear",
                title="Linear controller",
                path=_FOLDER / "baselines" / "linear.py",
                description="Pushes to the side the pole falls to, with a slight pull to the middle.",
            ),
            Baseline(
                name="searched",
                title="Searched weights",
                path=_FOLDER / "baselines" / "searched",
                description="One weighted sum whose four weights were found by search from nothing.",
            ),
        ),
        tags=("control", "single-seat", "first-steps"),
        folder=_FOLDER,
    ),
)
