"""Divisions: a large field is shown in parts, and nobody goes up and down with every match."""

from collections import Counter

import pytest

from coliseum.competitions.queries import shown_phase
from coliseum.leaderboards.fitting import Row
from coliseum.leaderboards.models import Standing
from coliseum.leaderboards.services import _divided, _store
from coliseum.league.scratch import open_field

pytestmark = pytest.mark.django_db


def rows_of(agents, *, shift=0.0):
    """Return rows five points apart, each known to ten; the twenty-second is moved by `shift`."""
    rows = []
    for place, agent in enumerate(agents):
        rating = 2000.0 - 5.0 * place + (shift if place == 21 else 0.0)
        rows.append(
            Row(agent.pk, place + 1, place + 1, place + 1, rating, rating - 10, rating + 10, 0.0, False)
        )
    return tuple(rows)


def test_a_field_of_two_hundred_is_one_division():
    competition, agents = open_field(200)
    assert set(_divided(shown_phase(competition), rows_of(agents)).values()) == {0}


def test_a_larger_field_has_three_and_keeps_who_is_hardly_above_the_boundary():
    competition, agents = open_field(210)
    phase = shown_phase(competition)
    _store(phase, rows_of(agents))
    assert Counter(Standing.objects.values_list("division", flat=True)) == {0: 21, 1: 63, 2: 126}
    late = agents[21].pk
    # Five points up is just about level with the boundary, thirty are clearly above it.
    assert _divided(phase, rows_of(agents, shift=5.0))[late] == 1
    assert _divided(phase, rows_of(agents, shift=30.0))[late] == 0
