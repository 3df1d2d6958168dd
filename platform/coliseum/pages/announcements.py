"""Announcements of a competition for everybody: their page, one alone, an Atom feed, the dates to keep."""

import re
from datetime import datetime
from typing import cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape
from django.utils.translation import gettext as _

from coliseum.accounts.models import User
from coliseum.competitions.announcements import (
    announcement_for,
    announcements_for,
)
from coliseum.competitions.models import Announcement, Competition
from coliseum.competitions.queries import competition_for, final_of
from coliseum.pages.calendars import Event, calendar
from coliseum.pages.competitions import frame
from coliseum.pages.markdown import to_html
from coliseum.pages.methods import require_safe
from coliseum.pages.notices import announcement_row, announcement_url
from coliseum.pages.paging import by_id
from coliseum.pages.parameters import known_id, known_only, known_slug
from coliseum.tournaments.models import TournamentState
from coliseum.tournaments.queries import visible_tournaments

_FEED_LENGTH = 30
_NOT_IN_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


@require_safe
def announcements(request: HttpRequest, slug: str) -> HttpResponse:
    """Show what the hosts told everybody, and what they told this person's entry, newest first."""
    known_only(request, ("older", "newer"))
    user = cast(User, request.user)
    wanted = competition_for(known_slug(slug), user)
    rows, pagination = by_id(request, announcements_for(wanted, user), per_page=20)
    context = frame(request, wanted, "announcements") | {
        "announcements": [announcement_row(each) for each in rows],
        "pagination": pagination,
    }
    return _private(render(request, "competitions/announcements.html", context), rows)


@require_safe
def announcement(request: HttpRequest, slug: str, announcement_id: str) -> HttpResponse:
    """Show one announcement."""
    user = cast(User, request.user)
    wanted = competition_for(known_slug(slug), user)
    found = announcement_for(wanted, known_id("announcement", announcement_id), user)
    context = frame(request, wanted, "announcements") | {"announcement": announcement_row(found)}
    return _private(render(request, "competitions/announcement.html", context), [found])


def _private(response: HttpResponse, shown: list[Announcement]) -> HttpResponse:
    if not all(each.is_public for each in shown):
        response["Cache-Control"] = "private, no-store"
    return response


@require_safe
def feed(request: HttpRequest, slug: str) -> HttpResponse:
    """Give the announcements for everybody as an Atom feed."""
    known_only(request, ())
    wanted = competition_for(known_slug(slug), request.user)
    page = settings.SITE_URL + reverse("announcements", args=[wanted.slug])
    made = Atom1Feed(
        title=_in_xml(_("Announcements of %(title)s") % {"title": wanted.title}),
        link=page,
        description=_in_xml(wanted.summary),
        feed_url=settings.SITE_URL + reverse("announcements-feed", args=[wanted.slug]),
        language="en",
    )
    public = wanted.announcements.filter(is_public=True).select_related("author").order_by("-id")
    for each in public[:_FEED_LENGTH]:
        made.add_item(
            title=_in_xml(each.title),
            link=settings.SITE_URL + announcement_url(each),
            description=_in_xml(_summary(each)),
            author_name=each.author.username if each.author else "Coliseum",
            pubdate=each.at,
            updateddate=max(filter(None, (each.at, each.changed_at, each.withdrawn_at))),
            unique_id=f"{page}/{each.pk}",
        )
    return HttpResponse(made.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8")


def _summary(announcement: Announcement) -> str:
    """Return what a feed says of an announcement, as HTML."""
    if announcement.withdrawn_at:
        return escape(_("Taken back: %(reason)s") % {"reason": announcement.withdrawn_reason})
    return to_html(announcement.text)


def _in_xml(text: str) -> str:
    """Return a text without the control characters that XML cannot hold."""
    return _NOT_IN_XML.sub("", text)


@require_safe
def dates(request: HttpRequest, slug: str) -> HttpResponse:
    """Give the dates of a competition as a calendar file."""
    known_only(request, ())
    user = cast(User, request.user)
    wanted = competition_for(known_slug(slug), user)
    text = calendar(wanted.title, _dates(wanted, user))
    response = HttpResponse(text, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{wanted.slug}.ics"'
    return response


def _dates(competition: Competition, user: User) -> list[Event]:
    """Return what happens when: opening, end, the end of naming finalists, tournaments."""
    moments: list[tuple[str, str, datetime | None]] = [
        ("opens", _("opens"), competition.opens_at),
        ("closes", _("last moment to submit"), competition.closes_at),
    ]
    final = final_of(competition)
    if final:
        moments.append((final.slug, _("last moment to name finalists"), final.naming_ends_at))
    planned = visible_tournaments(competition, user).filter(starts_at__isnull=False)
    for each in planned.exclude(state=TournamentState.CANCELLED)[:50]:
        moments.append((each.pk, _("%(title)s begins") % {"title": each.title}, each.starts_at))
    page = settings.SITE_URL + reverse("competition", args=[competition.slug])
    return [
        Event(f"{competition.pk}-{key}@coliseum", f"{competition.title}: {words}", at, page)
        for key, words, at in moments
        if at
    ]
