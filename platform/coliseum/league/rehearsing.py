"""Trying an agent before it is submitted: the validation lane, without quota, version and rating."""

from django.db import transaction

from coliseum.accounts.models import User
from coliseum.competitions.models import Entry
from coliseum.league.conductor import on_uploaded
from coliseum.matches.services import drop_validations
from coliseum.submissions.models import Submission
from coliseum.submissions.rehearsals import check_rehearsal, create_rehearsal, inspect_rehearsal
from coliseum.submissions.services import Upload


def rehearse(*, entry: Entry, user: User, upload: Upload) -> Submission:
    """Have an agent validated and nothing else; it takes the place of the entry's last one.

    Raises:
        RefusedError: what `check_rehearsal` and `inspect_rehearsal` say.
    """
    check_rehearsal(entry, user)
    inspected = inspect_rehearsal(entry=entry, upload=upload)
    with transaction.atomic():
        Entry.objects.select_for_update().get(pk=entry.pk)
        last = check_rehearsal(entry, user)
        if last:
            drop_validations(submission=last)
        submission = create_rehearsal(entry=entry, user=user, upload=upload, inspected=inspected)
    on_uploaded(submission)
    return submission
