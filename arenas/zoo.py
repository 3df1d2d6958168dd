"""Our own environments in PettingZoo's registry, without making anybody import PettingZoo."""

import importlib.abc
import importlib.machinery
import importlib.util
import sys
from collections.abc import Sequence
from types import ModuleType
from typing import Final

OWN: Final = {
    "coliseum/air_hockey-v1": "arenas.games.air_hockey.env:AirHockey",
    "coliseum/cleanup-v1": "arenas.games.dilemmas.env:Cleanup",
    "coliseum/harvest-v1": "arenas.games.dilemmas.env:Harvest",
    "coliseum/joust-v1": "arenas.games.joust.env:Joust",
    "coliseum/sumo-v1": "arenas.games.sumo.env:Sumo",
    "coliseum/tank_duel-v1": "arenas.games.tank_duel.env:TankDuel",
}
"""Ids and constructors; all of the Parallel API."""


def register_own() -> None:
    """Enter our environments in PettingZoo's registry: now if it is imported, else when it will be.

    Agents import `arenas` in their sandbox and must not wait for PettingZoo, which they do not need.
    """
    if "pettingzoo" in sys.modules:
        _enter(sys.modules["pettingzoo"])
    else:
        sys.meta_path.insert(0, _Awaiting())


def _enter(zoo: ModuleType) -> None:
    known = getattr(zoo, "parallel_registry", {})
    for name, constructor in OWN.items():
        if name not in known and hasattr(zoo, "register"):
            zoo.register("parallel", name, constructor)


class _Awaiting(importlib.abc.MetaPathFinder):
    """Finds nothing itself; sees PettingZoo being imported, then takes itself off the path."""

    def __init__(self) -> None:
        self._is_asking = False

    def find_spec(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        """Return the module as the other finders see it, with a loader that registers when it has loaded."""
        if name != "pettingzoo" or self._is_asking:
            return None
        self._is_asking = True
        try:
            found = importlib.util.find_spec(name)
        finally:
            self._is_asking = False
        if found is not None and found.loader is not None:
            found.loader = _Registering(found.loader, self)
        return found


class _Registering(importlib.abc.Loader):
    """Loads PettingZoo as its own loader would, then enters our environments."""

    def __init__(self, loader: importlib.abc.Loader, finder: _Awaiting) -> None:
        self._loader = loader
        self._finder = finder

    def __getattr__(self, name: str) -> object:
        """Pass on what else a loader may be asked for: source, resources."""
        return getattr(self._loader, name)

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> ModuleType | None:
        """Make the module."""
        return self._loader.create_module(spec)

    def exec_module(self, module: ModuleType) -> None:
        """Run the module, then enter our environments."""
        self._loader.exec_module(module)
        if self._finder in sys.meta_path:
            sys.meta_path.remove(self._finder)
        _enter(module)
