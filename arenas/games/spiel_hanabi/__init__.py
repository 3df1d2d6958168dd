"""Hanabi on OpenSpiel: two seats of one agent build fireworks from cards they cannot see."""

from pathlib import Path

from arenas.games import RANDOM
from arenas.spec import ArenaSpec, Baseline, Limits

_FOLDER = Path(__file__).parent

SPECS: tuple[ArenaSpec, ...] = (
    ArenaSpec(
        id="spiel_hanabi-v1",
        title="Hanabi (OpenSpiel)",
        summary="Two seats build five fireworks; each sees the other's cards but not its own.",
        kind="open_spiel",
        environment="hanabi",
        seats=2,
        objective="return",
        arguments={"players": 2},
        # One agent takes both seats and must tell itself its cards by the hints of the game.
        team_of_seat=(0, 0),
        swaps_seats=False,
        episodes=20,
        max_turns=100,
        # As much as fireworks that blew up.
        forfeit_score=0.0,
        limits=Limits(step_seconds=1.0, bank_seconds=10.0),
        baselines=(
            RANDOM,
            Baseline(
                name="hints",
                title="Hints that mean play",
                path=_FOLDER / "baselines" / "hints.py",
                description="A hint promises that the newest card it touches can be played; fives are saved.",
            ),
        ),
        tags=("cards", "cooperative", "hidden-information", "openspiel"),
        folder=_FOLDER,
    ),
)
