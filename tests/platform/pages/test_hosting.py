"""The host's pages and the administrator's."""

import pytest

from coliseum.competitions.calibrations import note_calibration
from coliseum.competitions.models import Act, Competition, Entry
from coliseum.matches.models import Match, MatchState
from coliseum.matches.services import record_worker
from coliseum.submissions.models import Submission
from tests.platform.pages.conftest import text_of

FORM = {
    "title": "Spring Cup",
    "slug": "spring-cup",
    "arena": "connect_four-v3",
    "overview": "**Four** in a row.",
    "daily_submissions": "5",
    "active_submissions": "2",
    "target_matches": "100",
}
LIMITS = {"daily_submissions": "5", "active_submissions": "2", "target_matches": "9"}


def test_a_host_makes_a_draft_and_opens_it(browser, host, eve):
    visitor = browser(host)
    answer = visitor.post("/host/", **FORM)
    assert answer["Location"] == "/competitions/spring-cup/host"
    assert browser(eve).get("/competitions/spring-cup/").status_code == 404
    visitor.post("/competitions/spring-cup/host/state", to="open")
    page = browser(eve).get("/competitions/spring-cup/")
    assert "<strong>Four</strong> in a row." in page.content.decode()


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"slug": "Not A Slug"}, "competition.bad_setting", "slug"),
        ({"slug": "c4"}, "competition.bad_setting", "slug"),
        ({"title": "a\u200bb"}, "name.characters", "title"),
        (
            {"opens_at": "2026-11-20T10:00", "closes_at": "2026-11-20T09:00"},
            "competition.bad_setting",
            "closes_at",
        ),
        ({"daily_submissions": "100000"}, "competition.bad_setting", "daily_submissions"),
        ({"daily_submissions": "-1"}, "", "daily_submissions"),
        ({"arena": "chess-v99"}, "", "arena"),
        ({"closes_at": "yesterday"}, "", "closes_at"),
        ({"title": ""}, "", "title"),
    ],
)
def test_b64_a_bad_setting_is_refused_beside_its_field(browser, host, competition, changes, code, field):
    answer = browser(host).post("/host/", **(FORM | changes))
    assert answer.status_code == 400
    page = answer.content.decode()
    assert f'id="id_{field}_error"' in page
    assert f"[{code}]" in page or not code
    assert "**Four** in a row." in page
    assert Competition.objects.count() == 1


def test_texts_and_limits_can_be_changed_and_the_log_says_which(browser, host, competition):
    visitor = browser(host)
    visitor.post(
        "/competitions/c4/host/change", title="New title", overview="Changed.", rules="Be fair.", **LIMITS
    )
    competition.refresh_from_db()
    assert (competition.title, competition.target_matches) == ("New title", 9)
    assert "changed overview, summary, target_matches, title" in text_of(
        browser().get("/competitions/c4/log")
    )
    answer = visitor.post("/competitions/c4/host/change", title="", **LIMITS)
    assert answer.status_code == 400
    assert 'id="id_title_error"' in answer.content.decode()


def test_closing_wants_the_short_name_typed(browser, host, competition):
    visitor = browser(host)
    for typed in ("", "c5"):
        answer = visitor.post("/competitions/c4/host/state", confirm=typed)
        assert answer.status_code == 400
        assert "confirm must be c4." in text_of(answer)
    assert visitor.post("/competitions/c4/host/state", confirm="c4").status_code == 302
    competition.refresh_from_db()
    assert competition.state == "closed"


def test_a_move_that_cannot_be_made_is_refused_on_the_page(browser, host, draft):
    answer = browser(host).post("/competitions/secret-cup/host/state", to="paused")
    assert answer.status_code == 409
    assert "competition.wrong_state" in text_of(answer)
    assert browser(host).post("/competitions/secret-cup/host/state", to="deleted").status_code == 400


@pytest.mark.parametrize(
    "fields",
    [
        {"reason": "copied", "confirm": "Wrong Name"},
        {"reason": "", "confirm": "Four Seasons"},
        {"reason": "copied", "confirm": "Four Seasons", "entry": "9" * 30},
        {"reason": "copied", "confirm": "Four Seasons", "entry": "x"},
    ],
)
def test_disqualifying_wants_reason_and_name(browser, host, submission, fields):
    entry = str(submission.entry_id)
    answer = browser(host).post("/competitions/c4/host/disqualify", **({"entry": entry} | fields))
    assert answer.status_code in {400, 404}
    assert not Entry.objects.filter(disqualified_at__isnull=False).exists()


def test_a_disqualified_team_is_out_and_everybody_reads_why(browser, host, submission):
    fields = {"entry": submission.entry_id, "reason": "copied code", "confirm": "Four Seasons"}
    assert browser(host).post("/competitions/c4/host/disqualify", **fields).status_code == 302
    submission.refresh_from_db()
    assert not submission.is_active
    assert "disqualified Four Seasons copied code" in text_of(browser().get("/competitions/c4/log"))


