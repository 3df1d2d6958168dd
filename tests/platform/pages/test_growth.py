"""What a page costs does not grow with the league: counted in steps of the database, not in seconds."""

import pytest
from django.db import connection

from tests.e2e.crowd import addresses
from tests.e2e.crowd_store import fill

pytestmark = pytest.mark.skipif("connection.vendor != 'sqlite'", reason="only SQLite counts its steps")

GROWS = {
    "static file": "no page",
    "board as CSV": "the whole board",
    "board, by share of points": "one column of the whole board is sorted",
    "board, a division": "divisions are counted",
    "board, last page": "a database counts the rows it skips",
    "competitions": "entries are counted",
    "home": "among the latest 30 matches one is looked for that can be shown",
    "upsets": "up to 1,000 matches are compared",
    "matches with a forfeit": "the ids of those with a forfeit are listed, of many leagues",
    "API forfeits": "as above",
    "search": "names are read",
}
_NOISE = 50
SMALL, LARGE = (200, 2000), (800, 8000)
"""Agents and matches: a page is full, and each agent has as many matches in both."""


def steps_of(client, address):
    """Ask for a page twice; return how many hundreds of instructions SQLite needed the second time."""
    client.get(address)
    steps = 0

    def count():
        nonlocal steps
        steps += 1
        return 0

    connection.connection.set_progress_handler(count, 100)
    try:
        answer = client.get(address)
    finally:
        connection.connection.set_progress_handler(None, 0)
    assert answer.status_code == 200, address
    return steps


@pytest.mark.django_db
def test_four_times_the_agents_and_matches_cost_no_page_more(client):
    small, large = (
        {name: steps_of(client, path) for name, path in addresses(fill(*size)).items() if name not in GROWS}
        for size in (SMALL, LARGE)
    )
    dearer = {name: (small[name], large[name]) for name in small if large[name] > 1.5 * small[name] + _NOISE}
    assert dearer == {}
