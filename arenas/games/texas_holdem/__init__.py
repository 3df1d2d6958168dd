"""Texas hold'em for two: five public cards, four rounds of betting, with and without a limit."""

from pathlib import Path
from typing import Final

from arenas.games import RANDOM
from arenas.spec import ArenaSpec, Baseline, Control, Limits

_FOLDER = Path(__file__).parent
_LIMITS: Final = Limits(step_seconds=1.0, bank_seconds=10.0)
_STRENGTH: Final = Baseline(
    name="strength",
    title="Hand strength",
    path=_FOLDER / "baselines" / "strength.py",
    description="Deals the unseen cards at random, counts how often it would win, and bets by that.",
)

SPECS: tuple[ArenaSpec, ...] = (
    ArenaSpec(
        id="texas_holdem-v4",
        title="Texas Hold'em, Limit",
        summary="Poker for two with five public cards and raises of fixed size.",
        kind="aec",
        environment="classic/texas_holdem-v4",
        arguments={"num_players": 2},
        seats=2,
        # The size of the pot matters, so the chips won are summed over many deals.
        objective="return",
        episodes=50,
        max_turns=40,
        # Four raises in each of the four rounds cost 50 chips; told in big blinds.
        forfeit_score=-25.0,
        limits=_LIMITS,
        controls=(
            Control(0, "call", ("c",)),
            Control(1, "raise", ("r", "ArrowUp")),
            Control(2, "fold", ("f", "ArrowDown")),
            Control(3, "check", ("k", " ")),
        ),
        baselines=(RANDOM, _STRENGTH),
        tags=("cards", "two-seat", "hidden-information"),
        folder=_FOLDER / "limit",
    ),
    ArenaSpec(
        id="texas_holdem_no_limit-v6",
        title="Texas Hold'em, No Limit",
        summary="Poker for two where any raise may be for everything you have.",
        kind="aec",
        environment="classic/texas_holdem_no_limit-v6",
        arguments={"num_players": 2},
        seats=2,
        objective="return",
        episodes=50,
        max_turns=100,
        # Both sides begin every deal with as many chips.
        forfeit_score=-100.0,
        limits=_LIMITS,
        controls=(
            Control(0, "fold", ("f", "ArrowDown")),
            Control(1, "check or call", ("c", " ")),
            Control(2, "raise half the pot", ("h",)),
            Control(3, "raise the pot", ("p", "ArrowUp")),
            Control(4, "all in", ("a",)),
        ),
        baselines=(RANDOM, _STRENGTH),
        tags=("cards", "two-seat", "hidden-information"),
        folder=_FOLDER / "no_limit",
    ),
)
