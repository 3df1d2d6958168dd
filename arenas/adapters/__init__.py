"""PettingZoo AEC and Parallel, Gymnasium and OpenSpiel behind one turn loop, on the raw environment."""

import warnings

from arenas.adapters.aec import AecAdapter
from arenas.adapters.making import make_single, make_zoo
from arenas.adapters.open_spiel import OpenSpielAdapter
from arenas.adapters.parallel import ParallelAdapter
from arenas.adapters.single import SingleAdapter
from arenas.adapters.turns import Adapter, Asked
from arenas.errors import ArenaError, ArenaUnavailableError
from arenas.extras import install_line
from arenas.spec import ArenaSpec

__all__ = ["Adapter", "Asked", "open_arena"]

_ZOO_EXTRAS = frozenset(("atari", "butterfly", "classic", "sisl"))


def open_arena(spec: ArenaSpec) -> Adapter:
    """Make the environment of an arena and put it behind the turn loop.

    Raises:
        ArenaUnavailableError: it cannot be made here, or differs from its spec; says what to install.
        UnsupportedSpaceError: one of its spaces has no wire form.
    """
    try:
        # Box2D's SWIG module crashes the interpreter if its deprecation warnings are made errors.
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return _open(spec)
    except ArenaError:
        raise
    except Exception as error:
        reason = f"{type(error).__name__}: {error}"
        raise ArenaUnavailableError(f"{spec.id} cannot be made here ({reason}). {_remedy(spec)}") from error


def _open(spec: ArenaSpec) -> Adapter:
    if spec.kind == "gymnasium":
        environment, limit = make_single(spec)
        return SingleAdapter(
            spec, environment, limit, (lambda: make_single(spec)[0]) if spec.reopens else None
        )
    if spec.kind == "open_spiel":
        if spec.wrappers:
            raise ArenaUnavailableError(f"{spec.id}: games of OpenSpiel take no wrappers.")
        return OpenSpielAdapter(spec)
    return AecAdapter(spec, make_zoo(spec)) if spec.kind == "aec" else ParallelAdapter(spec, make_zoo(spec))


def _remedy(spec: ArenaSpec) -> str:
    if spec.extra:
        return f"Run {install_line(spec)}."
    namespace = spec.environment.rpartition("/")[0]
    if namespace in _ZOO_EXTRAS:
        return f"Install pettingzoo[{namespace}]."
    if spec.kind == "open_spiel":
        return "Install open_spiel and check the arena's arguments."
    if spec.kind == "gymnasium" and ":" not in spec.environment:
        return "Install the extra of gymnasium that the message names."
    return f"Install {namespace or spec.environment.partition(':')[0]} and check the arena's arguments."