def test_another_competitions_entry_cannot_be_disqualified(browser, host, draft, submission):
    fields = {"entry": submission.entry_id, "reason": "x", "confirm": "Four Seasons"}
    assert browser(host).post("/competitions/secret-cup/host/disqualify", **fields).status_code == 404


def test_the_console_counts_what_happened(browser, host, submission, rival):
    Submission.objects.filter(pk=rival.pk).update(state="rejected", code="crashed", is_active=False)
    text = text_of(browser(host).get("/competitions/c4/host"))
    assert "crashed The agent raised an exception" in text
    assert "teams 2" in text
    assert "rejected 1" in text


def test_the_house_can_be_asked_to_enter_its_baselines(browser, host, competition):
    visitor = browser(host)
    assert "Enter the arena's baselines" in text_of(visitor.get("/competitions/c4/host"))
    visitor.post("/competitions/c4/host/baselines")
    assert Submission.objects.exclude(baseline="").count() >= 2
    assert "Enter the arena's baselines" not in text_of(visitor.get("/competitions/c4/host"))


def test_the_administrator_sees_workers_and_what_failed(browser, staff, running):
    probe = {"name": "network", "ok": False, "message": "reached 1.1.1.1"}
    record_worker(
        name="bench:1", slots=2, isolation=2, speed=1.1, checks=[probe], problem="a wall does not hold"
    )
    Match.objects.update(state=MatchState.FAILED, error="The worker stopped answering.")
    visitor = browser(staff)
    text = text_of(visitor.get("/administration/"))
    assert "bench:1 refuses to play a wall does not hold" in text
    assert "The worker stopped answering." in text
    visitor.post(f"/administration/matches/{running.pk}/again")
    running.refresh_from_db()
    assert running.state == MatchState.QUEUED
    assert visitor.post(f"/administration/matches/{running.pk}/again").status_code == 404


def test_the_administrator_lets_people_host_and_sign_in(browser, staff, eve):
    visitor = browser(staff)
    visitor.post("/administration/hosting", person="eve", may_host="yes")
    eve.refresh_from_db()
    assert eve.may_host
    visitor.post("/administration/hosting", person="eve", may_host="no")
    eve.refresh_from_db()
    assert not eve.may_host
    assert "/sign-in/link/" in text_of(visitor.post("/administration/link", person="eve"))
    for nobody in ("", "x" * 500, "a\0b", "no one"):
        assert visitor.post("/administration/hosting", person=nobody).status_code == 404


def test_b62_markdown_of_a_host_is_harmless(browser, host, competition):
    evil = "<script>x</script> [a](javascript:alert(1)) ![b](http://e.example/x.png) <iframe src=x></iframe>"
    Competition.objects.update(overview=evil, rules=evil)
    for address in ("/competitions/c4/", "/competitions/c4/rules"):
        page = browser().get(address).content.decode()
        assert "<script>x" not in page
        assert "<iframe" not in page
        assert 'href="javascript:' not in page
        assert "e.example" not in page or "<img" not in page.split("<main", 1)[1]


def test_acts_name_who_did_them(browser, host, competition):
    assert Act.objects.count() == 2
    assert "host opened it" in text_of(browser().get("/competitions/c4/log"))


def test_the_console_tells_how_matches_are_played_and_what_the_calibration_found(browser, host, competition):
    visitor = browser(host)
    page = text_of(visitor.get("/competitions/c4/host"))
    assert "played in every seating on the same seed, 1 episode of each. Not calibrated" in page
    assert visitor.post("/competitions/c4/host/calibrate").status_code == 302
    assert "Waiting until two of the house's agents" in text_of(visitor.get("/competitions/c4/host"))
    assert visitor.post("/competitions/c4/host/calibrate").status_code == 409
    seat = {"elo": 61.0, "low": 20.0, "high": 102.0}
    found = {
        "swaps": True,
        "episodes": 2,
        "matches": 200,
        "different": 198,
        "phi": 0.84,
        "phi_single": 1.0,
        "draws": 0.07,
        "seats": [seat, {name: -value for name, value in seat.items()}],
        "separation": 0.999,
        "match_seconds": 0.21,
        "warnings": [{"code": "seat_advantage", "text": "Seat 0 is worth +61 Elo (+20 to +102)."}],
    }
    note_calibration(competition=competition, state="done", found=found)
    page = text_of(visitor.get("/competitions/c4/host"))
    assert "2 episodes of each." in page
    assert "seat 0, Elo +61 (+20 to +102)" in page
    assert "Seat 0 is worth +61 Elo (+20 to +102). seat_advantage" in page
