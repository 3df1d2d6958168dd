"""Opaque ids that sort by time of creation, and what is kept of secrets."""

import hashlib
import secrets
import time
from datetime import datetime

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
LENGTH = 18
_RANDOM_BITS = 42


def new_id() -> str:
    """Return 18 characters: 48 bits of milliseconds, then 42 random bits, in Crockford's base 32."""
    return _written((time.time_ns() // 1_000_000) << _RANDOM_BITS | secrets.randbits(_RANDOM_BITS))


def first_id(moment: datetime) -> str:
    """Return the least id that can have been made at a moment or later."""
    return _written(int(moment.timestamp() * 1000) << _RANDOM_BITS)


def _written(value: int) -> str:
    return "".join(_ALPHABET[(value >> shift) & 31] for shift in range(5 * (LENGTH - 1), -1, -5))


def digest_of(secret: str) -> str:
    """Return what is stored instead of a secret: its SHA-256, hex."""
    return hashlib.sha256(secret.encode()).hexdigest()
