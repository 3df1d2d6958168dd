"""Incidents: what an administrator tells everybody about the site, and what every page says meanwhile."""

from typing import Any, Final

from django.core.cache import cache
from django.db import DatabaseError, transaction
from django.db.models import F, QuerySet

from coliseum import clock
from coliseum.accounts.models import User
from coliseum.accounts.stewards import note_deed
from coliseum.league.models import Incident
from workers.refusals import RefusedError, printable

_KEY: Final = "open-incidents"
_SECONDS: Final = 10
"""How old what pages say may be; a page must not ask the database for it each time."""
_MOST_OPEN: Final = 3
_MOST_TEXT: Final = 1000


def incidents() -> QuerySet[Incident]:
    """Return all incidents: those that go on first, then the latest."""
    return Incident.objects.order_by(F("ended_at").desc(nulls_first=True), "-id")


def open_titles() -> list[dict[str, Any]]:  # Any: a cache may hold anything
    """Return id and title of what is wrong now, for the banner of every page; some seconds old.

    Empty while the database is away: error pages ask too, and must be shown then.
    """
    known = cache.get(_KEY)
    if isinstance(known, list):
        return known
    found = Incident.objects.filter(ended_at__isnull=True).order_by("-started_at")[:_MOST_OPEN]
    try:
        rows = [{"id": each.pk, "title": each.title} for each in found]
    except DatabaseError:
        return []
    cache.set(_KEY, rows, _SECONDS)
    return rows


def incident(number: int) -> Incident:
    """Return one incident.

    Raises:
        RefusedError: `not_found`.
    """
    found = Incident.objects.filter(pk=number).first()
    if found is None:
        raise RefusedError("not_found", kind="incident", id=str(number))
    return found


@transaction.atomic
def post_incident(*, actor: User, title: str, text: str) -> Incident:
    """Say that something is wrong, from now on.

    Raises:
        RefusedError: `request.bad_field` beside `title` or `text`, or if too many go on already.
    """
    title, text = _checked(title, text)
    if Incident.objects.filter(ended_at__isnull=True).count() >= _MOST_OPEN:
        wanted = f"the fourth at most: {_MOST_OPEN} incidents go on already, end one first"
        raise RefusedError("request.bad_field", name="incident", wanted=wanted, field="title")
    made = Incident.objects.create(title=title, text=text, started_at=clock.now(), author=actor)
    note_deed(actor=actor, subject=made, text="posted the incident")
    _forget()
    return made


@transaction.atomic
def change_incident(*, incident: Incident, actor: User, title: str, text: str, is_over: bool) -> Incident:
    """Change what is said of an incident, and end it if it is over.

    Raises:
        RefusedError: `request.bad_field` beside `title` or `text`.
    """
    incident.title, incident.text = _checked(title, text)
    if is_over and incident.ended_at is None:
        incident.ended_at = clock.now()
        note_deed(actor=actor, subject=incident, text="ended the incident")
    else:
        note_deed(actor=actor, subject=incident, text="changed the incident")
    incident.save(update_fields=["title", "text", "ended_at"])
    _forget()
    return incident


def _checked(title: str, text: str) -> tuple[str, str]:
    title, text = title.strip(), text.replace("\r\n", "\n").strip()
    if not 1 <= len(title) <= 120 or printable(title, limit=960) != title:
        wanted = "1 to 120 printable characters"
        raise RefusedError("request.bad_field", name="title", wanted=wanted, field="title")
    if len(text) > _MOST_TEXT or "\0" in text:
        wanted = f"at most {_MOST_TEXT:,} characters"
        raise RefusedError("request.bad_field", name="text", wanted=wanted, field="text")
    return title, text


def _forget() -> None:
    transaction.on_commit(lambda: cache.delete(_KEY))
