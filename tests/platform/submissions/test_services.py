"""Submissions: accepting, verdicts, switching on and off."""

import hashlib
import threading

import pytest
from django.db import IntegrityError, connections, transaction

from coliseum import faults, storage
from coliseum.competitions.models import Competition
from coliseum.competitions.services import disqualify_entry, house_entry, move_competition
from coliseum.submissions.models import Package, Submission
from coliseum.submissions.queries import public_submission, submission_for, waiting_submissions
from coliseum.submissions.services import (
    accept_upload,
    activate_submission,
    deactivate_submission,
    quota_left,
    record_infrastructure_error,
    record_verdict,
    start_validation,
)
from tests.platform.conftest import make_ready, upload_of
from workers.refusals import RefusedError
from workers.spec import AgentUsage, Check

OTHER = b"def agent(observation):\n    return 0\n"


def refused(code):
    """Expect a refusal with this code."""
    return pytest.raises(RefusedError, check=lambda error: error.code == code)


def check(name, code="ok"):
    """Return one step of the ladder."""
    return Check(
        name=name, ok=code == "ok", code=code, message=f"{name}: {code}", hint="mend it", seconds=0.1
    )


def test_an_accepted_upload_is_whole(entry, ann, tmp_path, agent_source):
    made, is_new = accept_upload(
        entry=entry, user=ann, upload=upload_of(agent_source, tmp_path, name="my-agent.py", note=" n ")
    )
    assert is_new
    assert (made.number, made.name, made.state, made.note) == (1, "my-agent", "uploaded", "n")
    assert storage.read_package(made.package_id) == agent_source
    assert made.package.entry_point == "class"
    assert made.package_id == hashlib.sha256(agent_source).hexdigest()


def test_the_name_follows_from_what_is_said_the_last_one_or_the_team(entry, ann, submission, tmp_path):
    made, _ = accept_upload(entry=entry, user=ann, upload=upload_of(OTHER, tmp_path))
    assert (made.name, made.number) == ("four-seasons", 2)
    deactivate_submission(submission=submission)
    named, _ = accept_upload(entry=entry, user=ann, upload=upload_of(OTHER + b"#\n", tmp_path, name="x.py"))
    assert named.name == "four-seasons"


def test_a_team_name_where_the_file_says_nothing(entry, ann, tmp_path, agent_source):
    made, _ = accept_upload(entry=entry, user=ann, upload=upload_of(agent_source, tmp_path, name="agent.py"))
    assert made.name == "Four Seasons"


def test_two_teams_may_send_the_same_bytes_and_store_them_once(submission, rival, ann, entry, tmp_path):
    source = storage.read_package(rival.package_id)
    accept_upload(entry=entry, user=ann, upload=upload_of(source, tmp_path))
    assert Submission.objects.count() == 3
    assert Package.objects.count() == 2


def test_the_house_has_no_quota_and_no_deadline(competition, host, tmp_path, agent_source):
    Competition.objects.update(daily_submissions=1)
    move_competition(competition=competition, to="closed", actor=host)
    entry = house_entry(competition)
    for number in range(3):
        upload = upload_of(agent_source + b"#" * number, tmp_path, baseline=f"b{number}")
        assert accept_upload(entry=entry, user=None, upload=upload)[0].uploaded_by is None


def test_a_disqualified_entry_is_refused(entry, host, ann, tmp_path, agent_source):
    disqualify_entry(entry=entry, actor=host, reason="x")
    with refused("auth.not_allowed"):
        accept_upload(entry=entry, user=ann, upload=upload_of(agent_source, tmp_path))


@pytest.mark.parametrize("point", ["before_object_put", "after_object_put", "before_accept_commit"])
def test_a_fault_on_the_way_leaves_no_half_submission(entry, ann, tmp_path, agent_source, monkeypatch, point):
    monkeypatch.setattr(faults, "_WANTED", f"{point}:error")
    with pytest.raises(OSError, match="No space left"):
        accept_upload(entry=entry, user=ann, upload=upload_of(agent_source, tmp_path))
    assert (Submission.objects.count(), Package.objects.count()) == (0, 0)
    monkeypatch.setattr(faults, "_WANTED", "")
    assert accept_upload(entry=entry, user=ann, upload=upload_of(agent_source, tmp_path))[1]


