"""Leaderboards as programs read them: a search, views in order, and boards of past days."""

import datetime
from urllib.parse import urlencode

import pytest

from coliseum import clock
from coliseum.competitions.queries import shown_phase
from coliseum.leaderboards.models import Standing
from coliseum.leaderboards.services import rate_phase
from tests.platform.api.conftest import refusal

BOARD = "/competitions/c4/leaderboard"
FIRST = datetime.datetime(2026, 11, 20, 22, 0, tzinfo=datetime.UTC)


def asking(query):
    return f"{BOARD}?{urlencode(query)}"


@pytest.fixture
def days(match, monkeypatch):
    """Return the phase of a board that was computed on November 20th and, elsewise, on the 22nd."""
    phase = shown_phase(match.competition)
    monkeypatch.setattr(clock, "now", lambda: FIRST)
    rate_phase(phase=phase)
    Standing.objects.filter(phase=phase).update(rating=1234.5)
    monkeypatch.setattr(clock, "now", lambda: FIRST + datetime.timedelta(days=2))
    rate_phase(phase=phase)
    return phase


@pytest.mark.parametrize(("text", "agents"), [("SEASONS", ["four-seasons"]), (" ", None), ("nobody", [])])
def test_a_board_is_searched_by_names_of_agents_and_teams(caller, days, text, agents):
    board = caller().get(asking({"q": text})).json()
    everybody = [row["agent"] for row in caller().get(BOARD).json()["items"]]
    assert [row["agent"] for row in board["items"]] == (everybody if agents is None else agents)
    assert board["total"] == len(board["items"])


@pytest.mark.parametrize("view", ["field", "nash", "role-pilot"])
def test_a_view_has_its_own_order_and_pages_of_it(caller, days, view):
    rows = list(Standing.objects.filter(phase=days).order_by("-rank"))
    for place, row in enumerate(rows):
        roles = [{"role": "pilot", "rating": -place, "low": 0, "high": 0}]
        Standing.objects.filter(pk=row.pk).update(
            field_rate=1 / (1 + place), nash=1 / (1 + place), roles=roles
        )
    first = caller().get(asking({"view": view, "limit": 1})).json()
    second = caller().get(asking({"view": view, "limit": 1, "cursor": first["next"]})).json()
    found = [each["items"][0]["submission"] for each in (first, second)]
    assert found == [row.submission_id for row in rows[:2]]


def test_a_row_says_where_it_stood_the_day_before(caller, days):
    board = caller().get(BOARD).json()
    assert board["compared_with"] == "2026-11-20"
    assert [row["rank_before"] for row in board["items"]] == [row["rank"] for row in board["items"]]


def test_a_past_day_has_its_board_or_the_last_one_before_it(caller, days):
    past = caller().get(f"{BOARD}/days/2026-11-21").json()
    assert (past["kept_on"], past["phase"], past["matches"], past["next"]) == (
        "2026-11-20",
        "public-1",
        1,
        None,
    )
    assert past["total"] == len(past["items"]) == Standing.objects.filter(phase=days).count()
    assert {row["rating"] for row in past["items"]} == {1234.5}
    assert past["items"][0].keys() == {
        *("rank", "agent", "version", "submission", "team", "rating", "low", "high", "matches")
    }
    before = caller().get(f"{BOARD}/days/2026-11-01").json()
    assert (before["items"], before["kept_on"], before["total"]) == ([], None, 0)


def test_a_past_board_comes_in_pages(caller, days):
    first = caller().get(f"{BOARD}/days/2026-11-20?limit=1").json()
    rest = caller().get(f"{BOARD}/days/2026-11-20?limit=1&cursor={first['next']}").json()
    assert first["items"][0]["rank"] <= rest["items"][0]["rank"]
    assert first["items"][0]["submission"] != rest["items"][0]["submission"]


@pytest.mark.parametrize("day", ["2026-11-22", "9999-12-31"])
def test_a_day_that_is_not_over_has_no_past_board(caller, days, day):
    status, code, message = refusal(caller().get(f"{BOARD}/days/{day}"))
    assert (status, code) == (400, "request.bad_field")
    assert "a day that is over" in message


@pytest.mark.parametrize(
    "day", ["yesterday", "2026-13-01", "0000-01-01", "1", "-1", "2026-11-20T00:00:00Z%00"]
)
def test_what_is_no_day_is_refused(caller, days, day):
    assert refusal(caller().get(f"{BOARD}/days/{day}"))[0] in {400, 404}
