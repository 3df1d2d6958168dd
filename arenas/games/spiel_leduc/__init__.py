"""Leduc hold'em on OpenSpiel: two-seat poker with six cards, two rounds of betting."""

from pathlib import Path

from arenas.games import RANDOM
from arenas.spec import ArenaSpec, Baseline, Limits

_FOLDER = Path(__file__).parent

SPECS: tuple[ArenaSpec, ...] = (
    ArenaSpec(
        id="spiel_leduc-v1",
        title="Leduc Hold'em (OpenSpiel)",
        summary="Poker with six cards on the compiled game of OpenSpiel: every seat sees all the betting.",
        kind="open_spiel",
        environment="leduc_poker",
        seats=2,
        # The size of the pot matters, so the chips won are summed over many deals.
        objective="return",
        episodes=50,
        max_turns=8,
        # The most that can be lost in one deal, in chips.
        forfeit_score=-13.0,
        limits=Limits(step_seconds=1.0, bank_seconds=10.0),
        baselines=(
            RANDOM,
            Baseline(
                name="rules",
                title="Card strength",
                path=_FOLDER / "baselines" / "rules.py",
                description="Raises strong hands, calls with fair ones, folds weak ones, sometimes bluffs.",
            ),
            Baseline(
                name="equilibrium",
                title="Nearly unbeatable",
                path=_FOLDER / "baselines" / "equilibrium",
                description="Mixes its actions so that nobody wins from it in the long run; found by CFR+.",
            ),
        ),
        tags=("cards", "two-seat", "hidden-information", "openspiel"),
        folder=_FOLDER,
    ),
)