def test_a_stored_package_is_checked_when_read(submission, settings):
    path = settings.MEDIA_ROOT / storage.package_key(submission.package_id)
    kept = path.read_bytes()
    path.write_bytes(b"tampered")
    with pytest.raises(ValueError, match="damaged"):
        storage.read_package(submission.package_id)
    path.write_bytes(kept)


@pytest.mark.django_db(transaction=True)
def test_parallel_uploads_respect_the_quota(competition, entry, ann, tmp_path, agent_source):
    Competition.objects.update(daily_submissions=2)
    entry.refresh_from_db()
    got = []

    def send(number: int) -> None:
        try:
            folder = tmp_path / str(number)
            folder.mkdir()
            upload = upload_of(agent_source + b"#" * number, folder)
            got.append(accept_upload(entry=entry, user=ann, upload=upload)[0].number)
        except RefusedError as error:
            got.append(error.code)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=send, args=(number,)) for number in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(got, key=str) == [1, 2, *["submission.quota"] * 3]


def test_the_quota_counts_all_but_rejected(entry, submission):
    assert quota_left(entry)[0] == 4
    Submission.objects.update(state="rejected", is_active=False)
    assert quota_left(entry)[0] == 5


def test_a_passed_validation_makes_it_play(entry, ann, tmp_path, agent_source):
    made, _ = accept_upload(entry=entry, user=ann, upload=upload_of(agent_source, tmp_path))
    assert list(waiting_submissions()) == [made]
    assert start_validation(submission=made)
    assert not start_validation(submission=made)
    usage = AgentUsage(load_seconds=0.2)
    assert record_verdict(submission=made, checks=[check("start"), check("conformance")], usage=usage)
    assert (made.state, made.is_active, made.code, made.usage["load_seconds"]) == ("ready", True, "ok", 0.2)
    assert public_submission(made.pk) == made


def test_the_first_failed_check_is_the_verdict_and_stands(entry, ann, eve, tmp_path, agent_source):
    made, _ = accept_upload(entry=entry, user=ann, upload=upload_of(agent_source, tmp_path))
    start_validation(submission=made)
    checks = [check("start"), check("conformance", "timed_out"), check("versus_random", "crashed")]
    assert record_verdict(submission=made, checks=checks)
    assert (made.state, made.is_active, made.code, made.hint) == ("rejected", False, "timed_out", "mend it")
    assert not record_verdict(submission=made, checks=[check("start")])
    assert made.state == "rejected"
    with refused("not_found"):
        public_submission(made.pk)
    with refused("not_found"):
        submission_for(made.pk, eve)
    with refused("submission.wrong_state"):
        activate_submission(submission=made)


def test_our_fault_is_no_verdict(entry, ann, tmp_path, agent_source):
    made, _ = accept_upload(entry=entry, user=ann, upload=upload_of(agent_source, tmp_path))
    start_validation(submission=made)
    record_infrastructure_error(submission=made)
    made.refresh_from_db()
    assert made.code == "infrastructure_error"
    assert made.state in {"uploaded", "validating"}


def test_only_so_many_play_at_a_time(entry, ann, submission, tmp_path):
    Competition.objects.update(active_submissions=2)
    second = make_ready(accept_upload(entry=entry, user=ann, upload=upload_of(OTHER, tmp_path))[0])
    deactivate_submission(submission=second)
    third = make_ready(accept_upload(entry=entry, user=ann, upload=upload_of(OTHER + b"#\n", tmp_path))[0])
    assert third.is_active
    with refused("submission.too_many_active"):
        activate_submission(submission=second)
    deactivate_submission(submission=submission)
    activate_submission(submission=second)
    assert second.is_active


def test_the_database_itself_refuses_what_may_not_be(submission):
    with pytest.raises(IntegrityError), transaction.atomic():
        Submission.objects.update(state="retired")
    with pytest.raises(IntegrityError), transaction.atomic():
        Submission.objects.update(state="nonsense", is_active=False)
