"""A host's console: how it goes, entries, failures, matches, cost, export."""

import asyncio
import csv
import io
import json
import zipfile

import pytest
from django.core.cache import cache

from coliseum.competitions.announcements import announcements_for
from coliseum.competitions.calibrations import note_calibration
from coliseum.competitions.models import Act, Announcement, Competition, Entry
from coliseum.league.archive import archive, citation, csv_lines
from coliseum.matches.models import Match, MatchState, Seat
from coliseum.matches.services import record_worker
from coliseum.submissions.models import Submission
from tests.platform.pages.conftest import text_of

HERE = "/competitions/c4/host"


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


def test_the_house_can_be_asked_to_enter_its_baselines(browser, host, competition):
    visitor = browser(host)
    assert "Enter the arena's baselines" in text_of(visitor.get("/competitions/c4/host"))
    visitor.post("/competitions/c4/host/baselines")
    assert Submission.objects.exclude(baseline="").count() >= 2
    assert "Enter the arena's baselines" not in text_of(visitor.get("/competitions/c4/host"))


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


def test_freezing_says_what_it_means_and_why(browser, host, competition):
    visitor = browser(host)
    assert "Nobody can join or submit, and no league match is started." in text_of(visitor.get(HERE))
    assert visitor.post(f"{HERE}/state", to="paused", reason="A bad worker.").status_code == 302
    assert "paused it A bad worker." in text_of(browser().get("/competitions/c4/log"))
    page = text_of(browser().get("/competitions/c4/announcements"))
    assert "Frozen" in page
    assert "A bad worker." in page


def test_the_funnel_counts_teams_by_how_far_they_came(browser, host, submission, rival):
    Submission.objects.filter(pk=rival.pk).update(state="rejected", code="crashed", is_active=False)
    text = text_of(browser(host).get(HERE))
    assert "joined 2" in text
    assert "submitted 2 100 %" in text
    assert "passed validation 1 50 %" in text
    assert "in play now 1 50 %" in text
    assert "1 \u00d7 crashed The agent raised an exception" in text


def test_the_console_says_that_nobody_plays_and_that_nothing_is_lost(browser, host, competition):
    assert "Nothing can be played now: no worker has been started yet." in text_of(browser(host).get(HERE))
    record_worker(name="bench:1", slots=2, isolation=2, speed=1.0, checks=[], problem="")
    assert "Nothing can be played now" not in text_of(browser(host).get(HERE))


def test_the_console_asks_as_often_for_many_as_for_few(browser, host, match, django_assert_max_num_queries):
    visitor = browser(host)
    visitor.get(HERE)
    with django_assert_max_num_queries(40):
        visitor.get(HERE)


def test_a_reinstated_team_is_in_again_and_everybody_reads_why(browser, host, submission):
    visitor = browser(host)
    fields = {"entry": submission.entry_id, "reason": "copied code", "confirm": "Four Seasons"}
    visitor.post(f"{HERE}/disqualify", **fields)
    assert "Let back in" in text_of(visitor.get(f"{HERE}/entries"))
    wrong = visitor.post(f"{HERE}/reinstate", **(fields | {"confirm": "Seasons"}))
    assert wrong.status_code == 400
    assert visitor.post(f"{HERE}/reinstate", **(fields | {"reason": "It was not."})).status_code == 302
    assert not Entry.objects.get(pk=submission.entry_id).is_disqualified
    assert "reinstated Four Seasons It was not." in text_of(browser().get("/competitions/c4/log"))


def test_entries_are_found_by_name_and_come_in_pages(browser, host, submission):
    visitor = browser(host)
    assert "Four Seasons" in text_of(visitor.get(f"{HERE}/entries?q=four"))
    assert "No team's name holds that" in text_of(visitor.get(f"{HERE}/entries?q=xyz"))
    assert visitor.get(f"{HERE}/entries?page=0").status_code == 400


