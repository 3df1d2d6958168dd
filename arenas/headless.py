"""Import libraries of environments on machines without screen and sound."""

import importlib
import os
from types import ModuleType


def import_headless(name: str) -> ModuleType:
    """Import a module so that SDL opens no window, and without PettingZoo's change of the sound driver."""
    os.environ.setdefault("SDL_VIDEODRIVER", "dummy")
    sound = os.environ.get("SDL_AUDIODRIVER", "dummy")
    try:
        return importlib.import_module(name)
    finally:
        os.environ["SDL_AUDIODRIVER"] = sound
