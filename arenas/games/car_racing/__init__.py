"""Car racing: one seat, drive around a track that is seen from above."""

from pathlib import Path
from typing import Final

from arenas.games import RANDOM
from arenas.spec import ArenaSpec, Baseline, Control, Limits

_FOLDER = Path(__file__).parent
_FOLLOW: Final = Baseline(
    name="follow",
    title="Road follower",
    path=_FOLDER / "baselines" / "follow.py",
    description="Steers to the middle of the grey in three rows of the picture, brakes in bends.",
)

SPECS: tuple[ArenaSpec, ...] = (
    ArenaSpec(
        id="CarRacing-v3",
        title="Car Racing",
        summary="Drive once around a track you see from above, as a picture of 96 by 96 pixels.",
        kind="gymnasium",
        environment="CarRacing-v3",
        arguments={"lap_complete_percent": 0.95, "domain_randomize": False, "continuous": True},
        seats=1,
        objective="score",
        swaps_seats=False,
        # The environment paints every picture: a thousand turns take it some seconds.
        episodes=1,
        max_turns=1000,
        # Nothing but time is lost without a tile, -100; leaving the field costs another 100.
        forfeit_score=-250.0,
        limits=Limits(step_seconds=0.1, bank_seconds=10.0),
        baselines=(RANDOM, _FOLLOW),
        tags=("box2d", "images", "continuous", "single-seat"),
        folder=_FOLDER,
    ),
    ArenaSpec(
        id="CarRacingDiscrete-v3",
        title="Car Racing, Discrete",
        summary="Drive once around a track with four keys: left, right, gas, brake.",
        kind="gymnasium",
        environment="CarRacing-v3",
        arguments={"lap_complete_percent": 0.95, "domain_randomize": False, "continuous": False},
        seats=1,
        objective="score",
        swaps_seats=False,
        episodes=1,
        max_turns=1000,
        forfeit_score=-250.0,
        limits=Limits(step_seconds=0.1, bank_seconds=10.0),
        controls=(
            Control(3, "gas", ("ArrowUp", "w")),
            Control(2, "left", ("ArrowLeft", "a")),
            Control(1, "right", ("ArrowRight", "d")),
            Control(4, "brake", ("ArrowDown", "s", " ")),
        ),
        idle_action=0,
        baselines=(RANDOM, _FOLLOW),
        tags=("box2d", "images", "single-seat"),
        folder=_FOLDER,
    ),
)
