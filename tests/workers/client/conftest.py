"""A small site, and a client of it that does not wait."""

import pytest

from tests.workers.door import open_site
from workers.client import Client


@pytest.fixture
def site():
    with open_site() as opened:
        yield opened


@pytest.fixture
def rests(monkeypatch):
    """The seconds the client waited before its further tries."""
    seconds = []
    monkeypatch.setattr("workers.client.wire.sleep", seconds.append)
    return seconds


@pytest.fixture
def client(site, rests, monkeypatch):
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    return Client(site.address, "col_secret")
