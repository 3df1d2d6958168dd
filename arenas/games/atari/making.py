"""Atari games of PettingZoo, with the ROMs that ale-py's wheel brings."""

from pathlib import Path
from typing import Any

from arenas.headless import import_headless


def make_game(game: str, **arguments: Any) -> Any:  # Any: arguments and environments of PettingZoo, untyped.
    """Make one of PettingZoo's Atari games in its Parallel form.

    Args:
        game: name and version: `pong_v3`.
        arguments: of that game's constructor.
    """
    roms = Path(str(import_headless("ale_py").__file__)).parent / "roms"
    home = import_headless(f"pettingzoo.atari.{game}")
    # The games are parallel by nature; PettingZoo wraps them to take turns and, asked again, to be parallel.
    return home.raw_env(auto_rom_install_path=str(roms), **arguments).env
