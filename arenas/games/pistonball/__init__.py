"""Pistonball: twenty pistons of one agent roll a ball to the left wall, each with a strip of the view."""

from pathlib import Path

from arenas.games import RANDOM
from arenas.spec import ArenaSpec, Baseline, Limits

_FOLDER = Path(__file__).parent

SPECS: tuple[ArenaSpec, ...] = (
    ArenaSpec(
        id="pistonball-v6",
        title="Pistonball",
        summary="Twenty pistons roll a ball to the left wall; each sees only a strip of the picture.",
        kind="parallel",
        environment="butterfly/pistonball-v6",
        seats=20,
        objective="return",
        # Without a render mode the environment never draws the ball: every observation would be the same.
        arguments={"n_pistons": 20, "continuous": True, "max_cycles": 125, "render_mode": "rgb_array"},
        # One agent takes all pistons, in a process each.
        team_of_seat=(0,) * 20,
        swaps_seats=False,
        episodes=2,
        max_turns=125,
        # Nothing done costs 0.1 a turn; the ball rolled all the way back costs no more than this either.
        forfeit_score=-20.0,
        limits=Limits(step_seconds=0.5, bank_seconds=10.0),
        baselines=(
            RANDOM,
            Baseline(
                name="roll",
                title="A slope under the ball",
                path=_FOLDER / "baselines" / "roll.py",
                description="Finds the ball in its strip; goes down before it and up behind it.",
            ),
        ),
        tags=("physics", "cooperative", "images"),
        folder=_FOLDER,
    ),
)
