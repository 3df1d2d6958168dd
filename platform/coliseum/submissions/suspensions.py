"""Writes about suspensions: an agent that forfeits too often is out of play, and how it comes back."""

from datetime import timedelta

from django.db import transaction
from django.db.models import F

from coliseum import clock
from coliseum.submissions.models import Submission
from workers.refusals import RefusedError

RETRY_EVERY = timedelta(days=1)


def suspend_submission(*, submission: Submission) -> bool:
    """Take an agent out of play because it forfeits too often; False if it was not in play."""
    return bool(
        Submission.objects.filter(pk=submission.pk, is_active=True).update(
            is_active=False, suspended_at=clock.now()
        )
    )


@transaction.atomic
def note_retry(*, submission: Submission) -> None:
    """Note that an owner wants a suspended agent validated again; once a day.

    Raises:
        RefusedError: `submission.wrong_state` where it is not suspended, or `submission.retried_today`.
    """
    held = Submission.objects.select_for_update().get(pk=submission.pk)
    if held.suspended_at is None:
        raise RefusedError(
            "submission.wrong_state",
            submission=f"v{held.number}",
            state="not suspended",
            action="validated again",
        )
    next_at = held.retried_at + RETRY_EVERY if held.retried_at else clock.now()
    if clock.now() < next_at:
        raise RefusedError(
            "submission.retried_today",
            next_at=clock.shown(next_at),
            retry_after=int((next_at - clock.now()).total_seconds()) + 1,
        )
    Submission.objects.filter(pk=submission.pk).update(retried_at=clock.now(), retries=F("retries") + 1)
    submission.refresh_from_db()


def let_back(*, submission: Submission) -> bool:
    """Let a suspended agent back in after it passed validation again; False if it was not suspended.

    It is in play at once where its entry has room, and its forfeits so far are forgotten.
    """
    held = Submission.objects.select_for_update().select_related("entry__competition").get(pk=submission.pk)
    if held.suspended_at is None:
        return False
    active = held.entry.submissions.filter(is_active=True).count()
    has_room = bool(held.baseline) or active < held.entry.competition.active_submissions
    Submission.objects.filter(pk=held.pk).update(
        suspended_at=None, let_back_at=clock.now(), is_active=has_room and not held.entry.is_out
    )
    return True
