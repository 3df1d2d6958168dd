"""A real chromium on a small loopback site; a test fails on any console error or foreign request."""

import shutil
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.frontend.showcase import Site, running

SWITCHES = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
Opener = Callable[..., Page]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    path = shutil.which("chromium")
    assert path, "chromium is not installed; tests/run installs it"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=SWITCHES)
        yield browser
        browser.close()


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
    for context in contexts:
        context.close()
    assert complaints == []
