"""A real chromium on a small loopback site; a test fails on any console error or foreign request."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.chromium import chromium, close
from tests.frontend.showcase import Site, running

Opener = Callable[..., Page]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with running() as site:
        yield site


@pytest.fixture
def complaints() -> list[str]:
    """Console errors and foreign requests; a test that provokes one clears it."""
    return []


@pytest.fixture
def show(browser: Browser, site: Site, complaints: list[str]) -> Iterator[Opener]:
    """Return a function that opens the style guide, or another address, at a replay: show("chess", "t=3")."""
    contexts = []

    def opened(
        name: str = "connect_four",
        fragment: str = "",
        width: int = 1280,
        address: str = "",
        **options: object,
    ) -> Page:
        settings = {"reduced_motion": "reduce", "viewport": {"width": width, "height": 800}, **options}
        context = browser.new_context(**settings)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.on(
            "console", lambda message: complaints.append(message.text) if message.type == "error" else None
        )
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("request", lambda r: complaints.append(r.url) if not r.url.startswith(site.url) else None)
        page.goto(f"{site.url}/{address}?{name}{'#' + fragment if fragment else ''}")
        return page

    yield opened
    seen = list(complaints)
    for context in contexts:
        close(context)
    assert seen == []
