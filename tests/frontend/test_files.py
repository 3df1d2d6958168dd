"""Replay files from anywhere: hostile ones, one's own, two at once, and the page that plays from a disk."""

import base64
import gzip
import json
from pathlib import Path

import pytest

from coliseum.pages.exporting import Exported, exported_page, player
from tests.chromium import close
from tests.frontend import trajectories
from tests.frontend.test_player import cell, frame, pixel, ready, wait_for_frame
from tests.frontend.test_scenes import webp

pytestmark = pytest.mark.browser
RED = (216, 65, 47)
LANDER, LAKE, FOUR = trajectories.lander(), trajectories.lake(), trajectories.connect_four()

HOSTILE = {
    "not a number of turns": (FOUR | {"turns": 1e9}, "header does not fit"),
    "no object": ([1, 2], "format unknown"),
    "an own format": (FOUR | {"format": {"toString": 1}}, "format unknown"),
    "a scene that every object has": (FOUR | {"scene": "constructor"}, "cannot draw a scene"),
    "seats without end": (FOUR | {"seats": 10**9}, "header does not fit"),
    "an actor that is not there": (FOUR | {"actors": [0, 1, 2, 9, 0, 1, 0]}, "seat that is not there"),
    "labels that are objects": (FOUR | {"labels": [{}] * 8}, "labels do not fit"),
    "a reward that is text": (FOUR | {"rewards": [["x"] + [0] * 7, 0]}, "no number"),
    "a reward too few": (FOUR | {"rewards": [[0, 1], 0]}, "wrong length"),
    "cells of another board": (FOUR | {"cells": [""] * 7}, "do not fill the board"),
    "a board as large as memory": (FOUR | {"rows": 60000, "columns": 60000}, "larger than a page can show"),
    "a change beside the board": (FOUR | {"changes": [[[99, "0"]]] * 7}, "cell that is not there"),
    "changes that are not there": (FOUR | {"changes": None}, "cell that is not there"),
    "bounds without inside": (LANDER | {"bounds": [5, 5, 1, 1]}, "no rectangle"),
    "a body from nowhere": (LANDER | {"bodies": [{"shapes": [], "from": -5}]}, "comes or goes at no frame"),
    "a body of no seat": (LANDER | {"bodies": [{"shapes": [], "seat": 7}]}, "seat that is not there"),
    "a shape of nothing": (LANDER | {"static": [{"kind": "polygon", "points": [["a", 1]]}]}, "no shape"),
    "a million bodies": (
        trajectories.header("shapes2d", 1, 199_999, bounds="follow", bodies=[{"shapes": []}] * 500),
        "more bodies and frames",
    ),
    "a look that is not there": (LAKE | {"cells": [0, 0, 99, 1, 1, 1]}, "do not fill the grid"),
    "a cell beside the grid": (LAKE | {"changes": [[99, 0], [], []]}, "cell that is not there"),
    "half a change": (LAKE | {"changes": [[1], [], []]}, "cell that is not there"),
    "a flash of nothing": (LAKE | {"flashes": [[0, 99, 0, 0, 1, 1]]}, "lights up outside"),
    "a piece on half a way": (LAKE | {"pieces": [{"seat": 0, "x": [0, 1]}]}, "wrong length"),
    "a piece that is nothing": (LAKE | {"pieces": [None]}, "a piece is nothing"),
    "thought longer than the match": (LAKE | {"thought": [[1] * 9, []]}, "times of thought"),
    "panels too few": (trajectories.panel() | {"panels": []}, "panels do not fit"),
    "texts that are numbers": (trajectories.written() | {"texts": [1, 2, 3]}, "texts do not fit"),
}
READ = """async (text) => {
  const { readTrajectory } = await import('/static/js/replay/load.js');
  const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  try {
    await readTrajectory(bytes);
    return 'shown';
  } catch (error) {
    return `${error.constructor.name}: ${error.message}`;
  }
}"""


def read(page, content):
    return page.evaluate(READ, base64.b64encode(content).decode())


def test_whatever_is_in_a_file_the_answer_is_a_sentence(show):
    page = show("chess", address="embed")
    for name, (content, words) in HOSTILE.items():
        answer = read(page, json.dumps(content).encode())
        assert answer.startswith("ReplayError: "), (name, answer)
        assert words in answer, (name, answer)


def test_bytes_that_are_no_trajectory_are_damaged(show):
    page = show("chess", address="embed")
    packed = gzip.compress(json.dumps(FOUR).encode())
    damaged = [
        b"",
        b"\x1f\x8b",
        packed[:-20],
        b"nonsense",
        b"[" * 200_000,
        b'{"format": NaN}',
        b"\xff\xfe\x00",
    ]
    assert {read(page, content) for content in damaged} == {
        "ReplayError: This replay is broken: the file is damaged or cut short."
    }
    assert read(page, packed) == "shown"


