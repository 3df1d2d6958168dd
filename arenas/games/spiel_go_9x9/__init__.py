"""Go on nine by nine points, on OpenSpiel: area scoring, 7.5 points of komi."""

from pathlib import Path

from arenas.games import RANDOM
from arenas.spec import ArenaSpec, Baseline, Limits

_FOLDER = Path(__file__).parent

SPECS: tuple[ArenaSpec, ...] = (
    ArenaSpec(
        id="spiel_go_9x9-v1",
        title="Go 9x9 (OpenSpiel)",
        summary="Surround more than the other side on nine by nine points; White gets 7.5 points.",
        kind="open_spiel",
        environment="go",
        seats=2,
        objective="outcome",
        arguments={"board_size": 9, "komi": 7.5},
        # The game itself ends and is counted after as many moves.
        max_turns=162,
        limits=Limits(step_seconds=1.0, bank_seconds=10.0),
        baselines=(
            RANDOM,
            Baseline(
                name="shapes",
                title="Captures and eyes",
                path=_FOLDER / "baselines" / "shapes.py",
                description="Captures, escapes, cuts liberties, keeps its eyes, passes when nothing is left.",
            ),
        ),
        tags=("board", "two-seat", "perfect-information", "openspiel"),
        folder=_FOLDER,
    ),
)
