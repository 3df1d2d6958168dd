"""Pursuit: eight hunters with a short sight surround thirty evaders on a grid."""

from pathlib import Path

from arenas.games import RANDOM
from arenas.spec import ArenaSpec, Baseline, Control, Limits

_FOLDER = Path(__file__).parent

SPECS: tuple[ArenaSpec, ...] = (
    ArenaSpec(
        id="pursuit-v5",
        title="Pursuit",
        summary="Eight hunters, each seeing seven by seven cells, surround thirty evaders that wander about.",
        kind="parallel",
        environment="sisl/pursuit-v5",
        seats=8,
        objective="return",
        arguments={"max_cycles": 300, "shared_reward": True},
        # One agent hunts in all eight seats, in a process each: the reward is shared.
        team_of_seat=(0,) * 8,
        swaps_seats=False,
        episodes=2,
        max_turns=300,
        # A hunt that never touches anything costs 0.1 a turn.
        forfeit_score=-50.0,
        limits=Limits(step_seconds=0.1, bank_seconds=10.0),
        baselines=(
            RANDOM,
            Baseline(
                name="surround",
                title="Close in",
                path=_FOLDER / "baselines" / "surround.py",
                description="Goes to the free side of the evader that most hunters are near; else it roams.",
            ),
        ),
        controls=(
            Control(0, "left", ("ArrowLeft", "a")),
            Control(1, "right", ("ArrowRight", "d")),
            Control(2, "down", ("ArrowDown", "s")),
            Control(3, "up", ("ArrowUp", "w")),
        ),
        idle_action=4,
        hidden="arenas.games.pursuit.hiding:scatter_unseen",
        tags=("grid", "cooperative", "hidden-information"),
        folder=_FOLDER,
    ),
)
