"""How many requests a minute one caller may make, counted for all web processes together."""

from dataclasses import dataclass
from typing import Final

from django.core.cache import cache
from django.http import HttpRequest, HttpResponseBase

from coliseum import clock
from workers.refusals import RefusedError

READS: Final = 600
WRITES: Final = 60
_SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_WINDOW: Final = 60
_KEPT: Final = "coliseum.allowance"


@dataclass(frozen=True, slots=True)
class Allowance:
    """What a caller has left in this minute."""

    limit: int
    left: int
    seconds: int
    """Until the count starts anew."""


def count_request(request: HttpRequest, key: str) -> None:
    """Count a request in the current minute and keep with it what is left.

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
    wait = _WINDOW - now % _WINDOW
    request.META[_KEPT] = Allowance(limit, max(0, limit - used), wait)
    if used > limit:
        raise RefusedError("rate.limited", limit=limit, retry_after=wait)


def tell_allowance(request: HttpRequest, response: HttpResponseBase) -> None:
    """Write into the answer's headers what the caller has left."""
    allowance = request.META.get(_KEPT)
    if isinstance(allowance, Allowance):
        response["RateLimit-Limit"] = str(allowance.limit)
        response["RateLimit-Remaining"] = str(allowance.left)
        response["RateLimit-Reset"] = str(allowance.seconds)
