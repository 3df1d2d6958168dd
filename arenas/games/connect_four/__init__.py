"""Connect four: two seats, four in a row wins."""

from pathlib import Path

from arenas.games import RANDOM
from arenas.spec import ArenaSpec, Baseline, Limits

_FOLDER = Path(__file__).parent

SPECS: tuple[ArenaSpec, ...] = (
    ArenaSpec(
        id="connect_four-v3",
        title="Connect Four",
        summary="Drop discs into seven columns; the first four in a row wins.",
        kind="aec",
        environment="classic/connect_four-v3",
        seats=2,
        objective="outcome",
        max_turns=42,
        limits=Limits(step_seconds=1.0, bank_seconds=10.0),
        baselines=(
            RANDOM,
            Baseline(
                name="heuristic",
                title="Rules of thumb",
                path=_FOLDER / "baselines" / "heuristic.py",
                description="Wins if it can, blocks if it must, never hands over a win, prefers the centre.",
            ),
            Baseline(
                name="network",
                title="Trained network",
                path=_FOLDER / "baselines" / "network",
                description="Value network from self-play in plain NumPy; looks one move ahead.",
            ),
            Baseline(
                name="onnx",
                title="Trained network, three moves ahead",
                path=_FOLDER / "baselines" / "onnx",
                description="The same network as an ONNX file in onnxruntime; looks three moves ahead.",
            ),
        ),
        tags=("board", "two-seat", "perfect-information"),
        folder=_FOLDER,
    ),
)
