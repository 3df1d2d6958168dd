"""What people want to hear of: competitions, and the agents of an entry."""

import re

from django.db.models import QuerySet

from coliseum import clock
from coliseum.accounts.models import Follow, User, Visitor
from workers.refusals import RefusedError

MOST = 500
_TOPIC = re.compile(r"competition:[a-z0-9-]{1,60}|agents:[0-9]{1,18}")


def follow(*, user: User, topic: str) -> None:
    """Follow a topic; doing it twice is once.

    Raises:
        RefusedError: `request.bad_field` for what is no topic, or past the 500th.
    """
    if not _TOPIC.fullmatch(topic):
        raise RefusedError("request.bad_field", name="topic", wanted="a competition or agents", field="topic")
    if user.follows.count() >= MOST:
        raise RefusedError("request.bad_field", name="Followed things", most=MOST, field="topic")
    Follow.objects.get_or_create(user=user, topic=topic, defaults={"since": clock.now()})


def unfollow(*, user: User, topic: str) -> None:
    """Follow a topic no longer."""
    Follow.objects.filter(user=user, topic=topic).delete()


def is_following(user: Visitor, topic: str) -> bool:
    """Say whether a person follows a topic."""
    return bool(user.is_authenticated and user.follows.filter(topic=topic).exists())


def followed_by(user: User) -> list[str]:
    """Return the topics a person follows, the latest first."""
    return list(user.follows.values_list("topic", flat=True))


def followers_of(topic: str) -> QuerySet[User]:
    """Return who is to be told of a topic."""
    return User.objects.filter(follows__topic=topic, is_active=True).order_by("pk")
