"""Hearts on OpenSpiel: four seats, thirteen tricks, and whoever takes the fewest points is first."""

from pathlib import Path

from arenas.games import RANDOM
from arenas.spec import ArenaSpec, Baseline, Limits

_FOLDER = Path(__file__).parent

SPECS: tuple[ArenaSpec, ...] = (
    ArenaSpec(
        id="spiel_hearts-v1",
        title="Hearts (OpenSpiel)",
        summary="Four agents, each for itself: pass three cards, take no hearts, and beware of the queen.",
        kind="open_spiel",
        environment="hearts",
        seats=4,
        # Points between two seats are luck for the most part; the order of all four is what counts.
        objective="rank",
        # Three passes a seat, then every card.
        max_turns=64,
        limits=Limits(step_seconds=1.0, bank_seconds=10.0),
        baselines=(
            RANDOM,
            Baseline(
                name="rules",
                title="Ducks and discards",
                path=_FOLDER / "baselines" / "rules.py",
                description="Stays below the winning card; throws queen and high hearts on others' tricks.",
            ),
            Baseline(
                name="search",
                title="Plays it out",
                path=_FOLDER / "baselines" / "search.py",
                description="Deals the hidden cards anew and plays each choice to the end by rules of thumb.",
            ),
        ),
        tags=("cards", "four-seat", "hidden-information", "openspiel"),
        folder=_FOLDER,
    ),
)
