"""Where plug-in folders lie: those named in COLISEUM_ARENAS, and the shelf of this installation."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

VARIABLE: Final = "COLISEUM_ARENAS"
_HOME: Final = "COLISEUM_HOME"
_FILE: Final = "arena.py"
_SOURCE: Final = Path(__file__).resolve().parent.parent


def home() -> Path:
    """Return the folder in which an installation keeps its things.

    COLISEUM_HOME; else `.coliseum` in the checkout; else, with no checkout, in the person's own folder.
    """
    named = os.environ.get(_HOME)
    if named:
        return Path(named).expanduser().resolve()
    return (_SOURCE if (_SOURCE / "manage.py").is_file() else Path.home()) / ".coliseum"


def shelf() -> Path:
    """Return the folder below which `coliseum arena add` puts arenas, one folder each; it need not exist."""
    return home() / "arenas"


def folders() -> tuple[Path, ...]:
    """Return the plug-in folders, each once, in their order.

    A folder that is named and holds no arena stays in, so that the registry can say so.
    """
    found: dict[Path, None] = {}
    for place in _named():
        found |= dict.fromkeys(_arenas_in(place) or ([] if place == shelf() else [place]))
    return tuple(found | dict.fromkeys(_arenas_in(shelf())))


def variables() -> dict[str, str]:
    """Return what tells a process without our environment where the plug-in folders are."""
    return {VARIABLE: os.pathsep.join(str(place) for place in dict.fromkeys([*_named(), shelf()]))}


def _named() -> list[Path]:
    listed = os.environ.get(VARIABLE, "").split(os.pathsep)
    return [Path(place).expanduser().resolve() for place in listed if place]


def _arenas_in(place: Path) -> list[Path]:
    """Return the folder itself if it is an arena, else the arenas in it."""
    return [place] if os.path.isfile(place / _FILE) else sorted(_shelved(place))


def _shelved(place: Path) -> Iterator[Path]:
    try:
        with os.scandir(place) as entries:
            for entry in entries:
                if os.path.isfile(os.path.join(entry.path, _FILE)):
                    yield Path(entry.path)
    except OSError:  # It does not exist, or may not be read by a confined referee.
        return
