"""Multiwalker: three walkers carry one package to the right."""

from pathlib import Path

from arenas.games import RANDOM
from arenas.spec import ArenaSpec, Baseline, Limits

_FOLDER = Path(__file__).parent

SPECS: tuple[ArenaSpec, ...] = (
    ArenaSpec(
        id="multiwalker-v9",
        title="Multiwalker",
        summary="Three two-legged walkers carry one long package; if anyone falls, all have lost.",
        kind="parallel",
        environment="sisl/multiwalker-v9",
        seats=3,
        objective="return",
        # One agent carries in all three seats: the reward is shared, so nothing else could be told apart.
        team_of_seat=(0, 0, 0),
        swaps_seats=False,
        episodes=4,
        max_turns=500,
        forfeit_score=-200.0,
        limits=Limits(step_seconds=0.1, bank_seconds=10.0),
        baselines=(
            RANDOM,
            Baseline(
                name="stance",
                title="Firm stance",
                path=_FOLDER / "baselines" / "stance.py",
                description="Stands firm under the package, one leg forward; hardly moves, seldom falls.",
            ),
            Baseline(
                name="searched",
                title="Searched shuffle",
                path=_FOLDER / "baselines" / "searched",
                description="A stance whose joints swing in rhythm, nineteen numbers found by search.",
            ),
        ),
        tags=("box2d", "cooperative", "control", "continuous"),
        folder=_FOLDER,
    ),
)
