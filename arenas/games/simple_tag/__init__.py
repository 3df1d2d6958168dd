"""Tag: three slow predators chase one fast prey among obstacles."""

from pathlib import Path

from arenas.games import RANDOM
from arenas.games.mpe.spec import ARROWS
from arenas.spec import ArenaSpec, Baseline, Limits

_FOLDER = Path(__file__).parent

SPECS: tuple[ArenaSpec, ...] = (
    ArenaSpec(
        id="simple_tag-v3",
        title="Predators and Prey",
        summary="Three slow predators corner one fast prey among obstacles.",
        kind="parallel",
        environment="mpe2/simple_tag-v3",
        seats=4,
        objective="return",
        arguments={"max_cycles": 100},
        roles=("predator", "predator", "predator", "prey"),
        # One agent hunts with all three predators, the other is the prey; then they change places.
        team_of_seat=(0, 0, 0, 1),
        swaps_seats=True,
        episodes=4,
        max_turns=100,
        # Below what the worst prey loses in 100 turns, so that giving up never pays.
        forfeit_score=-2000.0,
        limits=Limits(step_seconds=0.1, bank_seconds=10.0),
        baselines=(
            RANDOM,
            Baseline(
                name="chase",
                title="Chase and flee",
                path=_FOLDER / "baselines" / "chase.py",
                description="Predators cut the prey off from three sides; the prey flees and keeps inside.",
            ),
        ),
        controls=ARROWS,
        idle_action=0,
        tags=("particles", "roles", "mixed"),
        folder=_FOLDER,
    ),
)
