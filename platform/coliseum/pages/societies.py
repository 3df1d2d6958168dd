"""What a match of a social dilemma tells of its society: how much, how equally, until when."""

import numpy as np
from django.utils.translation import gettext as _

from arenas.errors import ArenaError
from arenas.measures import measure
from arenas.trajectory import decode_trajectory, untrack
from coliseum import storage
from coliseum.matches.models import Match
from coliseum.pages.rows import Row, spec_of


def society_rows(match: Match, index: int) -> list[Row]:
    """Return the measures of an episode, which its arena names; empty where it names none or is not drawn."""
    spec = spec_of(match.competition.arena)
    episode = next((each for each in match.episodes.all() if each.index == index), None)
    if spec is None or not spec.measures or episode is None or not episode.trajectory:
        return []
    try:
        drawn = decode_trajectory(storage.read_trajectory(episode.trajectory))
    except (FileNotFoundError, ArenaError):
        return []
    returns = np.array([untrack(track, drawn["turns"] + 1) for track in drawn["rewards"]], float).T
    return [
        {
            "title": _(each.title),
            "meaning": _(each.meaning),
            "value": _("not defined") if value is None else f"{value:.0f}" if value > 10 else f"{value:.2f}",
        }
        for each, value in measure(spec.measures, returns)
    ]
