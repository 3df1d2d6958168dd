"""Writes about rehearsals: an agent tried in the sandbox without submitting it, one an entry at a time."""

from datetime import timedelta
from typing import Final

from django.core.files.base import File
from django.db import transaction

from coliseum import clock, storage
from coliseum.accounts.models import User
from coliseum.competitions.models import Entry
from coliseum.competitions.rules import check_accepted
from coliseum.competitions.services import check_name, check_open
from coliseum.submissions.models import Role, Submission, SubmissionState
from coliseum.submissions.queries import rehearsal_of
from coliseum.submissions.services import Upload, inspect_upload, package_row
from workers.package import Package as Inspected
from workers.refusals import RefusedError

PATIENCE: Final = timedelta(minutes=10)
"""After this time a rehearsal without a verdict no longer stands in the way of the next."""


def check_rehearsal(entry: Entry, user: User) -> Submission | None:
    """Return the entry's last rehearsal, which the next one takes the place of.

    Raises:
        RefusedError: `submission.rehearsing` while that is being played, `competition.closed` and the like,
            also where rules were not accepted, or `auth.not_allowed` for the disqualified.
    """
    check_open(entry.competition)
    check_accepted(entry.competition, user)
    if entry.is_out:
        raise RefusedError("auth.not_allowed", action="test here: the entry is out")
    last = rehearsal_of(entry)
    is_open = last is not None and last.state in (SubmissionState.UPLOADED, SubmissionState.VALIDATING)
    if last and is_open and not last.code and last.uploaded_at > clock.now() - PATIENCE:
        raise RefusedError("submission.rehearsing")
    return last


def inspect_rehearsal(*, entry: Entry, upload: Upload) -> Inspected:
    """Inspect what is to be tried and keep its bytes.

    Raises:
        RefusedError: any `upload`, `archive`, `source` or `package` code.
    """
    inspected = inspect_upload(arena=entry.competition.arena, upload=upload)
    storage.put_package(File(upload.file), inspected.digest)
    return inspected


@transaction.atomic
def create_rehearsal(*, entry: Entry, user: User, upload: Upload, inspected: Inspected) -> Submission:
    """Make the row of a rehearsal; the entry's last one, whose matches are dropped by now, makes room."""
    Entry.objects.select_for_update().get(pk=entry.pk)
    Submission.objects.filter(entry=entry, role=Role.REHEARSAL).delete()
    return Submission.objects.create(
        entry=entry,
        number=0,
        name=check_name(upload.name) if upload.name.strip() else entry.team.name,
        package=package_row(inspected),
        original_name=upload.original_name[:255],
        uploaded_by=user,
        role=Role.REHEARSAL,
        uploaded_at=clock.now(),
    )
