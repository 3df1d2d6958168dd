"""The player's younger scenes and tracks: grids, texts, pictures, thought, seat colours, old files."""

import io
from pathlib import Path

import pytest
from PIL import Image

from arenas.trajectory import decode_trajectory
from tests.chromium import wait_until
from tests.frontend.test_player import frame, pixel, ready, wait_for_frame

pytestmark = pytest.mark.browser
FIXTURES = sorted((Path(__file__).parents[1] / "fixtures" / "trajectories").glob("*.ctr"))

MAGENTA, BLUE, GREEN = (255, 0, 255), (0, 0, 255), (0, 255, 0)


def at(page, row, column, *, down=0.5):
    """Return the colour of a cell of the lake, which has 2 rows and 3 columns."""
    wide, high = page.evaluate(
        "(() => { const c = document.querySelector('.player-canvas'); return [c.width, c.height] })()"
    )
    size = min(wide / 3, high / 2)
    x = (wide - 3 * size) / 2 + (column + 0.5) * size
    y = (high - 2 * size) / 2 + (row + down) * size
    return pixel(page, x / wide, y / high)


def test_a_grid_shows_cells_pieces_and_what_lights_up(show):
    page = ready(show("lake", "t=0", address="embed"))
    assert at(page, 0, 0) == MAGENTA
    assert at(page, 1, 0) == BLUE
    assert at(page, 0, 2, down=0.1) == GREEN
    page.keyboard.press("ArrowRight")
    wait_for_frame(page, 1)
    assert at(page, 0, 1) == MAGENTA
    assert at(page, 1, 2) == (17, 17, 17)
    page.keyboard.press("ArrowRight")
    wait_for_frame(page, 2)
    assert at(page, 1, 0) not in (BLUE, MAGENTA)
    red, _, blue = at(page, 1, 1, down=0.9)
    assert red > 100
    assert blue < 200
    page.keyboard.press("ArrowRight")
    wait_for_frame(page, 3)
    assert at(page, 1, 1, down=0.9) == BLUE
    assert at(page, 1, 2) == BLUE


def test_going_back_in_a_grid_brings_its_cells_back(show):
    page = ready(show("lake", "t=3", address="embed"))
    page.evaluate("location.hash = 't=0'")
    wait_for_frame(page, 0)
    assert at(page, 1, 0) == BLUE


def test_a_grid_is_told_in_words(show):
    page = ready(show("lake", "t=1", address="embed"))
    words = page.locator(".player-canvas").get_attribute("aria-label")
    assert "minimax-in-a-trenchcoat in row 1, column 2" in words
    assert "cells with G: 1" in words


@pytest.mark.parametrize(("scheme", "second"), [("light", "rgb(17, 17, 17)"), ("dark", "rgb(238, 238, 238)")])
def test_seats_have_the_colours_of_their_replay(show, scheme, second):
    page = ready(show("lake", "t=0", address="embed", color_scheme=scheme))
    edges = page.locator(".player-seats li").evaluate_all(
        "items => items.map((item) => getComputedStyle(item).borderInlineStartColor)"
    )
    assert edges == ["rgb(255, 0, 255)", second]
    lines = page.locator(".player-timeline .reward").evaluate_all(
        "lines => lines.map((line) => getComputedStyle(line).stroke)"
    )
    assert lines == edges


def test_the_time_thought_stands_at_the_turn_it_was_taken(show):
    page = ready(show("lake", "t=1", address="embed"))
    said = page.locator(".player-thought-now")
    assert said.inner_text() == "in this turn: 1 ms"
    page.keyboard.press("ArrowRight")
    wait_for_frame(page, 2)
    assert said.inner_text() == "in this turn: 32 \u00b5s"
    page.keyboard.press("ArrowRight")
    wait_for_frame(page, 3)
    assert said.inner_text() == "in this turn: 33 ms"
    box = page.locator(".player-thought").bounding_box()
    page.locator(".player-thought").click(position={"x": 2, "y": box["height"] / 2})
    wait_for_frame(page, 0)


def test_text_keeps_its_marks_and_lasts_until_it_changes(show):
    page = ready(show("written", "t=0", address="embed"))
    assert page.locator(".player-text").inner_text() == "S..\n..G"
    page.keyboard.press("ArrowRight")
    wait_for_frame(page, 1)
    page.keyboard.press("ArrowRight")
    wait_for_frame(page, 2)
    assert page.locator(".player-text").inner_text() == "S..\n..G"
    assert page.locator(".player-text [data-behind=red]").inner_text() == "S"


