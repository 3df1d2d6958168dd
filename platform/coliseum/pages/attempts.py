"""How often somebody tried to sign in, by account and by address, in Django's cache."""

import hashlib

from django.core.cache import cache

from workers.refusals import RefusedError

WINDOW_SECONDS = 15 * 60
PER_ACCOUNT = 10
PER_ADDRESS = 30


def check_attempts(account: str, address: str) -> None:
    """Refuse an attempt when too many failed lately; known and unknown accounts alike.

    Raises:
        RefusedError: `auth.too_many_attempts`.
    """
    limits = ((_key("account", account.casefold()), PER_ACCOUNT), (_key("address", address), PER_ADDRESS))
    for key, most in limits:
        if cache.get(key, 0) >= most:
            raise RefusedError(
                "auth.too_many_attempts", minutes=WINDOW_SECONDS // 60, retry_after=WINDOW_SECONDS
            )


def count_failure(account: str, address: str) -> None:
    """Note a failed attempt."""
    for key in (_key("account", account.casefold()), _key("address", address)):
        if not cache.add(key, 1, WINDOW_SECONDS):
            try:
                cache.incr(key)
            except ValueError:  # The entry ended between the two calls: the window starts anew.
                cache.add(key, 1, WINDOW_SECONDS)


def forget_failures(account: str) -> None:
    """Start an account's count anew after somebody signed in."""
    cache.delete(_key("account", account.casefold()))


def _key(kind: str, value: str) -> str:
    return f"sign-in:{kind}:{hashlib.sha256(value.encode('utf-8', 'replace')).hexdigest()[:32]}"
