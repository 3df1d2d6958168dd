"""The agents that come with an arena, packed like any upload."""

from functools import lru_cache
from pathlib import Path

from arenas.errors import ArenaUnavailableError
from arenas.spec import ArenaSpec
from workers.packing import make_archive


def baseline_package(arena: ArenaSpec, name: str) -> tuple[bytes, str]:
    """Return a baseline's bytes and file name (agent.py or agent.zip).

    Raises:
        ArenaUnavailableError: the arena has no baseline of this name.
    """
    for baseline in arena.baselines:
        if baseline.name == name:
            return _packed(baseline.path)
    known = ", ".join(baseline.name for baseline in arena.baselines)
    raise ArenaUnavailableError(f"{arena.id} has no baseline {name!r}. It has: {known}.")


@lru_cache(maxsize=64)
def _packed(path: Path) -> tuple[bytes, str]:
    if path.is_dir():
        return make_archive(path), "agent.zip"
    return path.read_bytes(), "agent.py"
