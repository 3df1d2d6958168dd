"""Calls of the group people. Made by `python -m tests.client_calls`."""

from workers.client.answers.competition_answers import Me, Person
from workers.client.answers.notice_answers import DataExportRow
from workers.client.calls import Calls


class PeopleCalls(Calls):
    """Calls of the group people."""

    def get_me(self) -> Me:
        """Return who the token or the browser belongs to."""
        return self._get(Me, ("me",), {})

    def get_person(self, username: str) -> Person:
        """Return what a person says of himself, and his teams."""
        return self._get(Person, ("people", username), {})

    def change_profile(
        self,
        *,
        display_name: str | None = None,
        bio: str | None = None,
        affiliation: str | None = None,
        link: str | None = None,
    ) -> Person:
        """Change what the caller says of himself; what is left out stays."""
        return self._write(
            "PATCH",
            Person,
            ("me", "profile"),
            {"display_name": display_name, "bio": bio, "affiliation": affiliation, "link": link},
        )

    def start_export(self) -> DataExportRow:
        """Have a zip made of what the site holds of the caller; one that is under way is the answer."""
        return self._write("POST", DataExportRow, ("me", "exports"), None)

    def get_export(self, export_id: str) -> DataExportRow:
        """Return how far a zip is; it is downloaded with a browser that is signed in."""
        return self._get(DataExportRow, ("me", "exports", export_id), {})

    def revoke_token(self) -> None:
        """End the token that this request was sent with."""
        self._do("DELETE", ("me", "token"), None)
