"""Small plots as numbers for an SVG: the template only writes them down."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from coliseum.leaderboards.models import RatingChange
from coliseum.pages.boards import in_scale
from coliseum.pages.rows import Row, moment
from coliseum.pages.wording import counted

WIDTH, HEIGHT = 600, 160
MOST_POINTS = 300


def rating_plot(changes: Sequence[RatingChange], *, is_rating: bool) -> Row | None:
    """Return a rating history: a line, its 95 % band, both axes' ends, and the same as a table.

    The horizontal axis is the number of matches, for ratings move with matches, not with days.
    """
    if len(changes) < 2:
        return None
    points = _thinned(changes)
    low, high = min(point.low for point in points), max(point.high for point in points)
    first, last = points[0].matches, points[-1].matches

    def x(point: RatingChange) -> float:
        return round(WIDTH * (point.matches - first) / ((last - first) or 1), 1)

    def y(value: float) -> float:
        return round(HEIGHT * (1 - (value - low) / ((high - low) or 1)), 1)

    upper = [f"{x(point)},{y(point.high)}" for point in points]
    lower = [f"{x(point)},{y(point.low)}" for point in reversed(points)]
    shown = (lambda value: f"{value:.0f}") if is_rating else in_scale(high - low)
    return {
        "width": WIDTH,
        "height": HEIGHT,
        "line": " ".join(f"{x(point)},{y(point.rating)}" for point in points),
        "band": " ".join(upper + lower),
        "low": shown(low),
        "high": shown(high),
        "first": _("%(count)s matches") % {"count": counted(first)},
        "last": _("%(count)s matches") % {"count": counted(last)},
        "summary": _("From %(first)s after %(before)s matches to %(last)s after %(now)s, rank %(rank)s.")
        % {
            "first": shown(points[0].rating),
            "before": counted(first),
            "last": shown(points[-1].rating),
            "now": counted(last),
            "rank": points[-1].rank,
        },
        "rows": [
            {
                "matches": counted(point.matches),
                "rating": shown(point.rating),
                "interval": _("%(low)s to %(high)s") % {"low": shown(point.low), "high": shown(point.high)},
                "rank": point.rank,
                "at": moment(point.at),
                "when": f"{point.at:%Y-%m-%d %H:%M}",
            }
            for point in list(reversed(points))[:40]
        ],
    }


def _thinned(changes: Sequence[RatingChange]) -> list[RatingChange]:
    """Return at most MOST_POINTS of the changes, evenly spread, the last one always among them."""
    step = -(-len(changes) // MOST_POINTS)
    kept = list(changes[::step])
    return kept if kept[-1] is changes[-1] else [*kept, changes[-1]]
