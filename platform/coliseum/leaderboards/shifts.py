"""What a leaderboard would be if other matches counted: computed to be looked at, never stored."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from coliseum.competitions.models import Phase
from coliseum.leaderboards.evidence import evidence_of, finished_matches
from coliseum.leaderboards.fitting import compute_from
from coliseum.leaderboards.models import Standing

MOST_MATCHES: Final = 20_000
"""Reading more takes longer than somebody waits for a page."""


@dataclass(frozen=True, slots=True)
class Shift:
    """The place of one agent now, and as it would be; None for none."""

    submission_id: str
    before: int | None
    after: int | None


def shifts_in(
    phase: Phase, *, voided: Collection[str] = (), restored: Collection[str] = ()
) -> list[Shift] | None:
    """Return whose place would change, by the place now; None where there are too many matches to tell.

    Args:
        phase: whose leaderboard.
        voided: ids of matches that count and would not.
        restored: ids of matches that do not count and would.
    """
    if finished_matches(phase).count() > MOST_MATCHES:
        return None
    counted = finished_matches(phase).filter(is_counted=True).values_list("pk", flat=True)
    ids = sorted(set(counted).difference(voided).union(restored))
    before = dict(Standing.objects.filter(phase=phase).values_list("submission_id", "rank"))
    after = {row.submission_id: row.rank for row in compute_from(phase, evidence_of(phase, ids)).rows}
    found = [Shift(each, before.get(each), after.get(each)) for each in {*before, *after}]
    last = len(found) + 1
    changed = [each for each in found if each.before != each.after]
    return sorted(changed, key=lambda each: (each.before or last, each.after or last, each.submission_id))
