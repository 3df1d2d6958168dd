"""A real browser for all tests of this folder, and installations made of laptop parts."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.chromium import chromium
from tests.faults.stack import Stack


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium, started once a file."""
    with chromium() as started:
        yield started


@pytest.fixture(scope="module")
def patience() -> Iterator[None]:
    """Give what is expected of a page half a minute to come true."""
    expect.set_options(timeout=30_000)
    yield
    expect.set_options(timeout=5_000)


@contextmanager
def installation() -> Iterator[Stack]:
    """Give an installation of which nothing runs yet; in the end all of it is ended and removed."""
    folder = Path(tempfile.mkdtemp(prefix="ce-"))
    made = Stack("laptop", folder)
    try:
        yield made
    finally:
        made.close()
        shutil.rmtree(folder, ignore_errors=True)


def start_web(site: Stack, *others: str) -> None:
    """Start queue and web, and programs that need no more than the queue."""
    site.start("broker")
    site.wait(site.broker_answers, "the queue")
    site.start(*others)
    site.make_tables()
    site.start("web")
    site.wait(site.web_answers, "the site")


def has_tables(site: Stack) -> bool:
    """Say whether a live worker offers tables."""
    return any(not told.startswith(b"0/0/") for told in site.redis().hvals("live:workers"))


@contextmanager
def playable() -> Iterator[Stack]:
    """Give an installation with a live worker that offers tables."""
    with installation() as site:
        start_web(site, "live")
        site.wait(lambda: has_tables(site), "the live worker")
        yield site
