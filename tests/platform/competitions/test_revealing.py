"""What the host keeps from others holds at every door: pages, files, API, lists."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client

from coliseum.competitions.models import Competition
from coliseum.competitions.services import enter_competition, move_competition
from coliseum.matches.models import Match
from coliseum.matches.queries import match_for
from coliseum.matches.revealing import may_see_replay, openly_replayed
from coliseum.pages.urls import urlpatterns

DOORS = (
    "/matches/{match}/replay.json",
    "/matches/{match}/episodes/0/trajectory.json",
    "/matches/{match}/episodes/0/replay.ctr",
    "/matches/{match}/episodes/0/replay.html",
    "/matches/{match}/episodes/0/embed",
    "/matches/{match}/episodes/0/pictures",
    "/matches/{match}/episodes/0/pictures.json",
    "/matches/{match}/episodes/0/pictures.webp",
)


@pytest.fixture
def visit(client_of, match):
    """Return what an address answers to a person."""

    def ask(user, address: str):
        client: Client = client_of(user)
        client.raise_request_exception = False
        return client.get(address.format(match=match.pk))

    return ask


def keep(rule: str) -> None:
    Competition.objects.update(replays=rule)


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("rule", ["participants", "after_close"])
def test_a_withheld_replay_is_refused_at_every_door(visit, staff, door, rule) -> None:
    keep(rule)
    answer = visit(None, door)
    assert answer.status_code == 403
    assert b"match.replay_withheld" in answer.content
    assert visit(staff, door).status_code in {200, 404}, "404: no pictures were made"


def test_every_address_of_a_replay_is_among_the_doors() -> None:
    known = {
        door.format(match="<str:match_id>").replace("/0/", "/<int:index>/").lstrip("/") for door in DOORS
    }
    told = {
        str(each.pattern) for each in urlpatterns if str(each.pattern).startswith("matches/<str:match_id>/")
    }
    assert told - known == {
        "matches/<str:match_id>/",
        "matches/<str:match_id>/count",
        "matches/<str:match_id>/state",
    }


@pytest.mark.parametrize(
    ("rule", "sees"),
    [
        ("public", {"nobody": True, "bob": True, "outsider": True, "other": True, "host": True}),
        ("participants", {"nobody": False, "bob": True, "outsider": False, "other": True, "host": True}),
        ("after_close", {"nobody": False, "bob": True, "outsider": False, "other": False, "host": True}),
    ],
)
def test_who_sees_a_replay(match, bob, host, django_user_model, rule, sees) -> None:
    keep(rule)
    outsider, other = (django_user_model.objects.create_user(username=name) for name in ("out", "other"))
    enter_competition(competition=match.competition, user=other)
    people = {"nobody": None, "bob": bob, "outsider": outsider, "other": other, "host": host}
    fresh = Match.objects.get(pk=match.pk)
    assert {name: may_see_replay(fresh, person) for name, person in people.items()} == sees


def test_closing_shows_what_was_kept_until_then(match, host, visit) -> None:
    keep("after_close")
    assert not openly_replayed(Match.objects.all()).exists()
    assert "private" in visit(host, DOORS[1])["Cache-Control"]
    move_competition(competition=match.competition, to="closed", actor=host)
    assert visit(None, DOORS[1]).status_code == 200
    assert openly_replayed(Match.objects.all()).get() == match


def test_the_match_page_tells_the_result_and_why_there_is_no_player(visit, match) -> None:
    keep("participants")
    page = visit(None, "/matches/{match}/").content.decode()
    assert "match.replay_withheld" in page
    assert "trajectory.json" not in page
    assert "four-seasons v1" in page
    assert match_for(match.pk, AnonymousUser()) == match


def test_code_is_open_only_by_the_rules_and_after_the_end(visit, submission, ann, host, eve) -> None:
    address = f"/agents/{submission.pk}/package"
    assert visit(eve, address).status_code == 404
    assert visit(ann, address).status_code == 200
    Competition.objects.update(code="after_close")
    assert [visit(each, address).status_code for each in (None, eve, host)] == [404] * 3
    move_competition(competition=submission.entry.competition, to="closed", actor=host)
    assert address in visit(None, f"/agents/{submission.pk}/").content.decode()
    answer = visit(None, address)
    assert (answer.status_code, answer["X-Content-Type-Options"]) == (200, "nosniff")
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer.content.startswith(b"class Agent")
    type(submission).objects.update(state="rejected", is_active=False)
    assert visit(None, address).status_code == 404
