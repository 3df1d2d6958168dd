"""Arenas: what is played, behind one turn loop. Importing the package imports no environment library."""

import importlib

from arenas.zoo import register_own

_HOMES = {
    "ArenaSpec": "arenas.spec",
    "Baseline": "arenas.spec",
    "Limits": "arenas.spec",
    "check_arena": "arenas.certifying.steps",
    "get": "arenas.registry",
    "names": "arenas.registry",
    "open_arena": "arenas.adapters",
}
__all__ = sorted(_HOMES)

register_own()


def __getattr__(name: str) -> object:
    """Find a public name on its first use."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(_HOMES[name]), name)
