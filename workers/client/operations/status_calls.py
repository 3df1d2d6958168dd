"""Calls of the group status. Made by `python -m tests.client_calls`."""

from workers.client.answers.status_answers import Status
from workers.client.calls import Calls


class StatusCalls(Calls):
    """Calls of the group status."""

    def get_status(self) -> Status:
        """Return what waits, who plays, how long validations take, and what is wrong if anything is."""
        return self._get(Status, ("status",), {})
