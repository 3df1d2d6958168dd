"""A rated field of four, for finals; other modules here have fields of their own."""

import pytest

from coliseum.competitions.models import Competition
from coliseum.competitions.queries import shown_phase
from coliseum.leaderboards.services import rate_phase
from coliseum.league.scratch import open_field, queue_matches
from tests.platform.league.strengths import Table, spread


@pytest.fixture
def field():
    """Return an open competition of four teams, its agents, and the table they play at."""
    competition, agents = open_field(4)
    Competition.objects.filter(pk=competition.pk).update(target_matches=4)
    competition.refresh_from_db()
    table = Table(spread([agent.pk for agent in agents], step=200))
    queue_matches(competition, agents, 12)
    table.play()
    rate_phase(phase=shown_phase(competition))
    return competition, agents, table
