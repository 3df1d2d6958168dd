"""Tic-tac-toe on OpenSpiel: the same game as `tictactoe-v3`, on compiled rules."""

from pathlib import Path

from arenas.games import RANDOM
from arenas.spec import ArenaSpec, Baseline, Limits

_FOLDER = Path(__file__).parent

SPECS: tuple[ArenaSpec, ...] = (
    ArenaSpec(
        id="spiel_tic_tac_toe-v1",
        title="Tic-tac-toe (OpenSpiel)",
        summary="Three in a row on a board of nine cells, on the compiled game of OpenSpiel.",
        kind="open_spiel",
        environment="tic_tac_toe",
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
        tags=("board", "two-seat", "perfect-information", "openspiel", "first-steps"),
        folder=_FOLDER,
    ),
)
