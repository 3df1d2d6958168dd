"""Ends what agents wrote in matches, where the account of their owner is gone."""

from django.db.models import QuerySet

from coliseum.matches.models import Match, MatchState, Seat
from coliseum.submissions.erasing import without_log
from coliseum.submissions.models import Submission

_PORTION = 500


def erase_logs(submissions: QuerySet[Submission]) -> int:
    """Delete the logs that some agents left in their matches; return how many."""
    erased = 0
    for submission in submissions.values_list("pk", flat=True):
        last = 0
        while seats := list(
            Seat.objects.filter(submission=submission, pk__gt=last).order_by("pk")[:_PORTION]
        ):
            last = seats[-1].pk
            written = [seat for seat in seats if seat.usage.get("log")]
            for seat in written:
                seat.usage = without_log(seat.usage)
            Seat.objects.bulk_update(written, ["usage"])
            erased += len(written)
    return erased


def waiting_with(submissions: QuerySet[Submission]) -> list[str]:
    """Return the ids of matches with some agents that nobody has begun."""
    queued = Match.objects.filter(state=MatchState.QUEUED, seats__submission__in=submissions)
    return list(queued.values_list("pk", flat=True).distinct())
