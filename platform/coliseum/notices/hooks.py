"""Webhooks: registered by address, signed with a secret of their own, switched off where they always fail."""

import base64
from typing import Final

from django.conf import settings
from django.db import transaction
from django.utils.crypto import salted_hmac

from coliseum import clock
from coliseum.accounts.models import User
from coliseum.competitions.models import Competition
from coliseum.notices.models import Delivery, DeliveryState, Webhook
from coliseum.notices.payloads import payload
from coliseum.notices.queries import webhooks_of
from coliseum.notices.targets import BlockedError, Lookup, look_up, read_target
from workers.refusals import RefusedError

MOST: Final = 5
"""Of a person, and of a competition."""
PING: Final = "ping"


def secret_of(webhook: Webhook) -> str:
    """Return what its messages are signed with: drawn from the site's key, so that no table holds it."""
    drawn = salted_hmac("coliseum.notices.webhook", webhook.pk, algorithm="sha256").digest()
    return "whsec_" + base64.b64encode(drawn).decode()


@transaction.atomic
def register_webhook(
    *, user: User, url: str, competition: Competition | None = None, lookup: Lookup = look_up
) -> Webhook:
    """Have an address told from now on.

    Raises:
        RefusedError: `webhook.bad_address` beside `url`; `webhook.too_many`.
    """
    url = url.strip()
    try:
        read_target(url, allowed=settings.WEBHOOKS_ALLOW, lookup=lookup)
    except BlockedError as error:
        raise RefusedError("webhook.bad_address", why=str(error), field="url") from error
    # Whoever registers two at once waits here, so that the limit holds.
    User.objects.select_for_update().get(pk=user.pk)
    if webhooks_of(user, competition).count() >= MOST:
        raise RefusedError("webhook.too_many", most=MOST, field="url")
    return Webhook.objects.create(user=user, competition=competition, url=url, made_at=clock.now())


def drop_webhook(*, webhook: Webhook) -> None:
    """Forget a webhook with all that was sent to it."""
    webhook.delete()


def switch_on(*, webhook: Webhook) -> None:
    """Send to a webhook again that was switched off."""
    Webhook.objects.filter(pk=webhook.pk).update(switched_off_at=None, failing_since=None)


def ping(*, webhook: Webhook) -> Delivery:
    """Send a webhook a message that says nothing; once a minute, however often it is asked for.

    Raises:
        RefusedError: `webhook.off`.
    """
    _check_on(webhook)
    now = clock.now()
    facts = {"title": "A ping from Coliseum", "text": "", "url": settings.SITE_URL}
    made, _is_new = Delivery.objects.get_or_create(
        webhook=webhook,
        key=f"ping:{now:%Y%m%d%H%M}",
        defaults={"kind": PING, "body": payload(PING, now, facts), "made_at": now, "next_at": now},
    )
    return made


def send_again(*, webhook: Webhook, delivery: Delivery) -> None:
    """Send a message once more, with the same id, as if it were new.

    Raises:
        RefusedError: `webhook.off`.
    """
    _check_on(webhook)
    Delivery.objects.filter(pk=delivery.pk).exclude(state=DeliveryState.WAITING).update(
        state=DeliveryState.WAITING, next_at=clock.now(), tries=0
    )


def _check_on(webhook: Webhook) -> None:
    if webhook.switched_off_at is not None:
        raise RefusedError("webhook.off")
