"""Which kinds of news go which way: the usual, and what a person chose."""

from collections.abc import Collection, Mapping
from typing import Final

from coliseum.notices.models import Kind

SITE, MAIL, WEBHOOK = WAYS = ("site", "mail", "webhook")
CHOSEN_KINDS: Final = tuple(kind for kind in Kind if kind is not Kind.HOOK_OFF)
"""What a person may choose ways for; that a webhook was switched off is always told."""
_SELDOM: Final = frozenset({Kind.VALIDATED, Kind.BEATEN, Kind.TEAM})
"""What may come often, and is usually only shown in the site."""
OF_COMPETITIONS: Final = frozenset(
    {
        Kind.VALIDATED,
        Kind.REJECTED,
        Kind.SUSPENDED,
        Kind.LET_BACK,
        Kind.DEADLINE,
        Kind.RESULT,
        Kind.ANNOUNCEMENT,
    }
)
"""What the webhooks of a competition are told."""


def usual_ways(kind: str) -> tuple[str, ...]:
    """Return how people are told who said nothing."""
    return (SITE,) if kind in _SELDOM else WAYS


def ways_of(choices: Mapping[str, Collection[str]], kind: str) -> Collection[str]:
    """Return how somebody with these choices is told of a kind."""
    if kind == Kind.HOOK_OFF:
        return (SITE, MAIL)
    return choices.get(kind, usual_ways(kind))
