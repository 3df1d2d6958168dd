"""Sending what webhooks wait for: a few at a time, tried again over a day, noted in a log."""

import logging
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction

from coliseum import clock
from coliseum.notices.hooks import secret_of
from coliseum.notices.models import Delivery, DeliveryState, Kind, Webhook
from coliseum.notices.posting import SECONDS, Answer, Connect, PostError, open_stream, post, signed_headers
from coliseum.notices.queries import due_deliveries
from coliseum.notices.services import News, tell
from coliseum.notices.targets import BlockedError, Lookup, look_up, read_target

logger = logging.getLogger(__name__)

AT_ONCE: Final = 8
"""Messages sent side by side, one to a webhook."""
PAUSES: Final = (timedelta(minutes=1), timedelta(minutes=15), timedelta(hours=3), timedelta(hours=20))
"""After the first, second, third and fourth try; the fifth is the last."""
OFF_AFTER: Final = timedelta(days=3)
"""A webhook that took nothing for so long is switched off."""
_HELD: Final = timedelta(minutes=2)
"""So long a message belongs to the process that took it up."""


@dataclass(frozen=True, slots=True)
class Wire:
    """How names are looked up and streams opened; tests have their own."""

    lookup: Lookup = look_up
    connect: Connect = open_stream


@dataclass(frozen=True, slots=True)
class _Try:
    """How one try went."""

    answer: Answer | None
    problem: str
    seconds: float

    @property
    def is_good(self) -> bool:
        return self.answer is not None and self.answer.is_good


def deliver_due(wire: Wire | None = None) -> int:
    """Send what is due, at most eight messages; return how many were tried."""
    held = _claim()
    if not held:
        return 0
    wire = wire or Wire()
    # A look-up of a name cannot be cut short: whoever is late is left behind, and its message tried again.
    pool = ThreadPoolExecutor(max_workers=AT_ONCE, thread_name_prefix="webhook")
    tries = [(delivery, pool.submit(_send, delivery, secret_of(delivery.webhook), wire)) for delivery in held]
    until = time.monotonic() + 3 * SECONDS
    for delivery, running in tries:
        try:
            made = running.result(timeout=max(0.0, until - time.monotonic()))
        except TimeoutError:
            made = _Try(None, "The name could not be looked up in time.", 3 * SECONDS)
        _record(delivery, made)
    pool.shutdown(wait=False, cancel_futures=True)
    return len(tries)


def _claim() -> list[Delivery]:
    """Take up what is due, one message a webhook, so that a slow one does not hold up the others."""
    chosen: dict[str, Delivery] = {}
    for delivery in due_deliveries()[: AT_ONCE * 10]:
        chosen.setdefault(delivery.webhook_id, delivery)
    held = []
    for delivery in list(chosen.values())[:AT_ONCE]:
        mine = Delivery.objects.filter(
            pk=delivery.pk, state=DeliveryState.WAITING, next_at=delivery.next_at
        ).update(next_at=clock.now() + _HELD)
        if mine:
            held.append(delivery)
    return held


def _send(delivery: Delivery, secret: str, wire: Wire) -> _Try:
    """Look the address up again, check it again, and send; in a thread of its own, without a database."""
    began = time.monotonic()
    answer, problem = None, ""
    try:
        target = read_target(delivery.webhook.url, allowed=settings.WEBHOOKS_ALLOW, lookup=wire.lookup)
        headers = signed_headers(secret=secret, message=delivery.pk, body=delivery.body, at=clock.now())
        answer = post(target, body=delivery.body, headers=headers, connect=wire.connect)
        if 300 <= answer.status < 400:
            problem = "It answers with a redirect, which is not followed."
        elif not answer.is_good:
            problem = f"It answers with {answer.status}."
    except BlockedError as error:
        problem = f"Nothing was sent: {error}."
    except PostError as error:
        problem = str(error)
    return _Try(answer, problem, time.monotonic() - began)


@transaction.atomic
def _record(delivery: Delivery, made: _Try) -> None:
    """Note a try in the log, plan the next, and switch a webhook off that has failed for days."""
    now, tries = clock.now(), delivery.tries + 1
    kept = {
        "tries": tries,
        "tried_at": now,
        "status": made.answer.status if made.answer else None,
        "answer": made.answer.beginning if made.answer else "",
        "problem": made.problem[:200],
        "seconds": made.seconds,
    }
    hook = (
        Webhook.objects.select_for_update(of=("self",))
        .filter(pk=delivery.webhook_id)
        .select_related("user")
        .first()
    )
    if hook is None:
        return
    if made.is_good:
        kept |= {"state": DeliveryState.DELIVERED, "next_at": None}
    elif tries > len(PAUSES):
        kept |= {"state": DeliveryState.FAILED, "next_at": None}
    else:
        kept |= {"next_at": now + PAUSES[tries - 1]}
    Delivery.objects.filter(pk=delivery.pk, state=DeliveryState.WAITING).update(**kept)
    hook.failing_since = None if made.is_good else hook.failing_since or now
    hook.save(update_fields=["failing_since"])
    if hook.failing_since and now - hook.failing_since >= OFF_AFTER:
        _switch_off(hook)


def _switch_off(hook: Webhook) -> None:
    """Send nothing more to a webhook, and say so to whose it is."""
    now = clock.now()
    Webhook.objects.filter(pk=hook.pk).update(switched_off_at=now)
    hook.deliveries.filter(state=DeliveryState.WAITING).update(state=DeliveryState.FAILED, next_at=None)
    logger.info("webhook_switched_off", extra={"webhook": hook.pk})
    tell(
        [
            News(
                kind=Kind.HOOK_OFF,
                key=f"off:{hook.pk}:{now:%Y%m%d%H}",
                path=f"/settings/webhooks/{hook.pk}/",
                people={hook.user_id},
                facts={"host": urlsplit(hook.url).hostname or ""},
            )
        ]
    )
