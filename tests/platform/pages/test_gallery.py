"""Arenas and documents."""

from arenas import registry
from tests.platform.pages.conftest import text_of


def test_every_arena_has_a_card_and_a_page(browser, db):
    listed = browser().get("/arenas/").content.decode()
    for name in registry.names():
        assert f'href="/arenas/{name}/"' in listed
        text = text_of(browser().get(f"/arenas/{name}/"))
        assert registry.get(name).title in text
        assert "Limits of an agent" in text


def test_the_page_of_an_open_spiel_arena_says_how_to_make_the_game(browser, db):
    page = text_of(browser().get("/arenas/spiel_go_9x9-v1/"))
    assert "game = pyspiel.load_game(\"go\", {'board_size': 9, 'komi': 7.5})" in page
    assert "turn by turn, at most 162" in page


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
