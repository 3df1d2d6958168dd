"""A person at the table, in a real browser, on real processes: plays, reloads, loses worker and queue."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.chromium import close
from tests.e2e.conftest import has_tables, playable
from tests.faults.stack import Stack

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.enable_socket,
    pytest.mark.usefixtures("patience"),
]

TIC = "/arenas/tictactoe-v3/play"


@pytest.fixture(scope="module")
def site() -> Iterator[Stack]:
    with playable() as made:
        yield made


@pytest.fixture
def page(browser: Browser, site: Stack) -> Iterator[Page]:
    """A phone-sized page that fails the test on any script error or broken policy."""
    size = {"width": 360, "height": 740}
    context = browser.new_context(base_url=f"http://localhost:{site.port}", viewport=size)
    context.set_default_timeout(30_000)
    opened = context.new_page()
    troubles: list[str] = []
    opened.on("pageerror", lambda error: troubles.append(str(error)))
    opened.on(
        "console",
        lambda line: troubles.append(line.text) if "Content Security" in line.text else None,
    )
    yield opened
    seen = list(troubles)
    close(context)
    assert seen == []


def sit_down(page: Page, address: str = TIC, **choices: str) -> None:
    page.goto(address)
    for label, value in choices.items():
        page.get_by_label(label).select_option(value)
    page.get_by_role("button", name="Sit down").click()


def test_a_person_plays_by_finger_keys_and_buttons_reloads_and_sees_the_replay(page: Page) -> None:
    sit_down(page, Opponent="house:random")
    moves = page.get_by_role("group", name="Your moves").get_by_role("button")
    expect(moves).to_have_count(9)
    board = page.locator("canvas").bounding_box()
    assert board
    page.mouse.click(board["x"] + board["width"] / 2, board["y"] + board["height"] / 2)
    expect(moves).to_have_count(7)
    expect(page.locator("[data-play-now]")).to_have_text(re.compile(r"Random: .+ Your move\."))
    page.reload()
    expect(moves).to_have_count(7)
    page.locator("canvas").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Home")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    result = page.get_by_role("link", name="Result and replay")
    for left in (7, 5, 3, 1):
        expect(moves.first.or_(result)).to_be_visible()
        if result.is_visible():
            break
        expect(moves).to_have_count(left)
        moves.first.click()
    expect(page.locator("[data-play-now]")).to_have_text(re.compile("You won|You lost|A draw"))
    result.click()
    expect(page.locator(".player[data-state=ready] .player-canvas")).to_be_visible()
    page.get_by_role("button", name="Swap seats").click()
    expect(page.locator("[data-play-now]")).to_have_text(re.compile(r"Random: .+ Your move\."))
    page.get_by_role("button", name="Leave the table").click()
    expect(page.get_by_label("Your seat")).to_have_value("1")


def test_keys_and_buttons_drive_an_arena_that_does_not_wait(page: Page) -> None:
    sit_down(page, "/arenas/MountainCar-v0/play")
    right = page.get_by_role("button", name="push right")
    expect(right).to_be_visible()
    page.keyboard.down("ArrowRight")
    expect(right).to_have_attribute("aria-pressed", "true")
    expect(page.locator("li .score").first).to_have_text(re.compile(r"-\d"))
    page.keyboard.up("ArrowRight")
    expect(right).to_have_attribute("aria-pressed", "false")
    page.get_by_role("button", name="Leave the table").click()
    expect(page.get_by_role("button", name="Sit down")).to_be_visible()


def test_a_queue_that_restarts_is_waited_for_and_a_worker_that_dies_is_told(page: Page, site: Stack) -> None:
    sit_down(page, Opponent="house:random")
    moves = page.get_by_role("group", name="Your moves").get_by_role("button")
    expect(moves).to_have_count(9)
    site.kill("broker")
    site.start("broker")
    site.wait(site.broker_answers, "the queue")
    moves.first.click()
    expect(moves).to_have_count(7)
    site.kill("live")
    try:
        expect(page.locator("[data-play-now]")).to_have_text(re.compile("The table broke off"))
    finally:  # The other tests of this file, in whatever order, need a worker.
        site.redis().delete("live:workers")
        site.start("live")
        site.wait(lambda: has_tables(site), "the live worker")
