"""Announcements: written by hosts, pinned, edited and withdrawn in the open, or sent to some entries."""

import re
from collections.abc import Iterable
from datetime import timedelta
from typing import Final

from django.db import transaction
from django.db.models import Q, QuerySet

from coliseum import clock
from coliseum.accounts.models import User, Visitor
from coliseum.competitions.models import Announcement, Competition, Entry
from coliseum.competitions.phases import check_reason
from coliseum.competitions.queries import is_host
from coliseum.competitions.services import record_act
from workers.hosting.file import PLAIN_HTTPS
from workers.refusals import RefusedError, printable

MOST_TEXT: Final = 10_000
MOST_TITLE: Final = 120
MOST_A_DAY: Final = 30
MOST_PINNED: Final = 3


def announcements_for(competition: Competition, user: Visitor) -> QuerySet[Announcement]:
    """Return what a person may read, newest first: what is for everybody, and what was sent to her entry."""
    found = competition.announcements.select_related("author").order_by("-id")
    if is_host(competition, user):
        return found
    if not user.is_authenticated:
        return found.filter(is_public=True)
    return found.filter(Q(is_public=True) | Q(entries__team__members=user)).distinct()


def pinned_announcements(competition: Competition) -> QuerySet[Announcement]:
    """Return the pinned announcements, newest first."""
    return competition.announcements.filter(is_public=True, is_pinned=True).order_by("-id")


def announcement_for(competition: Competition, announcement_id: str, user: Visitor) -> Announcement:
    """Return one announcement that a person may read.

    Raises:
        RefusedError: `not_found`.
    """
    found = announcements_for(competition, user).filter(pk=announcement_id).first()
    if found is None:
        raise RefusedError("not_found", kind="announcement", id=announcement_id)
    return found


@transaction.atomic
def publish_announcement(
    *, competition: Competition, actor: User, title: str, text: str, is_pinned: bool = False
) -> Announcement:
    """Tell everybody something.

    Raises:
        RefusedError: `competition.bad_setting` beside its field; `announcement.too_many`.
    """
    title, text = _checked(title, text)
    _check_room(competition)
    if is_pinned:
        _check_pins(competition)
    made = Announcement.objects.create(
        competition=competition, author=actor, title=title, text=text, is_pinned=is_pinned, at=clock.now()
    )
    record_act(competition=competition, actor=actor, verb="posted", subject=title[:120])
    return made


@transaction.atomic
def send_notice(
    *,
    competition: Competition,
    actor: User,
    title: str,
    text: str,
    entries: Iterable[Entry],
    code: str = "",
) -> Announcement:
    """Tell some entries something that nobody else reads; the log says to how many.

    Args:
        competition: whose entries they are.
        actor: the host who writes.
        title: one line, 1 to 120 characters.
        text: Markdown.
        entries: at least one.
        code: the verdict they were chosen by, if they were.

    Raises:
        RefusedError: `competition.bad_setting`, `announcement.nobody`, `announcement.too_many`.
    """
    title, text = _checked(title, text)
    _check_room(competition)
    chosen = [entry for entry in entries if entry.competition_id == competition.pk]
    if not chosen:
        raise RefusedError("announcement.nobody", field="code")
    made = Announcement.objects.create(
        competition=competition,
        author=actor,
        title=title,
        text=text,
        is_public=False,
        code=code[:40],
        at=clock.now(),
    )
    made.entries.set(chosen)
    count = f"{len(chosen):,} {'entry' if len(chosen) == 1 else 'entries'}"
    subject = f"{count} with {code}" if code else count
    record_act(competition=competition, actor=actor, verb="wrote to", subject=subject[:120])
    return made


@transaction.atomic
def change_announcement(
    *, announcement: Announcement, actor: User, title: str, text: str, is_pinned: bool
) -> Announcement:
    """Change an announcement in the open: it says since when, and the log says who.

    Raises:
        RefusedError: `competition.bad_setting`; `announcement.withdrawn`.
    """
    kept = Announcement.objects.select_for_update().get(pk=announcement.pk)
    if kept.withdrawn_at:
        raise RefusedError("announcement.withdrawn")
    title, text = _checked(title, text)
    is_pinned = is_pinned and kept.is_public
    if is_pinned and not kept.is_pinned:
        _check_pins(kept.competition)
    if (title, text) != (kept.title, kept.text):
        kept.changed_at = clock.now()
        record_act(competition=kept.competition, actor=actor, verb="edited", subject=title[:120])
    kept.title, kept.text, kept.is_pinned = title, text, is_pinned
    kept.save(update_fields=["title", "text", "is_pinned", "changed_at"])
    return kept


@transaction.atomic
def withdraw_announcement(*, announcement: Announcement, actor: User, reason: str) -> Announcement:
    """Take an announcement back: its title stays with the reason, its text is shown no more.

    Raises:
        RefusedError: `request.bad_field` without a reason; `announcement.withdrawn`.
    """
    reason = check_reason(reason)
    done = Announcement.objects.filter(pk=announcement.pk, withdrawn_at__isnull=True).update(
        withdrawn_at=clock.now(), withdrawn_reason=reason, is_pinned=False
    )
    if not done:
        raise RefusedError("announcement.withdrawn")
    announcement.refresh_from_db()
    record_act(
        competition=announcement.competition,
        actor=actor,
        verb="took back",
        subject=announcement.title[:120],
        reason=reason,
    )
    return announcement


@transaction.atomic
def set_forum(*, competition: Competition, actor: User, url: str) -> None:
    """Say where people talk about a competition; an empty text means nowhere.

    Raises:
        RefusedError: `competition.bad_setting` for anything but a plain https address.
    """
    url = url.strip()
    if url and not (len(url) <= 200 and re.fullmatch(PLAIN_HTTPS, url)):
        raise _bad("forum_url", "an https address, without name or password in it")
    if url != competition.forum_url:
        competition.forum_url = url
        competition.save(update_fields=["forum_url"])
        record_act(competition=competition, actor=actor, verb="changed", subject="forum_url")


def _checked(title: str, text: str) -> tuple[str, str]:
    title, text = title.strip(), text.replace("\r\n", "\n").strip()
    if not 1 <= len(title) <= MOST_TITLE or printable(title, limit=8 * MOST_TITLE) != title:
        raise _bad("title", f"1 to {MOST_TITLE} printable characters")
    if not 1 <= len(text) <= MOST_TEXT or "\0" in text:
        raise _bad("text", f"1 to {MOST_TEXT:,} characters")
    return title, text


def _check_room(competition: Competition) -> None:
    recent = competition.announcements.filter(at__gt=clock.now() - timedelta(days=1), is_automatic=False)
    if recent.count() >= MOST_A_DAY:
        raise RefusedError("announcement.too_many", limit=MOST_A_DAY)


def _check_pins(competition: Competition) -> None:
    if pinned_announcements(competition).count() >= MOST_PINNED:
        raise _bad("is_pinned", f"off: {MOST_PINNED} announcements are pinned already, unpin one first")


def _bad(field: str, wanted: str) -> RefusedError:
    name = field.removeprefix("is_").replace("_", " ")
    return RefusedError("competition.bad_setting", name=name, wanted=wanted, field=field)
