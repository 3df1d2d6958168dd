"""Reads about notices, webhooks and what was sent to them."""

from datetime import timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from coliseum import clock
from coliseum.accounts.models import User
from coliseum.competitions.models import Competition
from coliseum.notices.models import Delivery, DeliveryState, Digest, Notice, Place, Preference, Webhook
from coliseum.notices.wording import text_of, title_of
from workers.refusals import RefusedError

MOST_COUNTED = 100
"""The bell counts no further."""


def notices_of(user: User) -> QuerySet[Notice]:
    """Return what stands in a person's list, newest first."""
    return user.notices.filter(is_listed=True).order_by("-id")


def unread_count(user: User) -> int:
    """Return how many notices a person has not read, 100 at most."""
    return user.notices.filter(is_listed=True, read_at__isnull=True).order_by()[:MOST_COUNTED].count()


def notice_for(notice_id: str, user: User) -> Notice:
    """Return one of a person's own notices.

    Raises:
        RefusedError: `not_found`.
    """
    found = notices_of(user).filter(pk=notice_id).first()
    if found is None:
        raise RefusedError("not_found", kind="notice", id=notice_id)
    return found


def preference_of(user: User) -> Preference:
    """Return how a person wants to be told; a fresh row, not kept, for whoever said nothing."""
    return Preference.objects.filter(user=user).first() or Preference(user=user)


def webhooks_of(user: User, competition: Competition | None = None) -> QuerySet[Webhook]:
    """Return a person's webhooks, or all of a competition's."""
    if competition is not None:
        return competition.webhooks.select_related("user")
    return user.webhooks.filter(competition=None)


def webhook_for(webhook_id: str, user: User) -> Webhook:
    """Return a webhook that a person may see and change: an own one, or of a competition they host.

    Raises:
        RefusedError: `not_found`.
    """
    own = Q(user=user, competition=None) | Q(competition__hosts=user)
    if user.is_staff:
        own |= Q(competition__isnull=False)
    found = Webhook.objects.filter(own, pk=webhook_id).select_related("competition").distinct().first()
    if found is None:
        raise RefusedError("not_found", kind="webhook", id=webhook_id)
    return found


def delivery_of(webhook: Webhook, delivery_id: str) -> Delivery:
    """Return one message of a webhook.

    Raises:
        RefusedError: `not_found`.
    """
    found = webhook.deliveries.filter(pk=delivery_id).first()
    if found is None:
        raise RefusedError("not_found", kind="delivery", id=delivery_id)
    return found


def told_facts(user: User) -> dict[str, Any]:  # Any: JSON
    """Return what a person was told, how they want to be told, and their webhooks without secrets."""
    preference = preference_of(user)
    told = user.notices.order_by("-id").values_list("kind", "facts", "path", "at", "read_at", "mailed_at")
    return {
        "notices": [
            {
                "title": title_of(kind, facts),
                "text": text_of(kind, facts),
                "path": path,
                "at": at,
                "read_at": read_at,
                "mailed_at": mailed_at,
            }
            for kind, facts, path, at, read_at, mailed_at in told.iterator(chunk_size=500)
        ],
        "preferences": {"choices": preference.choices, "digest": preference.digest},
        "webhooks": list(
            user.webhooks.values("url", "competition__slug", "made_at", "failing_since", "switched_off_at")
        ),
    }


def due_deliveries() -> QuerySet[Delivery]:
    """Return what is to be sent now, the longest waiting first."""
    return (
        Delivery.objects.filter(state=DeliveryState.WAITING, next_at__lte=clock.now())
        .filter(webhook__switched_off_at=None, webhook__user__is_active=True)
        .select_related("webhook")
        .order_by("next_at")
    )


def due_digests() -> QuerySet[Preference]:
    """Return whose next mail is due, and who has something to read in it."""
    now = clock.now()
    never, day, week = Q(mailed_at=None), now - timedelta(days=1), now - timedelta(days=7)
    return Preference.objects.filter(
        Q(digest=Digest.DAILY) & (never | Q(mailed_at__lte=day))
        | Q(digest=Digest.WEEKLY) & (never | Q(mailed_at__lte=week)),
        Exists(Notice.objects.filter(user=OuterRef("user"), is_for_mail=True, mailed_at=None)),
        user__is_active=True,
        user__deleted_at=None,
    ).select_related("user")


def told_places(phase_id: int) -> dict[str, Place]:
    """Return what was last told of each agent's place in a phase, by submission."""
    return {place.submission: place for place in Place.objects.filter(phase=phase_id)}
