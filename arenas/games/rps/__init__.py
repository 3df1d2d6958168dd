"""Rock, paper, scissors: two seats, a hundred throws, find the pattern in the other side's."""

from pathlib import Path

from arenas.games import RANDOM
from arenas.spec import ArenaSpec, Baseline, Control, Limits

_FOLDER = Path(__file__).parent

SPECS: tuple[ArenaSpec, ...] = (
    ArenaSpec(
        id="rps-v2",
        title="Rock, Paper, Scissors",
        summary="A hundred throws in a row: find the pattern in the other side's, and have none yourself.",
        # Both throw at once; one after the other, the second would have to be trusted not to look.
        kind="parallel",
        environment="classic/rps-v2",
        arguments={"num_actions": 3, "max_cycles": 100},
        seats=2,
        # By how much somebody is beaten matters: who only draws with everybody has found no pattern.
        objective="return",
        episodes=5,
        max_turns=100,
        forfeit_score=-100.0,
        limits=Limits(step_seconds=0.1, bank_seconds=10.0),
        controls=(
            Control(0, "rock", ("r", "1")),
            Control(1, "paper", ("p", "2")),
            Control(2, "scissors", ("s", "3")),
        ),
        baselines=(
            RANDOM,
            Baseline(
                name="beat_last",
                title="Beats the last throw",
                path=_FOLDER / "baselines" / "beat_last.py",
                description="Throws what beats the other side's last throw: a pattern to be found.",
            ),
            Baseline(
                name="counter",
                title="Counts what follows",
                path=_FOLDER / "baselines" / "counter.py",
                description="Counts what the other side threw after each pair of throws, and beats that.",
            ),
        ),
        tags=("two-seat", "simultaneous", "first-steps"),
        folder=_FOLDER,
    ),
)