def test_a_bomb_is_given_up_before_it_fills_the_memory(show):
    bomb = gzip.compress(b" " * 80_000_000)
    assert "unpacks to more than 64 MB" in read(show("chess", address="embed"), bomb)


def test_a_file_of_ones_own_is_played_without_being_sent(show, site):
    page = show("", address="own")
    sent = len(site.uploads)
    packed = gzip.compress(json.dumps(FOUR).encode())
    given = {"name": "game.ctr", "mimeType": "application/gzip", "buffer": packed}
    page.set_input_files("#replay-file", given)
    page.wait_for_selector(".player[data-state=ready]")
    assert page.get_by_text("game.ctr: sample-v1, 7 turns").is_visible()
    page.set_input_files("#replay-file", given | {"buffer": packed[:40]})
    page.wait_for_selector(".player[data-state=failed]")
    assert page.locator(".player").count() == 1
    assert "damaged or cut short" in page.locator(".player-note").inner_text()
    assert len(site.uploads) == sent


def test_a_file_can_be_dropped_on_the_page(show):
    page = show("", address="own")
    page.evaluate(
        """(text) => {
          const transfer = new DataTransfer();
          transfer.items.add(new File([text], 'dropped.ctr'));
          const given = { dataTransfer: transfer, bubbles: true, cancelable: true };
          document.body.dispatchEvent(new DragEvent('drop', given));
        }""",
        json.dumps(FOUR),
    )
    page.wait_for_selector(".player[data-state=ready]")
    assert page.locator(".player-seats .agent").all_inner_texts() == ["Seat 1", "Seat 2"]


@pytest.mark.parametrize("width", [360, 1280])
def test_two_replays_have_one_clock(show, width):
    page = show("connect_four&long", "t=5", address="pair", width=width)
    page.wait_for_selector("#player_pair[data-state=ready]")
    count = page.locator(".player-count")
    assert count.inner_text() == "5 / 250"
    assert page.locator(".player-now").all_inner_texts() == ["Red drops in column 1", "Step 5"]
    page.keyboard.press("ArrowRight")
    assert count.inner_text() == "6 / 250"
    page.keyboard.press("Shift+ArrowRight")
    # The shorter one stays at its end.
    assert page.locator(".player-now").all_inner_texts() == ["Red drops in column 1", "Step 16"]
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_step_can_be_named_in_the_query_too(show):
    assert frame(ready(show("chess&turn=2"))) == 2


def test_the_keys_are_listed_by_a_question_mark(show):
    page = ready(show("connect_four", "t=2", address="embed"))
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog", name="Keys of the player")
    assert "play or pause" in dialog.inner_text()
    page.keyboard.press("ArrowRight")
    assert frame(page) == 2
    page.keyboard.press("Escape")
    page.keyboard.press("ArrowRight")
    wait_for_frame(page, 3)


def saved(tmp_path: Path, **changes) -> str:
    shown = {
        "title": "<b>ann</b> against bob",
        "trajectory": gzip.compress(json.dumps(FOUR).encode()),
        "seats": [{"seat": 0, "name": "<script>alert(1)</script>"}, {"seat": 1, "name": "bob"}],
        "source_url": "https://coliseum.example/matches/1/",
    }
    path = tmp_path / "replay.html"
    path.write_bytes(exported_page(Exported(**shown | changes)))
    return path.as_uri()


def test_an_exported_page_plays_from_a_disk_without_network(browser, tmp_path):
    context = browser.new_context(offline=True, reduced_motion="reduce")
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on(
        "request", lambda r: complaints.append(r.url) if not r.url.startswith(("file:", "data:")) else None
    )
    page.goto(saved(tmp_path) + "#t=2")
    page.wait_for_selector("#player[data-state=ready]", timeout=10_000)
    assert cell(page, 5, 0) == RED
    page.keyboard.press("End")
    page.evaluate("location.hash = 't=7'")
    wait_for_frame(page, 7)
    assert page.locator(".player-seats .agent").first.inner_text() == "<script>alert(1)</script>"
    # The buttons have their icons without a second file.
    assert page.locator(".player-button.main use").evaluate("use => use.getBBox().width > 0")
    close(context)
    assert complaints == []


def test_an_exported_page_brings_its_pictures(browser, tmp_path):
    context = browser.new_context(offline=True, reduced_motion="reduce")
    page = context.new_page()
    stored = gzip.compress(json.dumps(trajectories.pictured()).encode())
    page.goto(saved(tmp_path, trajectory=stored, pictures=webp(["#00ff00", "#0000ff"], [500, 1500])))
    page.wait_for_selector("#player[data-state=ready] .player-canvas:not([hidden])", timeout=10_000)
    assert pixel(page, 0.5, 0.5) == (0, 255, 0)
    close(context)


def test_the_bundle_leaves_no_module_behind():
    assert "import{" not in player("en")
    assert "export " not in player("en")
    assert len(gzip.compress(player("en").encode())) < 25_000
