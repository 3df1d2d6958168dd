"""Versions of an agent for their team: notes, what changed, roll back, reproduction of a failure."""

import io
import json
import subprocess
import sys
import time
import zipfile

import pytest

from coliseum.matches.models import Match
from coliseum.matches.recording import record_results
from coliseum.matches.services import claim_batch, extend_leases, schedule_validation
from coliseum.pages import differences
from coliseum.submissions.models import Submission
from coliseum.submissions.services import accept_upload, start_validation
from tests.platform.conftest import make_ready, upload_of
from tests.platform.pages.conftest import text_of
from workers.spec import AgentUsage, Check, Isolation, MatchResult

MOODY = b"""\
import random

class Agent:
    def __init__(self):
        self.left = random.randint(2, 6)

    def act(self, observation):
        self.left -= 1
        if not self.left:
            raise ValueError("enough of it")
        return int(random.choice(observation["action_mask"].nonzero()[0]))
"""


@pytest.fixture
def second(submission, entry, ann, tmp_path, agent_source) -> Submission:
    """Return the team's second agent, in play beside the first."""
    source = agent_source.replace(b"next(", b"max(") + b"# <script>alert(1)</script>\n"
    made, _ = accept_upload(entry=entry, user=ann, upload=upload_of(source, tmp_path, note="greedier"))
    return make_ready(made)


