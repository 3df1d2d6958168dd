"""Calls of the group notices. Made by `python -m tests.client_calls`."""

from collections.abc import Iterator, Mapping
from typing import Literal

from workers.client.answers.notice_answers import (
    DeliveryPage,
    DeliveryRow,
    NoticePage,
    NoticeRow,
    NoticesRead,
    NoticeWays,
    WebhookList,
    WebhookMade,
    WebhookRow,
)
from workers.client.calls import Calls


class NoticesCalls(Calls):
    """Calls of the group notices."""

    def list_notices(self, *, most: int | None = None) -> Iterator[NoticeRow]:
        """List what the caller was told in the last 90 days, newest first."""
        return self._list(NoticePage, ("me", "notices"), {}, most=most)

    def read_notices(self, *, notice: str | None = None) -> NoticesRead:
        """Note that one notice is read, or all of them."""
        return self._write("POST", NoticesRead, ("me", "notices", "read"), {"notice": notice})

    def get_notice_ways(self) -> NoticeWays:
        """Return how the caller is told of each kind of news."""
        return self._get(NoticeWays, ("me", "notices", "ways"), {})

    def change_notice_ways(
        self,
        *,
        ways: Mapping[str, object] | None = None,
        digest: Literal["off", "daily", "weekly"] | None = None,
    ) -> NoticeWays:
        """Choose how to be told: by kind, some of `site`, `mail` and `webhook`; what is left out stays."""
        return self._write("PATCH", NoticeWays, ("me", "notices", "ways"), {"ways": ways, "digest": digest})

    def list_webhooks(self) -> WebhookList:
        """List the caller's webhooks; each gets what he is told."""
        return self._get(WebhookList, ("me", "webhooks"), {})

    def create_webhook(self, *, url: str) -> WebhookMade:
        """Have an https address told what the caller is told; the answer holds the secret, this once."""
        return self._write("POST", WebhookMade, ("me", "webhooks"), {"url": url})

    def delete_webhook(self, webhook_id: str) -> None:
        """Remove a webhook with its log."""
        self._do("DELETE", ("me", "webhooks", webhook_id), None)

    def ping_webhook(self, webhook_id: str) -> DeliveryRow:
        """Send a webhook a message that says nothing; once a minute, however often it is asked for."""
        return self._write("POST", DeliveryRow, ("me", "webhooks", webhook_id, "ping"), None)

    def switch_webhook_on(self, webhook_id: str) -> WebhookRow:
        """Send to a webhook again that was switched off because it failed for days."""
        return self._write("POST", WebhookRow, ("me", "webhooks", webhook_id, "on"), None)

    def list_deliveries(self, webhook_id: str, *, most: int | None = None) -> Iterator[DeliveryRow]:
        """List what was sent to a webhook in the last 90 days, newest first, and how it went."""
        return self._list(DeliveryPage, ("me", "webhooks", webhook_id, "deliveries"), {}, most=most)

    def redeliver(self, webhook_id: str, delivery_id: str) -> DeliveryRow:
        """Send a message once more, with the same id."""
        return self._write(
            "POST", DeliveryRow, ("me", "webhooks", webhook_id, "deliveries", delivery_id, "again"), None
        )

    def list_host_webhooks(self, slug: str) -> WebhookList:
        """List the webhooks of a competition, whoever registered them; for hosts."""
        return self._get(WebhookList, ("competitions", slug, "webhooks"), {})

    def create_host_webhook(self, slug: str, *, url: str) -> WebhookMade:
        """Have an https address told the news of a competition; the answer holds the secret, this once."""
        return self._write("POST", WebhookMade, ("competitions", slug, "webhooks"), {"url": url})

    def delete_host_webhook(self, slug: str, webhook_id: str) -> None:
        """Remove a webhook of a competition with its log; for hosts."""
        self._do("DELETE", ("competitions", slug, "webhooks", webhook_id), None)

    def ping_host_webhook(self, slug: str, webhook_id: str) -> DeliveryRow:
        """Send a competition's webhook a message that says nothing; for hosts."""
        return self._write("POST", DeliveryRow, ("competitions", slug, "webhooks", webhook_id, "ping"), None)

    def switch_host_webhook_on(self, slug: str, webhook_id: str) -> WebhookRow:
        """Send to a competition's webhook again that was switched off; for hosts."""
        return self._write("POST", WebhookRow, ("competitions", slug, "webhooks", webhook_id, "on"), None)

    def list_host_deliveries(
        self, slug: str, webhook_id: str, *, most: int | None = None
    ) -> Iterator[DeliveryRow]:
        """List what was sent to a competition's webhook, newest first; for hosts."""
        return self._list(
            DeliveryPage, ("competitions", slug, "webhooks", webhook_id, "deliveries"), {}, most=most
        )

    def redeliver_for_host(self, slug: str, webhook_id: str, delivery_id: str) -> DeliveryRow:
        """Send a message to a competition's webhook once more; for hosts."""
        return self._write(
            "POST",
            DeliveryRow,
            ("competitions", slug, "webhooks", webhook_id, "deliveries", delivery_id, "again"),
            None,
        )
