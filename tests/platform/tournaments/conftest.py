"""A competition of tic-tac-toe to hold tournaments in, and one for four at a table."""

import pytest

from coliseum.competitions.models import Competition
from coliseum.competitions.services import create_competition, move_competition


@pytest.fixture
def noughts(host) -> Competition:
    """Return an open competition for two seats."""
    made = create_competition(host=host, slug="noughts", title="Noughts", arena="tictactoe-v3")
    return move_competition(competition=made, to="open", actor=host)


@pytest.fixture
def cards(host) -> Competition:
    """Return an open competition for more than two seats."""
    made = create_competition(host=host, slug="cards", title="Cards", arena="spiel_hearts-v1")
    return move_competition(competition=made, to="open", actor=host)