def test_failures_show_whom_a_code_hit_and_one_form_writes_to_them(
    browser, host, ann, eve, submission, rival
):
    Submission.objects.filter(pk=rival.pk).update(
        state="rejected", code="timed_out", message="It took 2.1 s.", is_active=False
    )
    visitor = browser(host)
    text = text_of(visitor.get(f"{HERE}/failures"))
    assert "timed_out 1 submission of 1 team." in text
    assert "It took 2.1 s." in text
    fields = {"code": "timed_out", "title": "Slow", "text": "Load the weights **once**."}
    assert visitor.post(f"{HERE}/failures", **fields).status_code == 302
    sent = Announcement.objects.get()
    assert sent in announcements_for(sent.competition, eve)
    assert sent not in announcements_for(sent.competition, ann)
    page = browser(eve).get("/competitions/c4/announcements")
    assert "<strong>once</strong>" in page.content.decode()
    assert "no-store" in page["Cache-Control"]


def test_a_message_that_cannot_be_sent_stays_in_its_form(browser, host, rival):
    Submission.objects.filter(pk=rival.pk).update(state="rejected", code="crashed", is_active=False)
    visitor = browser(host)
    answer = visitor.post(f"{HERE}/failures", code="crashed", title="", text="Do not lose this.")
    assert answer.status_code == 400
    assert "Do not lose this." in answer.content.decode()
    answer = visitor.post(f"{HERE}/failures", code="timed_out", title="Slow", text="x")
    assert answer.status_code == 400
    assert "announcement.nobody" in text_of(answer)


def test_faults_in_matches_are_told_by_outcome(browser, host, match):
    seat = Seat.objects.filter(match=match).first()
    Seat.objects.filter(pk=seat.pk).update(outcome="timed_out")
    assert "1 time" in text_of(browser(host).get(f"{HERE}/failures"))


def test_chosen_matches_are_played_again_once_the_number_was_seen(browser, host, match):
    visitor = browser(host)
    fields = {"act": "rerun", "match": match.pk}
    preview = text_of(visitor.post(f"{HERE}/matches/act", **fields))
    assert "1 match voided, and as many new ones with the same agents queued." in preview
    assert "Season 1: places that change" in preview
    assert Match.objects.count() == 1
    refused = visitor.post(f"{HERE}/matches/act", **fields, confirm="c5", reason="A bad worker.")
    assert refused.status_code == 400
    assert "confirm must be c4." in text_of(refused)
    assert 'value="A bad worker."' in refused.content.decode()
    assert visitor.post(f"{HERE}/matches/act", **fields, confirm="c4", reason="").status_code == 400
    assert Match.objects.count() == 1
    assert (
        visitor.post(f"{HERE}/matches/act", **fields, confirm="c4", reason="A bad worker.").status_code == 302
    )
    assert Match.objects.filter(state=MatchState.QUEUED, reason="rerun").count() == 1
    assert "played again" in text_of(visitor.get(f"{HERE}/matches"))
    assert "A bad worker." in text_of(browser().get("/competitions/c4/log"))


def test_all_matches_of_an_agent_are_voided_and_restored_from_its_filter(browser, host, match, submission):
    visitor = browser(host)
    page = text_of(visitor.get(f"{HERE}/matches?agent={submission.pk}"))
    assert f"All league matches of {submission}:" in page
    for act, rated in (("void", False), ("restore", True)):
        fields = {"act": act, "submission": submission.pk, "confirm": "c4", "reason": "r"}
        assert visitor.post(f"{HERE}/matches/act", **fields).status_code == 302
        match.refresh_from_db()
        assert match.is_counted is rated
    assert "No match is like that" in text_of(visitor.get(f"{HERE}/matches?counted=no"))


@pytest.mark.parametrize(
    "fields",
    [
        {"act": "delete"},
        {"act": "void"},
        {"act": "void", "match": "../x"},
        {"act": "void", "submission": "a\0b"},
    ],
)
def test_nonsense_about_matches_is_refused_on_the_list(browser, host, match, fields):
    answer = browser(host).post(f"{HERE}/matches/act", **fields)
    assert answer.status_code == 400
    assert "League matches" in text_of(answer)


