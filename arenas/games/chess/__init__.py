"""Chess: two seats, draws by repetition and the fifty-move rule are claimed at once."""

from pathlib import Path

from arenas.games import RANDOM
from arenas.spec import ArenaSpec, Baseline, Limits

_FOLDER = Path(__file__).parent

SPECS: tuple[ArenaSpec, ...] = (
    ArenaSpec(
        id="chess-v6",
        title="Chess",
        summary="The royal game on AlphaZero's planes: 111 input planes, 4672 actions.",
        kind="aec",
        environment="classic/chess-v6",
        seats=2,
        objective="outcome",
        max_turns=600,
        limits=Limits(step_seconds=1.0, bank_seconds=10.0),
        baselines=(
            RANDOM,
            Baseline(
                name="material",
                title="Material and mates",
                path=_FOLDER / "baselines" / "material.py",
                description="One move deep: takes what is free, keeps its pieces safe, sees mate in one.",
            ),
        ),
        tags=("board", "two-seat", "perfect-information"),
        folder=_FOLDER,
    ),
)
