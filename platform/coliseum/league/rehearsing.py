"""Trying an agent before it is submitted: the validation lane, without quota, version and rating."""

from datetime import timedelta
from typing import Final

from django.core.cache import cache
from django.db import transaction

from coliseum import clock
from coliseum.accounts.models import User
from coliseum.competitions.models import Entry
from coliseum.league.conductor import on_uploaded
from coliseum.matches.services import drop_validations
from coliseum.submissions.models import Submission
from coliseum.submissions.rehearsals import check_rehearsal, create_rehearsal, inspect_rehearsal
from coliseum.submissions.services import Upload
from workers.refusals import RefusedError

TESTS_AN_HOUR: Final = 30
"""Of one person."""


def rehearse(*, entry: Entry, user: User, upload: Upload) -> Submission:
    """Have an agent validated and nothing else; it takes the place of the entry's last one.

    Raises:
        RefusedError: `submission.rehearsals` past the 30th of an hour; what `check_rehearsal` and
            `inspect_rehearsal` say.
    """
    _count(user)
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


def _count(user: User) -> None:
    """Count a test of a person's hour."""
    now = clock.now()
    hour = now.replace(minute=0, second=0, microsecond=0)
    key = f"tests:{user.pk}:{hour:%Y%m%d%H}"
    cache.add(key, 0, 3600)
    try:
        used = cache.incr(key)
    except ValueError:  # The entry ended between the two calls: the hour starts anew.
        used = 1
    if used > TESTS_AN_HOUR:
        ends = hour + timedelta(hours=1)
        wait = int((ends - now).total_seconds()) + 1
        raise RefusedError(
            "submission.rehearsals", limit=TESTS_AN_HOUR, next_at=clock.shown(ends), retry_after=wait
        )
