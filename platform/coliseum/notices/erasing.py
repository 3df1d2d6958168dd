"""Takes the names of people whose account is gone out of what others were told."""

import json
from typing import Any, Final

from django.db.models import Q

from coliseum.accounts.erasing import Names
from coliseum.notices.models import Delivery, Notice

_OF_AGENTS: Final = ("agent", "winner")
"""Facts that hold the name of an agent, which may have its owner's name within a word."""
_TELLING: Final = 4
"""Letters from which on a name is known again within a longer word."""


def rename_in_notices(names: Names) -> None:
    """Put the pseudonym into notices; logged messages to webhooks that hold a name go."""
    in_facts, in_body = Q(), Q()
    for word in names.words:
        # Databases without a type for JSON keep it as text in ASCII.
        in_facts |= Q(facts__icontains=word) | Q(facts__icontains=json.dumps(word)[1:-1])
        in_body |= Q(body__icontains=word)
    if not names.words:
        return
    for notice in Notice.objects.filter(in_facts).iterator(chunk_size=200):
        renamed = {key: _renamed(key, value, names) for key, value in notice.facts.items()}
        if renamed != notice.facts:
            Notice.objects.filter(pk=notice.pk).update(facts=renamed)
    for delivery in Delivery.objects.filter(in_body).iterator(chunk_size=200):
        if names.replaced(delivery.body) != delivery.body or _is_within(delivery.body, names):
            delivery.delete()


def _is_within(text: str, names: Names) -> bool:
    """Say whether a name that is no everyday syllable stands within a word."""
    return any(len(word) >= _TELLING and word.casefold() in text.casefold() for word in names.words)


def _renamed(key: str, value: Any, names: Names) -> Any:  # Any: a JSON value
    if not isinstance(value, str):
        return value
    if key in _OF_AGENTS and names.stand_in(value):
        return f"agent of {names.alias}"
    return names.replaced(value)
