"""A typed client of a Coliseum site: `from workers.client import Client`."""

from copy import copy
from pathlib import Path
from typing import Any, Self

import msgspec

from workers.client.answers.board_answers import Leaderboard, PastLeaderboard, StandingRow
from workers.client.login import Login, load_login
from workers.client.operations import Operations
from workers.client.refused import ServerRefusedError
from workers.client.submitting import Submitting
from workers.client.wire import Patience, Wire
from workers.refusals import RefusedError

__all__ = ["Client", "Login", "Patience", "RefusedError", "ServerRefusedError"]

_PAGE = 100
_TRIES = 3


class Client(Operations, Submitting):
    """A site, as one person: every operation of its API is a method, every answer is typed.

    The methods are called as the operations in /api/v1/openapi.json. Lists are iterators that read page after
    page; `most` bounds them. Files are written to a path. What the server refuses is raised as `RefusedError`
    with its code, message and hint. Calls that cannot do anything twice are tried again after a fault of the
    network or of the server: reading, and every POST, which carries an Idempotency-Key. Not to be used by
    two threads at once.

    Args:
        server: address of the site; where it is empty COLISEUM_SERVER, or the one of `coliseum login`.
        token: an API token; where it is empty COLISEUM_TOKEN, or the kept one, if that is of this server.
        patience: how often a call is tried, and how long is waited.

    Raises:
        RefusedError: `cli.not_signed_in` where no server is known, `cli.usage`, `cli.bad_config`.
    """

    def __init__(self, server: str = "", token: str = "", *, patience: Patience | None = None) -> None:
        super().__init__(Wire(load_login(server, token), patience or Patience()))

    def again(self, patience: Patience) -> Self:
        """Return a client of the same site, as the same person, with other patience."""
        other = copy(self)
        other._wire = Wire(self._wire.login, patience)
        return other

    def leaderboard(
        self, slug: str, *, most: int | None = None, **asked: Any
    ) -> Leaderboard:  # Any: see below
        """Return a leaderboard with all of its rows, or the first `most`, from one and the same fit.

        Args:
            slug: the competition.
            most: rows at most.
            asked: `phase`, `view`, `division` and `q`, as `get_leaderboard` takes them.
        """
        for _ in range(_TRIES):
            first = page = self.get_leaderboard(slug, limit=min(most or _PAGE, _PAGE), **asked)
            rows: list[StandingRow] = list(page.items)
            while page.next and page.computed_at == first.computed_at and len(rows) < (most or first.total):
                page = self.get_leaderboard(slug, limit=_PAGE, cursor=page.next, **asked)
                rows += page.items
            if page.computed_at == first.computed_at:
                return msgspec.structs.replace(first, items=tuple(rows[:most]), next=None)
        raise RefusedError("cli.bad_answer", host=self.host)

    def past_leaderboard(
        self, slug: str, day: str, *, most: int | None = None, phase: str = ""
    ) -> PastLeaderboard:
        """Return a leaderboard as it stood at the end of a day that is over, all rows or the first `most`.

        Args:
            slug: the competition.
            day: as 2026-11-20, in UTC.
            most: rows at most.
            phase: a season or final; the latest opened if left out.
        """
        first = page = self.get_past_leaderboard(slug, day, phase=phase, limit=min(most or _PAGE, _PAGE))
        rows = list(page.items)
        while page.next and len(rows) < (most or first.total):
            page = self.get_past_leaderboard(slug, day, phase=phase, limit=_PAGE, cursor=page.next)
            rows += page.items
        return msgspec.structs.replace(first, items=tuple(rows[:most]), next=None)

    def save_replay_page(self, match_id: str, index: int, path: Path | str) -> int:
        """Write an episode of a match as one HTML page that plays it without network.

        Raises:
            RefusedError: `not_found` where the token's owner may not watch it.
        """
        place = (match_id, "episodes", str(index), "replay.html")
        try:
            return self._save(path, place, {}, root="/matches")
        except RefusedError as error:
            if error.status != 404 and error.code != "cli.bad_answer":
                raise
            raise RefusedError("not_found", kind="page of the replay", id=match_id) from error

    @property
    def server(self) -> str:
        """Return the address of the site."""
        return self._wire.login.server

    @property
    def host(self) -> str:
        """Return the name of the site's machine, with its port."""
        return self._wire.host

    def __repr__(self) -> str:
        return f"Client({self.server!r})"
