"""Spread: three agents cover three landmarks without bumping into each other."""

from pathlib import Path

from arenas.games import RANDOM
from arenas.games.mpe.spec import ARROWS
from arenas.spec import ArenaSpec, Baseline, Limits

_FOLDER = Path(__file__).parent

SPECS: tuple[ArenaSpec, ...] = (
    ArenaSpec(
        id="simple_spread-v3",
        title="Spread Out",
        summary="Three agents share out three landmarks without talking and without bumping.",
        kind="parallel",
        environment="mpe2/simple_spread-v3",
        seats=3,
        objective="return",
        arguments={"max_cycles": 50},
        # One agent takes all three seats and must agree with itself without a word.
        team_of_seat=(0, 0, 0),
        swaps_seats=False,
        episodes=8,
        max_turns=50,
        forfeit_score=-200.0,
        limits=Limits(step_seconds=0.1, bank_seconds=10.0),
        baselines=(
            RANDOM,
            Baseline(
                name="assign",
                title="Shortest assignment",
                path=_FOLDER / "baselines" / "assign.py",
                description="Every seat works out the shortest sharing of the landmarks and goes to its own.",
            ),
        ),
        controls=ARROWS,
        idle_action=0,
        tags=("particles", "cooperative"),
        folder=_FOLDER,
    ),
)
