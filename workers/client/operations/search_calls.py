"""Calls of the group search. Made by `python -m tests.client_calls`."""

from collections.abc import Iterator
from typing import Literal

from workers.client.answers.competition_answers import Hit, HitPage
from workers.client.calls import Calls


class SearchCalls(Calls):
    """Calls of the group search."""

    def search(
        self,
        *,
        q: str | None = None,
        kind: Literal["competitions", "agents", "people", "arenas"] | None = None,
        most: int | None = None,
    ) -> Iterator[Hit]:
        """Return what holds a text: the very name first, then what begins with it, then the rest."""
        return self._list(HitPage, ("search",), {"q": q, "kind": kind}, most=most)
