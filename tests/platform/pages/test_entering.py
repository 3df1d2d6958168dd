"""Joining and submitting by browser."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from coliseum import clock
from coliseum.competitions.models import Competition, Entry
from coliseum.submissions.models import Submission, SubmissionState
from tests.platform.pages.conftest import text_of

SUBMIT = "/competitions/c4/submit"


def send(visitor, content: bytes, file_name: str = "agent.py", **fields: str):
    return visitor.post(SUBMIT, file=SimpleUploadedFile(file_name, content), **fields)


def test_who_has_not_joined_is_offered_to(browser, eve, competition):
    text = text_of(browser(eve).get(SUBMIT))
    assert "Join first" in text
    assert "Be fair." in text


def test_joining_wants_the_rules_accepted(browser, eve, competition):
    visitor = browser(eve)
    answer = visitor.post("/competitions/c4/join")
    assert answer.status_code == 400
    assert "Accept the rules to join." in text_of(answer)
    assert not Entry.objects.exists()
    assert visitor.post("/competitions/c4/join", rules="on")["Location"] == SUBMIT
    assert "Drop agent.py" in text_of(visitor.get(SUBMIT))


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
