"""Tournaments over the API, from the draft to the champion."""

import pytest

from coliseum.tournaments.models import Tournament
from tests.platform.api.conftest import refusal
from tests.platform.tournaments.conftest import noughts  # noqa: F401 - a fixture
from tests.platform.tournaments.playing import enter_agents, play_all, started

WANTED = {
    "title": "Spring Masters",
    "format": "single_elimination",
    "options": {"best_of": 1, "third_place": False},
    "seeding": "draw",
    "release": "by_round",
}


def test_a_host_plays_a_tournament_by_script(caller, host, noughts):  # noqa: F811
    agents = enter_agents(noughts, 4)
    script = caller(host, "host")
    made = script.post("/competitions/noughts/tournaments", WANTED)
    assert made.status_code == 201
    address = f"/tournaments/{made.json()['id']}"
    assert made.json()["state"] == "draft"
    assert caller().get(address).status_code == 404
    assert script.post(f"{address}/start").json()["state"] == "running"
    assert script.post(f"{address}/pause", {"reason": "lunch"}).json()["reason"] == "lunch"
    assert script.post(f"{address}/resume").json()["state"] == "running"
    out = script.post(f"{address}/withdraw", {"submission": agents[3].pk, "reason": "a bug"}).json()
    assert [row["left"] for row in out["entrants"] if row["submission"] == agents[3].pk] == ["withdrawn"]
    play_all()
    public = caller().get(address).json()
    assert (public["state"], public["is_final"]) == ("finished", False)
    assert public["stages"][0]["pairings"] == []
    released = script.post(f"{address}/release", {"everything": True}).json()
    assert released["is_final"]
    seen = caller().get(address).json()
    assert seen["places"][0] == {
        "place": 1,
        "submission": agents[0].pk,
        "why": seen["places"][0]["why"],
    }
    assert {match["state"] for row in seen["stages"][0]["pairings"] for match in row["matches"]} <= {
        "finished",
        "cancelled",
    }
    listed = caller().get("/competitions/noughts/tournaments").json()
    assert [row["title"] for row in listed["items"]] == ["Spring Masters"]


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"format": "ladder"}, "tournament.bad_format", "format"),
        ({"options": {"best_of": 2}}, "tournament.bad_format", "best_of"),
        ({"options": {"best_of": "one"}}, "request.bad_field", None),
        ({"options": {"lives": 3}}, "tournament.bad_format", "format"),
        ({"source": "chosen", "chosen": ["x"]}, "tournament.bad_entrant", "chosen"),
        ({"colour": "red"}, "request.unknown_field", "colour"),
        ({"starts_at": "2026-11-22T12:00:00"}, "request.bad_field", "starts_at"),
        ({"starts_at": "2001-11-22T12:00:00Z"}, "tournament.bad_setting", "starts_at"),
    ],
)
def test_a_bad_body_is_refused(caller, host, noughts, changes, code, field):  # noqa: F811
    answer = caller(host, "host").post("/competitions/noughts/tournaments", WANTED | changes)
    assert refusal(answer)[1] == code
    assert field is None or answer.json()["error"]["field"] == field
    assert not Tournament.objects.exists()


def test_only_its_hosts_run_a_tournament(caller, eve, noughts):  # noqa: F811
    enter_agents(noughts, 2)
    tournament = started(noughts, "swiss")
    script = caller(eve, "host")
    answer = script.post(f"/tournaments/{tournament.pk}/pause", {})
    assert refusal(answer) == (403, "auth.not_allowed", "You may not run this tournament.")
    answer = script.post("/competitions/noughts/tournaments", WANTED)
    assert refusal(answer)[1] == "auth.not_allowed"
    for bad in ("x", "0" * 18):
        assert refusal(script.get(f"/tournaments/{bad}"))[1] == "not_found"
        leaving = {"submission": bad}
        assert script.post(f"/tournaments/{tournament.pk}/withdraw", leaving).status_code in {403, 404}