def webp(colours, durations):
    first, *others = [Image.new("RGB", (32, 16), colour) for colour in colours]
    out = io.BytesIO()
    first.save(out, "WEBP", save_all=True, append_images=others, duration=durations, lossless=True)
    return out.getvalue()


def test_pictures_are_asked_for_waited_for_and_stepped_through(show, site):
    site.picture = webp(["#ff0000", "#00ff00", "#0000ff"], [500, 1000, 500])
    ready_now = {"state": "ready", "seconds": 1, "url": "/pictures.webp"}
    site.pictures = [{"state": "absent", "seconds": 2}, {"state": "making", "seconds": 2}, ready_now]
    page = ready(show("pictured", "t=0", address="embed"))
    page.get_by_role("button", name="Make pictures (about 2 s)").click()
    page.get_by_role("progressbar").wait_for()
    page.wait_for_selector(".player-canvas:not([hidden])")
    assert pixel(page, 0.5, 0.5) == (255, 0, 0)
    # At two turns a second a turn lasts 500 ms: the second picture stands for turns 1 and 2.
    for number, colour in ((1, (0, 255, 0)), (2, (0, 255, 0)), (3, (0, 0, 255))):
        page.keyboard.press("ArrowRight")
        wait_for_frame(page, number)
        wait_until(
            page,
            """wanted => {
              const canvas = document.querySelector('.player-canvas');
              const found = canvas.getContext('2d').getImageData(canvas.width / 2, 40, 1, 1).data;
              return [...found].slice(0, 3).join() === wanted;
            }""",
            ",".join(map(str, colour)),
        )


def test_pictures_that_cannot_be_made_say_why(show, site):
    site.pictures = [{"state": "failed", "message": "It took longer than 60 s."}]
    page = ready(show("pictured", "t=0", address="embed"))
    page.get_by_text("No pictures could be made: It took longer than 60 s.").wait_for()


def test_damaged_pictures_say_so(show, site):
    site.picture = b"RIFF....WEBPno"
    site.pictures = [{"state": "ready", "seconds": 1, "url": "/pictures.webp"}]
    page = ready(show("pictured", "t=0", address="embed"))
    page.get_by_text("The pictures are damaged").wait_for()


def test_files_of_older_versions_still_play(show, site):
    page = show("lake", "t=0", address="embed")
    for path in FIXTURES:
        found = decode_trajectory(path.read_bytes())
        assert found["format"] == 1
        site.files[path.stem] = path.read_bytes()
        middle = found["turns"] // 2
        page.goto(f"{site.url}/embed?{path.stem}#t={middle}")
        wait_for_frame(ready(page), middle)
        page.keyboard.press("ArrowRight")
        wait_for_frame(page, middle + 1)
        assert page.locator(".player-seats .score").count() == found["seats"], path.name


def test_ten_thousand_turns_open_and_seek_without_a_pause_that_is_felt(show):
    page = ready(show("endless", "t=9000", address="embed"))
    assert frame(page) == 9000
    page.keyboard.press("Shift+ArrowRight")
    wait_for_frame(page, 9010)
    longest = page.evaluate(
        """async () => {
          const slider = document.querySelector('.player-controls input');
          let longest = 0;
          for (const value of [10000, 0, 5000, 37]) {
            const began = performance.now();
            slider.value = value;
            slider.dispatchEvent(new Event('input'));
            longest = Math.max(longest, performance.now() - began);
          }
          return longest;
        }"""
    )
    assert longest < 1500


@pytest.mark.parametrize("name", ["lake", "lander", "connect_four", "panel", "written"])
def test_a_preview_plays_by_itself_and_can_be_paused(show, name):
    page = show(name, address="preview", reduced_motion="no-preference")
    page.wait_for_selector("[data-preview][data-state=ready]")
    page.get_by_role("button", name="Pause").click()
    page.get_by_role("button", name="Play").wait_for()


def test_a_preview_stands_still_where_nothing_may_move(show):
    page = show("lake", address="preview")
    page.wait_for_selector("[data-preview][data-state=ready]")
    assert page.get_by_role("button", name="Play").is_visible()
    assert at(page, 0, 1) == MAGENTA


def test_a_preview_that_cannot_be_shown_leaves_the_page_whole(show):
    page = show("future", address="preview")
    page.get_by_text("There is no preview.").wait_for()
