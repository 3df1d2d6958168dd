"""Sumo: two tracked machines push each other out of a ring that shrinks; our own, on Box2D."""

from pathlib import Path

from arenas.games import RANDOM
from arenas.spec import MIB, ArenaSpec, Baseline, Limits

_FOLDER = Path(__file__).parent

SPECS: tuple[ArenaSpec, ...] = (
    ArenaSpec(
        id="coliseum/sumo-v1",
        title="Sumo",
        summary="Two tracked machines push each other out of a ring that loses plank after plank.",
        kind="parallel",
        environment="coliseum/sumo-v1",
        seats=2,
        objective="outcome",
        arguments={"continuous": True},
        episodes=2,
        max_turns=400,
        limits=Limits(step_seconds=0.05, bank_seconds=5.0, memory_bytes=256 * MIB),
        baselines=(
            RANDOM,
            Baseline(
                name="bulldozer",
                title="Bulldozer",
                path=_FOLDER / "baselines" / "bulldozer.py",
                description="Drives at the other and boosts when well aimed; turns back before the edge.",
            ),
            Baseline(
                name="trained",
                title="Trained network",
                path=_FOLDER / "baselines" / "trained",
                description="Two layers of 64, trained by playing against itself.",
            ),
        ),
        tags=("box2d", "duel", "control", "continuous", "own"),
        folder=_FOLDER,
    ),
)
