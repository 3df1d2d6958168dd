"""Optional parts of the package: which arenas need one, and whether it is installed here."""

import importlib.util
from typing import Final

from arenas.spec import ArenaSpec

DISTRIBUTION: Final = "coliseum-rl"
EXTRAS: Final = {
    "atari": ("multi_agent_ale_py", "ale_py"),
    "magent": ("magent2",),
    "traffic": ("sumo_rl", "libsumo", "sumo"),
}
"""Modules that each extra brings; extras of other packages' arenas are not listed."""


def is_installed(spec: ArenaSpec) -> bool:
    """Say whether an arena's environment can be expected here, without importing it."""
    return not missing_modules(spec)


def missing_modules(spec: ArenaSpec) -> tuple[str, ...]:
    """Return the modules that an arena needs and that cannot be found here."""
    return tuple(name for name in _needed(spec) if importlib.util.find_spec(name) is None)


def install_line(spec: ArenaSpec) -> str:
    """Return the command that brings an arena's extra; empty where it has none."""
    return f"pip install '{DISTRIBUTION}[{spec.extra}]'" if spec.extra else ""


def _needed(spec: ArenaSpec) -> tuple[str, ...]:
    modules = list(EXTRAS.get(spec.extra, ()))
    name, colon, _ = spec.environment.partition(":")
    if colon and not (spec.folder and (spec.folder / f"{name}.py").is_file()):
        modules.append(name.partition(".")[0])
    modules += [wrapper.name.partition(":")[0].partition(".")[0] for wrapper in spec.wrappers]
    return tuple(dict.fromkeys(modules))
