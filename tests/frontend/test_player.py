"""The replay player in a real browser."""

import pytest

pytestmark = pytest.mark.browser

RED = (216, 65, 47)
YELLOW = (232, 179, 26)


def ready(page):
    page.wait_for_selector("#player[data-state=ready]")
    return page


def frame(page):
    return int(page.locator("#player").get_attribute("data-frame"))


def wait_for_frame(page, number):
    page.wait_for_selector(f'#player[data-frame="{number}"]')


def pixel(page, across, down):
    """Return the colour of the canvas at a share of its width and height."""
    return tuple(
        page.evaluate(
            """([across, down]) => {
              const canvas = document.querySelector('.player-canvas');
              const at = [Math.round(canvas.width * across), Math.round(canvas.height * down)];
              return [...canvas.getContext('2d').getImageData(...at, 1, 1).data].slice(0, 3);
            }""",
            [across, down],
        )
    )


def cell(page, row, column):
    """Return the colour a third from the middle of a connect four cell, beside ring and dot."""
    wide, high = page.evaluate(
        "(() => { const c = document.querySelector('.player-canvas'); return [c.width, c.height] })()"
    )
    size = min(wide / 7.6, high / 6.6)
    x = (wide - 7 * size) / 2 + (column + 0.5) * size
    y = (high - 6 * size) / 2 + (row + 0.5) * size
    return pixel(page, (x + 0.13 * size) / wide, y / high)


def test_discs_stand_where_they_fell(show):
    page = ready(show("connect_four", "t=2"))
    assert cell(page, 5, 0) == RED
    assert cell(page, 5, 1) == YELLOW
    assert cell(page, 4, 0) not in (RED, YELLOW)


def crossing(page, row, column):
    """Return the colour a third from the middle of a crossing of go, beside the mark of the last stone."""
    wide, high = page.evaluate(
        "(() => { const c = document.querySelector('.player-canvas'); return [c.width, c.height] })()"
    )
    size = min(wide, high) / 5.64
    x = (wide - 5 * size) / 2 + (column + 0.8) * size
    y = (high - 5 * size) / 2 + (row + 0.4) * size
    return pixel(page, x / wide, y / high)


def test_a_stone_of_go_that_is_taken_leaves_the_board(show):
    page = ready(show("go", "t=2"))
    black, white, wood = (31, 29, 27), (251, 249, 244), (220, 181, 108)
    assert [crossing(page, 4, 0), crossing(page, 4, 1), crossing(page, 3, 0)] == [white, black, wood]
    page.keyboard.press("ArrowRight")
    wait_for_frame(page, 3)
    assert [crossing(page, 4, 0), crossing(page, 4, 1), crossing(page, 3, 0)] == [wood, black, black]


def test_stepping_on_drops_the_next_disc(show):
    page = ready(show("connect_four", "t=2"))
    page.keyboard.press("ArrowRight")
    wait_for_frame(page, 3)
    assert cell(page, 4, 0) == RED


def test_stepping_back_takes_the_disc_away(show):
    page = ready(show("connect_four", "t=3"))
    page.keyboard.press("ArrowLeft")
    wait_for_frame(page, 2)
    assert cell(page, 4, 0) not in (RED, YELLOW)


def test_a_link_opens_at_its_step(show):
    page = ready(show("connect_four", "t=5"))
    assert frame(page) == 5
    assert page.locator(".player-now").inner_text() == "Red drops in column 1"


def test_a_link_past_the_end_opens_at_the_end(show):
    assert frame(ready(show("connect_four", "t=999"))) == 7


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        (["ArrowRight", "."], 2),
        (["Shift+ArrowRight", "Shift+ArrowRight"], 20),
        (["Shift+ArrowRight", ","], 9),
        (["ArrowLeft"], 0),
    ],
)
def test_keys_seek(show, keys, expected):
    page = ready(show("long", "t=0"))
    for key in keys:
        page.keyboard.press(key)
    wait_for_frame(page, expected)


def test_home_and_end_seek_while_the_player_has_the_focus(show):
    page = ready(show("long", "t=9"))
    page.locator(".player-controls input").focus()
    page.keyboard.press("End")
    wait_for_frame(page, 250)
    page.keyboard.press("Home")
    wait_for_frame(page, 0)


def test_keys_in_a_text_field_are_not_the_players(show):
    page = ready(show("long", "t=3"))
    page.locator("#id_team-name").focus()
    page.keyboard.type("15 .,")
    page.keyboard.press("ArrowRight")
    assert frame(page) == 3


def test_space_plays_to_the_end_and_then_from_the_start(show):
    page = ready(show("connect_four", "t=6"))
    page.keyboard.press("5")
    page.keyboard.press("Space")
    wait_for_frame(page, 7)
    page.wait_for_selector(".player-button.main[aria-label=Play]")
    page.keyboard.press("Space")
    page.wait_for_selector(".player-button.main[aria-label=Pause]")
    assert frame(page) < 7


