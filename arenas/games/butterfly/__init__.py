"""PettingZoo's butterfly beside pistonball: a pong for two friends, knights and archers against zombies."""

from pathlib import Path
from typing import Any, Final

from arenas.games import RANDOM
from arenas.spec import ArenaSpec, Argument, Baseline, Control, Limits, Wrapper

_FOLDER: Final = Path(__file__).parent
_PONG: Final[dict[str, Argument]] = {
    "max_cycles": 900,
    # Without it the ball would repeat one and the same way for ever once both paddles meet it.
    "bounce_randomness": True,
    # Without a render mode nothing is ever drawn, and the picture is what agents see.
    "render_mode": "rgb_array",
}
GREY: Final = (
    Wrapper("supersuit:color_reduction_v0", {"mode": "full"}),
    Wrapper("supersuit:resize_v1", {"x_size": 84, "y_size": 84}),
    Wrapper("supersuit:frame_stack_v1", {"stack_size": 4}),
)
"""The usual image chain: grey, 84 x 84, the last four frames one behind the other."""


def _baseline(name: str, title: str, description: str) -> Baseline:
    return Baseline(name, title, _FOLDER / "baselines" / f"{name}.py", description)


def _cooperative_pong(**rest: Any) -> ArenaSpec:  # Any: fields of a spec.
    return ArenaSpec(
        kind="parallel",
        environment="butterfly/cooperative_pong-v6",
        seats=2,
        objective="return",
        arguments=_PONG,
        # One agent takes both paddles, in a process each: they earn the same.
        team_of_seat=(0, 0),
        swaps_seats=False,
        episodes=4,
        max_turns=900,
        # A ball lost at once costs 10.
        forfeit_score=-20.0,
        limits=Limits(step_seconds=0.2, bank_seconds=10.0),
        controls=(Control(1, "up", ("ArrowUp", "w")), Control(2, "down", ("ArrowDown", "s"))),
        idle_action=0,
        folder=_FOLDER,
        **rest,
    )


SPECS: tuple[ArenaSpec, ...] = (
    _cooperative_pong(
        id="cooperative_pong-v6",
        title="Cooperative Pong",
        summary="Two paddles keep one ball in play; the right one is shaped like a wedding cake.",
        baselines=(
            RANDOM,
            _baseline("follow", "Follow the ball", "Finds the ball in the picture and moves to its height."),
        ),
        tags=("cooperative", "images", "perfect-information"),
    ),
    _cooperative_pong(
        id="cooperative_pong_grey-v6",
        title="Cooperative Pong, grey",
        summary="Cooperative pong as networks like it: four grey pictures of 84 by 84, one behind the other.",
        wrappers=GREY,
        baselines=(
            RANDOM,
            _baseline("follow_grey", "Follow the spot", "Finds what moved between the last two frames."),
        ),
        tags=("cooperative", "images", "wrappers", "perfect-information"),
    ),
    ArenaSpec(
        id="knights_archers_zombies-v11",
        title="Knights, Archers, Zombies",
        summary="Two archers and two knights hold a line against zombies that stagger down the field.",
        kind="parallel",
        environment="arenas.games.butterfly.making:knights_archers_zombies",
        seats=4,
        objective="return",
        arguments={"max_cycles": 900, "spawn_delay": 20, "obs_method": "vector"},
        roles=("archer", "archer", "knight", "knight"),
        # One agent commands all four; what counts is what they kill together.
        team_of_seat=(0, 0, 0, 0),
        swaps_seats=False,
        episodes=4,
        max_turns=900,
        # Nothing costs points here, so a seat that gives up keeps less than one that only stands about.
        forfeit_score=-1.0,
        limits=Limits(step_seconds=0.1, bank_seconds=10.0),
        baselines=(
            RANDOM,
            _baseline("line", "Hold the line", "Aims at the zombie that is lowest; knights wait for theirs."),
        ),
        controls=(
            Control(0, "forward", ("ArrowUp", "w")),
            Control(1, "back", ("ArrowDown", "s")),
            Control(2, "turn left", ("ArrowLeft", "a")),
            Control(3, "turn right", ("ArrowRight", "d")),
            Control(4, "strike", (" ",)),
        ),
        idle_action=5,
        tags=("cooperative", "roles", "perfect-information"),
        folder=_FOLDER,
    ),
)
