"""A filled site for looking at its pages: played matches, tournaments, failures, people of all kinds."""

import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from playwright.sync_api import Browser, BrowserContext

from tests.e2e.conftest import has_tables, installation, start_web
from tests.e2e.looking import Look, Watcher
from tests.e2e.pages import Seen
from tests.faults.stack import Stack

_UNUSED = ("ninja", "xregexp.js", "*.map", "jquery.js", "select2.full.js", "i18n", "htmax*")
"""Large files of libraries that no page of ours asks for: to compress them takes half a minute."""
_FILL = "from tests.e2e.townsfolk import fill\nprint(json.dumps(fill()))\n"


@dataclass(frozen=True, slots=True)
class Town:
    """A running site, and what its things are called in addresses."""

    site: Stack
    names: dict[str, str]

    @property
    def origin(self) -> str:
        """Return scheme, host and port."""
        return f"http://localhost:{self.site.port}"

    def visitor(self, browser: Browser, person: str = "", **options: object) -> BrowserContext:
        """Return a browser's profile in which a person is signed in; nobody without a name."""
        context = browser.new_context(base_url=self.origin, **options)  # type: ignore[arg-type]  # playwright's
        if person:
            kept = {"name": "sessionid", "value": self.names[f"{person}_session"], "url": self.origin}
            context.add_cookies([kept])  # type: ignore[list-item]  # playwright's own dictionary
        return context


class Eyes:
    """Looks at pages as whoever they are for: one tab a person in one browser."""

    def __init__(self, browser: Browser, town: Town, *, language: str = "en") -> None:
        self._browser = browser
        self._language = language
        self.town = town
        self._tabs: dict[str, Watcher] = {}

    def look(self, seen: Seen, **options: object) -> Look:
        """Return what a page showed; options as those of `Watcher.look`."""
        address = seen.address.format(**self.town.names)
        found = self.tab(seen.person).look(address, status=seen.status, **options)  # type: ignore[arg-type]
        found.address = f"{seen.address} as {seen.person or 'nobody'}"
        return found

    def tab(self, person: str) -> Watcher:
        """Return a person's tab."""
        if person not in self._tabs:
            context = self.town.visitor(self._browser, person, locale=self._language)
            self._tabs[person] = Watcher(context, origin=self.town.origin)
        return self._tabs[person]

    def sit_down(self) -> Seen:
        """Take a seat as nobody, and return the table's page."""
        page = self.tab("").page
        page.goto("/arenas/tictactoe-v3/play")
        page.locator("main button[type=submit]").first.click()
        page.wait_for_url(re.compile("/play/"))
        return Seen(page.url.removeprefix(self.town.origin))


@contextmanager
def filled() -> Iterator[Town]:
    """Run a site on which something happened; a person can take a seat there, but no league is played."""
    with installation() as site:
        # As it would be served to the world: compressed, with hashed names.
        site.environment |= {
            "COLISEUM_PRODUCTION": "1",
            "COLISEUM_SECRET_KEY": secrets.token_urlsafe(48),
            "COLISEUM_SITE_URL": f"http://localhost:{site.port}",
        }
        site.manage("collectstatic", "--no-input", "--verbosity", "0", *(f"-i={each}" for each in _UNUSED))
        start_web(site, "live")
        names = site.python(_FILL)
        assert isinstance(names, dict)
        site.wait(lambda: has_tables(site), "the live worker")
        yield Town(site, names)