def packed(files: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def test_versions_are_listed_with_notes_and_what_can_be_done(browser, bob, submission, second):
    text = text_of(browser(bob).get(f"/submissions/{submission.pk}/"))
    for said in ("v2", "greedier", "first try", "What changed in v2", "Deactivate"):
        assert said in text
    assert "What changed in v1" not in text


def test_a_note_is_changed_by_the_team_alone(browser, bob, host, submission):
    address = f"/submissions/{submission.pk}/note"
    assert browser(bob).post(address, note="<b>centre</b> first").status_code == 302
    assert browser(host).post(address, note="mine").status_code == 404
    submission.refresh_from_db()
    assert submission.note == "<b>centre</b> first"
    assert "<b>centre" not in browser(bob).get(f"/submissions/{submission.pk}/").content.decode()
    assert browser(bob).post(address, note="x" * 401).status_code == 400


def test_rolling_back_takes_the_later_ones_out_and_says_what_that_means(browser, ann, submission, second):
    visitor = browser(ann)
    visitor.post(f"/submissions/{submission.pk}/deactivate")
    assert "Roll back to v1" in text_of(visitor.get(f"/submissions/{second.pk}/"))
    answer = visitor.post(f"/submissions/{submission.pk}/roll-back")
    active = Submission.objects.filter(is_active=True).values_list("number", flat=True)
    assert list(active) == [1]
    text = text_of(visitor.get(answer["Location"]))
    assert "v1 plays again, with the rating its own matches gave it." in text
    assert "v2 left the league" in text


def test_a_rejected_version_is_nothing_to_go_back_to(browser, ann, submission, second):
    Submission.objects.filter(pk=submission.pk).update(state="rejected", is_active=False)
    assert browser(ann).post(f"/submissions/{submission.pk}/roll-back").status_code == 409
    second.refresh_from_db()
    assert second.is_active


def test_what_changed_is_shown_line_by_line_and_as_text(browser, ann, submission, second):
    answer = browser(ann).get(f"/submissions/{second.pk}/changes")
    page = answer.content.decode()
    assert "agent.py" in text_of(answer)
    assert '<tr data-line="removed"><td class="at">4</td>' in page
    assert "+ " in text_of(answer)
    assert "&lt;script&gt;alert(1)" in page
    assert "<script>alert" not in page


def test_changes_are_for_the_team_and_between_its_own_versions(
    browser, ann, eve, host, submission, second, rival
):
    address = f"/submissions/{second.pk}/changes"
    assert browser(eve).get(address).status_code == 404
    assert browser(host).get(address).status_code == 404
    assert browser(ann).get(f"{address}?since={rival.pk}").status_code == 404
    assert browser(ann).get(f"{address}?since={submission.pk}").status_code == 200
    assert browser(ann).get(f"/submissions/{submission.pk}/changes").status_code == 404


def test_archives_are_compared_file_by_file_and_binaries_by_size(entry, ann, tmp_path, agent_source):
    files = {"agent.py": agent_source, "weights.bin": b"\0" * 10, "old.py": b"x = 1\n", "same.py": b"y = 1\n"}
    later = files | {"weights.bin": b"\0" * 12, "new.py": b"x = 2\n"}
    del later["old.py"]
    made = [
        accept_upload(entry=entry, user=ann, upload=upload_of(packed(each), tmp_path, name="agent.zip"))[0]
        for each in (files, later)
    ]
    rows = {row["name"]: row for row in differences.difference_rows(made[0].package, made[1].package)}
    assert set(rows) == {"weights.bin", "old.py", "new.py"}
    assert rows["weights.bin"]["what"].startswith("10 B, now 12 B; CRC-32")
    assert rows["weights.bin"]["lines"] == []
    assert rows["new.py"]["lines"][0]["word"] == "added"
    assert rows["old.py"]["what"].startswith("removed, it had 6 B")


def test_a_text_made_to_take_minutes_is_given_up_in_time(entry, ann, tmp_path, agent_source, monkeypatch):
    monkeypatch.setattr(differences, "SECONDS", 0.2)
    pieces = [f"#{number % 60}" for number in range(4_500)]
    texts = ["\n".join(pieces[start:] + pieces[:start]) for start in (0, 31)]
    texts[1] = "\n".join(line if index % 3 else line + "!" for index, line in enumerate(texts[1].split("\n")))
    made = [
        accept_upload(entry=entry, user=ann, upload=upload_of(agent_source + each.encode(), tmp_path))[0]
        for each in texts
    ]
    started = time.monotonic()
    (row,) = differences.difference_rows(made[0].package, made[1].package)
    assert time.monotonic() - started < 30
    assert "too different to compare line by line" in row["what"] or len(row["lines"]) <= differences.ROWS


@pytest.fixture
def failed(entry, ann, tmp_path) -> Submission:
    """Return an upload that the server's ladder found to crash, with the match of it."""
    made, _ = accept_upload(entry=entry, user=ann, upload=upload_of(MOODY, tmp_path))
    start_validation(submission=made)
    schedule_validation(submission=made)
    (match,) = claim_batch(limit=1)
    extend_leases(token=match.token, worker="w")
    checks = (
        Check(name="start", ok=True, code="ok", message="", hint="", seconds=0.1),
        Check(name="conformance", ok=False, code="crashed", message="ValueError", hint="", seconds=0.1),
    )
    result = MatchResult(
        match=match.pk,
        token=match.token,
        worker="w",
        isolation=Isolation.NAMESPACES,
        checks=checks,
        usage=(AgentUsage(),),
        versions={"python": "3.11.0"},
    )
    assert record_results([result])
    return made


def test_a_failure_comes_with_what_makes_it_fail_again(browser, ann, bob, host, failed):
    page = text_of(browser(bob).get(f"/submissions/{failed.pk}/"))
    assert "Download what reproduces it" in page
    assert "/docs/errors/#code-crashed" in browser(bob).get(f"/submissions/{failed.pk}/").content.decode()
    assert 'id="code-crashed"' in browser().get("/docs/errors/").content.decode()
    address = f"/submissions/{failed.pk}/reproduce.zip"
    assert browser(host).get(address).status_code == 404
    answer = browser(ann).get(address)
    assert answer["Content-Disposition"] == 'attachment; filename="reproduce-v1.zip"'
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert sorted(archive.namelist()) == ["README.txt", "agent.py", "expected.json", "reproduce.py"]
        assert archive.read("agent.py") == MOODY
        facts = json.loads(archive.read("expected.json"))
    assert (facts["step"], facts["code"]) == ("conformance", "crashed")
    assert "--agent-seed" in facts["arguments"]


def test_the_reproduction_fails_the_same_way_in_a_sandbox_here(browser, ann, failed, tmp_path):
    answer = browser(ann).get(f"/submissions/{failed.pk}/reproduce.zip")
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        archive.extractall(tmp_path / "again")
    done = subprocess.run(
        [sys.executable, "reproduce.py"], cwd=tmp_path / "again", capture_output=True, text=True, timeout=120
    )
    assert "The same as on the server: crashed in conformance." in done.stdout
    assert done.returncode == 0


def test_without_a_finished_validation_there_is_nothing_to_reproduce(browser, ann, submission):
    assert not Match.objects.exists()
    assert browser(ann).get(f"/submissions/{submission.pk}/reproduce.zip").status_code == 404
