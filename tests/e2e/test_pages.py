"""Every page in a real browser: light, without a barrier, in its bounds at every width, without an error."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.chromium import close
from tests.e2e.pages import LOOKS, Seen
from tests.e2e.town import Eyes, Town, filled

pytestmark = [pytest.mark.slow, pytest.mark.enable_socket]
ALL = [seen for looks in LOOKS.values() for seen in looks]
LONG_WORDS = (
    *("home", "competition", "leaderboard", "join", "submit", "submission", "match", "agent", "team"),
    *("tournament", "settings", "settings-notifications", "host-console", "wizard-step", "administration"),
)
"""Names of the pages that are measured in German too, whose words are half as long again."""


@pytest.fixture(scope="module")
def town() -> Iterator[Town]:
    with filled() as made:
        yield made


@pytest.fixture(scope="module")
def eyes(browser: Browser, town: Town) -> Eyes:
    return Eyes(browser, town)


def people() -> list[str]:
    return sorted({seen.person for seen in ALL})


@pytest.mark.parametrize("person", people())
def test_every_page_is_light_without_barrier_and_in_its_bounds(eyes: Eyes, person: str) -> None:
    looks = [eyes.look(seen) for seen in ALL if seen.person == person]
    assert not (faults := [fault for look in looks for fault in look.faults]), "\n".join(faults)


def test_the_table_at_which_somebody_plays_is_so_too(eyes: Eyes) -> None:
    assert eyes.look(eyes.sit_down()).faults == []


def test_german_words_leave_nothing_on_a_narrow_phone(browser: Browser, town: Town) -> None:
    german = Eyes(browser, town, language="de")
    looks = []
    for seen in [LOOKS[name][-1] for name in LONG_WORDS]:
        tab = german.tab(seen.person)
        looks.append(tab.measure(seen.address.format(**town.names), 320))
        assert tab.page.locator("html").get_attribute("lang") == "de"
    assert not (faults := [fault for look in looks for fault in look.faults]), "\n".join(faults)


@pytest.mark.parametrize(
    ("address", "person", "button", "filled_in"),
    [
        ("/sign-up", "", "Make", {"Name": "ann", "Password": "short"}),
        ("/settings/profile", "ann", "Save", {"Link": "javascript:alert(1)"}),
        ("/host/new", "staff", "Save|Next|Go on", {"Title": ""}),
        ("/competitions/connect-four/join", "host", "join", {}),
    ],
)
def test_a_form_with_mistakes_names_them_without_barrier(
    eyes: Eyes, address: str, person: str, button: str, filled_in: dict[str, str]
) -> None:
    tab = eyes.tab(person)
    page = tab.page
    page.goto(eyes.town.origin + address)
    # The browser's own checks would not let the mistakes out.
    page.evaluate("document.querySelectorAll('form').forEach(form => { form.noValidate = true; })")
    for label, value in filled_in.items():
        page.get_by_label(label).first.fill(value)
    page.locator("main").get_by_role("button", name=re.compile(button, re.I)).first.click()
    expect(page.locator("main [aria-invalid=true]").first).to_be_visible()
    assert tab.here(f"{address} with mistakes").faults == []


def focused(page: Page) -> str:
    """Return the words of what has the focus, and whether it is seen to have it."""
    return str(
        page.evaluate(
            """() => {
              const at = document.activeElement, look = getComputedStyle(at);
              const seen = look.outlineStyle !== 'none' || look.boxShadow !== 'none';
              return (at.getAttribute('aria-label') || at.innerText || at.name || at.tagName).trim() +
                (seen ? '' : ' (unseen)');
            }"""
        )
    )


@pytest.mark.parametrize(
    ("address", "person", "action"),
    [
        ("/", "", "See the competitions"),
        ("/competitions/connect-four/", "ann", "Submit an agent"),
        ("/competitions/connect-four/submit", "ann", "Submit agent"),
        ("/matches/", "", "Watch"),
        ("/arenas/tictactoe-v3/play", "", "Sit down"),
    ],
)
def test_the_keyboard_skips_the_header_and_reaches_the_main_action(
    eyes: Eyes, address: str, person: str, action: str
) -> None:
    page = eyes.tab(person).page
    page.goto(eyes.town.origin + address)
    page.keyboard.press("Tab")
    assert focused(page) == "Skip to content"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    met: list[str] = []
    while len(met) < 60 and not (met and action in met[-1]):
        page.keyboard.press("Tab")
        met.append(focused(page))
    assert action in met[-1]
    assert not [each for each in met if each.endswith("(unseen)")]


def test_without_scripts_pages_show_what_they_have_and_forms_work(browser: Browser, town: Town) -> None:
    context = town.visitor(browser, "ann", java_script_enabled=False, viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.goto("/competitions/connect-four/leaderboard")
    expect(page.get_by_role("link", name="centre-first").first).to_be_visible()
    page.goto(f"/matches/{town.names['match']}/")
    expect(page.locator("main")).to_contain_text(re.compile(r"\d points?"))
    page.goto("/")
    page.locator("#site-menu > summary").click()
    page.locator("#site-menu").get_by_role("link", name="Competitions").click()
    page.locator("#search > summary").click()
    page.locator("#search-anywhere").fill("noughts")
    page.keyboard.press("Enter")
    expect(page.locator("main").get_by_role("link", name="Noughts and Crosses")).to_be_visible()
    page.locator("#theme > summary").click()
    page.get_by_role("button", name="Dark").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.goto("/matches/")
    page.get_by_label("Kind").select_option("tournament")
    page.get_by_role("button", name="Filter").click()
    page.wait_for_url(re.compile("kind=tournament"))
    page.goto(f"/submissions/{town.names['rejected']}/")
    expect(page.get_by_text("no_such_key").first).to_be_visible()
    page.goto("/settings/profile")
    page.get_by_label("Affiliation").fill("School of Games")
    page.get_by_role("button", name="Save").first.click()
    page.goto("/people/ann/")
    expect(page.get_by_text("School of Games")).to_be_visible()
    close(context)


def test_no_page_is_looked_at_twice() -> None:
    assert len(set(ALL)) == len(ALL)
    assert all(isinstance(seen, Seen) for seen in ALL)
