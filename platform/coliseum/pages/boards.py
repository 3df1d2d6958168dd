"""The leaderboard as rows to print, and as files to download."""

import csv
import io
from collections.abc import Callable, Sequence

from django.urls import reverse

from arenas.spec import ArenaSpec
from coliseum.competitions.models import Competition
from coliseum.leaderboards.models import Snapshot, Standing
from coliseum.pages.rows import Row, moment, spec_of
from coliseum.pages.wording import ago, amount

COLUMNS = (
    *("rank", "rank_low", "rank_high", "agent", "version", "team", "rating", "low", "high", "matches"),
    *("wins", "draws", "losses", "forfeits", "provisional", "baseline"),
)


def measure(spec: ArenaSpec | None) -> Row:
    """Return what the number on the board is called, and what it means in a sentence."""
    if spec is None or spec.lineup > 1:
        return {
            "label": "Rating",
            "is_rating": True,
            "rule": "Agents meet each other; whom an agent beats or finishes ahead of makes its rating.",
            "meaning": "400 points of difference mean odds of 10 to 1. The bar is the 95 % interval.",
        }
    return {
        "label": "Score",
        "is_rating": False,
        "rule": "Agents play alone on the same scenarios; what an agent earns makes its score.",
        "meaning": (
            "The mean over its episodes without the best and the worst quarter (interquartile mean). "
            "The bar is the 95 % interval."
        ),
    }


def board_rows(standings: Sequence[Standing], *, mine: set[str], is_rating: bool) -> tuple[list[Row], Row]:
    """Return the rows of parts/_leaderboard.html and the two ends of their scale.

    Args:
        standings: one page of the board.
        mine: ids of the viewer's teams in this competition.
        is_rating: whether the numbers are ratings, shown without decimals.
    """
    low = min((standing.low for standing in standings), default=0.0)
    high = max((standing.high for standing in standings), default=1.0)
    width = (high - low) or 1.0
    shown = (lambda value: f"{value:.0f}") if is_rating else in_scale(width)
    rows = [_row(standing, low, width, shown=shown, mine=mine) for standing in standings]
    return rows, {"low": shown(low), "high": shown(high)}


def in_scale(width: float) -> Callable[[float], str]:
    """Return how to write scores that differ by `width` altogether: all with the same decimals."""
    decimals = 1 if width >= 100 else 2 if width >= 10 else 3
    return lambda value: f"{value:.{decimals}f}"


def _row(
    standing: Standing, low: float, width: float, *, shown: Callable[[float], str], mine: set[str]
) -> Row:
    submission = standing.submission
    played = standing.wins + standing.draws + standing.losses or 1
    start = 100 * (standing.low - low) / width
    return {
        "anchor": f"agent-{submission.pk}",
        "rank": str(standing.rank),
        "rank_range": _rank_range(standing),
        "agent": submission.name,
        "version": f"v{submission.number}",
        "agent_url": reverse("agent", args=[submission.pk]),
        "owner": submission.entry.team.name,
        "owner_url": "",
        "rating": shown(standing.rating),
        "margin": shown((standing.high - standing.low) / 2),
        "bar_start": round(start, 2),
        "bar_width": round(max(0.8, 100 * (standing.high - standing.low) / width), 2),
        "bar_point": round(min(98.6, 100 * (standing.rating - low) / width), 2),
        "matches": f"{standing.matches:,}",
        "wins": standing.wins,
        "draws": standing.draws,
        "losses": standing.losses,
        "forfeits_text": amount(standing.forfeits, "forfeit") if standing.forfeits else "",
        "wins_width": round(100 * standing.wins / played, 2),
        "draws_start": round(100 * standing.wins / played, 2),
        "draws_width": round(100 * standing.draws / played, 2),
        "losses_start": round(100 * (standing.wins + standing.draws) / played, 2),
        "losses_width": round(100 * standing.losses / played, 2),
        "change": "",
        "change_word": "up",
        "is_mine": submission.entry.team_id in mine,
        "is_baseline": bool(submission.baseline),
        "is_provisional": standing.provisional,
    }


def _rank_range(standing: Standing) -> str:
    if standing.rank_low == standing.rank_high:
        return ""
    return f"{standing.rank_low}-{standing.rank_high}"


def source_line(snapshot: Snapshot | None) -> Row:
    """Return from how many matches the board was computed, and when."""
    if snapshot is None or snapshot.computed_at is None or not snapshot.matches:
        return {"is_empty": True, "matches": "", "when": "", "when_at": ""}
    return {
        "is_empty": False,
        "matches": amount(snapshot.matches, "rated match", "rated matches"),
        "when": ago(snapshot.computed_at),
        "when_at": moment(snapshot.computed_at),
    }


def as_records(standings: Sequence[Standing]) -> list[dict[str, str | int | float | bool]]:
    """Return the board as plain records, for downloads."""
    return [
        {
            "rank": standing.rank,
            "rank_low": standing.rank_low,
            "rank_high": standing.rank_high,
            "agent": standing.submission.name,
            "version": standing.submission.number,
            "team": standing.submission.entry.team.name,
            "rating": round(standing.rating, 4),
            "low": round(standing.low, 4),
            "high": round(standing.high, 4),
            "matches": standing.matches,
            "wins": standing.wins,
            "draws": standing.draws,
            "losses": standing.losses,
            "forfeits": standing.forfeits,
            "provisional": standing.provisional,
            "baseline": standing.submission.baseline,
        }
        for standing in standings
    ]


def as_csv(standings: Sequence[Standing]) -> str:
    """Return the board as CSV; a text that a spreadsheet would run as a formula gets a quote in front."""
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS)
    writer.writeheader()
    for record in as_records(standings):
        writer.writerow({name: _inert(value) for name, value in record.items()})
    return out.getvalue()


def _inert(value: str | float | bool) -> str | float | bool:
    return (
        f"'{value}"
        if isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t", "\r"))
        else value
    )


def board_of(competition: Competition) -> Row:
    """Return the wording of a competition's board."""
    return measure(spec_of(competition.arena))
