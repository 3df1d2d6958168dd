"""The shapes that programs rely on, and what hosts and owners do with them."""

import msgspec
import pytest
from django.test import Client

from arenas import registry
from arenas.adapters import open_arena
from coliseum.competitions.models import Act
from coliseum.competitions.queries import shown_phase
from coliseum.leaderboards.services import publish_table, rate_phase
from coliseum.matches.models import Match
from coliseum.matches.services import Plan, schedule_matches
from coliseum.submissions.models import Submission
from tests.platform.api.conftest import ROOT, refusal
from workers.replaying import ReplayFile, verify_replay
from workers.spec import MatchKind


def test_competitions_are_listed_newest_first_and_paged(caller, competition, host):
    api = caller(host, "host")
    for number in range(3):
        body = {"slug": f"cup-{number}", "title": "Cup", "arena": "tictactoe-v3"}
        assert api.post("/competitions", body).status_code == 201
    first = api.get("/competitions?limit=3").json()
    assert [each["slug"] for each in first["items"]] == ["cup-2", "cup-1", "cup-0"]
    rest = api.get(f"/competitions?limit=3&cursor={first['next']}").json()
    assert [each["slug"] for each in rest["items"]] == ["c4"]
    assert rest["next"] is None
    row = rest["items"][0]
    assert {"slug", "title", "arena", "state", "entries", "url"} <= set(row)
    assert row["url"] == "http://localhost:8000/competitions/c4/"


def test_a_competition_tells_the_quota_to_who_joined(caller, ann, eve, competition, submission):
    seen = caller(ann).get("/competitions/c4").json()
    assert (seen["joined"], seen["submissions_left"]) == (True, 4)
    assert seen["submissions_reset_at"].endswith("T00:00:00Z")
    seen = caller(eve).get("/competitions/c4").json()
    assert (seen["joined"], seen["submissions_left"]) == (False, None)
    assert "seed_secret" not in seen


def test_the_leaderboard_has_its_fixed_fields(caller, match, competition):
    rate_phase(phase=shown_phase(competition))
    answer = caller().get("/competitions/c4/leaderboard")
    board = answer.json()
    facts = {"phase", "view", "matches", "computed_at", "compared_with", "digest", "root", "official"}
    assert set(board) == facts | {"items", "next", "total"}
    assert (board["matches"], board["phase"], board["root"], board["official"]) == (1, "public-1", "", None)
    row = next(each for each in board["items"] if each["agent"] == "four-seasons")
    assert row["submission"] == Submission.objects.get(name="four-seasons").pk
    assert row["team"] == "Four Seasons"
    assert row["matches"] == 1
    assert row["low"] <= row["rating"] <= row["high"]
    assert row["rank_low"] <= row["rank"] <= row["rank_high"]
    assert row["provisional"] is True


