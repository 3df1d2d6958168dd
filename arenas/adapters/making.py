"""Raw environments from their ids: no window, no sound, none of the libraries' own checking wrappers.

The referee checks order, bounds and legality itself, so the wrappers that PettingZoo and Gymnasium add for
that are taken off; they cost as much as a board game. Wrappers that an arena adds on purpose stay.
"""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

from arenas.adapters.parallel import Cycle
from arenas.headless import import_headless
from arenas.spec import ArenaSpec
from arenas.wrapping import wrap

_UNLIMITED = 2**62


def make_zoo(spec: ArenaSpec) -> Any:  # Any: an environment of a third-party library, untyped.
    """Make the PettingZoo environment of an AEC or Parallel arena: raw, with the arena's own wrappers."""
    if not spec.wrappers:
        return _unwrap(_made(spec))
    return wrap(_unwrap(_made(spec), convert=False), spec.wrappers)


def _made(spec: ArenaSpec) -> Any:  # Any: as above.
    zoo = import_headless("pettingzoo")
    constructor = constructor_of(spec)
    if constructor is not None:
        return constructor(**spec.arguments)
    module, colon, environment = spec.environment.rpartition(":")
    if colon:
        import_headless(module)
    namespace, _, rest = environment.rpartition("/")
    registry = zoo.aec_registry if spec.kind == "aec" else zoo.parallel_registry
    if namespace and not any(known.namespace == namespace for known in registry.values()):
        name, _, version = rest.replace("_v", "-v").rpartition("-v")
        home = import_headless(f"{namespace}.{name}_v{version}")
        make = home.env if spec.kind == "aec" else home.parallel_env
        return make(**spec.arguments)
    return zoo.make(spec.kind, environment, **spec.arguments)


def make_single(spec: ArenaSpec) -> tuple[Any, int]:  # Any: as above.
    """Make the Gymnasium environment of an arena, with the time limit that was taken off it.

    It is raw but for the arena's own wrappers; the limit counts the turns that agents see.
    """
    gymnasium = import_headless("gymnasium")
    wrappers = import_headless("gymnasium.wrappers")
    constructor = constructor_of(spec)
    if constructor is None:
        environment = gymnasium.make(spec.environment, disable_env_checker=True, **spec.arguments)
    else:
        environment = constructor(**spec.arguments)
    limit = _UNLIMITED
    while type(environment) in (wrappers.TimeLimit, wrappers.OrderEnforcing, wrappers.PassiveEnvChecker):
        if type(environment) is wrappers.TimeLimit:
            limit = min(limit, environment._max_episode_steps)
        environment = environment.env
    return wrap(environment, spec.wrappers), limit


def make_whole(spec: ArenaSpec) -> Any:  # Any: as above.
    """Make the environment as its library does, checks and all, with the arena's own wrappers on it."""
    if spec.kind != "gymnasium":
        return wrap(_made(spec), spec.wrappers)
    constructor = constructor_of(spec)
    make = import_headless("gymnasium").make
    made = constructor(**spec.arguments) if constructor else make(spec.environment, **spec.arguments)
    return wrap(made, spec.wrappers)


def _unwrap(environment: Any, *, convert: bool = True) -> Any:  # Any: as above.
    """Take off PettingZoo's checking wrappers; `convert` says to step a converted AEC environment faster."""
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
    if convert and type(environment) is conversions.aec_to_parallel_wrapper:
        return Cycle(_unwrap(environment.aec_env))
    return environment


def constructor_of(spec: ArenaSpec) -> Any:  # Any: a class or function of a plug-in.
    """Return what `module:attribute` names, looked up in the plug-in's folder first; None for other ids.

    `module:id` is one of them: the module enters the id in the registry of its library.
    """
    name, colon, attribute = spec.environment.partition(":")
    if not colon or not attribute.isidentifier():
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
