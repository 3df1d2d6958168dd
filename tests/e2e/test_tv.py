"""TV and live pages in a real browser, on real processes: watched, and cut off from queue and site."""

import json
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from tests.chromium import close, wait_until
from tests.e2e.conftest import playable
from tests.faults.scenario import open_competition
from tests.faults.stack import Stack

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.enable_socket,
    pytest.mark.usefixtures("patience"),
]

TIC = "/tv/?arena=tictactoe-v3"


@pytest.fixture(scope="module")
def site() -> Iterator[Stack]:
    with playable() as made:
        yield made


@pytest.fixture
def context(browser: Browser, site: Stack) -> Iterator[BrowserContext]:
    """A phone-sized browser that fails the test on any script error or broken policy."""
    opened = browser.new_context(
        base_url=f"http://localhost:{site.port}", viewport={"width": 360, "height": 740}
    )
    opened.set_default_timeout(30_000)
    troubles: list[str] = []
    opened.on("weberror", lambda error: troubles.append(str(error.error)))
    opened.on(
        "console",
        lambda line: troubles.append(line.text) if "Content Security" in line.text else None,
    )
    yield opened
    seen = list(troubles)
    close(opened)
    assert seen == []


CUT_OFF = """
const whole = window.fetch;
window.cutOff = 0;
window.fetch = (...asked) => {
  if (window.cutOff++) return whole(...asked);
  const body = new ReadableStream({ pull: (part) => part.error(new TypeError("Failed to fetch")) });
  return Promise.resolve(new Response(body));
};
"""
"""The first news end in the middle, as they do when the site goes while it sends them."""


def shows_of(site: Stack) -> int:
    return int(site.redis().zcard("live:shows"))


def test_a_match_is_watched_from_two_pages_to_its_end_and_the_next_is_announced(
    context: BrowserContext, site: Stack
) -> None:
    page = context.new_page()
    page.goto(TIC)
    expect(page.locator("[data-tv-title]")).to_have_text(re.compile(r"^Tic-tac-toe: .+"))
    expect(page.locator("[data-tv] .player-canvas")).to_be_visible()
    expect(page.locator("[data-tv-state]")).to_have_text("live")
    expect(page.locator("[data-tv-steps] tbody tr").nth(2)).to_be_visible()
    second = context.new_page()
    second.goto(TIC)
    expect(second.locator("[data-tv-steps] tbody tr").nth(2)).to_be_visible()
    assert shows_of(site) == 1
    title = page.locator("[data-tv-title]").text_content()
    assert second.locator("[data-tv-title]").text_content() == title
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert page.locator("canvas").get_attribute("aria-label")
    expect(page.locator("[data-tv-now]")).to_have_text(re.compile(r"(won|A draw)\..* Next: .+ in \d s"))
    expect(page.locator("[data-tv-steps] tbody tr").first).to_have_text(re.compile(r"^0"))


def test_a_page_says_that_news_do_not_come_and_that_they_come_again(
    context: BrowserContext, site: Stack
) -> None:
    open_competition(site, "cup", baselines=False)
    page = context.new_page()
    page.add_init_script(CUT_OFF)
    page.goto("/competitions/cup/leaderboard")
    state = page.locator("[data-live-state]")
    expect(state).to_have_text("live")
    site.kill("broker")
    expect(state).to_have_text("paused, retrying")
    site.start("broker")
    site.wait(site.broker_answers, "the queue")
    expect(state).to_have_text("live")
    site.redis().publish("coliseum:live", json.dumps({"topic": "competition:cup", "event": "changed"}))
    wait_until(page, "window.cutOff === 1")
    with page.expect_response(re.compile("/competitions/cup/standings")):
        site.redis().publish("coliseum:live", json.dumps({"topic": "competition:cup", "event": "changed"}))
    site.kill("web")
    expect(state).to_have_text("paused, retrying")
    site.start("web")
    site.wait(site.web_answers, "the site")
    expect(state).to_have_text("live")
