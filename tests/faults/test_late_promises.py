"""The promise R6: a worker sleeps and comes back late, on laptop parts and on cluster parts."""

import time
import uuid

import pytest

from tests.faults.scenario import assert_audit_is_zero, open_competition, set_target
from tests.faults.stack import LEASE_SECONDS, Stack

pytestmark = [pytest.mark.fault, pytest.mark.cluster, pytest.mark.slow, pytest.mark.enable_socket]


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
