"""A stranger's way through the portal in a real browser, on a whole installation made of laptop parts."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.chromium import close
from tests.e2e.conftest import installation
from tests.faults.stack import Stack

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.enable_socket]

PASSWORD = "four words make sense"

GOOD = """
class Agent:
    def act(self, observation):
        legal = observation["action_mask"].nonzero()[0]
        return int(min(legal, key=lambda column: abs(column - 3)))
"""
BROKEN = """
class Agent:
    def act(self, observation):
        return observation["no_such_key"]
"""
HANGING = """
class Agent:
    def act(self, observation):
        while True:
            pass
"""


@pytest.fixture(scope="module")
def site() -> Iterator[Stack]:
    with installation() as made:
        made.start_all()
        made.manage("demo")
        yield made


@pytest.fixture
def page(browser: Browser, site: Stack) -> Iterator[Page]:
    """A phone-sized page that fails the test on any script error, broken policy or request to elsewhere."""
    context = browser.new_context(
        base_url=f"http://localhost:{site.port}", viewport={"width": 390, "height": 844}
    )
    opened = context.new_page()
    troubles: list[str] = []
    opened.on("pageerror", lambda error: troubles.append(str(error)))
    opened.on("console", lambda line: troubles.append(line.text) if line.type == "error" else None)
    opened.on(
        "request",
        lambda request: (
            None
            if request.url.startswith((f"http://localhost:{site.port}/", "data:", "blob:"))
            else troubles.append(request.url)
        ),
    )
    yield opened
    seen = list(troubles)
    close(context)
    assert seen == []


def upload(page: Page, folder: Path, name: str, source: str) -> None:
    file = folder / f"{name}.py"
    file.write_text(source)
    page.goto("/competitions/connect-four/submit")
    page.set_input_files("input[type=file]", str(file))
    page.get_by_role("button", name=re.compile("^Submit")).click()
    page.wait_for_url("**/submissions/**", timeout=20_000)


def choose_save_and_submit(page: Page, folder: Path) -> None:
    """Save a file once more between choosing and sending it, which a browser then no longer reads."""
    file = folder / "hasty.py"
    file.write_text(GOOD)
    page.goto("/competitions/connect-four/submit")
    page.set_input_files("input[type=file]", str(file))
    file.write_text(GOOD + "# one more thought\n")
    page.get_by_role("button", name=re.compile("^Submit")).click()


def test_a_stranger_signs_up_submits_and_sees_a_rated_replay(page: Page, tmp_path: Path, site: Stack) -> None:
    page.goto("/sign-up")
    page.get_by_label("Name", exact=False).first.fill("ann")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name=re.compile("account|Sign up", re.I)).click()
    page.goto("/competitions/connect-four/submit")
    page.get_by_role("link", name="Join the competition").click()
    page.get_by_label(re.compile("agree")).check()
    page.get_by_role("button", name="Agree and join").click()

    choose_save_and_submit(page, tmp_path)
    expect(page.locator("#drop_zone .errors")).to_have_text(
        "hasty.py changed after you chose it. Choose it again."
    )
    expect(page.get_by_role("button", name=re.compile("^Submit"))).to_be_enabled()

    upload(page, tmp_path, "centre", GOOD)
    good = page.url
    expect(page.get_by_text(re.compile(r"\bready\b")).first).to_be_visible(timeout=60_000)

    upload(page, tmp_path, "broken", BROKEN)
    expect(page.get_by_text("crashed").first).to_be_visible(timeout=60_000)
    expect(page.get_by_text("no_such_key").first).to_be_visible()

    expect(page.locator("#versions li.is-current")).to_contain_text("rejected")
    expect(page.locator("#package")).not_to_contain_text("Reserved")

    upload(page, tmp_path, "hanging", HANGING)
    expect(page.get_by_text("timed_out").or_(page.get_by_text("timed out")).first).to_be_visible(
        timeout=90_000
    )

    page.goto("/competitions/connect-four/leaderboard")
    expect(page.get_by_role("link", name="centre").first).to_be_visible(timeout=90_000)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390

    page.goto("/competitions/connect-four/matches?state=finished")
    page.locator("main a[href^='/matches/']").first.click()
    expect(page.locator("canvas").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert good


def _link_of_administrator(site: Stack) -> str:
    return str(
        site.python(
            "from coliseum.accounts.services import create_sign_in_link, ensure_administrator\n"
            "print(json.dumps(create_sign_in_link(user=ensure_administrator())))"
        )
    )


def test_the_administrator_signs_in_by_link_and_sees_the_workers(page: Page, site: Stack) -> None:
    page.goto(_link_of_administrator(site))
    page.locator("main").get_by_role("button", name="Sign in").click()
    page.wait_for_url(re.compile(r"/$"))
    page.goto("/administration/")
    expect(page.get_by_text("namespaces").first).to_be_visible()
    page.goto("/competitions/connect-four/host")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_a_passkey_signs_in_by_itself_and_opens_the_staff_pages(page: Page, site: Stack) -> None:
    device = page.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    able = {"hasResidentKey": True, "hasUserVerification": True, "isUserVerified": True}
    kind = {"protocol": "ctap2", "transport": "internal", "automaticPresenceSimulation": True}
    device.send("WebAuthn.addVirtualAuthenticator", {"options": kind | able})
    page.goto(_link_of_administrator(site))
    page.locator("main").get_by_role("button", name="Sign in").click()
    page.goto("/settings/security/passkeys/add")
    page.get_by_role("button", name="Add").click()
    page.wait_for_url("**/settings/security/codes")
    page.context.clear_cookies()
    page.goto("/sign-in")
    page.get_by_role("button", name="With a passkey").click()
    page.wait_for_url(re.compile(r"/$"))
    page.goto("/staff/")
    expect(page.get_by_role("heading", name="What the database holds")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def _drop(page: Page, files: dict[str, str]) -> None:
    """Drop a folder onto the zone; browsers make entries by a real drag only, so these stand in."""
    page.evaluate(
        """(files) => {
          const file = (path) => ({ isFile: true, isDirectory: false, name: path.split("/").at(-1),
            file: (done) => done(new File([files[path]], path.split("/").at(-1))) });
          const folder = (name, children) => ({ isFile: false, isDirectory: true, name, createReader() {
            const left = [children];
            return { readEntries: (done) => done(left.pop() ?? []) };
          } });
          const below = (start) => {
            const names = new Set(Object.keys(files).filter((path) => path.startsWith(start))
              .map((path) => path.slice(start.length).split("/")[0]));
            return [...names].map((name) => (start + name in files
              ? file(start + name) : folder(name, below(`${start}${name}/`))));
          };
          const event = new Event("drop", { bubbles: true, cancelable: true });
          event.dataTransfer = { files: [], items: [{ webkitGetAsEntry: () => folder("mine", below("")) }] };
          document.getElementById("drop_zone").dispatchEvent(event);
        }""",
        files,
    )


def test_a_folder_is_dropped_and_code_is_pasted_in_the_editor(page: Page, site: Stack) -> None:
    site.python(
        "from coliseum.accounts.services import ensure_administrator\n"
        "from coliseum.competitions.models import Competition\n"
        "from coliseum.competitions.services import enter_competition\n"
        "found = Competition.objects.get(slug='connect-four')\n"
        "enter_competition(competition=found, user=ensure_administrator())\n"
        "print('null')"
    )
    page.goto(_link_of_administrator(site))
    page.locator("main").get_by_role("button", name="Sign in").click()
    page.wait_for_url(re.compile(r"/$"))

    page.goto("/competitions/connect-four/submit")
    _drop(page, {"agent.py": GOOD, "deep/notes.txt": "é", "deep/__pycache__/x.pyc": "0", ".git/config": "0"})
    told = page.locator("#drop_zone_sent")
    expect(told).to_contain_text("2 files")
    expect(told).to_contain_text("left out: .git, __pycache__")
    page.get_by_role("button", name="Submit agent").click()
    page.wait_for_url("**/submissions/**", timeout=20_000)
    expect(page.get_by_text("agent.zip", exact=True)).to_be_visible()

    page.goto("/competitions/connect-four/submit?with=editor")
    page.locator(".cm-content").click()
    page.keyboard.press("Control+a")
    page.evaluate(
        """(text) => {
          const clipboard = new DataTransfer();
          clipboard.setData("text/plain", text);
          const event = new ClipboardEvent("paste",
            { clipboardData: clipboard, bubbles: true, cancelable: true });
          document.querySelector(".editor").shadowRoot.querySelector(".cm-content").dispatchEvent(event);
        }""",
        GOOD + "# pasted\n",
    )
    expect(page.locator("[data-draft-state]")).to_have_text("Draft kept in this browser.")
    page.reload()
    expect(page.locator("[data-draft-state]")).to_have_text("Your draft is back.")
    assert page.locator("textarea[name=code]").input_value().endswith("# pasted\n")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.get_by_role("button", name="Test only").click()
    page.wait_for_url("**/submissions/**", timeout=20_000)
    expect(page.get_by_text("This is a test")).to_be_visible()
