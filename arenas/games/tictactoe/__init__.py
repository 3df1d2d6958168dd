"""Tic-tac-toe: two seats, three in a row wins; perfect play draws."""

from pathlib import Path

from arenas.games import RANDOM
from arenas.spec import ArenaSpec, Baseline, Limits

_FOLDER = Path(__file__).parent

SPECS: tuple[ArenaSpec, ...] = (
    ArenaSpec(
        id="tictactoe-v3",
        title="Tic-tac-toe",
        summary="Three in a row on a board of nine cells; perfect play always draws.",
        kind="aec",
        environment="classic/tictactoe-v3",
        seats=2,
        objective="outcome",
        max_turns=9,
        limits=Limits(step_seconds=1.0, bank_seconds=10.0),
        baselines=(
            RANDOM,
            Baseline(
                name="minimax",
                title="Perfect play",
                path=_FOLDER / "baselines" / "minimax.py",
                description="Searches the whole game; never loses, and prefers the quicker win.",
            ),
        ),
        tags=("board", "two-seat", "perfect-information", "first-steps"),
        folder=_FOLDER,
    ),
)
