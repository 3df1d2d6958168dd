"""Submitting by browser."""

import errno
import hashlib
import html
import re
from datetime import timedelta
from html import escape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError

from coliseum import clock, storage
from coliseum.competitions.models import Competition
from coliseum.matches.queries import validation_of
from coliseum.matches.services import record_worker
from coliseum.pages import entering
from coliseum.submissions.models import Role, Submission, SubmissionState
from coliseum.submissions.queries import submissions_of
from coliseum.submissions.services import quota_left
from tests.platform.conftest import make_ready
from tests.platform.pages.conftest import text_of

SUBMIT = "/competitions/c4/submit"


def send(visitor, content: bytes, file_name: str = "agent.py", **fields: str):
    return visitor.post(SUBMIT, file=SimpleUploadedFile(file_name, content), **fields)


def test_who_has_not_joined_is_offered_to(browser, eve, competition):
    text = text_of(browser(eve).get(SUBMIT))
    assert "Join first" in text


def test_an_upload_goes_to_its_page(browser, ann, entry, agent_source):
    answer = send(browser(ann), agent_source, name="four-seasons", note="first")
    made = Submission.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, f"/submissions/{made.pk}/")
    assert (made.name, made.note, made.state) == ("four-seasons", "first", SubmissionState.VALIDATING)


@pytest.mark.parametrize(
    ("content", "file_name", "status", "code"),
    [
        (b"", "agent.py", 400, "upload.empty"),
        (b"def f(:", "agent.py", 400, "source.syntax_error"),
        (b"x = 1", "agent.py", 400, "source.no_entry_point"),
        (b"PK\x03\x04 nonsense", "agent.zip", 400, "archive.corrupt"),
        (b"\x1f\x8b\x08 tar", "agent.tar.gz", 415, "upload.unsupported_type"),
    ],
)
def test_a_bad_upload_is_refused_beside_the_field(browser, ann, entry, content, file_name, status, code):
    answer = send(browser(ann), content, file_name, note="kept text")
    assert answer.status_code == status
    page = answer.content.decode()
    errors = page[page.index('id="drop_zone_error"') :]
    assert f"[{code}]" in errors[: errors.index("</ul>")]
    assert 'value="kept text"' in page
    assert not Submission.objects.exists()


def test_b01_a_form_without_a_file_says_so(browser, ann, entry):
    answer = browser(ann).post(SUBMIT, name="x")
    assert answer.status_code == 400
    assert "Choose a file to upload." in text_of(answer)


def test_b34_a_form_of_somebody_who_has_not_joined_is_refused(browser, eve, competition, agent_source):
    answer = send(browser(eve), agent_source)
    assert answer.status_code == 403
    assert "competition.not_joined" in text_of(answer)


def test_b29_the_same_content_is_refused_and_named(browser, ann, submission, agent_source):
    answer = send(browser(ann), agent_source)
    assert answer.status_code == 409
    assert "This is the same content as your submission v1." in text_of(answer)


def test_b59_a_name_with_hidden_characters_is_refused_beside_it(browser, ann, entry, agent_source):
    answer = send(browser(ann), agent_source, name="ab\u202ecd")
    assert answer.status_code == 400
    page = answer.content.decode()
    assert "name.characters" in page
    assert 'id="id_name_error"' in page


def test_b30_the_quota_is_said_with_the_time_it_ends(browser, ann, submission, competition, agent_source):
    Competition.objects.update(daily_submissions=1)
    visitor = browser(ann)
    assert "1 of 1" in text_of(visitor.get(SUBMIT))
    answer = send(visitor, agent_source + b"# 2\n")
    assert answer.status_code == 429
    assert "You have used 1 of 1 submission today." in text_of(answer)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"closes_at": clock.now() - timedelta(hours=1)}, "competition.closed"),
        ({"opens_at": clock.now() + timedelta(days=1)}, "competition.not_open"),
        ({"state": "paused"}, "competition.wrong_state"),
    ],
)
def test_b32_b33_out_of_time_the_page_says_why(browser, ann, entry, agent_source, changes, code):
    Competition.objects.update(**changes)
    visitor = browser(ann)
    assert code in text_of(visitor.get(SUBMIT))
    answer = send(visitor, agent_source)
    assert answer.status_code in {403, 409}
    assert code in text_of(answer)


KEY = "0123456789abcdefgh"


def paste(visitor, code: str, address: str = SUBMIT, **fields: str):
    return visitor.post(address, code=code, **({"with": "editor"} | fields))


