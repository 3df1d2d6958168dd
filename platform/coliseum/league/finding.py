"""Searching people, agents, competitions and arenas by a text: bounded queries, the best hit first."""

from typing import Any

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When

from arenas import registry
from arenas.spec import ArenaSpec
from coliseum.accounts.models import Visitor
from coliseum.accounts.queries import people
from coliseum.competitions.queries import visible_competitions
from coliseum.submissions.presence import latest_agents


def _ranked(
    rows: QuerySet[Any], text: str, field: str, *others: str
) -> QuerySet[Any]:  # Any: of several models
    """Return the rows with a text in one of some fields: the very text first, then what begins with it."""
    wanted = Q(**{f"{field}__icontains": text})
    for other in others:
        wanted |= Q(**{f"{other}__icontains": text})
    place = Case(
        When(**{f"{field}__iexact": text}, then=Value(0)),
        When(**{f"{field}__istartswith": text}, then=Value(1)),
        When(**{f"{field}__icontains": text}, then=Value(2)),
        default=Value(3),
        output_field=IntegerField(),
    )
    found: QuerySet[Any] = rows.filter(wanted).annotate(place=place).order_by("place", field, "pk")
    return found


def find_people(text: str, viewer: Visitor) -> QuerySet[Any]:
    """Return people by user name or display name, the best hit first."""
    found = people().filter(is_active=True, deleted_at=None).select_related("profile")
    return _ranked(found, text, "username", "profile__display_name")


def find_agents(text: str, viewer: Visitor) -> QuerySet[Any]:
    """Return each entry's latest agent by its name or its team's, those in play first."""
    found = _ranked(latest_agents(), text, "name", "entry__team__name")
    return found.order_by("place", "-is_active", "-id")


def find_competitions(text: str, viewer: Visitor) -> QuerySet[Any]:
    """Return competitions that a viewer may see, by what they say of themselves."""
    return _ranked(visible_competitions(viewer), text, "title", "slug", "summary", "arena")


def find_arenas(text: str, viewer: Visitor) -> list[ArenaSpec]:
    """Return arenas by title, id and summary."""
    folded = text.casefold()
    specs = [registry.get(name) for name in registry.names()]

    def place(spec: ArenaSpec) -> tuple[int, str] | None:
        words = (spec.title.casefold(), spec.id.casefold())
        if folded in words:
            return 0, spec.title
        if any(word.startswith(folded) for word in words):
            return 1, spec.title
        if any(folded in word for word in words):
            return 2, spec.title
        return (3, spec.title) if folded in spec.summary.casefold() else None

    found = [(where, spec) for spec in specs if (where := place(spec)) is not None]
    return [spec for _where, spec in sorted(found, key=lambda pair: pair[0])]
