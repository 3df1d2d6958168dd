"""Rows of leaderboards as the API sends them."""

from django.db.models import Sum

from coliseum.api.board_schemas import OfficialTable, PastStandingRow, StandingRow
from coliseum.competitions.models import Phase
from coliseum.leaderboards.days import PastRow
from coliseum.leaderboards.models import Standing
from coliseum.leaderboards.queries import ledger_pages, official_table


def standing_row(standing: Standing) -> StandingRow:
    """Return a row of the leaderboard."""
    submission = standing.submission
    return StandingRow(
        rank=standing.rank,
        rank_low=standing.rank_low,
        rank_high=standing.rank_high,
        rank_before=standing.rank_before,
        agent=submission.name,
        version=submission.number,
        submission=submission.pk,
        team=submission.entry.team.name,
        baseline=submission.baseline,
        rating=standing.rating,
        low=standing.low,
        high=standing.high,
        matches=standing.matches,
        wins=standing.wins,
        draws=standing.draws,
        losses=standing.losses,
        forfeits=standing.forfeits,
        provisional=standing.provisional,
        p_best=standing.p_best,
        p_top3=standing.p_top3,
        p_top10=standing.p_top10,
        field_rate=standing.field_rate,
        nash=standing.nash,
        worst_opponent=standing.worst_opponent_id,
        worst_rate=standing.worst_rate,
        worst_low=standing.worst_low,
        band=standing.band,
        division=standing.division + 1,
        episodes_to_next=standing.episodes_to_next,
        roles=standing.roles,
        flags=standing.flags,
        episodes=standing.episodes,
        opponents=standing.opponents,
        turn_seconds=standing.turn_seconds,
    )


def past_row(past: PastRow) -> PastStandingRow:
    """Return a row of a past day's leaderboard."""
    row, agent = past
    return PastStandingRow(
        rank=row.rank,
        agent=agent.name if agent else "",
        version=agent.number if agent else 0,
        submission=row.submission_id,
        team=agent.entry.team.name if agent else "",
        rating=row.rating,
        low=row.low,
        high=row.high,
        matches=row.matches,
    )


def official_row(phase: Phase) -> OfficialTable | None:
    """Return the latest table that was fitted from exactly what the ledger holds."""
    page = official_table(phase)
    if page is None:
        return None
    lines = ledger_pages(phase).filter(number__lte=page.number).aggregate(lines=Sum("events"))["lines"]
    return OfficialTable(
        root=page.digest,
        digest=page.table_digest,
        matches=page.matches,
        lines=lines,
        sealed_at=page.sealed_at,
    )
