"""How soon a page shows its main content on a slow line and a slow phone."""

from statistics import median
from typing import Any, Final

from playwright.sync_api import Browser, BrowserContext

from tests.chromium import close
from tests.e2e.town import Town

LINE: Final = {
    "offline": False,
    "latency": 150,
    "downloadThroughput": 1.6e6 / 8,
    "uploadThroughput": 750e3 / 8,
}
"""Lighthouse's "slow 4G": 150 ms a round trip, 1.6 Mbit/s down, 750 kbit/s up."""
SLOWDOWN: Final = 4
"""A processor of a quarter of this one's speed."""
PAINTED: Final = {
    "/": "",
    "/competitions/connect-four/": "",
    "/competitions/connect-four/leaderboard": "",
    "/matches/{match}/": "",
    "/competitions/connect-four/submit": "ann",
}
"""Address, and who opens it."""
_WATCH: Final = """
  window.painted = 0; window.blocked = 0;
  new PerformanceObserver(list => { for (const each of list.getEntries()) window.painted = each.startTime; })
    .observe({ type: 'largest-contentful-paint', buffered: true });
  new PerformanceObserver(list => {
    for (const each of list.getEntries()) window.blocked += Math.max(0, each.duration - 50);
  }).observe({ type: 'longtask', buffered: true });
"""
_SETTLE_MS: Final = 700
"""How long after loading a later, larger paint is waited for."""


def painted(browser: Browser, town: Town, address: str, *, times: int = 3) -> tuple[float, float]:
    """Return the median seconds to the largest paint and of blocked time, each time with an empty cache.

    Args:
        browser: Chromium.
        town: the site.
        address: one of PAINTED.
        times: how often it is opened.
    """
    url = address.format(**town.names)
    found = []
    for _ in range(times):
        context = town.visitor(browser, PAINTED[address], viewport={"width": 390, "height": 844})
        found.append(_once(context, url))
        close(context)
    return median(paint for paint, _ in found), median(blocked for _, blocked in found)


def _once(context: BrowserContext, url: str) -> tuple[float, float]:
    page = context.new_page()
    page.add_init_script(_WATCH)
    wire = context.new_cdp_session(page)
    wire.send("Network.enable")
    wire.send("Network.emulateNetworkConditions", LINE)
    wire.send("Emulation.setCPUThrottlingRate", {"rate": SLOWDOWN})
    page.goto(url, wait_until="load")
    page.wait_for_timeout(_SETTLE_MS)
    told: Any = page.evaluate("() => [window.painted, window.blocked]")
    return told[0] / 1000, told[1] / 1000
