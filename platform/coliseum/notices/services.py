"""Writes of notices: telling people of news, once each, the ways they chose."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils.translation import override

from coliseum import clock
from coliseum.accounts.models import User
from coliseum.announcements import publish_all
from coliseum.competitions.models import Competition
from coliseum.competitions.queries import is_host
from coliseum.ids import first_id
from coliseum.notices.models import (
    Delivery,
    DeliveryState,
    Digest,
    Kind,
    Look,
    Notice,
    Place,
    Preference,
    Webhook,
)
from coliseum.notices.payloads import payload
from coliseum.notices.ways import CHOSEN_KINDS, MAIL, OF_COMPETITIONS, SITE, WAYS, WEBHOOK, ways_of
from coliseum.notices.wording import text_of, title_of

KEPT: Final = timedelta(days=90)
"""How long notices and the log of webhooks are kept."""
_AT_ONCE: Final = 500


@dataclass(frozen=True, slots=True)
class News:
    """Something happened that some people are to be told of."""

    kind: Kind
    key: str
    """What happened; a person is told of a key once."""
    path: str
    people: Collection[int]
    """Ids of whom to tell: only of those who may see it."""
    facts: Mapping[str, Any] = field(default_factory=dict)  # Any: JSON values
    competition: Competition | None = None
    """Whose webhooks are told too, for kinds that a competition's are."""


@transaction.atomic
def tell(news: Sequence[News]) -> None:
    """Tell people of news; who was told of something is not told again, and nobody who is gone."""
    everybody = {person for each in news for person in each.people}
    living = set(
        User.objects.filter(pk__in=everybody, is_active=True, deleted_at=None).values_list("pk", flat=True)
    )
    choices = dict(Preference.objects.filter(user__in=living).values_list("user_id", "choices"))
    hooks = list(Webhook.objects.filter(user__in=living, competition=None, switched_off_at=None))
    now = clock.now()
    notices: list[Notice] = []
    deliveries: list[Delivery] = []
    for each in news:
        told = sorted(living.intersection(each.people))
        ways = {person: ways_of(choices.get(person, {}), each.kind) for person in told}
        notices += _notices(each, ways, now)
        wanted = [hook for hook in hooks if WEBHOOK in ways.get(hook.user_id, ())]
        deliveries += _deliveries(each, [*wanted, *_hooks_of(each)], now)
    Notice.objects.bulk_create(notices, ignore_conflicts=True, batch_size=_AT_ONCE)
    Delivery.objects.bulk_create(deliveries, ignore_conflicts=True, batch_size=_AT_ONCE)
    # The bells of pages that are open.
    topics = sorted({f"person:{notice.user_id}" for notice in notices if notice.is_listed})
    transaction.on_commit(lambda: publish_all(topics, "notice"))


def _notices(news: News, ways: Mapping[int, Collection[str]], now: datetime) -> Iterable[Notice]:
    for person, chosen in ways.items():
        if SITE in chosen or MAIL in chosen:
            yield Notice(
                user_id=person,
                kind=news.kind,
                key=news.key[:120],
                facts=dict(news.facts),
                path=news.path[:200],
                at=now,
                is_listed=SITE in chosen,
                is_for_mail=MAIL in chosen,
            )


def _hooks_of(news: News) -> list[Webhook]:
    """Return the webhooks of the competition, of those who host it still."""
    if news.competition is None or news.kind not in OF_COMPETITIONS:
        return []
    hooks = news.competition.webhooks.filter(switched_off_at=None, user__is_active=True)
    return [hook for hook in hooks.select_related("user") if is_host(news.competition, hook.user)]


def _deliveries(news: News, hooks: Iterable[Webhook], now: datetime) -> Iterable[Delivery]:
    with override(settings.LANGUAGE_CODE):  # Programs read it, in whoever's request it is made.
        words = {"title": title_of(news.kind, news.facts), "text": text_of(news.kind, news.facts)}
    body = payload(news.kind, now, {**words, "url": settings.SITE_URL + news.path, **news.facts})
    for hook in hooks:
        yield Delivery(webhook=hook, kind=news.kind, key=news.key[:120], body=body, made_at=now, next_at=now)


def mark_read(*, user: User, notice: Notice | None = None) -> int:
    """Note that a person read one notice, or all of them; return how many were not read before."""
    unread = user.notices.filter(read_at=None, is_listed=True)
    return (
        unread.filter(pk=notice.pk).update(read_at=clock.now())
        if notice
        else unread.update(read_at=clock.now())
    )


def choose_ways(*, user: User, choices: Mapping[str, Collection[str]], digest: str) -> None:
    """Keep how a person wants to be told.

    Args:
        user: who.
        choices: by kind, some of `site`, `mail` and `webhook`; what is neither is left out.
        digest: one of `Digest`.
    """
    kept = {kind.value: [way for way in WAYS if way in choices.get(kind, ())] for kind in CHOSEN_KINDS}
    Preference.objects.update_or_create(user=user, defaults={"choices": kept, "digest": Digest(digest)})


def stop_digest(*, user_id: int) -> None:
    """Send a person no more digests."""
    Preference.objects.filter(user=user_id).update(digest=Digest.OFF)


def look_from(name: str) -> datetime | None:
    """Return up to when news of one sort were told, and note that they are up to now; None at first."""
    now = clock.now()
    look, is_first = Look.objects.get_or_create(name=name, defaults={"until": now})
    if is_first:
        return None
    Look.objects.filter(pk=name).update(until=now)
    return look.until


def is_first_look(name: str) -> bool:
    """Say once that something was never looked at."""
    return Look.objects.get_or_create(name=name, defaults={"until": clock.now()})[1]


def note_places(*, new: Iterable[Place], moved: Iterable[Place]) -> None:
    """Keep where agents stand now that their people know it."""
    Place.objects.bulk_create(new, ignore_conflicts=True, batch_size=_AT_ONCE)
    Place.objects.bulk_update(moved, ["rank", "rank_low", "rank_high"], batch_size=_AT_ONCE)


def sweep_notices() -> int:
    """Delete what is older than 90 days; return how many rows."""
    oldest = first_id(clock.now() - KEPT)
    over = Q(state__in=[DeliveryState.DELIVERED, DeliveryState.FAILED])
    Look.objects.filter(until__lt=clock.now() - KEPT).delete()
    gone, _by_model = Notice.objects.filter(pk__lt=oldest).delete()
    sent, _by_model = Delivery.objects.filter(over, pk__lt=oldest).delete()
    return gone + sent
