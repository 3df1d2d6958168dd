"""Calls of the group matches. Made by `python -m tests.client_calls`."""

from collections.abc import Iterator
from pathlib import Path
from typing import Literal, TypedDict, Unpack

from workers.client.answers.match_answers import MatchDetail, MatchPage, MatchRow, PicturesRow, ReplayFile
from workers.client.calls import Calls


class ListMatchesFacts(TypedDict, total=False):
    """What `list_matches` takes; what is left out is as the API says."""

    agent: str
    opponent: str
    outcome: Literal[
        "ok",
        "load_failed",
        "crashed",
        "timed_out",
        "illegal_action",
        "protocol_violation",
        "out_of_memory",
        "resource_limit",
        "security_violation",
    ]
    result: Literal["won", "lost", "drawn"]
    kind: Literal["league", "tournament", "scrimmage", "gate"]
    state: Literal["queued", "running", "finished", "failed"]
    phase: str
    seed: int


class ListAllMatchesFacts(TypedDict, total=False):
    """What `list_all_matches` takes; what is left out is as the API says."""

    agent: str
    opponent: str
    outcome: Literal[
        "ok",
        "load_failed",
        "crashed",
        "timed_out",
        "illegal_action",
        "protocol_violation",
        "out_of_memory",
        "resource_limit",
        "security_violation",
    ]
    result: Literal["won", "lost", "drawn"]
    kind: Literal["league", "tournament", "scrimmage", "gate"]
    state: Literal["queued", "running", "finished", "failed"]
    phase: str
    seed: int


class MatchesCalls(Calls):
    """Calls of the group matches."""

    def list_matches(
        self, slug: str, *, most: int | None = None, **facts: Unpack[ListMatchesFacts]
    ) -> Iterator[MatchRow]:
        """List a competition's matches, newest first; validations are not among them."""
        return self._list(MatchPage, ("competitions", slug, "matches"), facts, most=most)

    def list_all_matches(
        self, *, most: int | None = None, **facts: Unpack[ListAllMatchesFacts]
    ) -> Iterator[MatchRow]:
        """List the matches of all competitions, newest first."""
        return self._list(MatchPage, ("matches",), facts, most=most)

    def get_match(self, match_id: str) -> MatchDetail:
        """Return a match with its seats and episodes; faults and logs are told to the agents' owners only."""
        return self._get(MatchDetail, ("matches", match_id), {})

    def get_replay(self, match_id: str) -> ReplayFile:
        """Return the replay file of a finished match, as `coliseum verify` reads it."""
        return self._get(ReplayFile, ("matches", match_id, "replay"), {})

    def count_match(self, match_id: str, *, counted: bool, reason: str) -> MatchDetail:
        """Take a finished match out of the ratings, or back into them, for a public reason; for hosts."""
        return self._write(
            "POST", MatchDetail, ("matches", match_id, "count"), {"counted": counted, "reason": reason}
        )

    def run_match_again(self, match_id: str) -> MatchDetail:
        """Queue a match again that failed by our fault; for administrators."""
        return self._write("POST", MatchDetail, ("matches", match_id, "again"), None)

    def get_trajectory(self, match_id: str, index: str, path: Path | str) -> int:
        """Return an episode's drawn form, as the player shows it: a `.ctr` file. Episodes count from 0."""
        return self._save(path, ("matches", match_id, "episodes", index, "trajectory"), {})

    def get_pictures(self, match_id: str, index: str) -> PicturesRow:
        """Say how the pictures of an episode stand, and where they are once they are made."""
        return self._get(PicturesRow, ("matches", match_id, "episodes", index, "pictures"), {})

    def make_pictures(self, match_id: str, index: str) -> PicturesRow:
        """Have pictures of an episode made, unless they are there or under way."""
        return self._write("POST", PicturesRow, ("matches", match_id, "episodes", index, "pictures"), None)
