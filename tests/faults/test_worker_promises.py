"""The promises R3 and R5: workers are killed while they play, on laptop parts and on cluster parts."""

import time
import uuid

import pytest

from tests.faults.scenario import assert_audit_is_zero, open_competition, set_target
from tests.faults.stack import Stack

pytestmark = [pytest.mark.fault, pytest.mark.cluster, pytest.mark.slow, pytest.mark.enable_socket]


def test_r3_r5_results_are_recorded_exactly_once_while_workers_are_killed(stack: Stack) -> None:
    slug = f"once-{uuid.uuid4().hex[:6]}"
    open_competition(stack, slug, target=1)
    stack.wait(stack.is_quiet, "the baselines' verdicts", seconds=90)
    before = assert_audit_is_zero(stack)
    set_target(stack, slug, 40)
    kills_before = stack.kills
    deadline = time.monotonic() + 60
    while stack.kills - kills_before < 10 and time.monotonic() < deadline:
        time.sleep(0.4)
        stack.revive()
        if stack.kills % 7 == 6:
            stack.kill("matches")
        elif stack.kills % 7 == 3:
            stack.kill("site")
        else:
            stack.kill_one_of_pool("matches")
    assert stack.kills - kills_before >= 10
    stack.wait(lambda: stack.played(slug) >= 40, "the league to finish", seconds=180)
    stack.wait(stack.is_quiet, "the last match", seconds=30)
    after = assert_audit_is_zero(stack)
    assert after["matches finished"] - before["matches finished"] >= 30
    assert after.get("matches failed", 0) == before.get("matches failed", 0)
    assert after["attempts"] > after["matches finished"], "no attempt was lost: the kills hit nothing"
