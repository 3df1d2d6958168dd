"""The `arena.py` of a plug-in, written for an operator who may change it."""

import re
from importlib.metadata import PackageNotFoundError, packages_distributions, version
from pathlib import Path
from typing import Final

from arenas import registry
from arenas.spec import ArenaSpec
from workers.refusals import RefusedError

_STEP_SECONDS: Final = 1.0
_NOTE: Final = (
    "# What follows was guessed from a few episodes of random play; change what you know better. Agents",
    "# are rated by what it says: once it has been played, give the arena another version in its id.",
)


def write_arena(spec: ArenaSpec, folder: Path, *, replaces: bool = False) -> Path:
    """Write an arena as a plug-in and return the path of its `arena.py`.

    Raises:
        RefusedError: `arena.exists` where the folder holds one already, or what is written is refused.
    """
    path = folder / "arena.py"
    if path.exists() and not replaces:
        raise RefusedError("arena.exists", arena=spec.id, folder=str(folder))
    before = path.read_text(encoding="utf-8") if path.exists() else None
    try:
        folder.mkdir(parents=True, exist_ok=True)
        path.write_text(_source(spec), encoding="utf-8")
    except OSError as error:
        raise RefusedError(
            "arena.unavailable", problem=f"{path} cannot be written: {error.strerror}."
        ) from error
    registry.refresh()
    problem = next((each.reason for each in registry.problems() if Path(each.source) == folder), "")
    if problem:
        # What is wrong must not stay where every process reads it.
        path.write_text(before, encoding="utf-8") if before is not None else path.unlink()
        registry.refresh()
        raise RefusedError("arena.unavailable", problem=problem)
    return path


def _source(spec: ArenaSpec) -> str:
    lines = [
        f'"""{spec.title}: an arena made of {spec.environment} by `coliseum arena add`."""',
        "",
        *_NOTE,
        *([f"# Made with {made}."] if (made := _made_with(spec)) else []),
        "",
        "from arenas.games import RANDOM",
        f"from arenas.spec import ArenaSpec, Limits{', Wrapper' * bool(spec.wrappers)}",
        "",
        "SPECS = (",
        "    ArenaSpec(",
    ]
    written = {
        name: getattr(spec, name)
        for name in ("id", "title", "summary", "kind", "environment", "seats", "objective")
    }
    written |= {"arguments": dict(spec.arguments)} if spec.arguments else {}
    lines += [f"        {name}={value!r}," for name, value in written.items()]
    if spec.wrappers:
        applied = "".join(
            f"            Wrapper({each.name!r}, {dict(each.arguments)!r}),\n" for each in spec.wrappers
        )
        lines.append(f"        wrappers=(\n{applied}        ),")
    rest = {"zero_sum": spec.zero_sum, "team_of_seat": spec.team_of_seat, "swaps_seats": spec.swaps_seats}
    lines += [f"        {name}={value!r}," for name, value in rest.items()] if spec.seats > 1 else []
    lines += [
        f"        max_turns={spec.max_turns},",
        "        # What an agent that forfeits gets: less than any honest play earns.",
        f"        forfeit_score={spec.forfeit_score},",
        f"        limits=Limits(step_seconds={_STEP_SECONDS}),",
        "        baselines=(RANDOM,),",
        f"        tags={spec.tags!r},",
        "    ),",
        ")",
        "",
    ]
    return "\n".join(lines)


def _made_with(spec: ArenaSpec) -> str:
    module = re.split(r"[:./]", spec.environment)[0] if ":" in spec.environment else ""
    wanted = ["gymnasium" if spec.kind == "gymnasium" else "pettingzoo", module]
    distributions = packages_distributions()
    found = []
    for name in filter(None, wanted):
        try:
            distribution = distributions.get(name, [name])[0]
            found.append(f"{distribution} {version(distribution)}")
        except PackageNotFoundError:
            continue
    return ", ".join(dict.fromkeys(found))
