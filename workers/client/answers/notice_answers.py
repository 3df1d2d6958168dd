"""What the API answers, in the shapes of notice. Made by `python -m tests.client_calls`."""

from datetime import datetime
from typing import Any

from workers.client.answers.base import Answer, Listing


class NoticeRow(Answer, frozen=True):
    """Something a person was told."""

    id: str
    kind: str
    """`validated`, `rejected`, `rank`, `result` ...: as the settings name them."""
    title: str
    text: str
    facts: dict[str, Any]  # Any: JSON values, of each kind its own
    """What the words are made of, by name."""
    url: str
    """The page it is about."""
    at: datetime
    read_at: datetime | None


class NoticePage(Listing, frozen=True):
    """A page of notices."""

    items: tuple[NoticeRow, ...]
    next: str | None


class NoticesRead(Answer, frozen=True):
    """What became of unread notices."""

    read: int
    """How many were not read before."""
    unread: int
    """How many still are not, 100 at most."""


class NoticeWays(Answer, frozen=True):
    """How a person wants to be told."""

    ways: dict[str, tuple[str, ...]]
    """By kind, some of `site`, `mail` and `webhook`."""
    digest: str
    """How often mail comes: `off`, `daily` or `weekly`."""


class WebhookRow(Answer, frozen=True):
    """An address that is told by signed requests."""

    id: str
    competition: str | None
    """Whose news it gets; null where it gets what its person is told."""
    url: str
    by: str
    """Who registered it."""
    state: str
    """`working`, `failing`, or `off` where it failed for days."""
    made_at: datetime
    failing_since: datetime | None
    switched_off_at: datetime | None


class WebhookList(Listing, frozen=True):
    """All webhooks, of a person or of a competition."""

    items: tuple[WebhookRow, ...]


class WebhookMade(WebhookRow, frozen=True):
    """A new webhook, with its secret, which is shown this once."""

    secret: str
    """What messages are signed with, as Standard Webhooks has it."""


class DeliveryRow(Answer, frozen=True):
    """One message to a webhook, and how the last try went."""

    id: str
    """Sent as `webhook-id`, the same in every try."""
    kind: str
    state: str
    """`waiting`, `delivered` or `failed`."""
    made_at: datetime
    next_at: datetime | None
    """When it is tried next; null once it is over."""
    tries: int
    tried_at: datetime | None
    status: int | None
    """HTTP status of the last answer."""
    problem: str
    """Why the last try failed."""
    answer: str
    """The beginning of the last answer."""
    seconds: float
    """What the last try took."""


class DeliveryPage(Listing, frozen=True):
    """A page of the log of a webhook."""

    items: tuple[DeliveryRow, ...]
    next: str | None


class DataExportRow(Answer, frozen=True):
    """A zip of what the site holds of the caller."""

    id: str
    state: str
    """`waiting`, `making`, `ready` or `failed`."""
    asked_at: datetime
    ends_at: datetime
    """When it is deleted."""
    done: int
    """Agents written so far."""
    total: int
    size_bytes: int
    url: str
    """Where the zip can be had, signed in with a browser."""
