"""The main content of the most visited pages on slow 4G and a quarter of a processor."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.e2e.paint import PAINTED, painted
from tests.e2e.town import Town, filled

pytestmark = [pytest.mark.browser, pytest.mark.alone, pytest.mark.slow, pytest.mark.enable_socket]
MOST_SECONDS = 1.5
TRIES = 3
"""How often a page may be measured: whatever else the machine does makes it slower, never faster."""


@pytest.fixture(scope="module")
def town() -> Iterator[Town]:
    with filled() as made:
        yield made


@pytest.mark.parametrize("address", PAINTED)
def test_the_largest_paint_comes_in_time(browser: Browser, town: Town, address: str) -> None:
    measured: list[float] = []
    while len(measured) < TRIES and min(measured, default=MOST_SECONDS) >= MOST_SECONDS:
        measured.append(painted(browser, town, address)[0])
    assert 0 < min(measured) < MOST_SECONDS, measured
