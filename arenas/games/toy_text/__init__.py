"""Toy text: one seat in small worlds that a table can solve: cards, ice, a cliff, a taxi."""

from pathlib import Path
from typing import Final

from arenas.games import RANDOM
from arenas.spec import ArenaSpec, Baseline, Control, Limits

_FOLDER = Path(__file__).parent
_LIMITS: Final = Limits(step_seconds=0.1, bank_seconds=10.0)


def _steered(up: int, right: int, down: int, left: int) -> tuple[Control, ...]:
    """Return the four arrows, each with the action it stands for."""
    return (
        Control(up, "up", ("ArrowUp", "w")),
        Control(right, "right", ("ArrowRight", "d")),
        Control(down, "down", ("ArrowDown", "s")),
        Control(left, "left", ("ArrowLeft", "a")),
    )


_PLANNED: Final = Baseline(
    name="planned",
    title="Planned ahead",
    path=_FOLDER / "frozen_lake" / "baselines" / "planned.py",
    description="Knows the map and the ice, and computes the best way for every square and turn.",
)
_CAREFUL: Final = Baseline(
    name="planned",
    title="Planned ahead",
    path=_FOLDER / "cliff_walking" / "baselines" / "planned.py",
    description="Knows the cliff and the ice, and computes the cheapest way from every square.",
)

SPECS: tuple[ArenaSpec, ...] = (
    ArenaSpec(
        id="Blackjack-v1",
        title="Blackjack",
        summary="Take cards or stand: come nearer to 21 than the dealer without going over.",
        kind="gymnasium",
        environment="Blackjack-v1",
        arguments={"natural": False, "sab": True},
        seats=1,
        objective="score",
        swaps_seats=False,
        # A hand is a turn or two and mostly luck.
        episodes=100,
        # Twenty-one cards of one, and standing.
        max_turns=22,
        forfeit_score=-2.0,
        limits=_LIMITS,
        controls=(Control(1, "hit", ("h", "ArrowUp")), Control(0, "stick", ("s", "ArrowDown"))),
        baselines=(
            RANDOM,
            Baseline(
                name="basic",
                title="Basic strategy",
                path=_FOLDER / "blackjack" / "baselines" / "basic.py",
                description="The table casinos sell: hit or stand by the own sum and the dealer's card.",
            ),
        ),
        tags=("cards", "single-seat", "first-steps"),
        folder=_FOLDER / "blackjack",
    ),
    ArenaSpec(
        id="FrozenLake-v1",
        title="Frozen Lake",
        summary="Cross four by four squares of slippery ice without falling into a hole.",
        kind="gymnasium",
        environment="FrozenLake-v1",
        arguments={"map_name": "4x4", "is_slippery": True},
        seats=1,
        objective="score",
        swaps_seats=False,
        episodes=50,
        max_turns=100,
        forfeit_score=-1.0,
        limits=_LIMITS,
        controls=_steered(up=3, right=2, down=1, left=0),
        baselines=(RANDOM, _PLANNED),
        tags=("grid", "single-seat", "first-steps"),
        folder=_FOLDER / "frozen_lake",
    ),
    ArenaSpec(
        id="FrozenLake8x8-v1",
        title="Frozen Lake 8x8",
        summary="Cross eight by eight squares of slippery ice without falling into a hole.",
        kind="gymnasium",
        environment="FrozenLake8x8-v1",
        arguments={"map_name": "8x8", "is_slippery": True},
        seats=1,
        objective="score",
        swaps_seats=False,
        episodes=50,
        max_turns=200,
        forfeit_score=-1.0,
        limits=_LIMITS,
        controls=_steered(up=3, right=2, down=1, left=0),
        baselines=(RANDOM, _PLANNED),
        tags=("grid", "single-seat"),
        folder=_FOLDER / "frozen_lake",
    ),
    ArenaSpec(
        id="CliffWalking-v1",
        title="Cliff Walking",
        summary="Walk along a cliff to the goal; a step over the edge costs a hundred and starts again.",
        kind="gymnasium",
        environment="CliffWalking-v1",
        arguments={"is_slippery": False},
        seats=1,
        objective="score",
        swaps_seats=False,
        # Nothing is drawn by lot: one episode says all there is to say.
        episodes=1,
        max_turns=200,
        # As if every one of the 200 turns ended in the cliff.
        forfeit_score=-20_000.0,
        limits=_LIMITS,
        controls=_steered(up=0, right=1, down=2, left=3),
        baselines=(RANDOM, _CAREFUL),
        tags=("grid", "single-seat", "first-steps"),
        folder=_FOLDER / "cliff_walking",
    ),
    ArenaSpec(
        id="CliffWalkingSlippery-v1",
        title="Cliff Walking on Ice",
        summary="Walk past a cliff on ice, where two steps of three go to the side.",
        kind="gymnasium",
        environment="CliffWalkingSlippery-v1",
        arguments={"is_slippery": True},
        seats=1,
        objective="score",
        swaps_seats=False,
        episodes=20,
        max_turns=200,
        forfeit_score=-20_000.0,
        limits=_LIMITS,
        controls=_steered(up=0, right=1, down=2, left=3),
        baselines=(RANDOM, _CAREFUL),
        tags=("grid", "single-seat"),
        folder=_FOLDER / "cliff_walking",
    ),
    ArenaSpec(
        id="Taxi-v4",
        title="Taxi",
        summary="Fetch a passenger in a small town with walls and bring them where they want to go.",
        kind="gymnasium",
        environment="Taxi-v4",
        arguments={"is_rainy": False, "fickle_passenger": False},
        seats=1,
        objective="score",
        swaps_seats=False,
        episodes=20,
        max_turns=200,
        # The dearest actions, -10 each, are forbidden by the mask: nobody who plays gets less than -200.
        forfeit_score=-250.0,
        limits=_LIMITS,
        controls=(
            *_steered(up=1, right=2, down=0, left=3),
            Control(4, "pick up", (" ", "p")),
            Control(5, "drop off", ("Enter", "o")),
        ),
        baselines=(
            RANDOM,
            Baseline(
                name="shortest",
                title="Shortest way",
                path=_FOLDER / "taxi" / "baselines" / "shortest.py",
                description="Counts the squares from everywhere to the four ranks, walls included.",
            ),
        ),
        tags=("grid", "single-seat", "first-steps"),
        folder=_FOLDER / "taxi",
    ),
)
