"""Rated play needs a certificate that holds, at every door through which it is opened."""

import pytest

from arenas import registry
from arenas.certifying.certificate import Certificate, fingerprint_of, keep_certificate
from arenas.certifying.checks import ArenaCheck
from coliseum.accounts.services import create_token
from coliseum.competitions.models import Competition
from coliseum.competitions.services import create_competition, move_competition
from coliseum.league.opening import open_from_file
from coliseum.tournaments.services import create_tournament, start_tournament
from coliseum.tournaments.wanted import Wanted
from tests.platform.api.conftest import Caller
from tests.platform.pages.conftest import Browser
from tests.platform.pages.test_wizard import Writer
from workers.hosting.reading import read_toml
from workers.refusals import RefusedError

FILE = b'[competition]\nslug = "tic"\ntitle = "Tic"\narena = "tictactoe-v3"\n'
NEW = {"slug": "tic", "title": "Tic", "arena": "tictactoe-v3"}


@pytest.fixture
def spoilt(tmp_path, monkeypatch):
    """Tic-tac-toe's certificate of this installation, made here, with masks that lie."""
    monkeypatch.setenv("COLISEUM_HOME", str(tmp_path))
    spec = registry.get("tictactoe-v3")
    check = ArenaCheck("masks", False, 3.0, "turn 2 refuses legal 4")
    keep_certificate(Certificate(id=spec.id, ok=False, checks=(check,), fingerprint=fingerprint_of(spec)))


@pytest.mark.usefixtures("spoilt")
def test_no_competition_is_made_and_the_failed_check_is_named(host):
    with pytest.raises(RefusedError) as refused:
        create_competition(host=host, slug="tic", title="Tic", arena="tictactoe-v3")
    assert (refused.value.code, refused.value.field) == ("arena.not_certified", "arena")
    assert "masks (turn 2 refuses legal 4)" in refused.value.message
    assert "coliseum arena check tictactoe-v3 --keep" in refused.value.hint
    assert not Competition.objects.exists()


@pytest.mark.usefixtures("spoilt")
def test_no_file_opens_one(host):
    with pytest.raises(RefusedError, match="masks") as refused:
        open_from_file(host=host, file=read_toml(FILE))
    assert refused.value.code == "arena.not_certified"
    assert not Competition.objects.exists()


def test_one_that_lost_its_certificate_is_not_opened_and_starts_no_tournament(host, request):
    draft = create_competition(host=host, slug="tic", title="Tic", arena="tictactoe-v3")
    cup = create_tournament(
        competition=draft, actor=host, wanted=Wanted(title="Cup", format="single_elimination")
    )
    request.getfixturevalue("spoilt")
    for act in (
        lambda: move_competition(competition=draft, to="open", actor=host),
        lambda: start_tournament(tournament=cup, actor=host),
    ):
        with pytest.raises(RefusedError) as refused:
            act()
        assert refused.value.code == "arena.not_certified"
    draft.refresh_from_db()
    assert draft.state == "draft"


@pytest.mark.usefixtures("spoilt")
def test_the_api_and_the_form_say_so(host):
    caller = Caller(create_token(user=host, name="test", scopes=["host"])[1])
    answer = caller.post("/competitions", NEW)
    assert answer.status_code == 409
    assert answer.json()["error"]["code"] == "arena.not_certified"
    writer = Writer(Browser(host))
    first = {"competition-arena": "tictactoe-v3", "competition-title": "Tic", "competition-slug": "tic"}
    writer.send(1, **first)
    page = Browser(host).post(writer.place("review"), to="draft").content.decode()
    assert "arena.not_certified" in page


@pytest.mark.usefixtures("spoilt")
def test_the_operator_may_waive_it_in_writing(host, monkeypatch):
    monkeypatch.setenv("COLISEUM_UNCERTIFIED_ARENAS", "yes")
    with pytest.raises(RefusedError):
        create_competition(host=host, slug="tic", title="Tic", arena="tictactoe-v3")
    monkeypatch.setenv("COLISEUM_UNCERTIFIED_ARENAS", "allow")
    made = create_competition(host=host, slug="tic", title="Tic", arena="tictactoe-v3")
    assert move_competition(competition=made, to="open", actor=host).state == "open"
