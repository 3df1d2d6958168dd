"""Chess on OpenSpiel: forty times as fast as `chess-v6`."""

from pathlib import Path

from arenas.games import RANDOM
from arenas.spec import ArenaSpec, Baseline, Limits

_FOLDER = Path(__file__).parent

SPECS: tuple[ArenaSpec, ...] = (
    ArenaSpec(
        id="spiel_chess-v1",
        title="Chess (OpenSpiel)",
        summary="The royal game on the compiled rules of OpenSpiel: 20 input planes, 4674 actions.",
        kind="open_spiel",
        environment="chess",
        seats=2,
        objective="outcome",
        max_turns=600,
        limits=Limits(step_seconds=1.0, bank_seconds=10.0),
        baselines=(
            RANDOM,
            Baseline(
                name="material",
                title="Material and mates",
                # One file reads both arenas of chess.
                path=_FOLDER.parent / "chess" / "baselines" / "material.py",
                description="One move deep: takes what is free, keeps its pieces safe, sees mate in one.",
            ),
        ),
        tags=("board", "two-seat", "perfect-information", "openspiel"),
        folder=_FOLDER,
    ),
)
