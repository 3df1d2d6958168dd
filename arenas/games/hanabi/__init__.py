"""Hanabi: two seats of one agent build fireworks from cards they cannot see."""

from pathlib import Path

from arenas.games import RANDOM
from arenas.spec import ArenaSpec, Baseline, Limits

_FOLDER = Path(__file__).parent

SPECS: tuple[ArenaSpec, ...] = (
    ArenaSpec(
        id="hanabi-v5",
        title="Hanabi",
        summary="Two seats build five fireworks; each sees the other's cards but not its own.",
        kind="aec",
        environment="classic/hanabi-v5",
        arguments={
            "colors": 5,
            "ranks": 5,
            "players": 2,
            "hand_size": 5,
            "max_information_tokens": 8,
            "max_life_tokens": 3,
            "observation_type": "card_knowledge",
            "random_start_player": False,
        },
        seats=2,
        objective="return",
        zero_sum=False,
        hidden="arenas.games.hanabi.hiding:redeal",
        # One agent takes both seats and must tell itself its cards by the hints of the game.
        team_of_seat=(0, 0),
        swaps_seats=False,
        episodes=20,
        max_turns=100,
        # Fireworks that blew up are worth 0 to those who played on.
        forfeit_score=-1.0,
        limits=Limits(step_seconds=1.0, bank_seconds=10.0),
        baselines=(
            RANDOM,
            Baseline(
                name="hints",
                title="Hints that mean play",
                # It reads the same numbers as its twin on OpenSpiel, so the same file serves.
                path=_FOLDER.parent / "spiel_hanabi" / "baselines" / "hints.py",
                description="A hint promises that the newest card it touches can be played; fives are saved.",
            ),
        ),
        tags=("cards", "cooperative", "hidden-information"),
        folder=_FOLDER,
    ),
)