def test_the_same_form_sent_twice_makes_one_submission(browser, ann, entry, agent_source):
    visitor = browser(ann)
    first = send(visitor, agent_source, key=KEY)
    again = send(visitor, agent_source, key=KEY)
    assert (first.status_code, again.status_code) == (302, 302)
    assert first["Location"] == again["Location"]
    assert Submission.objects.count() == 1


def test_another_agent_in_a_form_gone_back_to_is_a_new_submission(browser, ann, entry, agent_source):
    visitor = browser(ann)
    first = send(visitor, agent_source, key=KEY)
    other = send(visitor, agent_source + b"# 2\n", key=KEY)
    assert other.status_code == 302
    assert first["Location"] != other["Location"]


def test_every_page_has_a_key_of_its_own_and_starts_as_the_last_form_ended(browser, ann, entry, agent_source):
    visitor = browser(ann)
    send(visitor, agent_source, name="centre", only_if_better="on")
    pages = [visitor.get(SUBMIT).content.decode() for _ in range(2)]
    keys = {re.search(r'name="key" value="([0-9a-z]{18})"', page)[1] for page in pages}
    assert len(keys) == 2
    assert 'value="centre"' in pages[0]
    assert re.search(r'name="only_if_better"[^>]*checked', pages[0])


def test_code_written_in_the_page_is_an_agent_of_one_file(browser, ann, entry, agent_source):
    answer = paste(browser(ann), agent_source.decode().replace("\n", "\r\n"), name="typed")
    made = Submission.objects.get()
    assert answer["Location"] == f"/submissions/{made.pk}/"
    assert storage.read_package(made.package_id) == agent_source


@pytest.mark.parametrize(
    ("code", "refusal"),
    [
        (" ", "upload.missing_file"),
        ("def f(:", "source.syntax_error"),
        ("x = '</textarea><script>alert(1)</script>'", "source.no_entry_point"),
    ],
)
def test_code_that_is_refused_comes_back_with_the_reason_beside_it(browser, ann, entry, code, refusal):
    answer = paste(browser(ann), code, note="kept text")
    page = answer.content.decode()
    assert answer.status_code == 400
    assert f"[{refusal}]" in page[page.index('id="editor_error"') :]
    assert escape(code) in page
    assert 'value="kept text"' in page
    assert "<script>alert" not in page


def test_the_editor_starts_with_an_agent_that_works_and_what_it_meets(browser, ann, entry):
    page = text_of(browser(ann).get(f"{SUBMIT}?with=editor"))
    assert "class Agent" in page
    assert "What an agent sees and does" in page
    assert "What counts" in page


def test_the_editor_takes_up_a_version_of_ones_own_and_nobody_elses(browser, ann, eve, submission):
    address = f"{SUBMIT}?with=editor&from={submission.pk}"
    assert "next(column for column" in text_of(browser(ann).get(address))
    assert browser(eve).get(address).status_code == 404


def test_terminal_and_ci_have_the_lines_to_copy(browser, ann, entry):
    text = text_of(browser(ann).get(f"{SUBMIT}?with=terminal"))
    assert "coliseum check agent.py --arena connect_four-v3" in text
    assert "secrets.COLISEUM_TOKEN" in text
    assert browser(ann).get(f"{SUBMIT}?with=pigeon").status_code == 400


def test_who_was_signed_out_gets_the_whole_form_back(browser, ann, entry, agent_source):
    answer = paste(browser(), agent_source.decode(), name="typed", note="my note", key=KEY)
    page = answer.content.decode()
    assert answer.status_code == 401
    assert "nothing of it is lost" in text_of(answer)
    for kept in ('value="typed"', 'value="my note"', f'value="{KEY}"', "next(column for column"):
        assert kept in page
    assert not Submission.objects.exists()
    # Signed in in another tab, the same form goes through.
    assert paste(browser(ann), agent_source.decode(), name="typed", key=KEY).status_code == 302


def test_b53_a_page_that_was_open_too_long_gives_the_whole_form_back(browser, ann, entry, agent_source):
    visitor = browser(ann)
    fields = {
        "csrfmiddlewaretoken": "b" * 32,
        "with": "editor",
        "code": agent_source.decode(),
        "note": "mine",
    }
    answer = visitor.client.post(SUBMIT, fields)
    assert answer.status_code == 403
    assert "auth.csrf" in text_of(answer)
    assert "next(column for column" in answer.content.decode()
    assert 'value="mine"' in answer.content.decode()
    assert not Submission.objects.exists()


def test_a_file_sent_too_late_has_to_be_chosen_again(browser, entry, agent_source):
    answer = send(browser(), agent_source, note="my note")
    assert answer.status_code == 401
    assert "The file has to be chosen again" in text_of(answer)
    assert 'value="my note"' in answer.content.decode()


