"""Leduc hold'em: two-seat poker with six cards, two rounds of betting."""

from pathlib import Path

from arenas.games import RANDOM
from arenas.spec import ArenaSpec, Baseline, Limits

_FOLDER = Path(__file__).parent

SPECS: tuple[ArenaSpec, ...] = (
    ArenaSpec(
        id="leduc_holdem-v4",
        title="Leduc Hold'em",
        summary="Poker with six cards: bluff, raise or fold on one hidden and one public card.",
        kind="aec",
        environment="classic/leduc_holdem-v4",
        seats=2,
        # The size of the pot matters, so the chips won are summed over many deals.
        objective="return",
        episodes=50,
        max_turns=16,
        # The most that can be lost in one deal, in big blinds.
        forfeit_score=-7.0,
        limits=Limits(step_seconds=1.0, bank_seconds=10.0),
        baselines=(
            RANDOM,
            Baseline(
                name="rules",
                title="Card strength",
                path=_FOLDER / "baselines" / "rules.py",
                description="Raises strong hands, calls with fair ones, folds weak ones, sometimes bluffs.",
            ),
        ),
        tags=("cards", "two-seat", "hidden-information"),
        folder=_FOLDER,
    ),
)
