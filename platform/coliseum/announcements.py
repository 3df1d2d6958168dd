"""Hints that something changed, sent over the queue's Redis to whoever looks at a page.

A hint carries no facts, only a topic: `competition:<slug>`, `submission:<id>`, `match:<id>`,
`tournament:<id>` or `site`. The browser then asks for the page's fragment again, with its own permissions.
Losing a hint loses nothing.
"""

import logging
from collections.abc import Sequence
from functools import cache

import msgspec
import redis
from django.conf import settings

from workers.live.keys import redis_url

__all__ = ["CHANNEL", "Hint", "publish", "publish_all", "redis_url"]

logger = logging.getLogger(__name__)

CHANNEL = "coliseum:live"
_CONNECT_SECONDS = 0.2


class Hint(msgspec.Struct, frozen=True):
    """One message on the channel."""

    topic: str
    event: str


def publish(topic: str, event: str) -> None:
    """Tell everybody who watches a topic that it changed; silent when nobody can be told."""
    try:
        _publisher().publish(CHANNEL, msgspec.json.encode(Hint(topic, event)))
    except (redis.RedisError, OSError) as error:
        logger.debug("hint_lost", extra={"topic": topic, "problem": type(error).__name__})


def publish_all(topics: Sequence[str], event: str) -> None:
    """Tell everybody who watches these topics that they changed, in one exchange with the queue's server."""
    if not topics:
        return
    try:
        with _publisher().pipeline(transaction=False) as pipe:
            for topic in topics:
                pipe.publish(CHANNEL, msgspec.json.encode(Hint(topic, event)))
            pipe.execute()
    except (redis.RedisError, OSError) as error:
        logger.debug("hint_lost", extra={"topics": len(topics), "problem": type(error).__name__})


@cache
def _publisher() -> redis.Redis:
    return redis.Redis.from_url(
        redis_url(settings.BROKER_URL),
        socket_connect_timeout=_CONNECT_SECONDS,
        socket_timeout=_CONNECT_SECONDS,
    )
