"""Calls of the group agents. Made by `python -m tests.client_calls`."""

from collections.abc import Iterator

from workers.client.answers.agent_answers import (
    AgentDetail,
    ExploitList,
    OpponentPage,
    OpponentRow,
    RatingPage,
    RatingRow,
    Versus,
)
from workers.client.calls import Calls


class AgentsCalls(Calls):
    """Calls of the group agents."""

    def get_agent(self, submission_id: str) -> AgentDetail:
        """Return an agent that passed validation: its place, its other versions, who was shown to beat it."""
        return self._get(AgentDetail, ("agents", submission_id), {})

    def list_agent_ratings(self, submission_id: str, *, most: int | None = None) -> Iterator[RatingRow]:
        """List an agent's ratings over time, newest first."""
        return self._list(RatingPage, ("agents", submission_id, "history"), {}, most=most)

    def list_agent_opponents(self, submission_id: str, *, most: int | None = None) -> Iterator[OpponentRow]:
        """List whom an agent met in public rated matches, the most frequent first."""
        return self._list(OpponentPage, ("agents", submission_id, "opponents"), {}, most=most)

    def compare_agents(self, slug: str, *, a: str | None = None, b: str | None = None) -> Versus:
        """Compare two agents by what they did against each other; the claim holds however often one looks.

        In arenas played alone they are compared scenario by scenario.
        """
        return self._get(Versus, ("competitions", slug, "versus"), {"a": a, "b": b})

    def list_exploits(self, slug: str) -> ExploitList:
        """List what exploiters found out about the first agents of the board: the latest 200 trials."""
        return self._get(ExploitList, ("competitions", slug, "exploits"), {})