def test_the_cost_is_told_in_matches_core_time_and_bytes(browser, host, match):
    cache.clear()
    text = text_of(browser(host).get(f"{HERE}/cost"))
    assert "matches 1" in text
    assert "core time 500 ms" in text
    assert "Four Seasons" in text


def read_archive(competition, **said):
    packed = zipfile.ZipFile(io.BytesIO(b"".join(archive(competition, **said))))
    assert packed.testzip() is None
    return {name.partition("/")[2]: packed.read(name) for name in packed.namelist()}


def test_the_archive_holds_everything_and_every_file_can_be_read(match, submission):
    files = read_archive(match.competition)
    assert {
        "README.md",
        "CITATION.bib",
        "competition.toml",
        "log.jsonl",
        "boards/public-1.csv",
    } <= files.keys()
    assert 'slug = "c4"' in files["competition.toml"].decode()
    (row,) = map(json.loads, files["matches.jsonl"].splitlines())
    assert (row["match"], row["state"], row["phase"]) == (match.pk, "finished", "public-1")
    seats = list(csv.DictReader(io.StringIO(files["seats.csv"].decode())))
    assert {seat["submission"] for seat in seats} >= {submission.pk}
    assert json.loads(files[f"replays/{match.pk}.json"])["digest"] == match.digest
    for name in ("entries", "submissions", "ratings", "history"):
        assert len(files[f"{name}.csv"].splitlines()) == len(files[f"{name}.jsonl"].splitlines()) + 1


def test_the_archive_holds_no_secret_no_code_and_no_log(match, submission, agent_source, ann):
    type(ann).objects.filter(pk=ann.pk).update(email="ann@example.org")
    whole = b"".join(read_archive(match.competition).values())
    competition = Competition.objects.get(pk=match.competition_id)
    for secret in (competition.seed_secret, match.phase.seed_secret, "ann@example.org", "log of 0"):
        assert secret.encode() not in whole
    assert agent_source not in whole


def test_seeds_that_are_still_played_are_in_no_archive(match):
    Match.objects.filter(pk=match.pk).update(scenario="common-1")
    assert f"replays/{match.pk}.json" not in read_archive(match.competition)
    assert not any(
        name.startswith("replays/") for name in read_archive(match.competition, with_replays=False)
    )


def test_the_download_is_sent_in_pieces(browser, host, match):
    answer = browser(host).get(f"{HERE}/archive.zip?replays=no")
    assert answer["Content-Disposition"] == 'attachment; filename="c4.zip"'
    assert "no-store" in answer["Cache-Control"]

    async def collect():
        return [piece async for piece in answer]

    pieces = asyncio.run(collect())
    assert len(pieces) > 5
    assert zipfile.ZipFile(io.BytesIO(b"".join(pieces))).testzip() is None


def test_a_cell_is_no_formula_to_a_spreadsheet():
    lines = csv_lines(("name",), [{"name": "=HYPERLINK(1)"}, {"name": "plain"}, {"name": -1.5}], head=True)
    assert lines.decode().splitlines() == ['"name"', '"\'=HYPERLINK(1)"', '"plain"', "-1.5"]


def test_a_citation_is_valid_whatever_the_title(competition, host):
    Competition.objects.update(title="50% & more_{x} \\ ~^#$")
    competition.refresh_from_db()
    made = citation(competition)
    assert r"50\% \& more\_\{x\} \textbackslash{} \textasciitilde{}\textasciicircum{}\#\$" in made
    assert made.count("{") - made.count("}") == 0
    assert "author = {host}" in made


def test_a_hosts_acts_name_her(browser, host, competition):
    browser(host).post(f"{HERE}/state", to="paused")
    assert Act.objects.first().actor == host
