"""A submission's page for its owners."""

import hashlib

import msgspec
import pytest

from coliseum.matches.services import schedule_validation
from coliseum.submissions.models import Submission
from coliseum.submissions.services import accept_upload, record_verdict, start_validation
from tests.platform.conftest import upload_of
from tests.platform.pages.conftest import text_of
from workers.spec import AgentUsage, Check

EVIDENCE = "Traceback: ValueError: a secret of the agent"


@pytest.fixture
def waiting(entry, ann, tmp_path, agent_source) -> Submission:
    """Return an upload whose validation is in the queue."""
    made, _ = accept_upload(entry=entry, user=ann, upload=upload_of(agent_source, tmp_path))
    start_validation(submission=made)
    schedule_validation(submission=made)
    return made


@pytest.fixture
def rejected(waiting) -> Submission:
    """Return an upload that crashed against random."""
    checks = [
        Check(name="start", ok=True, code="ok", message="Loaded.", hint="", seconds=0.1),
        Check(name="conformance", ok=True, code="ok", message="Played.", hint="", seconds=0.4),
        Check(
            name="versus_random",
            ok=False,
            code="crashed",
            message="act() raised ValueError.",
            hint="Mend it.",
            seconds=0.2,
            evidence=EVIDENCE,
        ),
    ]
    record_verdict(submission=waiting, checks=checks, usage=AgentUsage(log="printed by the agent"))
    return waiting


def test_a_waiting_upload_tells_its_place(browser, ann, waiting):
    text = text_of(browser(ann).get(f"/submissions/{waiting.pk}/"))
    assert "Queued : running" in text
    assert "Nothing is before it." in text
    assert "No worker can play this now: no worker has been started yet." in text
    assert "Rated : waiting" in text


def test_a_failure_has_code_cause_evidence_and_fix(browser, bob, rejected):
    text = text_of(browser(bob).get(f"/submissions/{rejected.pk}/"))
    assert "Plays the random agent : failed" in text
    assert "crashed act() raised ValueError." in text
    assert "Mend it." in text
    assert EVIDENCE in text
    assert "printed by the agent" in text
    assert "Rated : not reached" in text


def test_the_host_sees_the_verdict_and_nothing_private(browser, host, rejected):
    for address in ("", "checklist"):
        page = browser(host).get(f"/submissions/{rejected.pk}/{address}").content.decode()
        assert "crashed" in page
        for secret in (EVIDENCE, "act() raised", "printed by", rejected.package_id):
            assert secret not in page


def test_the_log_is_text(browser, ann, submission):
    Submission.objects.update(usage=msgspec.to_builtins(AgentUsage(log="</pre><script>alert(1)</script>")))
    page = browser(ann).get(f"/submissions/{submission.pk}/").content.decode()
    assert "<script>alert" not in page


def test_a_ready_one_can_be_taken_out_and_put_back(browser, ann, submission):
    visitor = browser(ann)
    assert "in play" in text_of(visitor.get(f"/submissions/{submission.pk}/"))
    visitor.post(f"/submissions/{submission.pk}/deactivate")
    assert "Activate" in text_of(visitor.get(f"/submissions/{submission.pk}/head"))
    visitor.post(f"/submissions/{submission.pk}/activate")
    submission.refresh_from_db()
    assert submission.is_active


def test_a_rejected_one_cannot_be_activated(browser, ann, rejected):
    answer = browser(ann).post(f"/submissions/{rejected.pk}/activate")
    assert answer.status_code == 409
    assert "submission.wrong_state" in text_of(answer)


def test_the_package_comes_back_as_it_was_sent(browser, bob, submission, agent_source):
    answer = browser(bob).get(f"/submissions/{submission.pk}/package")
    assert answer.content == agent_source
    assert hashlib.sha256(answer.content).hexdigest() == submission.package_id
    assert answer["Content-Disposition"] == 'attachment; filename="agent-v1.py"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Type"] == "application/octet-stream"


def test_my_agents_are_listed_for_the_whole_team(browser, bob, eve, submission):
    assert "four-seasons v1" in text_of(browser(bob).get("/my-agents/"))
    assert "four-seasons" not in text_of(browser(eve).get("/my-agents/"))


def test_the_page_asks_the_database_no_more_than_it_must(
    browser, ann, match, submission, django_assert_max_num_queries
):
    visitor = browser(ann)
    visitor.get("/")
    with django_assert_max_num_queries(20):
        visitor.get(f"/submissions/{submission.pk}/")
