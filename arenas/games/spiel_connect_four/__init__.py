"""Connect four on OpenSpiel: the same game as `connect_four-v3`, on compiled rules."""

from pathlib import Path

from arenas.games import RANDOM
from arenas.spec import ArenaSpec, Baseline, Limits

_FOLDER = Path(__file__).parent

SPECS: tuple[ArenaSpec, ...] = (
    ArenaSpec(
        id="spiel_connect_four-v1",
        title="Connect Four (OpenSpiel)",
        summary="Four discs in a row win, on the compiled game of OpenSpiel.",
        kind="open_spiel",
        environment="connect_four",
        seats=2,
        objective="outcome",
        # Each seat sees its own discs in the same plane, whichever seat it has.
        arguments={"egocentric_obs_tensor": True},
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
                name="search",
                title="Five moves ahead",
                path=_FOLDER / "baselines" / "search.py",
                description="Alpha-beta on bitboards, five moves deep; counts the lines that are still open.",
            ),
        ),
        tags=("board", "two-seat", "perfect-information", "openspiel"),
        folder=_FOLDER,
    ),
)
