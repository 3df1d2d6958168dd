"""Announcements of a competition: read them; hosts write, change and take them back."""

from django.http import HttpRequest
from ninja import Query, Router, Status

from coliseum.accounts.models import Scope
from coliseum.api.callers import ANYBODY, needs
from coliseum.api.competition_rows import competition_detail
from coliseum.api.host_schemas import AnnouncementPage, AnnouncementRow
from coliseum.api.paging import Paging, is_id, page
from coliseum.api.schemas import CompetitionDetail
from coliseum.api.seen import hosted_competition, seen_competition, user_of
from coliseum.api.taken import Forum, NewAnnouncement, Reason
from coliseum.competitions.announcements import (
    announcement_for,
    announcements_for,
    change_announcement,
    publish_announcement,
    set_forum,
    withdraw_announcement,
)
from coliseum.competitions.models import Announcement
from workers.refusals import RefusedError

router = Router(tags=["announcements"])
_HOST = needs(Scope.HOST)


@router.get(
    "/{slug}/announcements", response=AnnouncementPage, auth=ANYBODY, operation_id="list_announcements"
)
def announcements(request: HttpRequest, slug: str, paging: Query[Paging]) -> AnnouncementPage:
    """List what the caller may read, newest first: what is for everybody, and what was sent to his team."""
    found = announcements_for(seen_competition(request, slug), user_of(request))
    rows, after = page(request, found, paging)
    return AnnouncementPage(items=[announcement_row(each, slug) for each in rows], next=after)


@router.post("/{slug}/announcements", response={201: AnnouncementRow}, auth=_HOST, operation_id="announce")
def announce(request: HttpRequest, slug: str, body: NewAnnouncement) -> Status[AnnouncementRow]:
    """Tell everybody something; for hosts."""
    competition = hosted_competition(request, slug)
    made = publish_announcement(
        competition=competition,
        actor=user_of(request),
        title=body.title,
        text=body.text,
        is_pinned=body.is_pinned,
    )
    return Status(201, announcement_row(made, slug))


@router.get(
    "/{slug}/announcements/{announcement_id}",
    response=AnnouncementRow,
    auth=ANYBODY,
    operation_id="get_announcement",
)
def show(request: HttpRequest, slug: str, announcement_id: str) -> AnnouncementRow:
    """Return one announcement."""
    competition = seen_competition(request, slug)
    return announcement_row(announcement_for(competition, _known(announcement_id), user_of(request)), slug)


@router.put(
    "/{slug}/announcements/{announcement_id}",
    response=AnnouncementRow,
    auth=_HOST,
    operation_id="change_announcement",
)
def change(request: HttpRequest, slug: str, announcement_id: str, body: NewAnnouncement) -> AnnouncementRow:
    """Change an announcement in the open: it says since when; for hosts."""
    competition, user = hosted_competition(request, slug), user_of(request)
    found = announcement_for(competition, _known(announcement_id), user)
    changed = change_announcement(
        announcement=found, actor=user, title=body.title, text=body.text, is_pinned=body.is_pinned
    )
    return announcement_row(changed, slug)


@router.post(
    "/{slug}/announcements/{announcement_id}/withdraw",
    response=AnnouncementRow,
    auth=_HOST,
    operation_id="withdraw_announcement",
)
def withdraw(request: HttpRequest, slug: str, announcement_id: str, body: Reason) -> AnnouncementRow:
    """Take an announcement back: its title stays with the reason; for hosts."""
    competition, user = hosted_competition(request, slug), user_of(request)
    found = announcement_for(competition, _known(announcement_id), user)
    return announcement_row(withdraw_announcement(announcement=found, actor=user, reason=body.reason), slug)


@router.put("/{slug}/forum", response=CompetitionDetail, auth=_HOST, operation_id="set_forum")
def forum(request: HttpRequest, slug: str, body: Forum) -> CompetitionDetail:
    """Say where people talk about a competition; for hosts."""
    set_forum(competition=hosted_competition(request, slug), actor=user_of(request), url=body.url)
    return competition_detail(request, seen_competition(request, slug))


def _known(announcement_id: str) -> str:
    if not is_id(announcement_id):
        raise RefusedError("not_found", kind="announcement", id=announcement_id)
    return announcement_id


def announcement_row(announcement: Announcement, slug: str) -> AnnouncementRow:
    """Return an announcement as it is sent."""
    return AnnouncementRow(
        id=announcement.pk,
        competition=slug,
        title=announcement.title,
        text="" if announcement.withdrawn_at else announcement.text,
        author=announcement.author.username if announcement.author else None,
        is_public=announcement.is_public,
        is_pinned=announcement.is_pinned,
        is_automatic=announcement.is_automatic,
        code=announcement.code,
        at=announcement.at,
        changed_at=announcement.changed_at,
        withdrawn_at=announcement.withdrawn_at,
        withdrawn_reason=announcement.withdrawn_reason,
    )
