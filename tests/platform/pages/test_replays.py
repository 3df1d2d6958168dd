"""Replays outside the match page: compare, keep, embed, open a file, pictures."""

import gzip

import pytest

from coliseum.accounts.models import User
from coliseum.accounts.services import create_token
from coliseum.celery_app import app
from coliseum.competitions.models import Competition
from coliseum.league.picturing import keep_pictures
from coliseum.matches.models import Match
from coliseum.matches.queries import episode_of
from coliseum.matches.replays import trajectory_of
from tests.platform.pages.conftest import text_of
from workers.picturing import PicturesResult
from workers.spec import MatchKind


@pytest.fixture
def place(match):
    return f"/matches/{match.pk}/episodes/0"


@pytest.fixture
def quiet(monkeypatch):
    """Send nothing to a queue."""
    monkeypatch.setattr(app, "send_task", lambda *_, **__: None)


def test_a_match_offers_all_that_can_be_done_with_its_replay(browser, match, place):
    page = browser().get(f"/matches/{match.pk}/").content.decode()
    for address in ("replay.html", "replay.ctr", "embed", "pictures"):
        assert f'href="{place}/{address}"' in page
    assert f'href="/replays/compare?a={match.pk}.1"' in page


def test_the_file_is_the_stored_trajectory_under_a_name(browser, match, place):
    answer = browser().get(f"{place}/replay.ctr")
    assert answer.content == trajectory_of(episode_of(match, 0))
    assert "Content-Encoding" not in answer
    assert f'filename="{match.pk}-1.ctr"' in answer["Content-Disposition"]


def test_the_page_to_keep_names_the_agents_and_holds_the_trajectory(browser, match, place):
    answer = browser().get(f"{place}/replay.html")
    page = answer.content.decode()
    assert "four-seasons v1" in page
    assert 'id="trajectory"' in page
    assert f"http://localhost:8000/matches/{match.pk}/?episode=1" in page
    assert len(gzip.compress(answer.content)) < 60_000


def test_the_page_to_keep_of_a_match_that_is_not_open_comes_with_its_teams_token(
    browser, match, place, bob, staff, token_of
):
    Competition.objects.update(replays="after_close")
    address = f"{place}/replay.html"

    def asked_with(secret):
        return browser().get(address, Authorization=f"Bearer {secret}")

    assert browser().get(address).status_code == 403
    mine = asked_with(token_of(bob))
    assert mine.status_code == 200
    assert 'id="trajectory"' in mine.content.decode()
    assert mine["Cache-Control"] == "private, no-cache"
    stranger = User.objects.create_user(username="stranger")
    assert asked_with(token_of(stranger)).status_code == 403
    assert asked_with("col_nonsense").status_code == 401
    _, elsewhere = create_token(user=bob, name="t", scopes=["read"], competition="other-cup")
    assert asked_with(elsewhere).status_code == 403
    assert browser().get(f"/matches/{match.pk}/", Authorization=f"Bearer {elsewhere}").status_code == 200


def test_only_the_embedded_player_may_stand_in_a_frame(browser, match, place):
    framed, page = browser().get(f"{place}/embed"), browser().get(f"/matches/{match.pk}/")
    assert "frame-ancestors *" in framed["Content-Security-Policy"]
    assert "X-Frame-Options" not in framed
    assert "script-src 'self'" in framed["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in page["Content-Security-Policy"]
    assert page["X-Frame-Options"] == "DENY"


def test_a_match_that_is_not_public_is_not_embedded(browser, match, place, staff):
    Match.objects.filter(pk=match.pk).update(kind=MatchKind.VALIDATION.value)
    assert browser(staff).get(f"{place}/replay.ctr").status_code == 200
    assert browser(staff).get(f"{place}/embed").status_code == 404
    assert browser().get(f"{place}/replay.html").status_code == 404


@pytest.mark.parametrize("way", ["{id}", "{id}.2", "http://localhost:8000/matches/{id}/?episode=2#t=3"])
def test_two_replays_of_one_arena_stand_side_by_side(browser, match, way):
    fields = {"a": match.pk, "b": way.format(id=match.pk)}
    page = browser().client.get("/replays/compare", fields).content.decode()
    index = 0 if way == "{id}" else 1
    assert page.count("data-half") == 2
    assert f'data-replay="/matches/{match.pk}/episodes/{index}/trajectory.json"' in page


@pytest.mark.parametrize(
    ("second", "words"),
    [("nonsense", "Paste a match's address"), ("0" * 18, "There is no"), ("{id}.9", "There is no")],
)
def test_a_replay_that_is_not_there_is_named_beside_its_field(browser, match, second, words):
    fields = {"a": match.pk, "b": second.format(id=match.pk)}
    text = text_of(browser().client.get("/replays/compare", fields))
    assert words in text


def test_replays_of_two_arenas_are_not_compared(browser, match, rival_match):
    fields = {"a": match.pk, "b": rival_match.pk}
    text = text_of(browser().client.get("/replays/compare", fields))
    assert "The first was played in connect_four-v3, the second in tictactoe-v3." in text


@pytest.fixture
def rival_match(match):
    """Return a finished match of another arena."""
    other = Competition.objects.get(pk=match.competition_id)
    other.pk, other.slug, other.arena = None, "ttt", "tictactoe-v3"
    other.save()
    episodes = list(match.episodes.all())
    twin = Match.objects.get(pk=match.pk)
    twin.pk, twin.competition, twin.phase = f"z{match.pk[1:]}", other, None
    twin.save(force_insert=True)
    for episode in episodes:
        episode.pk, episode.match = None, twin
        episode.save()
    return twin


def test_pictures_are_asked_for_and_shown_without_scripts(browser, match, place, quiet):
    visitor = browser()
    assert "Make pictures (about" in text_of(visitor.get(f"{place}/pictures"))
    assert visitor.post(f"{place}/pictures").status_code == 302
    waiting = visitor.get(f"{place}/pictures")
    assert waiting["Refresh"] == "2"
    assert "being made" in text_of(waiting)
    keep_pictures(PicturesResult(match=match.pk, index=0, pictures=b"RIFF"))
    assert f'src="{place}/pictures.webp"' in visitor.get(f"{place}/pictures").content.decode()
    answer = visitor.get(f"{place}/pictures.webp")
    assert (answer.content, answer["Content-Type"]) == (b"RIFF", "image/webp")


def test_the_player_asks_for_pictures_by_itself(browser, match, place, quiet):
    visitor = browser()
    assert visitor.get(f"{place}/pictures.json").json()["state"] == "absent"
    token = visitor.client.cookies["csrftoken"].value
    asked = visitor.client.post(
        f"{place}/pictures", {"csrfmiddlewaretoken": token}, headers={"Accept": "application/json"}
    )
    assert asked.json()["state"] == "making"
    keep_pictures(PicturesResult(match=match.pk, index=0, problem="It took longer than 60 s."))
    found = visitor.get(f"{place}/pictures.json").json()
    assert (found["state"], found["message"]) == ("failed", "It took longer than 60 s.")
    assert "It took longer than 60 s." in text_of(visitor.get(f"{place}/pictures"))


def test_there_are_no_pictures_before_the_end(browser, running):
    assert browser().get(f"/matches/{running.pk}/episodes/0/pictures").status_code == 409
