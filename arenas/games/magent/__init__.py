"""magent2's crowds on small maps: two squads fight, hunters tag what is faster than they are."""

from pathlib import Path
from typing import Any, Final

from arenas.games import RANDOM
from arenas.spec import ArenaSpec, Baseline, Limits

_FOLDER: Final = Path(__file__).parent
_TURNS: Final = 200


def _crowd(name: str, version: int, **rest: Any) -> ArenaSpec:  # Any: fields of a spec.
    return ArenaSpec(
        id=f"magent/{name}-v{version}",
        kind="parallel",
        environment=f"arenas.games.magent.making:{name}",
        extra="magent",
        seats=len(rest["team_of_seat"]),
        objective="return",
        arguments={"map_size": 16, "max_cycles": _TURNS},
        swaps_seats=True,
        episodes=2,
        max_turns=_TURNS,
        limits=Limits(step_seconds=0.1, bank_seconds=10.0),
        folder=_FOLDER,
        **rest,
    )


def _baseline(name: str, title: str, description: str) -> Baseline:
    return Baseline(name, title, _FOLDER / "baselines" / f"{name}.py", description)


SPECS: tuple[ArenaSpec, ...] = (
    _crowd(
        "battle",
        4,
        title="Battle",
        summary="Six against six on a small field: step, strike, and gang up on one before it heals.",
        roles=("red",) * 6 + ("blue",) * 6,
        # One agent leads the red six, another the blue six; every fighter is a process of its own.
        team_of_seat=(0,) * 6 + (1,) * 6,
        # Striking at nothing in all 200 turns costs 21, and dying a tenth more.
        forfeit_score=-30.0,
        baselines=(RANDOM, _baseline("fight", "Gang up", "Closes in and strikes at the weakest in reach.")),
        tags=("grid", "teams", "crowd"),
    ),
    _crowd(
        "adversarial_pursuit",
        4,
        title="Adversarial Pursuit",
        summary="Three slow and broad hunters tag six quick ones, tagged whenever they stand near.",
        roles=("predator",) * 3 + ("prey",) * 6,
        team_of_seat=(0,) * 3 + (1,) * 6,
        # All three hunters tagging one and the same prey in every turn.
        forfeit_score=-600.0,
        baselines=(
            RANDOM,
            _baseline("tag", "Corner and flee", "Hunters go for the nearest prey, prey for the widest gap."),
        ),
        tags=("grid", "roles", "crowd"),
    ),
)
