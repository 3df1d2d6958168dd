"""How many requests a minute one caller may make."""

from typing import Final

from django.core.cache import cache
from django.http import HttpRequest

from coliseum import clock
from workers.refusals import RefusedError

READS: Final = 600
WRITES: Final = 60
_SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_WINDOW: Final = 60


def count_request(request: HttpRequest, key: str) -> None:
    """Count a request in the current minute.

    Args:
        request: decides by its method whether it is a read or a write.
        key: who is counted: a token, a person or an address.

    Raises:
        RefusedError: `rate.limited`.
    """
    kind, limit = ("reads", READS) if request.method in _SAFE else ("writes", WRITES)
    now = int(clock.now().timestamp())
    counter = f"rate:{kind}:{key}:{now // _WINDOW}"
    cache.add(counter, 0, 2 * _WINDOW)
    try:
        used = cache.incr(counter)
    except ValueError:
        # The cache threw the counter out between the two calls; this request starts it again.
        cache.set(counter, 1, 2 * _WINDOW)
        used = 1
    if used > limit:
        raise RefusedError("rate.limited", limit=limit, retry_after=_WINDOW - now % _WINDOW)
