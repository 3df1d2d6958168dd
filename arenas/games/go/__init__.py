"""Go on nineteen by nineteen points: surround more than the other side; area scoring, 7.5 points of komi."""

from pathlib import Path

from arenas.games import RANDOM
from arenas.spec import ArenaSpec, Baseline, Limits

_FOLDER = Path(__file__).parent

SPECS: tuple[ArenaSpec, ...] = (
    ArenaSpec(
        id="go-v5",
        title="Go 19x19",
        summary="Surround more than the other side on nineteen by nineteen points; White gets 7.5 points.",
        kind="aec",
        environment="classic/go-v5",
        arguments={"board_size": 19, "komi": 7.5},
        seats=2,
        objective="outcome",
        # Four times around the board; random play needs a thousand. Only a game that is cut off is a draw.
        max_turns=1444,
        limits=Limits(step_seconds=1.0, bank_seconds=60.0),
        baselines=(
            RANDOM,
            Baseline(
                name="atari",
                title="Takes and escapes",
                path=_FOLDER / "baselines" / "atari.py",
                description="Takes what can be taken, saves what can be saved, threatens, keeps its eyes.",
            ),
        ),
        tags=("board", "two-seat", "perfect-information"),
        folder=_FOLDER,
    ),
)
