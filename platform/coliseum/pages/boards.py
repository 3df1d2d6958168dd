"""The leaderboard as rows to print, and as files to download."""

import csv
import io
from collections.abc import Callable, Sequence
from itertools import pairwise

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from arenas.spec import ArenaSpec
from coliseum.competitions.models import Competition
from coliseum.leaderboards.models import Snapshot, Standing
from coliseum.pages.boardviews import RATING, View, shown_value
from coliseum.pages.charts.marks import clipped
from coliseum.pages.rows import Row, moment, spec_of
from coliseum.pages.wording import ago, amount, counted, share, took

COLUMNS = (
    *("rank", "rank_low", "rank_high", "rank_before", "agent", "version", "team", "rating", "low", "high"),
    *("field_rate", "nash", "p_best", "p_top3", "p_top10", "band", "matches", "episodes", "opponents"),
    *(
        "wins",
        "draws",
        "losses",
        "forfeits",
        "worst_opponent",
        "worst_rate",
        "provisional",
        "flags",
        "turn_seconds",
        "baseline",
    ),
)
FLAGS = {
    "few_matches": (
        "provisional",
        gettext_lazy("few matches"),
        gettext_lazy("Fewer than 16 episodes so far."),
    ),
    "few_opponents": (
        "provisional",
        gettext_lazy("few opponents"),
        gettext_lazy("It has met fewer than 6 different agents."),
    ),
    "wide_interval": (
        "provisional",
        gettext_lazy("wide interval"),
        gettext_lazy("The standard error is still above 100 points."),
    ),
    "forfeits": (
        "warning",
        gettext_lazy("forfeits"),
        gettext_lazy("It lost more than a tenth of its matches by its own fault."),
    ),
    "suspended": (
        "failed",
        gettext_lazy("suspended"),
        gettext_lazy("It forfeited too often and is not paired until its owner mends it."),
    ),
    "hanging_on_one_opponent": (
        "warning",
        gettext_lazy("one-sided"),
        gettext_lazy("Most of what is known of it comes from one opponent."),
    ),
    "strange_pair": (
        "warning",
        gettext_lazy("strange pair"),
        gettext_lazy("Its results against one agent are not what the ratings say."),
    ),
    "clone": (
        "info",
        gettext_lazy("same code"),
        gettext_lazy("Another team's agent has the same code or always does the same."),
    ),
}
"""What each word of `Standing.flags` looks like: chip, label, explanation."""
SAID_OTHERWISE = ("few_matches", "few_opponents", "wide_interval", "forfeits")
"""Flags that the chips "provisional" and "n forfeits" stand for."""


STATISTICS = {
    "iqm": gettext_lazy(
        "The mean over its episodes without the best and the worst quarter (interquartile mean)."
    ),
    "mean": gettext_lazy("The mean over its episodes."),
}


def measure(spec: ArenaSpec | None) -> Row:
    """Return what the number on the board is called, and what it means in a sentence."""
    if spec is None or spec.lineup > 1:
        return {
            "label": _("Rating"),
            "is_rating": True,
            "rule": _("Agents meet each other; whom an agent beats or finishes ahead of makes its rating."),
            # A share, and no place for a value: xgettext:no-python-format
            "meaning": _("400 points of difference mean odds of 10 to 1. The bar is the 95 % interval."),
        }
    return {
        "label": _("Score"),
        "is_rating": False,
        "rule": _("Agents play alone on the same scenarios; what an agent earns makes its score."),
        "meaning": _("%(statistic)s The bar is the 95 %% interval.")
        % {"statistic": STATISTICS[spec.statistic]},
    }


def board_rows(
    standings: Sequence[Standing], *, mine: set[str], is_rating: bool, view: View = RATING
) -> tuple[list[Row], Row]:
    """Return the rows of competitions/_standings.html and the two ends of their scale.

    Args:
        standings: one page of the board, in the order of the view.
        mine: ids of the viewer's teams in this competition.
        is_rating: whether the numbers are ratings, shown without decimals.
        view: what is shown first.
    """
    low = min((standing.low for standing in standings), default=0.0)
    high = max((standing.high for standing in standings), default=1.0)
    width = (high - low) or 1.0
    shown = (lambda value: f"{value:.0f}") if is_rating else in_scale(width)
    named = (
        _("Rating %(value)s, give or take %(margin)s")
        if is_rating
        else _("Score %(value)s, give or take %(margin)s")
    )
    rows = [
        _row(standing, low, width, shown=shown, mine=mine) | {"first": shown_value(standing, view)}
        for standing in standings
    ]
    for row in rows:
        row["bar_label"] = named % {"value": row["rating"], "margin": row["margin"]}
    if view == RATING:
        for above, row in pairwise(rows):
            row["starts_band"] = row["band"] != above["band"]
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
        "moved": _moved(standing),
        "agent": submission.name,
        "version": f"v{submission.number}",
        "agent_url": reverse("agent", args=[submission.pk]),
        "owner": submission.entry.team.name,
        "owner_url": reverse("team", args=[submission.entry.team_id]),
        "rating": shown(standing.rating),
        "margin": shown((standing.high - standing.low) / 2),
        "bar_start": round(start, 2),
        "bar_width": round(max(0.8, 100 * (standing.high - standing.low) / width), 2),
        "bar_point": round(min(98.6, 100 * (standing.rating - low) / width), 2),
        "matches": counted(standing.matches),
        "wins": standing.wins,
        "draws": standing.draws,
        "losses": standing.losses,
        "forfeits_text": amount(standing.forfeits, "forfeit", "forfeits") if standing.forfeits else "",
        "forfeits_word": "warning" if "forfeits" in standing.flags else "crashed",
        "band": standing.band,
        "field": share(standing.field_rate),
        "p_best": share(standing.p_best),
        "turn": took(standing.turn_seconds) if standing.turn_seconds is not None else "",
        "opponents_title": ngettext(
            "against %(count)s different opponents",
            "against %(count)s different opponents",
            standing.opponents,
        )
        % {"count": counted(standing.opponents)},
        "worst": _worst(standing),
        "next": _to_next(standing),
        "flags": [_flag(word) for word in standing.flags if word in FLAGS and word not in SAID_OTHERWISE],
        "provisional_title": " ".join(
            str(FLAGS[word][2])
            for word in standing.flags
            if word in FLAGS and FLAGS[word][0] == "provisional"
        ),
        "wins_width": round(100 * standing.wins / played, 2),
        "draws_start": round(100 * standing.wins / played, 2),
        "draws_width": round(100 * standing.draws / played, 2),
        "losses_start": round(100 * (standing.wins + standing.draws) / played, 2),
        "losses_width": round(100 * standing.losses / played, 2),
        "is_mine": submission.entry.team_id in mine,
        "is_baseline": bool(submission.baseline),
        "is_provisional": standing.provisional,
    }


