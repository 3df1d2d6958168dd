"""Where an agent did worst: the matches its owner learns most from."""

from django.utils.translation import gettext as _

from coliseum.competitions.queries import shown_phase
from coliseum.leaderboards.queries import ratings_of
from coliseum.matches.meetings import losses_of, lowest_scores
from coliseum.matches.queries import matches_by_id
from coliseum.pages.rows import Row, match_rows, spec_of
from coliseum.submissions.models import Submission

SHOWN = 3


def worst_losses(submission: Submission) -> Row | None:
    """Return the worst losses as rows of parts/_match_list.html and why they are that; None without any.

    Among agents these are losses to the lowest rated winners; alone, the lowest scores.
    """
    arena = spec_of(submission.entry.competition.arena)
    if arena is None:
        return None
    if arena.lineup == 1:
        ids, why = lowest_scores(submission, most=SHOWN), _("Its lowest scores.")
    else:
        ratings = ratings_of(shown_phase(submission.entry.competition))
        lost = [
            (min(known), match)
            for match, winners in losses_of(submission)
            if (known := [ratings[each][0] for each in winners if each in ratings])
        ]
        ids = [match for _rating, match in sorted(lost)[:SHOWN]]
        why = _("Lost to the lowest rated opponents among its latest matches.")
    rows = match_rows(matches_by_id(ids))
    return {"matches": rows, "why": why, "url": rows[0]["url"]} if rows else None
