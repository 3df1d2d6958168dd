"""The promises R8, R9 and R11: the queue is lost or dead, or a match is poison, on both kinds of parts."""

import time
import uuid

import pytest

from tests.faults.scenario import assert_audit_is_zero, open_competition, set_target, upload
from tests.faults.stack import Stack

pytestmark = [pytest.mark.fault, pytest.mark.cluster, pytest.mark.slow, pytest.mark.enable_socket]


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