def _moved(standing: Standing) -> Row:
    """Return how many places the agent went up or down since the day before; nothing if none."""
    places = (standing.rank_before or standing.rank) - standing.rank
    if not places:
        return {}
    way = (
        ngettext("up %(count)s place", "up %(count)s places", places)
        if places > 0
        else ngettext("down %(count)s place", "down %(count)s places", -places)
    )
    return {"is_up": places > 0, "places": abs(places), "title": way % {"count": counted(abs(places))}}


def _worst(standing: Standing) -> Row:
    """Return whom the agent fares worst against, and how much it still takes from it."""
    if standing.worst_opponent is None:
        return {}
    return {
        "name": clipped(str(standing.worst_opponent), 24),
        "title": str(standing.worst_opponent),
        "url": reverse("agent", args=[standing.worst_opponent_id]),
        "rate": share(standing.worst_rate),
    }


def _to_next(standing: Standing) -> str:
    """Return how much longer it would take to tell the agent from the one above it."""
    if standing.episodes_to_next is None or standing.rank < 2:
        return ""
    if standing.episodes_to_next < 1:
        return _("Told apart from the agent above.")
    return _("About %(count)s more episodes of each to tell it from the one above.") % {
        "count": counted(standing.episodes_to_next)
    }


def _flag(word: str) -> Row:
    chip, label, title = FLAGS[word]
    return {"word": chip, "label": label, "title": title}


def _rank_range(standing: Standing) -> str:
    if standing.rank_low == standing.rank_high:
        return ""
    return f"{standing.rank_low}-{standing.rank_high}"


def source_line(snapshot: Snapshot | None) -> Row:
    """Return from how many matches the board was computed, and when."""
    if snapshot is None or snapshot.computed_at is None or not snapshot.matches:
        return {"is_empty": True, "matches": "", "when": "", "when_at": "", "root": ""}
    return {
        "is_empty": False,
        "matches": amount(snapshot.matches, "rated match", "rated matches"),
        "when": ago(snapshot.computed_at),
        "when_at": moment(snapshot.computed_at),
        "root": snapshot.root,
    }


def as_records(standings: Sequence[Standing]) -> list[dict[str, str | int | float | bool | None]]:
    """Return the board as plain records, for downloads."""
    return [
        {
            "rank": standing.rank,
            "rank_low": standing.rank_low,
            "rank_high": standing.rank_high,
            "rank_before": standing.rank_before,
            "agent": standing.submission.name,
            "version": standing.submission.number,
            "team": standing.submission.entry.team.name,
            "rating": round(standing.rating, 4),
            "low": round(standing.low, 4),
            "high": round(standing.high, 4),
            "field_rate": standing.field_rate,
            "nash": standing.nash,
            "p_best": standing.p_best,
            "p_top3": standing.p_top3,
            "p_top10": standing.p_top10,
            "band": standing.band,
            "matches": standing.matches,
            "episodes": standing.episodes,
            "opponents": standing.opponents,
            "wins": standing.wins,
            "draws": standing.draws,
            "losses": standing.losses,
            "forfeits": standing.forfeits,
            "worst_opponent": standing.worst_opponent_id or "",
            "worst_rate": standing.worst_rate,
            "provisional": standing.provisional,
            "flags": " ".join(standing.flags),
            "turn_seconds": standing.turn_seconds,
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


def _inert(value: str | float | bool | None) -> str | float | bool | None:
    return (
        f"'{value}"
        if isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t", "\r"))
        else value
    )


def board_of(competition: Competition) -> Row:
    """Return the wording of a competition's board."""
    return measure(spec_of(competition.arena))