def test_an_unchanged_leaderboard_answers_304(caller, match, competition):
    rate_phase(phase=shown_phase(competition))
    api = caller()
    first = api.get("/competitions/c4/leaderboard")
    again = api.get("/competitions/c4/leaderboard", **{"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    Submission.objects.filter(name="four-seasons").update(name="five")
    assert api.get("/competitions/c4/leaderboard", **{"If-None-Match": first["ETag"]}).status_code == 200


def test_the_leaderboard_of_a_new_competition_is_empty(caller, competition):
    assert caller().get("/competitions/c4/leaderboard").json() == {
        "items": [],
        "next": None,
        "total": 0,
        "phase": "public-1",
        "view": "rating",
        "matches": 0,
        "computed_at": None,
        "compared_with": None,
        "digest": "",
        "root": "",
        "official": None,
    }


def test_the_official_table_is_named_with_its_root_and_digest(caller, match, competition):
    snapshot = publish_table(phase=shown_phase(competition))
    board = caller().get("/competitions/c4/leaderboard?phase=public-1").json()
    assert (board["root"], board["digest"]) == (snapshot.root, snapshot.digest)
    official = board["official"]
    assert (official["root"], official["digest"], official["matches"]) == (snapshot.root, snapshot.digest, 1)
    assert official["lines"] == 4


def test_matches_are_listed_without_validations(caller, competition, match, submission, rival):
    plans = [Plan(MatchKind.LEAGUE, (rival, submission)) for _ in range(2)]
    queued = schedule_matches(competition=competition, plans=plans)
    schedule_matches(competition=competition, plans=[Plan(MatchKind.VALIDATION, (submission,))])
    first = caller().get("/competitions/c4/matches?limit=2").json()
    assert {each["id"] for each in first["items"]} == {each.pk for each in queued}
    rest = caller().get(f"/competitions/c4/matches?limit=2&cursor={first['next']}").json()
    assert [each["id"] for each in rest["items"]] == [match.pk]
    assert [seat["agent"] for seat in rest["items"][0]["seats"]] == ["four-seasons", "column-three"]


def test_a_finished_match_in_full(caller, match):
    seen = caller().get(f"/matches/{match.pk}").json()
    assert (seen["state"], seen["kind"], seen["competition"]) == ("finished", "league", "c4")
    assert (seen["isolation"], seen["isolation_label"]) == (2, "namespaces+landlock+seccomp")
    assert seen["digest"] == match.digest
    assert [seat["outcome"] for seat in seen["seats"]] == ["ok", "ok"]
    assert sum(seat["score"] for seat in seen["seats"]) == pytest.approx(1)
    assert [episode["seating"] for episode in seen["episodes"]] == [[0, 1], [1, 0]]
    assert all(episode["turns"] > 6 for episode in seen["episodes"])


def test_a_queued_match_says_its_place(caller, competition, submission, rival):
    queued = schedule_matches(
        competition=competition, plans=[Plan(MatchKind.LEAGUE, (submission, rival)) for _ in range(2)]
    )
    seen = [caller().get(f"/matches/{match.pk}").json() for match in queued]
    assert {each["queue_place"] for each in seen} == {0, 1}
    assert (seen[0]["state"], seen[0]["isolation"], seen[0]["episodes"]) == ("queued", None, [])
    answer = caller().get(f"/matches/{queued[0].pk}/replay")
    message = "This match is queued; there is nothing to show yet."
    assert refusal(answer) == (409, "match.not_ready", message)


def test_the_replay_is_what_verify_accepts(caller, match):
    answer = caller().get(f"/matches/{match.pk}/replay")
    assert answer["Content-Disposition"] == f'attachment; filename="match-{match.pk}.json"'
    replay = msgspec.json.decode(answer.content, type=ReplayFile)
    assert (replay.match, replay.digest, replay.arena) == (match.pk, match.digest, "connect_four-v3")
    arena = registry.get(replay.arena)
    verdicts = verify_replay(arena, open_arena(arena), replay)
    assert [verdict.ok for verdict in verdicts] == [True, True]
    assert b"evidence" not in answer.content


def test_a_host_opens_pauses_and_closes(caller, host, draft):
    api = caller(host, "host")
    for state in ("open", "paused", "open", "closed"):
        answer = api.post("/competitions/secret-cup/state", {"state": state, "reason": "as planned"})
        assert (answer.status_code, answer.json()["state"]) == (200, state)
    answer = api.post("/competitions/secret-cup/state", {"state": "open"})
    message = "This competition is closed; it cannot be opened."
    assert refusal(answer) == (409, "competition.wrong_state", message)
    assert refusal(api.post("/competitions/secret-cup/state", {"state": "ajar"}))[:2] == (
        400,
        "request.bad_field",
    )
    assert [act.verb for act in Act.objects.all()][:2] == ["closed", "open"]


def test_a_host_disqualifies_a_team(caller, host, eve, submission, rival, competition):
    (waiting,) = schedule_matches(
        competition=competition, plans=[Plan(MatchKind.LEAGUE, (submission, rival))]
    )
    api = caller(host, "host")
    team = rival.entry.team_id
    answer = api.post("/competitions/c4/disqualify", {"team": team, "reason": " "})
    assert refusal(answer)[:2] == (400, "request.bad_field")
    answer = api.post("/competitions/c4/disqualify", {"team": "nobody", "reason": "x"})
    assert refusal(answer) == (404, "not_found", "There is no team nobody.")
    answer = api.post("/competitions/c4/disqualify", {"team": team, "reason": "two accounts"})
    assert answer.json()["disqualified_reason"] == "two accounts"
    assert Match.objects.get(pk=waiting.pk).state == "cancelled"
    assert not Submission.objects.get(pk=rival.pk).is_active
    answer = caller(eve, "submit").upload(b"class Agent:\n    def act(self, observation): return 1\n")
    assert refusal(answer)[:2] == (403, "auth.not_allowed")
    answer = caller(eve, "submit").post(f"/submissions/{rival.pk}/activate")
    assert refusal(answer)[:2] == (409, "submission.wrong_state")


def test_an_owner_switches_an_agent_off_and_on(caller, bob, submission):
    api = caller(bob, "submit")
    assert api.post(f"/submissions/{submission.pk}/deactivate").json()["is_active"] is False
    assert api.post(f"/submissions/{submission.pk}/activate").json()["is_active"] is True
    assert api.post(f"/submissions/{submission.pk}/activate").json()["is_active"] is True


def test_joining_twice_changes_nothing(caller, eve, competition):
    api = caller(eve, "submit")
    first = api.post("/competitions/c4/join").json()
    assert first["members"] == ["eve"]
    assert api.post("/competitions/c4/join").json() == first


def test_me_and_the_arenas(caller, ann, team):
    assert caller(ann, "submit").get("/me").json() == {
        "name": "ann",
        "is_staff": False,
        "may_host": False,
        "scopes": ["read", "submit"],
        "competition": None,
        "teams": [{"id": team.pk, "name": "Four Seasons"}],
        "unread_notices": 0,
    }
    arenas = caller().get("/arenas").json()["items"]
    found = next(each for each in arenas if each["id"] == "connect_four-v3")
    assert found["limits"]["step_seconds"] == 1.0
    assert "heuristic" in {baseline["name"] for baseline in found["baselines"]}


def test_the_documentation_page_asks_nobody_else(db):
    page = Client().get(f"{ROOT}/docs")
    assert page.status_code == 200
    text = page.content.decode()
    assert "https://" not in text
    assert "/static/ninja/swagger-ui-bundle" in text
    assert "script-src 'self'" in page["Content-Security-Policy"]
