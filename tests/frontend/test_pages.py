"""The kit on a page: width, policy, keyboard, theme, live refresh, upload."""

import re

import pytest

from tests.chromium import wait_until

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("width", [320, 360, 390, 768, 1000, 1280])
def test_no_page_is_wider_than_its_screen(show, width):
    page = show("connect_four", width=width)
    page.wait_for_selector("#player[data-state=ready]")
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("width", [320, 1280])
def test_no_part_sticks_out_of_its_card(show, width):
    page = show("connect_four", width=width)
    out = page.evaluate(
        """[...document.querySelectorAll('.card, .alert, .table td, .player-seats, .player-scroll')].filter(
          (box) => box.scrollWidth > box.clientWidth + 1 && getComputedStyle(box).display !== 'inline'
        ).map((box) => box.className)"""
    )
    assert out == []


def test_no_policy_violation_and_every_icon_exists(show):
    page = show("connect_four")
    page.wait_for_selector("#player[data-state=ready]")
    missing = page.evaluate(
        """async () => {
          const hrefs = [...document.querySelectorAll('use')].map((use) => use.getAttribute('href'));
          const sprite = await (await fetch('/static/img/icons.svg')).text();
          const known = (href) => sprite.includes(`id="${href.split('#')[1]}"`);
          return hrefs.filter((href) => href.includes('icons.svg') && !known(href));
        }"""
    )
    assert missing == []


@pytest.mark.parametrize("width", [360, 1280])
def test_every_target_is_at_least_24_pixels(show, width):
    page = show("connect_four", width=width)
    page.wait_for_selector("#player[data-state=ready]")
    small = page.evaluate(
        """[...document.querySelectorAll('button, select, summary, input:not([type=hidden]), nav a, .button')]
          .map((one) => [one.outerHTML.slice(0, 80), one.getBoundingClientRect()])
          .filter(([, box]) => box.width && (box.width < 24 || box.height < 24)).map(([html]) => html)"""
    )
    assert small == []


def test_the_first_tab_stop_leads_to_the_content(show):
    page = show("connect_four")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to content"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_the_theme_changes_at_once_and_is_kept_in_a_cookie(show):
    page = show("connect_four")
    page.locator("#theme summary").click()
    before = page.evaluate("getComputedStyle(document.body).color")
    page.get_by_role("button", name="Dark").click()
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    # With reduced motion the colour still takes a transition of 0.01 ms, so the next frame shows it.
    wait_until(page, "before => getComputedStyle(document.body).color !== before", before)
    assert {"name": "theme", "value": "dark"}.items() <= page.context.cookies()[0].items()


def test_the_theme_is_a_plain_form_without_javascript(show, site):
    page = show("connect_four", java_script_enabled=False)
    page.locator("#theme summary").click()
    page.get_by_role("button", name="Dark").click()
    page.wait_for_url("**/?panel")
    assert b"theme=dark" in site.uploads[-1]


def test_a_menu_closes_on_escape_and_gives_the_focus_back(show):
    page = show("connect_four")
    page.locator("#user-menu summary").click()
    page.keyboard.press("Escape")
    assert page.locator("#user-menu").get_attribute("open") is None
    assert page.evaluate("document.activeElement.parentElement.id") == "user-menu"


def test_a_destructive_act_wants_its_word(show):
    page = show("connect_four")
    page.get_by_text("Delete competition").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("textbox").fill("connect-four")
    dialog.get_by_role("button", name="Delete for good").click()
    assert dialog.is_visible()
    assert page.evaluate("document.querySelector('dialog input[name=confirm]').validity.patternMismatch")
    page.keyboard.press("Escape")
    assert page.locator("dialog").count() == 0


def test_a_hint_refreshes_the_part_in_place(show, site):
    page = show("connect_four")
    page.wait_for_selector("[data-live-state][data-state=live]")
    page.evaluate("document.querySelector('#leaderboard table').marked = true")
    site.hints.release()
    page.locator("#leaderboard .rating", has_text=re.compile(r"^20\d\d")).wait_for()
    assert page.evaluate("document.querySelector('#leaderboard table').marked")


def test_a_lost_stream_is_said_and_found_again(show, site, complaints):
    site.streams_refused = 1
    page = show("connect_four")
    page.wait_for_selector("[data-live-state][data-state=paused]")
    assert page.locator("#live").inner_text() == "paused, retrying"
    page.wait_for_selector("[data-live-state][data-state=live]")
    # Browsers note the refused stream on the console.
    assert all("503" in text for text in complaints)
    complaints.clear()


def test_a_file_that_is_too_large_is_refused_before_it_is_sent(show, site):
    page = show("connect_four")
    page.evaluate("document.querySelector('.drop').dataset.maxBytes = 3")
    sent = len(site.uploads)
    page.set_input_files(
        "#drop_zone_input", {"name": "agent.py", "mimeType": "text/plain", "buffer": b"1234"}
    )
    assert "the limit is 50 MB" in page.locator("#drop_zone_error").inner_text()
    page.get_by_role("button", name="Submit agent").click()
    assert len(site.uploads) == sent


def test_a_file_of_another_kind_is_refused(show):
    page = show("connect_four")
    page.set_input_files("#drop_zone_input", {"name": "agent.exe", "mimeType": "text/plain", "buffer": b"1"})
    assert "agent.exe is not one of .py, .zip" in page.locator("#drop_zone_error").inner_text()


@pytest.mark.parametrize("script", [True, False])
def test_a_file_is_sent_with_and_without_javascript(show, site, script):
    page = show("connect_four", java_script_enabled=script)
    page.set_input_files(
        "#drop_zone_input", {"name": "agent.py", "mimeType": "text/plain", "buffer": b"act = 1"}
    )
    page.get_by_role("button", name="Submit agent").click()
    page.wait_for_url("**/?panel")
    assert re.search(rb'name="package"; filename="agent.py"', site.uploads[-1])
    assert b"act = 1" in site.uploads[-1]


def test_forced_colours_keep_every_word(show):
    page = show("connect_four", forced_colors="active")
    assert page.locator(".chip[data-word=timed_out]").first.is_visible()
    page.wait_for_selector("#player[data-state=ready]")


def test_tables_become_cards_on_a_phone(show):
    page = show("connect_four", width=360)
    assert (
        page.locator(".leaderboard tbody tr").first.evaluate("row => getComputedStyle(row).display") == "grid"
    )
    assert page.locator(".leaderboard .at-record").first.is_visible()
