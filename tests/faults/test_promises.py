"""The promises R1, R3, R5, R6, R8, R9 and R11 under real faults, on laptop parts and on cluster parts."""

import time
import uuid

import pytest

from tests.faults.scenario import open_competition, set_target, upload
from tests.faults.stack import LEASE_SECONDS, Stack

pytestmark = [pytest.mark.fault, pytest.mark.cluster, pytest.mark.slow, pytest.mark.enable_socket]


def assert_audit_is_zero(stack: Stack) -> dict[str, int]:
    report = stack.audit()
    assert report["differences"] == []
    return dict(report["counts"])


def test_r1_an_accepted_submission_is_never_lost_while_the_site_is_killed(stack: Stack) -> None:
    slug = f"kept-{uuid.uuid4().hex[:6]}"
    token = open_competition(stack, slug, baselines=False, target=1)
    kills_before = stack.kills
    accepted: dict[str, str] = {}
    for number in range(15):
        key, tag = uuid.uuid4().hex, f"{slug}-{number}"
        if number % 3 == 1:
            stack.kill("web")
            stack.start("web")
        for _ in range(40):
            answer = upload(stack, token, slug, tag=tag, key=key)
            if answer and answer.status == 201:
                accepted[str(answer.body["id"])] = tag
                break
            assert answer is None or answer.status >= 500, answer
            time.sleep(0.25)
    assert stack.kills > kills_before
    assert len(accepted) == 15
    stack.wait(stack.is_quiet, "all verdicts", seconds=90)
    states = stack.python(
        "from coliseum.submissions.models import Submission\n"
        f"wanted = Submission.objects.filter(pk__in={list(accepted)!r})\n"
        "print(json.dumps(dict(wanted.values_list('pk', 'state'))))"
    )
    assert states == dict.fromkeys(accepted, "ready")
    assert_audit_is_zero(stack)


def test_r3_r5_results_are_recorded_exactly_once_while_workers_are_killed(stack: Stack) -> None:
    slug = f"once-{uuid.uuid4().hex[:6]}"
    open_competition(stack, slug, target=1)
    stack.wait(stack.is_quiet, "the baselines' verdicts", seconds=90)
    before = assert_audit_is_zero(stack)
    set_target(stack, slug, 60)
    kills_before = stack.kills
    deadline = time.monotonic() + 60
    while stack.kills - kills_before < 15 and time.monotonic() < deadline:
        time.sleep(0.4)
        stack.revive()
        if stack.kills % 7 == 6:
            stack.kill("matches")
        elif stack.kills % 7 == 3:
            stack.kill("site")
        else:
            stack.kill_one_of_pool("matches")
    assert stack.kills - kills_before >= 15
    stack.wait(lambda: stack.played(slug) >= 60, "the league to finish", seconds=180)
    stack.wait(stack.is_quiet, "the last match", seconds=30)
    after = assert_audit_is_zero(stack)
    assert after["matches finished"] - before["matches finished"] >= 50
    assert after.get("matches failed", 0) == before.get("matches failed", 0)
    assert after["attempts"] > after["matches finished"], "no attempt was lost: the kills hit nothing"


def test_r6_a_worker_that_comes_back_late_cannot_overwrite(stack: Stack) -> None:
    slug = f"late-{uuid.uuid4().hex[:6]}"
    open_competition(stack, slug, target=1)
    stack.wait(stack.is_quiet, "the baselines' verdicts", seconds=90)
    set_target(stack, slug, 40)
    stack.wait(lambda: stack.matches("running") > 0, "a match in play", seconds=30)
    sleepers = stack.pause("matches")
    stack.kills += 1
    time.sleep(2 * LEASE_SECONDS)
    asleep, finished = stack.programs["matches"], stack.matches("finished")
    stack.start("matches")
    stack.wait(lambda: stack.matches("finished") > finished, "the second worker", seconds=60)
    stack.resume(sleepers)
    stack.wait(lambda: stack.played(slug) >= 40, "the league to finish", seconds=120)
    stack.programs["late"] = asleep
    stack.kill("late")
    refused = (stack.folder / "site.log").read_text(errors="replace")
    assert "result_refused" in refused
    assert_audit_is_zero(stack)


def test_r8_losing_the_queue_loses_nothing(stack: Stack) -> None:
    slug = f"flush-{uuid.uuid4().hex[:6]}"
    open_competition(stack, slug, target=1)
    stack.wait(stack.is_quiet, "the baselines' verdicts", seconds=90)
    before = stack.matches("finished")
    set_target(stack, slug, 40)
    stack.wait(lambda: stack.matches("running") > 0, "matches in play", seconds=30)
    with stack.redis() as client:
        client.flushall()
    time.sleep(1.0)
    stack.kill("broker")
    for file in (stack.folder / "queue").rglob("*"):
        if file.is_file():
            file.unlink()
    stack.start("broker")
    stack.wait(stack.broker_answers, "the queue")
    stack.wait(lambda: stack.played(slug) >= 40, "the league to finish", seconds=120)
    assert assert_audit_is_zero(stack)["matches finished"] > before


def test_r9_a_dead_queue_does_not_fail_an_upload(stack: Stack) -> None:
    slug = f"alone-{uuid.uuid4().hex[:6]}"
    token = open_competition(stack, slug, baselines=False, target=1)
    upload(stack, token, slug, tag=f"{slug}-first")
    stack.kill("broker")
    seconds = []
    for number in range(5):
        started = time.monotonic()
        answer = upload(stack, token, slug, tag=f"{slug}-{number}")
        seconds.append(time.monotonic() - started)
        assert answer is not None
        assert answer.status == 201, answer.body
    assert sorted(seconds)[2] < 2.0, seconds
    stack.start("broker")
    stack.wait(stack.broker_answers, "the queue")
    stack.wait(stack.is_quiet, "the verdicts", seconds=90)
    assert_audit_is_zero(stack)


def test_r11_poison_stops_after_three_attempts_and_hurts_nobody_else(stack: Stack) -> None:
    good, bad = f"good-{uuid.uuid4().hex[:6]}", f"bad-{uuid.uuid4().hex[:6]}"
    open_competition(stack, good, target=20)
    open_competition(stack, bad, arena="poison-v0", target=1)
    stack.wait(lambda: stack.matches("failed") > 0, "the poison to be given up", seconds=90)
    stack.wait(stack.is_quiet, "everything else to finish", seconds=120)
    attempts, code = stack.python(  # type: ignore[misc]  # a pair as JSON
        "from coliseum.submissions.models import Submission\n"
        f"it = Submission.objects.get(entry__competition__slug={bad!r})\n"
        "print(json.dumps([it.seats.get().match.attempt, it.code]))"
    )
    assert attempts == 3
    assert code == "infrastructure_error"
    ready = stack.python(
        "from coliseum.submissions.models import Submission\n"
        f"ready = Submission.objects.filter(entry__competition__slug={good!r}, state='ready')\n"
        "print(json.dumps(ready.count()))"
    )
    assert ready == 2
    assert assert_audit_is_zero(stack)
