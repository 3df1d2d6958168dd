"""Writes about exports: a person asks for a zip of their data, it is made once, and it goes after a day."""

from datetime import timedelta
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet

from coliseum import clock
from coliseum.accounts.models import DataExport, ExportState, Profile, User
from workers.refusals import RefusedError

LIVES = timedelta(hours=24)
"""How long a zip can be downloaded."""
PATIENCE = timedelta(minutes=30)
"""After which an export whose maker died is begun again."""


def ask_export(*, user: User) -> DataExport:
    """Return the export that is being made, or a new one; the one before is deleted."""
    under_way = user.exports.filter(state__in=(ExportState.WAITING, ExportState.MAKING))
    if found := under_way.first():
        return found
    try:
        with transaction.atomic():
            made = DataExport.objects.create(user=user, asked_at=clock.now())
    except IntegrityError:
        return under_way.get()
    for old in user.exports.exclude(pk=made.pk):
        drop_export(export=old)
    return made


def claim_export(export_id: str) -> DataExport | None:
    """Take an export on; None if another process makes it or has made it."""
    now = clock.now()
    free = Q(state=ExportState.WAITING) | Q(state=ExportState.MAKING, started_at__lt=now - PATIENCE)
    wanted = DataExport.objects.filter(pk=export_id, user__deleted_at=None)
    if not wanted.filter(free).update(state=ExportState.MAKING, started_at=now, done=0):
        return None
    return wanted.select_related("user").first()


def note_progress(*, export: DataExport, done: int, total: int) -> None:
    """Note how many agents are written."""
    DataExport.objects.filter(pk=export.pk).update(done=done, total=total)


def finish_export(*, export: DataExport, key: str, size_bytes: int) -> None:
    """Note where the zip lies; one that nobody waits for any more is deleted at once."""
    finished = DataExport.objects.filter(pk=export.pk, state=ExportState.MAKING).update(
        state=ExportState.READY, ready_at=clock.now(), key=key, size_bytes=size_bytes
    )
    if not finished:
        default_storage.delete(key)


def fail_export(*, export: DataExport) -> None:
    """Note that a fault of ours stopped it; the person may ask again."""
    DataExport.objects.filter(pk=export.pk, state=ExportState.MAKING).update(state=ExportState.FAILED)


def drop_export(*, export: DataExport) -> None:
    """Delete an export with its zip."""
    DataExport.objects.filter(pk=export.pk).delete()
    if export.key:
        transaction.on_commit(lambda: default_storage.delete(export.key))


def old_exports() -> QuerySet[DataExport]:
    """Return the exports whose day is over."""
    return DataExport.objects.filter(asked_at__lt=clock.now() - LIVES)


def waiting_exports() -> QuerySet[DataExport]:
    """Return the exports that nobody makes, a minute after they were asked for."""
    now = clock.now()
    lost = Q(state=ExportState.MAKING, started_at__lt=now - PATIENCE)
    return DataExport.objects.filter(
        Q(state=ExportState.WAITING, asked_at__lt=now - timedelta(minutes=1)) | lost
    )


def export_for(export_id: str, user: User) -> DataExport:
    """Return one of a person's own exports.

    Raises:
        RefusedError: `not_found`, also for one whose day is over.
    """
    found = user.exports.filter(pk=export_id, asked_at__gt=clock.now() - LIVES).first()
    if found is None:
        raise RefusedError("not_found", kind="export", id=export_id)
    return found


def account_facts(user: User) -> dict[str, Any]:  # Any: JSON
    """Return what the site knows of a person itself; secrets are not part of it."""
    profile = Profile.objects.filter(user=user).first()
    said = ("display_name", "bio", "affiliation", "link")
    return {
        "name": user.username,
        "email": user.email,
        "language": user.language,
        "first_name": user.first_name,
        "last_name": user.last_name,
        "joined_at": user.date_joined,
        "last_sign_in_at": user.last_login,
        "profile": {name: getattr(profile, name) for name in said} if profile else {},
        "email_addresses": list(
            EmailAddress.objects.filter(user=user).values("email", "verified", "primary")
        ),
        "other_sign_ins": list(
            SocialAccount.objects.filter(user=user).values("provider", "uid", "date_joined")
        ),
        "second_factors": list(
            Authenticator.objects.filter(user=user).values("type", "created_at", "last_used_at")
        ),
        "sessions": list(
            UserSession.objects.filter(user=user).values("ip", "user_agent", "created_at", "last_seen_at")
        ),
        "tokens": list(
            user.tokens.values("name", "prefix", "scopes", "created_at", "expires_at", "last_used_at")
        ),
        "follows": list(user.follows.values("topic", "since")),
    }
