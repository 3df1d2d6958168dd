"""The promises R1, R3, R5 and R6: site and workers are killed, on laptop parts and on cluster parts."""

import time
import uuid

import pytest

from tests.faults.scenario import assert_audit_is_zero, open_competition, set_target, upload
from tests.faults.stack import LEASE_SECONDS, Stack

pytestmark = [pytest.mark.fault, pytest.mark.cluster, pytest.mark.slow, pytest.mark.enable_socket]


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
