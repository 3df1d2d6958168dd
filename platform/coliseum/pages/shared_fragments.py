"""Fragments that look the same to everybody: rendered once for all who ask at the same moment."""

import threading
from collections.abc import Callable
from hashlib import sha256
from typing import Final

from django.core.cache import cache
from django.utils.timezone import get_current_timezone_name
from django.utils.translation import get_language

SECONDS: Final = 5
"""How long one is kept: what its key does not tell, such as a team's new name, is late by no more."""

_making = threading.Lock()


def once_for_all(facts: tuple[object, ...], make: Callable[[], str]) -> bytes:
    """Return what `make` renders, or what it rendered a moment ago from the same facts.

    A hundred pages that watch a board hear of a result at once, and all ask for it anew.

    Args:
        facts: what the fragment is made of and its address; the reader's language and zone are added.
        make: renders it; one at a time in a process, so that those who come meanwhile find it made.
    """
    told = repr((*facts, get_language(), get_current_timezone_name()))
    key = f"fragment:{sha256(told.encode()).hexdigest()}"
    found = cache.get(key)
    if found is None:
        with _making:
            found = cache.get(key)
            if found is None:
                # Bytes, because the cache holds plain values and a template gives a text of its own kind.
                found = make().encode()
                cache.set(key, found, SECONDS)
    return bytes(found)
