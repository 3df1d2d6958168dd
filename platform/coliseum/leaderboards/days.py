"""The board at the end of a day: kept when the next day's first board is stored, then never changed."""

import datetime
from collections.abc import Sequence
from typing import NamedTuple

from django.db.models import F

from coliseum import clock
from coliseum.competitions.models import Phase
from coliseum.leaderboards.models import BoardDay, Snapshot, Standing
from coliseum.submissions.models import Submission


class DayRow(NamedTuple):
    """A row of a kept board: place, id of the submission, rating with its 95 % interval, matches."""

    rank: int
    submission_id: str
    rating: float
    low: float
    high: float
    matches: int


class PastRow(NamedTuple):
    """A row of a kept board with its agent; None where the submission is gone altogether."""

    row: DayRow
    submission: Submission | None


def keep_day(*, phase: Phase, snapshot: Snapshot) -> None:
    """Keep the stored board as the one of the day it was computed on, if that day is over.

    To be called in the transaction that stores the next board, before it does. Days are those of UTC.
    """
    if snapshot.computed_at is None:
        return
    day = snapshot.computed_at.astimezone(datetime.UTC).date()
    if day >= clock.now().astimezone(datetime.UTC).date():
        return
    rows = Standing.objects.filter(phase=phase).order_by("rank", "submission_id").values_list(*DayRow._fields)
    BoardDay.objects.get_or_create(
        phase=phase, day=day, defaults={"rows": list(rows), "matches": snapshot.matches}
    )
    Standing.objects.filter(phase=phase).update(rank_before=F("rank"))
    snapshot.compared_with = day


def board_on(phase: Phase, day: datetime.date) -> BoardDay | None:
    """Return the board at the end of a day: the last one kept until then; None before the first."""
    return BoardDay.objects.filter(phase=phase, day__lte=day).order_by("-day").first()


def rows_of(board: BoardDay) -> list[DayRow]:
    """Return the rows of a kept board, the best first."""
    return [DayRow(*row) for row in board.rows]


def with_agents(rows: Sequence[DayRow]) -> list[PastRow]:
    """Return rows with their agents, which carry the names they have today."""
    known = Submission.objects.select_related("entry__team").in_bulk([row.submission_id for row in rows])
    return [PastRow(row, known.get(row.submission_id)) for row in rows]
