"""Pictures of the season's pages, by a real browser: boards, heat maps, calibration, tournaments."""

import shutil
from collections.abc import Sequence
from pathlib import Path

from playwright.sync_api import Page

from tests.chromium import chromium
from tests.season.field import CONTESTS

_PLOTS = ("heat_map", "calibration")
_WIDTH = 1100
_QUALITY = 45


def take(url: str, folder: Path, tournaments: Sequence[str] = ()) -> list[str]:
    """Write pictures of the pages and return their names.

    Args:
        url: of the site.
        folder: where they are written; earlier ones are removed.
        tournaments: ids of those to show.

    Raises:
        RuntimeError: there is no chromium, or a page complained.
    """
    if shutil.which("chromium") is None:
        raise RuntimeError("chromium is not installed; --no-pictures goes without")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    complaints: list[str] = []
    with chromium() as browser:
        page = browser.new_page(viewport={"width": _WIDTH, "height": 900}, reduced_motion="reduce")
        page.on("pageerror", lambda error: complaints.append(f"{page.url}: {error}"))
        for contest in CONTESTS:
            at = f"{url}/competitions/{contest.slug}"
            _shoot(page, f"{at}/leaderboard", folder / f"{contest.slug}-board.jpg")
            for plot in _PLOTS:
                _shoot(
                    page, f"{at}/plots?plot={plot}", folder / f"{contest.slug}-{plot.replace('_', '-')}.jpg"
                )
        for number, tournament in enumerate(tournaments, start=1):
            _shoot(page, f"{url}/tournaments/{tournament}/", folder / f"tournament-{number}.jpg")
    if complaints:
        raise RuntimeError("; ".join(complaints))
    return sorted(picture.name for picture in folder.iterdir())


def _shoot(page: Page, address: str, path: Path) -> None:
    answer = page.goto(address)
    if answer is None or not answer.ok:
        raise RuntimeError(f"{address} answered {answer.status if answer else 'nothing'}")
    page.locator("main").screenshot(path=path, type="jpeg", quality=_QUALITY)
