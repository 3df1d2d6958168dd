"""Social dilemmas: Harvest and Cleanup, where what is best for each ruins all."""

from pathlib import Path

from arenas.games import RANDOM
from arenas.spec import MIB, ArenaSpec, Baseline, Control, Limits

_FOLDER = Path(__file__).parent
_LIMITS = Limits(step_seconds=0.1, bank_seconds=10.0, memory_bytes=256 * MIB)
_MEASURES = ("collective_return", "equality", "sustainability")
_HIDDEN = "arenas.games.dilemmas.env:change_unseen"
_TAGS = ("grid", "social-dilemma", "mixed", "hidden-information", "own")
_WALK = (
    Control(0, "wait", (".",)),
    Control(1, "ahead", ("ArrowUp", "w")),
    Control(2, "back", ("ArrowDown", "s")),
    Control(3, "step left", ("a",)),
    Control(4, "step right", ("d",)),
    Control(5, "turn left", ("ArrowLeft", "q")),
    Control(6, "turn right", ("ArrowRight", "e")),
    Control(7, "zap", (" ",)),
)
_GREEDY = Baseline(
    name="greedy",
    title="Greedy",
    path=_FOLDER / "baselines" / "greedy.py",
    description="Eats the nearest apple, always; never cleans, never spares, never fires.",
)


def _arena(name: str, title: str, summary: str, good: Baseline, *, focal: bool = False) -> ArenaSpec:
    """Return one of the two lands: five agents of their own, or four seats of one and two of another."""
    seats = 6 if focal else 5
    return ArenaSpec(
        id=f"coliseum/{name}_focal-v1" if focal else f"coliseum/{name}-v1",
        title=f"{title}, focal" if focal else title,
        summary=summary,
        kind="parallel",
        environment=f"coliseum/{name}-v1",
        seats=seats,
        objective="return",
        arguments={"agents": seats, "max_turns": 1000},
        controls=(*_WALK, Control(8, "clean", ("c",))) if name == "cleanup" else _WALK,
        idle_action=0,
        hidden=_HIDDEN,
        zero_sum=False,
        roles=("resident",) * 4 + ("visitor",) * 2 if focal else (),
        # Residents and visitors, as in the scenarios of Melting Pot (Leibo and others, 2021): each agent is
        # once the many and once the few, and is rated by what its own seats earn, a head.
        team_of_seat=(0, 0, 0, 0, 1, 1) if focal else (),
        # Five seats are alike: the places are drawn anew for each episode.
        swaps_seats=focal,
        episodes=2,
        max_turns=1000,
        # All who play honestly get 0 or more.
        forfeit_score=-10.0,
        limits=_LIMITS,
        measures=_MEASURES,
        baselines=(RANDOM, _GREEDY, good),
        tags=(*_TAGS, "focal") if focal else _TAGS,
        folder=_FOLDER / name,
    )


_FRUGAL = Baseline(
    name="frugal",
    title="Frugal",
    path=_FOLDER / "baselines" / "frugal.py",
    description="Eats only apples that leave four others near them, so that their patch grows again.",
)
_RECIPROCAL = Baseline(
    name="reciprocal",
    title="Cleans, then eats",
    path=_FOLDER / "baselines" / "reciprocal.py",
    description="Cleans the river when it sees few apples, eats when it is clean enough.",
)
_HARVEST = "Apples grow where apples are; who takes the last one of a patch ends it for all."
_CLEANUP = "Apples grow while the river is clean, and who cleans it eats none meanwhile."

SPECS: tuple[ArenaSpec, ...] = (
    _arena("harvest", "Harvest", _HARVEST, _FRUGAL),
    _arena("harvest", "Harvest", _HARVEST, _FRUGAL, focal=True),
    _arena("cleanup", "Cleanup", _CLEANUP, _RECIPROCAL),
    _arena("cleanup", "Cleanup", _CLEANUP, _RECIPROCAL, focal=True),
)
