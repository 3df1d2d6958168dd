"""Reads about leaderboards: only what the rating job has stored."""

import datetime
import math
from collections.abc import AsyncIterator, Collection, Iterator, Sequence
from typing import Any

from asgiref.sync import sync_to_async
from django.db.models import Q, QuerySet

from coliseum import storage
from coliseum.competitions.models import Phase
from coliseum.leaderboards.models import BoardDay, LedgerPage, Plot, RatingChange, Snapshot, Standing
from coliseum.submissions.models import Submission
from workers.league.pictures import PLOTS
from workers.refusals import RefusedError

_PINNED = 3
ROLE = "role-"
"""Before the name of a role, in the name of its view."""


def standings_of(phase: Phase) -> QuerySet[Standing]:
    """Return the leaderboard in order, with agents and teams."""
    return (
        Standing.objects.filter(phase=phase)
        .select_related("submission__entry__team", "worst_opponent")
        .order_by("rank", "submission_id")
    )


def named(standings: QuerySet[Standing], text: str) -> QuerySet[Standing]:
    """Return the rows whose agent or team has a text in its name, upper or lower case alike."""
    return standings.filter(
        Q(submission__name__icontains=text) | Q(submission__entry__team__name__icontains=text)
    )


def own_elsewhere(phase: Phase, teams: Collection[str], shown: Collection[Standing]) -> list[Standing]:
    """Return the best rows of some teams, by id, that are not among those shown; at most three."""
    if not teams:
        return []
    on_page = {row.pk for row in shown}
    own = standings_of(phase).filter(submission__entry__team__in=teams)[: _PINNED + len(on_page)]
    return [row for row in own if row.pk not in on_page][:_PINNED]


def rows_in_order(ranked: QuerySet[Standing], view: str, part: slice) -> list[Standing]:
    """Return some rows in the order of a view; those it says nothing of come last.

    Args:
        ranked: rows of a board.
        view: `field`, `nash`, or `role-` and a role.
        part: which of them, as places in that order.
    """
    column = {"field": "field_rate", "nash": "nash"}.get(view, "roles")
    # The column that decides, of all rows; the rest of them for those that are shown.
    values = ranked.order_by("rank", "submission_id").values_list("pk", column)
    weights = [
        (pk, of_role(value, view.removeprefix(ROLE)).get("rating") if column == "roles" else value)
        for pk, value in values
    ]
    weights.sort(key=lambda each: -math.inf if each[1] is None else each[1], reverse=True)
    rows = ranked.in_bulk([pk for pk, _ in weights[part]])
    return [rows[pk] for pk, _ in weights[part] if pk in rows]


def roles_on(phase: Phase) -> list[str]:
    """Return the roles that agents of a board have ratings in; none where all seats are alike."""
    # A field plays all roles of its arena: who has played most has played each.
    most = Standing.objects.filter(phase=phase).order_by("-episodes").values_list("roles", flat=True)[:20]
    return sorted({str(role["role"]) for roles in most for role in roles})


def of_role(roles: Sequence[dict[str, Any]], role: str) -> dict[str, Any]:
    """Return rating, low and high in a role, from `Standing.roles`; nothing where it was not played."""
    return next((each for each in roles if each["role"] == role), {})


def standings_at(places: Sequence[tuple[int, str]]) -> dict[tuple[int, str], Standing]:
    """Return the rows of some agents on some boards, by ids of phase and submission."""
    phases, submissions = {phase for phase, _ in places}, {submission for _, submission in places}
    found = Standing.objects.filter(phase__in=phases, submission__in=submissions)
    return {(row.phase_id, row.submission_id): row for row in found}


def standings_by(submissions: Sequence[str]) -> list[dict[str, object]]:
    """Return where some agents stand on all boards, as plain values for an export."""
    found = Standing.objects.filter(submission__in=submissions).select_related("phase__competition")
    return [
        {
            "agent": row.submission_id,
            "competition": row.phase.competition.slug,
            "phase": row.phase.slug,
            "rank": row.rank,
            "rank_interval": [row.rank_low, row.rank_high],
            "rating": row.rating,
            "rating_interval": [row.low, row.high],
            "matches": row.matches,
        }
        for row in found.order_by("phase_id", "rank")
    ]


def snapshot_of(phase: Phase) -> Snapshot | None:
    """Return what the leaderboard was computed from."""
    return Snapshot.objects.filter(phase=phase).first()


def rating_history(submission: Submission) -> QuerySet[RatingChange]:
    """Return an agent's ratings in order of time."""
    return submission.rating_changes.order_by("at")


def ratings_of(phase: Phase) -> dict[str, tuple[float, float, float]]:
    """Return rating, low and high of every agent on the leaderboard, by submission id."""
    rows = Standing.objects.filter(phase=phase).order_by()
    return {
        submission: (rating, low, high)
        for submission, rating, low, high in rows.values_list("submission_id", "rating", "low", "high")
    }


def ratings_in_order(phase: Phase) -> list[str]:
    """Return the submission ids of a leaderboard, the best first."""
    rows = Standing.objects.filter(phase=phase).order_by("rank", "submission_id")
    return list(rows.values_list("submission_id", flat=True))


def plots_of(phase: Phase) -> dict[str, dict[str, object]]:
    """Return what the plots of a leaderboard show, by name; those that do not apply are not there."""
    # Rows of other names are not for everybody.
    plots = Plot.objects.filter(phase=phase, name__in=PLOTS).order_by("name")
    return dict(plots.values_list("name", "content"))


def plot_names(phase: Phase) -> set[str]:
    """Return which plots of a leaderboard there are."""
    return set(Plot.objects.filter(phase=phase).values_list("name", flat=True))


def plot_of(phase: Phase, name: str) -> Plot:
    """Return one plot of a leaderboard.

    Raises:
        RefusedError: `not_found` while it is not computed, or where it does not apply.
    """
    found = Plot.objects.filter(phase=phase, name=name).first()
    if found is None:
        raise RefusedError("not_found", kind="plot", id=name)
    return found


def ledger_pages(phase: Phase) -> QuerySet[LedgerPage]:
    """Return the pages of a phase's ledger in order."""
    return LedgerPage.objects.filter(phase=phase).order_by("number")


def official_table(phase: Phase) -> LedgerPage | None:
    """Return the latest page of the ledger with an official table: its root, digest, matches and time."""
    return ledger_pages(phase).exclude(table_digest="").last()


def read_ledger(phase: Phase) -> Iterator[bytes]:
    """Yield the lines of a phase's ledger, some hundreds at a time.

    Raises:
        FileNotFoundError, ValueError: stored lines are gone or damaged.
    """
    for content in list(ledger_pages(phase).values_list("content", flat=True)):
        yield storage.read_ledger_page(content)


async def stream_ledger(contents: list[str]) -> AsyncIterator[bytes]:
    """Yield the lines of pages by the digests of their contents, without holding up other requests.

    Raises:
        FileNotFoundError, ValueError: stored lines are gone or damaged.
    """
    for content in contents:
        yield await sync_to_async(storage.read_ledger_page, thread_sensitive=False)(content)


def first_day(phase: Phase) -> datetime.date | None:
    """Return the first day whose last board was kept; None before that."""
    return BoardDay.objects.filter(phase=phase).order_by("day").values_list("day", flat=True).first()
