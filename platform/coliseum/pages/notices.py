"""Announcements as rows, so that templates only print them."""

from django.urls import reverse

from coliseum.competitions.announcements import pinned_announcements
from coliseum.competitions.models import Announcement, Competition
from coliseum.pages.markdown import to_html
from coliseum.pages.rows import Row, moment
from coliseum.pages.wording import ago


def announcement_row(each: Announcement) -> Row:
    """Return what competitions/_announcement.html prints."""
    return {
        "id": each.pk,
        "url": announcement_url(each),
        "title": each.title,
        "html": "" if each.withdrawn_at else to_html(each.text, shift=2),
        "author": each.author.username if each.author else "",
        "is_pinned": each.is_pinned,
        "is_automatic": each.is_automatic,
        "is_public": each.is_public,
        "code": each.code,
        "when": ago(each.at),
        "when_at": moment(each.at),
        "changed": ago(each.changed_at),
        "changed_at": moment(each.changed_at),
        "withdrawn": ago(each.withdrawn_at),
        "withdrawn_at": moment(each.withdrawn_at),
        "reason": each.withdrawn_reason,
    }


def pinned_rows(competition: Competition) -> list[Row]:
    """Return the pinned announcements of an overview."""
    return [announcement_row(each) for each in pinned_announcements(competition).select_related("author")]


def announcement_url(each: Announcement) -> str:
    """Return the address of an announcement."""
    return reverse("announcement", args=[each.competition.slug, each.pk])