def test_b38_a_file_that_changed_on_its_way_is_refused(browser, ann, entry, agent_source):
    answer = send(browser(ann), agent_source, sha256="0" * 64)
    assert answer.status_code == 422
    assert "upload.checksum_mismatch" in text_of(answer)
    digest = hashlib.sha256(agent_source).hexdigest()
    assert send(browser(ann), agent_source, sha256=digest).status_code == 302


def test_b35_a_full_disk_saves_nothing_and_keeps_the_form(browser, ann, entry, agent_source, monkeypatch):
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(storage.AtomicFileStorage, "_save", full)
    answer = paste(browser(ann), agent_source.decode() + "# never stored\n", note="kept text")
    assert answer.status_code == 507
    assert "storage.full" in text_of(answer)
    assert 'value="kept text"' in answer.content.decode()
    assert answer["Retry-After"] == "60"
    assert not Submission.objects.exists()


def test_the_quota_names_the_time_it_starts_anew_and_the_wait_is_said(browser, ann, entry):
    page = browser(ann).get(SUBMIT).content.decode()
    tomorrow = (clock.now() + timedelta(days=1)).date()
    assert f'<time datetime="{tomorrow}T00:00:00+00:00" data-local>' in page
    assert "No worker can play now: no worker has been started yet." in page
    record_worker(name="w", slots=1, isolation=2, speed=1.0, checks=[], problem="")
    assert "nothing is before it, it starts within seconds" in text_of(browser(ann).get(SUBMIT))


def test_a_test_is_validated_and_takes_no_submission(browser, ann, entry, agent_source):
    answer = paste(browser(ann), agent_source.decode(), f"{SUBMIT}/test")
    tried = Submission.objects.get()
    assert answer["Location"] == f"/submissions/{tried.pk}/"
    assert (tried.role, tried.number, tried.is_active) == (Role.REHEARSAL, 0, False)
    assert quota_left(entry)[0] == 5
    assert validation_of(tried) is not None
    assert "This is a test" in text_of(browser(ann).get(answer["Location"]))
    assert not submissions_of(entry).exists()


def test_what_was_tested_can_be_submitted_and_the_next_test_takes_its_place(
    browser, ann, entry, agent_source
):
    visitor = browser(ann)
    paste(visitor, agent_source.decode(), f"{SUBMIT}/test")
    assert paste(visitor, agent_source.decode(), f"{SUBMIT}/test").status_code == 409
    make_ready(Submission.objects.get())
    assert paste(visitor, agent_source.decode()).status_code == 302
    assert paste(visitor, agent_source.decode(), f"{SUBMIT}/test").status_code == 302
    assert sorted(Submission.objects.values_list("number", flat=True)) == [0, 1]


def test_a_passed_test_never_plays_and_only_its_team_sees_it(
    browser, ann, bob, eve, host, staff, entry, agent_source
):
    paste(browser(ann), agent_source.decode(), f"{SUBMIT}/test")
    tried = make_ready(Submission.objects.get())
    tried.refresh_from_db()
    assert (tried.state, tried.is_active) == (SubmissionState.READY, False)
    address = f"/submissions/{tried.pk}/"
    seen = [browser(person).get(address).status_code for person in (ann, bob, eve, host, staff)]
    assert seen == [200, 200, 404, 404, 404]
    assert browser(ann).post(f"{address}activate").status_code == 404
    assert browser(ann).get(f"/agents/{tried.pk}/").status_code == 404


def test_tests_are_counted_by_the_hour(browser, ann, entry, agent_source, monkeypatch):
    monkeypatch.setattr("coliseum.league.rehearsing.TESTS_AN_HOUR", 1)
    visitor = browser(ann)
    assert paste(visitor, agent_source.decode(), f"{SUBMIT}/test").status_code == 302
    answer = paste(visitor, agent_source.decode(), f"{SUBMIT}/test")
    assert answer.status_code == 429
    assert "submission.rehearsals" in text_of(answer)
    assert int(answer["Retry-After"]) <= 3601


def test_b36_without_the_database_what_was_typed_is_on_the_page(
    browser, ann, entry, agent_source, monkeypatch
):
    def away(*_: object) -> None:
        raise OperationalError("away")

    monkeypatch.setattr(entering, "entry_of", away)
    answer = paste(browser(ann), agent_source.decode(), note="my note")
    page = html.unescape(answer.content.decode())
    assert answer.status_code == 503
    assert answer["Retry-After"] == "60"
    assert "my note" in page
    assert agent_source.decode().strip() in page.replace("\r\n", "\n")
