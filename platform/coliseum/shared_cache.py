"""Django's cache, on the queue's server for all web processes; each counts alone while that is away.

Nothing may depend on what is in it: requests are counted here, and whoever loses the count starts it again.
"""

import logging
import time
from collections.abc import Callable
from typing import Any, Final

import msgspec
import redis
from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache

from coliseum.announcements import redis_url

logger = logging.getLogger(__name__)

PAUSE_SECONDS: Final = 5.0
"""So long is a server that did not answer left alone: requests must not wait for it one after the other."""
_ANSWER_SECONDS: Final = 0.25


class _Plain:
    """Values as MessagePack: unlike pickles they run nothing, whoever may have written to the server."""

    def dumps(self, value: object) -> int | bytes:
        """Return what is stored; whole numbers as they are, so that the server can count them."""
        if isinstance(value, int) and not isinstance(value, bool):
            return value
        return msgspec.msgpack.encode(value)

    def loads(self, stored: bytes) -> Any:  # Any: whatever was stored
        """Return what was stored."""
        return int(stored) if stored.lstrip(b"-").isdigit() else msgspec.msgpack.decode(stored)


class SharedCache(LocMemCache):
    """Asks the queue's server; answers from this process's own memory for a while after it failed."""

    def __init__(self, location: str, params: dict[str, Any]) -> None:  # Any: Django's settings of a cache
        super().__init__("shared", params)
        options = {
            "serializer": _Plain(),
            "socket_connect_timeout": _ANSWER_SECONDS,
            "socket_timeout": _ANSWER_SECONDS,
        }
        self._server = RedisCache(redis_url(location), params | {"OPTIONS": options})
        self._away_until = 0.0

    def _ask(
        self, name: str, here: Callable[..., Any], *args: Any, **facts: Any
    ) -> Any:  # Any: as the methods'
        if time.monotonic() >= self._away_until:
            try:
                return getattr(self._server, name)(*args, **facts)
            except (redis.RedisError, OSError) as error:
                self._away_until = time.monotonic() + PAUSE_SECONDS
                logger.warning("shared_cache_away", extra={"problem": type(error).__name__})
        return here(*args, **facts)

    def add(self, *args: Any, **facts: Any) -> bool:
        """Store a value unless there is one."""
        return bool(self._ask("add", super().add, *args, **facts))

    def get(self, *args: Any, **facts: Any) -> Any:
        """Return a value."""
        return self._ask("get", super().get, *args, **facts)

    def set(self, *args: Any, **facts: Any) -> None:
        """Store a value."""
        self._ask("set", super().set, *args, **facts)

    def touch(self, *args: Any, **facts: Any) -> bool:
        """Let a value live longer."""
        return bool(self._ask("touch", super().touch, *args, **facts))

    def delete(self, *args: Any, **facts: Any) -> bool:
        """Forget a value."""
        return bool(self._ask("delete", super().delete, *args, **facts))

    def has_key(self, *args: Any, **facts: Any) -> bool:
        """Say whether there is a value."""
        return bool(self._ask("has_key", super().has_key, *args, **facts))

    def incr(self, *args: Any, **facts: Any) -> int:
        """Count on.

        Raises:
            ValueError: there is no such value.
        """
        return int(self._ask("incr", super().incr, *args, **facts))

    def clear(self) -> None:
        """Forget what this process remembers; the server keeps the queue too, so that it is left alone."""
        super().clear()
