"""Calls of the group people. Made by `python -m tests.client_calls`."""

from workers.client.answers.competition_answers import Me, Person
from workers.client.calls import Calls


class PeopleCalls(Calls):
    """Calls of the group people."""

    def get_me(self) -> Me:
        """Return who the token or the browser belongs to."""
        return self._get(Me, ("me",), {})

    def get_person(self, username: str) -> Person:
        """Return what a person says of himself, and his teams."""
        return self._get(Person, ("people", username), {})

    def revoke_token(self) -> None:
        """End the token that this request was sent with."""
        self._do("DELETE", ("me", "token"), None)
