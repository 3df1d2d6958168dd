"""What a person meets on a page, measured: weight, overflow, barriers, errors, requests to elsewhere."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import axe_playwright_python
from playwright.sync_api import BrowserContext, CDPSession, Page, Response

WIDTHS: Final = (320, 390, 768, 1280)
MOST_KILOBYTES: Final = 60.0
EDITOR_KILOBYTES: Final = 200.0
_AXE: Final = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text()
_TAGS: Final = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
_EVERYTHING: Final = {"type": "tag", "values": list(_TAGS)}
_IN_THE_DARK: Final = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}

# What scrolls by itself may hold what is wider; everything else stays on the page and inside its card.
_OVERFLOW: Final = """() => {
  const found = [];
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth > width + 1)
    found.push(`page ${document.documentElement.scrollWidth} > ${width}`);
  for (const card of document.querySelectorAll('.card, .panel')) {
    const edge = card.getBoundingClientRect().right + 1;
    for (const child of card.querySelectorAll('*')) {
      const box = child.getBoundingClientRect();
      if (!child.checkVisibility() || box.right <= edge || child.closest('.visually-hidden, svg *')) continue;
      let held = false;
      for (let at = child.parentElement; at && at !== card.parentElement; at = at.parentElement)
        held = held || getComputedStyle(at).overflowX !== 'visible';
      if (!held) found.push(`${child.tagName.toLowerCase()}.${child.className} leaves its card`);
    }
  }
  return [...new Set(found)].slice(0, 3);
}"""
_BARRIERS: Final = """async only => {
  const result = await axe.run(document, {runOnly: only, resultTypes: ['violations']});
  const why = node => (node.any[0] || node.all[0] || node.none[0] || {}).message || '';
  return result.violations.map(each =>
    `${each.id}: ${each.nodes.slice(0, 3).map(node => node.target).join(' | ')} ${why(each.nodes[0])}`);
}"""
# Colours that are still on their way to another theme would be measured half-way.
_TWO_FRAMES: Final = """() => new Promise(done => requestAnimationFrame(() => {
  for (const each of document.getAnimations()) try { each.finish(); } catch { each.cancel(); }
  requestAnimationFrame(done);
}))"""


@dataclass(slots=True)
class Look:
    """What one page showed.

    `kilobytes` are the bytes of all answers of the first load with their headers, as they came over the wire;
    event streams and the contents of replays, which are as long as their match, do not count.
    """

    address: str
    status: int = 0
    requests: int = 0
    kilobytes: float = 0.0
    most: float = MOST_KILOBYTES
    overflow: list[str] = field(default_factory=list)
    barriers: list[str] = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)

    @property
    def faults(self) -> list[str]:
        """Return all that should not be there, in words."""
        heavy = [f"weighs {self.kilobytes:.1f} kB"] if self.kilobytes > self.most else []
        return [
            f"{self.address}: {each}" for each in (*heavy, *self.overflow, *self.barriers, *self.troubles)
        ]


class Watcher:
    """One tab of a browser in which page after page is looked at, each with an empty cache.

    Args:
        context: signed in or not.
        origin: scheme, host and port; a request to anywhere else is a trouble.
    """

    def __init__(self, context: BrowserContext, *, origin: str) -> None:
        self.origin = origin
        self.page: Page = context.new_page()
        self._look = Look("")
        self._weights: dict[str, int] = {}
        wire: CDPSession = context.new_cdp_session(self.page)
        wire.send("Network.enable")
        wire.send("Network.setCacheDisabled", {"cacheDisabled": True})
        wire.on("Network.responseReceived", self._note_kind)
        wire.on("Network.loadingFinished", self._note_weight)
        self.page.on("pageerror", lambda error: self._look.troubles.append(f"script: {error}"))
        self.page.on("console", lambda line: self._note_error(line.type, line.text))
        self.page.on("request", lambda request: self._note_elsewhere(request.url))

    def look(self, address: str, *, status: int = 200, shots: Path | None = None, name: str = "") -> Look:
        """Open a page, and look at it at all widths and in both themes.

        Args:
            address: the path.
            status: what it should be answered with.
            shots: a folder for screenshots: wide, phone, and phone in the dark.
            name: what to call them; the address if left out.
        """
        seen = self._open(address, status)
        self._judge(seen, "light", _EVERYTHING)
        self._shoot(shots, name or address, "wide")
        seen.overflow = [f"at {width}: {each}" for width in WIDTHS for each in self._overflow(width)]
        self.page.emulate_media(color_scheme="dark", reduced_motion="reduce")
        self.page.set_viewport_size({"width": 390, "height": 844})
        self.page.evaluate(_TWO_FRAMES)
        self._judge(seen, "dark", _IN_THE_DARK)
        self._shoot(shots, name or address, "dark")
        if shots:
            self.page.emulate_media(color_scheme="light", reduced_motion="reduce")
            self._shoot(shots, name or address, "phone")
        return seen

    def measure(self, address: str, width: int) -> Look:
        """Open a page, and see only what leaves its bounds at one width."""
        seen = self._open(address, 200)
        seen.overflow = [f"at {width}: {each}" for each in self._overflow(width)]
        return seen

    def here(self, name: str) -> Look:
        """Look at the page as it stands now, after somebody did something on it."""
        seen = self._look = Look(name)
        self.page.wait_for_load_state("load")
        self.page.evaluate(_AXE)
        self._judge(seen, "light", _EVERYTHING)
        seen.overflow = [f"at {width}: {each}" for width in WIDTHS for each in self._overflow(width)]
        return seen

    def _open(self, address: str, status: int) -> Look:
        seen = self._look = Look(address)
        self._weights = {}
        self.page.set_viewport_size({"width": WIDTHS[-1], "height": 900})
        self.page.emulate_media(color_scheme="light", reduced_motion="reduce")
        first = self.page.goto(self.origin + address, wait_until="load")
        self.page.evaluate(_TWO_FRAMES)
        seen.requests = len(self._weights)
        seen.kilobytes = sum(self._weights.values()) / 1000
        if "with=editor" in address:
            seen.most = EDITOR_KILOBYTES
        seen.troubles += self._oddities(first, status)
        self.page.evaluate(_AXE)
        return seen

    def _oddities(self, answer: Response | None, status: int) -> list[str]:
        found = []
        if answer is None or answer.status != status:
            found.append(f"answered with {answer.status if answer else 'nothing'}")
        heads = self.page.locator("h1").count()
        if heads != 1:
            found.append(f"{heads} h1")
        if not self.page.title().strip() or self.page.title() == "Coliseum":
            found.append(f"title {self.page.title()!r}")
        return found

    def _judge(self, seen: Look, theme: str, only: dict[str, Any]) -> None:
        found: Any = self.page.evaluate(_BARRIERS, only)
        seen.barriers += [f"{theme}: {each}" for each in found]

    def _overflow(self, width: int) -> Sequence[str]:
        self.page.set_viewport_size({"width": width, "height": 800})
        found: Any = self.page.evaluate(_OVERFLOW)
        return list(found)

    def _shoot(self, shots: Path | None, name: str, look: str) -> None:
        if shots:
            kept = name.strip("/").translate(str.maketrans("/?&={}", "____  ")).replace(" ", "") or "home"
            self.page.screenshot(path=str(shots / f"{kept}--{look}.png"), full_page=True)

    def _note_kind(self, told: dict[str, Any]) -> None:
        """Begin to count an answer, unless it is an event stream or a replay's contents."""
        answer = told["response"]
        if answer["mimeType"] != "text/event-stream" and "trajectory" not in answer["url"]:
            self._weights[told["requestId"]] = 0

    def _note_weight(self, told: dict[str, Any]) -> None:
        if told["requestId"] in self._weights:
            self._weights[told["requestId"]] = int(told["encodedDataLength"])

    def _note_error(self, kind: str, text: str) -> None:
        # Chromium itself says so of every page that is answered with an error.
        if (
            kind == "error"
            and "Failed to load resource: the server responded with a status of 40" not in text
        ):
            self._look.troubles.append(text)

    def _note_elsewhere(self, url: str) -> None:
        if not url.startswith((self.origin, "data:", "blob:")):
            self._look.troubles.append(f"asks {url}")
