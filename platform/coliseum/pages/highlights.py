"""What was worth a look today, for the TV and the front page."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from django.core.cache import cache
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from coliseum import clock
from coliseum.ids import first_id
from coliseum.leaderboards.highlights import Highlight, Sort, highlights
from coliseum.matches.models import Match
from coliseum.matches.queries import finished_matches, latest_replays
from coliseum.matches.revealing import openly_replayed
from coliseum.pages.rows import Row, match_rows
from coliseum.pages.wording import ago, score
from workers.spec import MatchKind

_KEPT_SECONDS: Final = 30
_TODAY: Final = timedelta(hours=24)
_MOST: Final = 30
_RATED: Final = (MatchKind.LEAGUE.value, MatchKind.TOURNAMENT.value)


@dataclass(frozen=True, slots=True)
class Remarkable:
    """A match, and in words what it is remarkable for."""

    match: Match
    text: str


def remarkable_today(*, most: int) -> dict[str, list[Row]]:
    """Return the rows of today's upsets and of its closest fights, the first of each first."""
    return {sort: _rows(sort)[:most] for sort in ("upset", "closest")}


def best_of_today() -> Remarkable | None:
    """Return the match to show when none is played: an upset, else a close one, else simply the latest."""
    for sort in ("upset", "closest"):
        for best, found in _today(sort)[:1]:
            text = f"{_line_up(best)}, {ago(best.finished_at)}: {_why(best, found, sort)}"
            return Remarkable(best, text)
    match = next(iter(openly_replayed(latest_replays())[:1]), None)
    if match is None:
        return None
    text = _("%(who)s, %(when)s") % {"who": _line_up(match), "when": ago(match.finished_at)}
    return Remarkable(match, text)


def _today(sort: Sort) -> list[tuple[Match, Highlight]]:
    """Return the first of today's matches; their order is kept a little, who may see them is not."""
    key = f"highlights:{sort}"
    found = cache.get(key)
    if found is None:
        # Ids tell the time too, and there is an index of them.
        since = first_id(clock.now() - _TODAY)
        matches = _shown().filter(pk__gt=since, kind__in=_RATED)
        found = [(each.match, each.value) for each in highlights(matches, sort)[:_MOST]]
        cache.set(key, found, _KEPT_SECONDS)
    known = {
        match.pk: match for match in openly_replayed(latest_replays()).filter(pk__in=[pk for pk, _ in found])
    }
    return [(known[pk], Highlight(pk, value)) for pk, value in found if pk in known]


def _shown() -> QuerySet[Match]:
    return openly_replayed(finished_matches())


def _rows(sort: Sort) -> list[Row]:
    """Return a row for each pairing: the same agents are named once."""
    rows: dict[frozenset[str], Row] = {}
    for match, found in _today(sort):
        agents = frozenset(seat.submission_id for seat in match.seats.all())
        own = {"why": _why(match, found, sort), "line_up": _line_up(match)}
        rows.setdefault(agents, match_rows([match])[0] | own)
    return list(rows.values())


def _line_up(match: Match) -> str:
    return _(" against ").join(dict.fromkeys(str(seat.submission) for seat in match.seats.all()))


def _why(match: Match, found: Highlight, sort: Sort) -> str:
    if sort == "upset":
        return _("won though rated %(points)d points lower") % {"points": round(found.value)}
    if found.value == 0:
        return _("level to the end")
    scores = sorted((seat.score or 0.0 for seat in match.seats.all()), reverse=True)
    return _(" to ").join(score(each) for each in scores)
