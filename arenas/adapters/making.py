"""Raw environments from their ids: no window, no sound, none of the libraries' own checking wrappers.

The referee checks order, bounds and legality itself, so the wrappers that PettingZoo and Gymnasium add for
that are taken off; they cost as much as a board game. Wrappers that an arena adds on purpose stay.
"""

import importlib
import importlib.util
import os
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

from arenas.adapters.parallel import Cycle
from arenas.spec import ArenaSpec

_UNLIMITED = 2**62


def make_zoo(spec: ArenaSpec) -> Any:  # Any: an environment of a third-party library, untyped.
    """Make the raw PettingZoo environment of an AEC or Parallel arena."""
    zoo = import_headless("pettingzoo")
    constructor = _constructor(spec)
    if constructor is not None:
        return _unwrap(constructor(**spec.arguments))
    namespace, _, rest = spec.environment.rpartition("/")
    registry = zoo.aec_registry if spec.kind == "aec" else zoo.parallel_registry
    if namespace and not any(known.namespace == namespace for known in registry.values()):
        name, _, version = rest.replace("_v", "-v").rpartition("-v")
        module = import_headless(f"{namespace}.{name}_v{version}")
        make = module.env if spec.kind == "aec" else module.parallel_env
        return _unwrap(make(**spec.arguments))
    return _unwrap(zoo.make(spec.kind, spec.environment, **spec.arguments))


def make_single(spec: ArenaSpec) -> tuple[Any, int]:  # Any: as above.
    """Make the raw Gymnasium environment of an arena, with the time limit that was taken off it."""
    gymnasium = import_headless("gymnasium")
    wrappers = import_headless("gymnasium.wrappers")
    constructor = _constructor(spec)
    if constructor is None:
        environment = gymnasium.make(spec.environment, disable_env_checker=True, **spec.arguments)
    else:
        environment = constructor(**spec.arguments)
    limit = _UNLIMITED
    while type(environment) in (wrappers.TimeLimit, wrappers.OrderEnforcing, wrappers.PassiveEnvChecker):
        if type(environment) is wrappers.TimeLimit:
            limit = min(limit, environment._max_episode_steps)
        environment = environment.env
    return environment, limit


def _unwrap(environment: Any) -> Any:  # Any: as above.
    wrappers = import_headless("pettingzoo.utils.wrappers")
    conversions = import_headless("pettingzoo.utils.conversions")
    passive = (
        wrappers.OrderEnforcingWrapper,
        wrappers.AssertOutOfBoundsWrapper,
        wrappers.ClipOutOfBoundsWrapper,
        wrappers.TerminateIllegalWrapper,
        wrappers.CaptureStdoutWrapper,
    )
    while type(environment) in passive:
        environment = environment.env
    if type(environment) is conversions.aec_to_parallel_wrapper:
        return Cycle(_unwrap(environment.aec_env))
    return environment


def _constructor(spec: ArenaSpec) -> Any:  # Any: a class or function of a plug-in.
    """Return what `module:attribute` names, looked up in the plug-in's folder first; None for other ids."""
    name, colon, attribute = spec.environment.partition(":")
    if not colon:
        return None
    path = spec.folder / f"{name}.py" if spec.folder else None
    module = _load(path) if path and path.is_file() else import_headless(name)
    return getattr(module, attribute)


def _load(path: Path) -> ModuleType:
    """Load a plug-in's file under a name of its own, so that two plug-ins may both have an `env.py`."""
    name = f"coliseum_plugin_{path.parent.name}_{path.stem}".replace("-", "_")
    known = sys.modules.get(name)
    if known is not None and known.__file__ == str(path):
        return known
    found = importlib.util.spec_from_file_location(name, path)
    assert found is not None  # A path that ends in .py always has a loader.
    assert found.loader is not None
    module = importlib.util.module_from_spec(found)
    sys.modules[name] = module
    try:
        found.loader.exec_module(module)
    except BaseException:
        del sys.modules[name]
        raise
    return module


def import_headless(name: str) -> ModuleType:
    """Import a module so that SDL opens no window, and without PettingZoo's change of the sound driver."""
    os.environ.setdefault("SDL_VIDEODRIVER", "dummy")
    sound = os.environ.get("SDL_AUDIODRIVER", "dummy")
    try:
        return importlib.import_module(name)
    finally:
        os.environ["SDL_AUDIODRIVER"] = sound