def test_reduced_motion_does_not_start_by_itself(show):
    page = ready(show("connect_four"))
    page.wait_for_timeout(700)
    assert frame(page) == 0


def test_it_starts_by_itself_otherwise(show):
    page = ready(show("connect_four", reduced_motion="no-preference"))
    page.wait_for_selector("#player[data-frame='1']")


def test_one_step_on_glides_and_arrives(show):
    page = ready(show("connect_four", "t=6", reduced_motion="no-preference"))
    page.keyboard.press("ArrowRight")
    page.wait_for_timeout(500)
    assert cell(page, 2, 0) == RED


def test_the_step_table_says_the_same_and_seeks(show):
    page = ready(show("connect_four", "t=3"))
    row = page.locator(".player-steps tr[aria-current]")
    assert row.locator("td").all_inner_texts()[2] == "Red drops in column 1"
    page.locator(".player-steps tr[data-frame='5'] button").click()
    wait_for_frame(page, 5)


def test_a_long_episode_shows_the_page_of_steps_around_the_current_one(show):
    page = ready(show("long", "t=150"))
    assert page.locator(".player-steps tbody tr").count() == 100
    assert page.locator(".player-steps caption").text_content() == "Steps 100 to 199 of 250"


def test_the_timeline_seeks_where_it_is_clicked(show):
    page = ready(show("long"))
    box = page.locator(".player-timeline").bounding_box()
    page.locator(".player-timeline").click(position={"x": box["width"] / 2, "y": 20})
    assert abs(frame(page) - 125) <= 2


def test_the_last_reward_is_shown_beside_each_seat(show):
    page = ready(show("connect_four", "t=7"))
    assert page.locator(".player-seats .score").all_inner_texts() == ["1", "-1"]


def test_the_canvas_tells_screen_readers_the_board(show):
    page = ready(show("connect_four", "t=2"))
    assert "Row 6: 0, 1, empty" in page.locator(".player-canvas").get_attribute("aria-label")
    assert "Step 2 of 7. Yellow drops in column 2" in page.locator(".player [aria-live]").text_content()


def test_bodies_move_over_a_still_ground(show):
    page = ready(show("lander", "t=0"))
    assert pixel(page, 0.5, 0.12) == (255, 0, 0)
    assert pixel(page, 0.5, 0.95) == (0, 255, 0)
    page.keyboard.press("End")
    page.evaluate("location.hash = 't=8'")
    wait_for_frame(page, 8)
    assert pixel(page, 0.5, 0.12) != (255, 0, 0)
    assert pixel(page, 0.5, 0.87) == (255, 0, 0)


@pytest.mark.parametrize("name", ["walkers", "chess", "tictactoe", "long"])
def test_every_scene_draws_at_every_step(show, name):
    page = ready(show(name, "t=0"))
    first = page.locator(".player-canvas").evaluate("canvas => canvas.toDataURL()")
    for number in range(1, 4):
        page.keyboard.press("ArrowRight")
        wait_for_frame(page, number)
    assert page.locator(".player-canvas").evaluate("canvas => canvas.toDataURL()") != first


def test_panels_keep_their_text_until_it_changes(show):
    page = ready(show("panel", "t=1"))
    assert page.locator(".player-panel pre").first.inner_text() == "Chips in: 1"
    page.keyboard.press("ArrowRight")
    wait_for_frame(page, 2)
    assert page.locator(".player-panel pre").first.inner_text() == "Chips in: 3"


def test_a_bare_gzip_file_is_unpacked_too(show):
    assert frame(ready(show("bare-connect_four", "t=4"))) == 4


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("future", "written in format 2; this page reads format 1"),
        ("cut", "damaged or cut short"),
        ("unfit", "header does not fit"),
        ("short-track", "track has the wrong length"),
    ],
)
def test_a_file_that_cannot_be_shown_says_why(show, name, words):
    page = show(name)
    page.wait_for_selector("#player[data-state=failed]")
    assert words in page.locator(".player-note").inner_text()


def test_a_missing_file_says_so(show, complaints):
    page = show("nothing")
    page.wait_for_selector("#player[data-state=failed]")
    assert "is not here" in page.locator(".player-note").inner_text()
    # Browsers note every 404 on the console.
    assert len(complaints) == 1
    complaints.clear()


def test_the_canvas_has_the_pixels_of_a_dense_screen(show):
    page = ready(show("chess", "t=1", device_scale_factor=2))
    assert (
        page.evaluate(
            "(() => { const c = document.querySelector('.player-canvas'); return c.width / c.clientWidth })()"
        )
        == 2
    )


def test_the_canvas_follows_its_box(show):
    page = ready(show("chess", "t=1"))
    page.set_viewport_size({"width": 360, "height": 800})
    page.wait_for_timeout(200)
    assert page.evaluate("document.querySelector('.player-canvas').width") < 360
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_a_touch_on_the_board_plays_it(show):
    page = ready(show("connect_four", "t=0", width=360, has_touch=True, is_mobile=True))
    page.locator(".player-canvas").tap()
    page.wait_for_selector(".player-button.main[aria-label=Pause]")
