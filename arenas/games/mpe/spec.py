"""What all particle worlds have in common: the package, the clock, the arrow keys."""

from pathlib import Path
from typing import Any, Final

from arenas.spec import ArenaSpec, Control, Limits

ARROWS: Final = (
    Control(1, "left", ("ArrowLeft", "a")),
    Control(2, "right", ("ArrowRight", "d")),
    Control(3, "down", ("ArrowDown", "s")),
    Control(4, "up", ("ArrowUp", "w")),
)
"""Moves 1 to 4; 0 is to glide."""


def particle_world(*, id: str, turns: int, **rest: Any) -> ArenaSpec:  # noqa: A002  # Any: fields of a spec.
    """Return the spec of one of mpe2's worlds.

    Args:
        id: as the world is called in mpe2.
        turns: of an episode; mpe2's own 25 are short for agents with inertia.
        rest: fields of the spec; seats are counted from the teams or roles where they are not given.
    """
    teams, roles = rest.get("team_of_seat", ()), rest.get("roles", ())
    lineup = max(teams) + 1 if teams else len(roles)
    fields: dict[str, Any] = {
        "seats": len(teams) or len(roles),
        "objective": "return",
        "swaps_seats": lineup > 1,
        "episodes": 4 if lineup > 1 else 8,
        "idle_action": 0 if rest.get("controls") is ARROWS else None,
        "limits": Limits(step_seconds=0.1, bank_seconds=10.0),
        "folder": Path(__file__).parent,
    }
    return ArenaSpec(
        id=id,
        kind="parallel",
        environment=f"mpe2/{id}",
        arguments={"max_cycles": turns},
        max_turns=turns,
        **(fields | rest),
    )
