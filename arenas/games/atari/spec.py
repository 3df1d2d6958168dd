"""What all Atari arenas have in common: emulator, clock, joystick."""

from pathlib import Path
from typing import Any, Final

from arenas.games import RANDOM
from arenas.spec import ArenaSpec, Argument, Control, Limits, Wrapper

FOLDER: Final = Path(__file__).parent
TURNS: Final = 3_000
"""Of four frames: 200 seconds of play at the console's 60 frames a second."""
STICKY: Final = Wrapper("supersuit:sticky_actions_v0", {"repeat_action_probability": 0.25})
SKIP: Final = Wrapper("supersuit:frame_skip_v0", {"num_frames": 4})
GREY: Final = (
    Wrapper("supersuit:max_observation_v0", {"memory": 2}),
    STICKY,
    SKIP,
    Wrapper("supersuit:color_reduction_v0", {"mode": "full"}),
    Wrapper("supersuit:resize_v1", {"x_size": 84, "y_size": 84}),
    Wrapper("supersuit:frame_stack_v1", {"stack_size": 4}),
)
"""The usual chain for networks that look: grey, 84 x 84, four frames one behind the other."""

_UP, _RIGHT, _LEFT, _DOWN = "ArrowUp", "ArrowRight", "ArrowLeft", "ArrowDown"
JOYSTICK: Final = (
    Control(1, "fire", (" ",)),
    Control(2, "up", (_UP, "w")),
    Control(3, "right", (_RIGHT, "d")),
    Control(4, "left", (_LEFT, "a")),
    Control(5, "down", (_DOWN, "s")),
)
"""The first of the eighteen actions; the other twelve are two or three of these at once."""
FIRE_SIDEWAYS: Final = (
    Control(1, "fire", (" ",)),
    Control(2, "right", (_RIGHT, "d")),
    Control(3, "left", (_LEFT, "a")),
    Control(4, "fire right", ("e",)),
    Control(5, "fire left", ("q",)),
)
PADDLE: Final = (
    Control(1, "serve", (" ",)),
    Control(2, "up", (_UP, "w", _RIGHT)),
    Control(3, "down", (_DOWN, "s", _LEFT)),
)
DIRECTIONS: Final = (
    Control(1, "up", (_UP, "w")),
    Control(2, "right", (_RIGHT, "d")),
    Control(3, "left", (_LEFT, "a")),
    Control(4, "down", (_DOWN, "s")),
)


def atari(
    id: str,  # noqa: A002
    title: str,
    summary: str,
    **rest: Any,  # Any: fields of a spec.
) -> ArenaSpec:
    """Return the spec of a game: what agents see is the console's memory unless `rest` says otherwise.

    Args:
        id: name and version, as PettingZoo has them under `atari/`.
        title: as on the cartridge.
        summary: one sentence.
        rest: fields of the spec; `version` is an argument of the game: `{"game_version": "jet"}`.
    """
    version: dict[str, Argument] = rest.pop("version", {})
    seen = "rgb_image" if any("color" in wrapper.name for wrapper in rest.get("wrappers", ())) else "ram"
    game: dict[str, Argument] = {"game": rest.pop("game", id).replace("-v", "_v")}
    fields: dict[str, Any] = {
        "seats": 2,
        "objective": "outcome",
        "swaps_seats": max(rest.get("team_of_seat") or (1,)) > 0,
        "wrappers": (STICKY, SKIP),
        "controls": JOYSTICK,
        "idle_action": 0,
        "baselines": (RANDOM,),
    }
    return ArenaSpec(
        id=f"atari/{id}",
        title=title,
        summary=summary,
        kind="parallel",
        environment="arenas.games.atari.making:make_game",
        extra="atari",
        arguments=game | {"obs_type": seen} | version,
        max_turns=TURNS,
        limits=Limits(step_seconds=0.1, bank_seconds=10.0),
        tags=("atari", *rest.pop("tags"), "perfect-information"),
        folder=FOLDER,
        **(fields | rest),
    )
