"""Calls of the group arenas. Made by `python -m tests.client_calls`."""

from pathlib import Path

from workers.client.answers.arena_answers import ArenaDetail, ArenaList
from workers.client.calls import Calls


class ArenasCalls(Calls):
    """Calls of the group arenas."""

    def list_arenas(self, *, q: str | None = None, tag: str | None = None) -> ArenaList:
        """List all arenas with their limits and baselines, or those that match."""
        return self._get(ArenaList, ("arenas",), {"q": q, "tag": tag})

    def get_arena_preview(self, arena_id: str, path: Path | str) -> int:
        """Return an episode of the house's agents as the player shows it: a `.ctr` file."""
        return self._save(path, ("arenas", arena_id, "preview"), {})

    def get_arena(self, arena_id: str) -> ArenaDetail:
        """Return what an arena is: rules, seats, spaces, limits, scoring, baselines, certificate."""
        return self._get(ArenaDetail, ("arenas", arena_id), {})
