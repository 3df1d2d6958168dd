"""Names to specs: our own arenas, plug-in folders and installed packages.

How it works. Three sources, in this order: the packages of `arenas.games`; each plug-in folder with an
`arena.py`, as `arenas.shelves` lists them; each entry point of the group `coliseum.arenas`. They are read
once, and again when a plug-in folder has come or gone. All of them export `SPECS`, a tuple of ArenaSpec. A
source that fails is left out and told in `problems()`; it never hurts the others. No environment library is
imported here.
"""

import difflib
import importlib
import importlib.metadata
import importlib.util
import pkgutil
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from pathlib import Path

import arenas.games
from arenas.errors import UnknownArenaError
from arenas.shelves import folders
from arenas.spec import ArenaSpec

GROUP = "coliseum.arenas"
_PART = r"[A-Za-z0-9][A-Za-z0-9_.-]*"
_ID = re.compile(rf"(?:{_PART}/)?{_PART}-v[0-9]+")


@dataclass(frozen=True, slots=True)
class Problem:
    """A source of arenas that could not be used."""

    source: str
    """The package, file or entry point."""
    reason: str


@dataclass(frozen=True, slots=True)
class _Catalogue:
    specs: dict[str, ArenaSpec]
    problems: tuple[Problem, ...]


def names() -> tuple[str, ...]:
    """Return the ids of all arenas, sorted."""
    return tuple(sorted(_catalogue(folders()).specs, key=str.lower))


def get(arena: str) -> ArenaSpec:
    """Return the spec of an arena.

    Case and `_v3` against `-v3` do not matter; without a version the newest one is taken; a family, as
    `coliseum/`, may be left out.

    Raises:
        UnknownArenaError: there is none of this name; carries the nearest names.
    """
    specs = _catalogue(folders()).specs
    if arena in specs:
        return specs[arena]
    wanted = fold(arena)
    by_id = {fold(name): spec for name, spec in specs.items()}
    if wanted in by_id:
        return by_id[wanted]
    short = {_short(spec.id): spec for spec in specs.values()}
    if wanted in short:
        return short[wanted]
    versions = [spec for spec in specs.values() if wanted in (fold(spec.name), _short(spec.name))]
    if versions:
        return max(versions, key=lambda spec: int(spec.id.rpartition("-v")[2]))
    candidates = short | by_id | {_short(spec.name): spec for spec in specs.values()}
    near = difflib.get_close_matches(wanted, candidates, n=3, cutoff=0.5)
    raise UnknownArenaError(arena, tuple(dict.fromkeys(candidates[name].id for name in near)))


def is_id(text: str) -> bool:
    """Say whether a text has the form of an arena's id: name-v1 or family/name-v1."""
    return bool(_ID.fullmatch(text))


def problems() -> tuple[Problem, ...]:
    """Return the sources that could not be used, and why."""
    return _catalogue(folders()).problems


def refresh() -> None:
    """Forget what was read, so that the next call looks at all sources again."""
    _catalogue.cache_clear()


@lru_cache(maxsize=1)
def _catalogue(plugins: tuple[Path, ...]) -> _Catalogue:
    specs: dict[str, ArenaSpec] = {}
    found: list[Problem] = []
    for source, load in _sources(plugins):
        try:
            fresh = _checked(load(), specs)
        except Exception as error:  # A plug-in may fail in any way; the other arenas must stay.
            found.append(Problem(source, f"{type(error).__name__}: {error}"))
        else:
            specs.update(fresh)
    return _Catalogue(specs, tuple(found))


def _sources(plugins: tuple[Path, ...]) -> Iterator[tuple[str, Callable[[], object]]]:
    for module in pkgutil.iter_modules(arenas.games.__path__, "arenas.games."):
        if module.ispkg:
            yield module.name, partial(_specs_of_module, module.name)
    for folder in plugins:
        yield str(folder), partial(_specs_of_folder, folder)
    for entry in importlib.metadata.entry_points(group=GROUP):
        yield f"{entry.name} = {entry.value}", partial(_specs_of_entry, entry)


def _specs_of(exported: object) -> object:
    return getattr(exported, "SPECS", exported)


def _specs_of_module(name: str) -> object:
    return _specs_of(importlib.import_module(name))


def _specs_of_entry(entry: importlib.metadata.EntryPoint) -> object:
    return _specs_of(entry.load())


def _specs_of_folder(folder: Path) -> object:
    path = folder / "arena.py"
    if not path.is_file():
        raise FileNotFoundError("the folder has no arena.py")
    name = f"coliseum_plugin_{path.parent.name}_arena".replace("-", "_")
    found = importlib.util.spec_from_file_location(name, path)
    assert found is not None  # A path that ends in .py always has a loader.
    assert found.loader is not None
    module = importlib.util.module_from_spec(found)
    sys.modules[name] = module
    found.loader.exec_module(module)
    specs = _specs_of(module)
    if not isinstance(specs, Iterable):
        return specs
    return tuple(
        replace(spec, folder=path.parent) if isinstance(spec, ArenaSpec) and spec.folder is None else spec
        for spec in specs
    )


def _checked(exported: object, known: dict[str, ArenaSpec]) -> dict[str, ArenaSpec]:
    """Return the specs by id; refuse a source whole if one of its specs is unusable."""
    specs = (exported,) if isinstance(exported, ArenaSpec) else exported
    if not isinstance(specs, Iterable):
        raise TypeError("SPECS is no tuple of ArenaSpec")
    fresh: dict[str, ArenaSpec] = {}
    taken = {fold(name) for name in known}
    for spec in specs:
        if not isinstance(spec, ArenaSpec):
            raise TypeError("SPECS is no tuple of ArenaSpec")
        _check_spec(spec)
        if fold(spec.id) in taken:
            raise ValueError(f"there already is an arena {spec.id}")
        taken.add(fold(spec.id))
        fresh[spec.id] = spec
    return fresh


def _check_spec(spec: ArenaSpec) -> None:
    if not is_id(spec.id):
        raise ValueError(f"the id {spec.id!r} is not of the form name-v1 or family/name-v1")
    if spec.seats < 1 or spec.max_turns < 1 or spec.episodes < 1:
        raise ValueError(f"{spec.id}: seats, max_turns and episodes are at least 1")
    if spec.roles and len(spec.roles) != spec.seats:
        raise ValueError(f"{spec.id}: there is one role for each seat")
    if spec.team_of_seat and (
        len(spec.team_of_seat) != spec.seats or set(spec.team_of_seat) != set(range(spec.lineup))
    ):
        raise ValueError(f"{spec.id}: team_of_seat names members 0, 1, ... of the line-up, one for each seat")
    if spec.objective == "outcome" and spec.seats != 2:
        raise ValueError(f"{spec.id}: the objective outcome needs two seats")
    if spec.objective == "score" and spec.seats != 1:
        raise ValueError(f"{spec.id}: the objective score needs one seat")


def _short(name: str) -> str:
    """Return a folded name without its family."""
    return fold(name).rpartition("/")[2]


def fold(name: str) -> str:
    """Return a name as it is compared: without case, and with the version behind a hyphen."""
    return name.strip().lower().replace("_v", "-v")
