"""Chromium for tests: which, how, how its windows are closed, and how a page is waited for."""

import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from playwright.sync_api import Browser, BrowserContext, Error, Page, sync_playwright

FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]


@contextmanager
def chromium() -> Iterator[Browser]:
    """Give a browser."""
    path = shutil.which("chromium")
    assert path, "chromium is not installed; tests/run installs it"
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield started
        started.close()


def close(context: BrowserContext) -> None:
    """Close a context with its pages at rest.

    Chromium may never answer when it is told to close one in which a page is on its way to the next: a test
    whose last act was a click stood still for ever.
    """
    for page in context.pages:
        with suppress(Error):
            page.goto("about:blank")
    context.close()


def wait_until(page: Page, is_so: str, arg: object = None, *, seconds: float = 30.0) -> None:
    """Wait until an expression, or a function of `arg`, is true in a page.

    `page.wait_for_function` looks by `eval` from inside of the page from its second look on, which the site's
    content policy forbids.

    Raises:
        AssertionError: it did not come true in time.
    """
    deadline = time.monotonic() + seconds
    while not page.evaluate(is_so, arg):
        assert time.monotonic() < deadline, is_so
        page.wait_for_timeout(20)
