"""Arenas and documents."""

import re

from arenas import registry
from arenas.trajectory import decode_trajectory
from tests.arenas.brief import EVERY
from tests.platform.pages.conftest import text_of


def test_every_arena_has_a_card_and_a_page(browser, db):
    listed = browser().get("/arenas/").content.decode()
    assert all(f'href="/arenas/{name}/"' in listed for name in registry.names())
    for name in EVERY:
        text = text_of(browser().get(f"/arenas/{name}/"))
        assert registry.get(name).title in text
        assert "Limits of an agent" in text


def test_the_page_of_an_open_spiel_arena_says_how_to_make_the_game(browser, db):
    page = text_of(browser().get("/arenas/spiel_go_9x9-v1/"))
    assert "environment = pyspiel.load_game(\"go\", {'board_size': 9, 'komi': 7.5})" in page
    assert "turn by turn, at most 162" in page


def test_the_page_tells_what_agents_see_and_do_what_was_checked_and_what_the_environment_says(browser, db):
    page = text_of(browser().get("/arenas/connect_four-v3/"))
    assert "action_mask: " in page
    assert "Discrete, one of 7: 0 to 6" in page
    assert "In the words of the environment" in page
    assert "Rated play is open." in page
    assert "coliseum play connect_four-v3 my-agent random" in page


def test_figures_of_the_rules_are_shown_and_nothing_else_of_the_folder_is_served(browser, db):
    page = browser().get("/arenas/coliseum/sumo-v1/").content.decode()
    assert 'src="/arenas/coliseum/sumo-v1/figures/ring.svg"' in page
    served = browser().get("/arenas/coliseum/sumo-v1/figures/ring.svg")
    assert served.headers["Content-Type"] == "image/svg+xml"
    assert "sandbox" in served.headers["Content-Security-Policy"]
    for name in ("none.svg", "env.py", "ring.SVG", "%00.svg"):
        assert browser().get(f"/arenas/coliseum/sumo-v1/figures/{name}").status_code == 404


def test_the_preview_is_a_trajectory_that_opens(browser, db):
    served = browser().get("/arenas/connect_four-v3/preview.json")
    assert served.headers["Content-Encoding"] == "gzip"
    assert decode_trajectory(served.content)["arena"] == "connect_four-v3"
    assert browser().get("/arenas/none-v1/preview.json").status_code == 404


def test_arenas_are_found_by_words_and_kinds(browser, db):
    found = text_of(browser().get("/arenas/?q=four+connect"))
    assert "Connect Four" in found
    assert "Lunar Lander" not in found
    own = browser().get("/arenas/?tag=own").content.decode()
    assert "/arenas/coliseum/sumo-v1/" in own
    assert "/arenas/connect_four-v3/" not in own
    assert "No arena fits" in text_of(browser().get("/arenas/?q=%00nothing&tag=x"))


def test_broken_plug_ins_are_told_to_administrators_alone(browser, staff, eve, monkeypatch, tmp_path):
    folder = tmp_path / "broken"
    folder.mkdir()
    (folder / "arena.py").write_text("raise RuntimeError('no such engine')")
    monkeypatch.setenv("COLISEUM_ARENAS", str(folder))
    registry.refresh()
    try:
        assert "no such engine" in text_of(browser(staff).get("/arenas/"))
        assert "no such engine" not in text_of(browser(eve).get("/arenas/"))
    finally:
        monkeypatch.delenv("COLISEUM_ARENAS")
        registry.refresh()


def test_a_competition_in_an_arena_that_is_gone_still_has_its_pages(browser, ann, submission, match):
    match.competition.arena = "gone-v1"
    match.competition.save()
    visitor = browser(ann)
    for address in ("", "leaderboard", "matches", "submit"):
        assert visitor.get(f"/competitions/c4/{address}").status_code == 200
    for address in (
        f"/matches/{match.pk}/",
        f"/submissions/{submission.pk}/",
        f"/agents/{submission.pk}/",
        "/",
    ):
        assert visitor.get(address).status_code == 200


def test_documents_are_pages(browser, db):
    assert "Write, test and submit an agent" in text_of(browser().get("/docs/"))
    page = browser().get("/docs/participant/").content.decode()
    assert 'href="/docs/errors/"' in page
    assert page.count("<h1") == 1


def test_what_documents_say_to_type_can_be_copied_and_drawings_keep_their_lines(browser, db):
    page = browser().get("/docs/start/").content.decode()
    boxes = re.findall(r'<figure class="code-box">.*?</figure>', page, re.DOTALL)
    assert [("data-copy" in box, "Shell" in box) for box in boxes] == [(True, True)] * 3
    assert "coliseum new my-agent --arena connect_four-v3" in boxes[1]
    assert '<pre tabindex="0"><code>draft -&gt; open' in browser().get("/docs/host/").content.decode()
