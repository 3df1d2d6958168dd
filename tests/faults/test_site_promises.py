"""The promise R1, and backups: the site is killed or kept in the middle, on laptop and on cluster parts."""

import shutil
import time
import uuid
from pathlib import Path

import pytest

from tests.faults.scenario import assert_audit_is_zero, open_competition, set_target, upload
from tests.faults.stack import Stack

pytestmark = [pytest.mark.fault, pytest.mark.cluster, pytest.mark.slow, pytest.mark.enable_socket]


def test_r1_an_accepted_submission_is_never_lost_while_the_site_is_killed(stack: Stack) -> None:
    slug = f"kept-{uuid.uuid4().hex[:6]}"
    token = open_competition(stack, slug, baselines=False, target=1)
    kills_before = stack.kills
    accepted: dict[str, str] = {}
    for number in range(9):
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
    assert len(accepted) == 9
    stack.wait(stack.is_quiet, "all verdicts", seconds=90)
    states = stack.python(
        "from coliseum.submissions.models import Submission\n"
        f"wanted = Submission.objects.filter(pk__in={list(accepted)!r})\n"
        "print(json.dumps(dict(wanted.values_list('pk', 'state'))))"
    )
    assert states == dict.fromkeys(accepted, "ready")
    assert_audit_is_zero(stack)


@pytest.mark.parametrize("stack", ["cluster"], indirect=True)  # SQLite: tests/platform/league/test_backups.py
def test_a_backup_made_while_matches_are_played_is_whole_where_it_is_put_back(stack: Stack) -> None:
    slug = f"copied-{uuid.uuid4().hex[:6]}"
    open_competition(stack, slug, target=1)
    stack.wait(stack.is_quiet, "the baselines' verdicts", seconds=90)
    set_target(stack, slug, 1000)
    stack.wait(lambda: stack.played(slug) >= 5, "some matches", seconds=60)
    stack.manage("backup", str(stack.folder / "kept"))
    assert stack.matches("running") + stack.matches("queued") > 0, "nothing went on meanwhile"
    set_target(stack, slug, 1)
    empty = Stack(stack.kind, Path(f"{stack.folder}-new"))
    try:
        empty.manage("restore", str(stack.folder / "kept"))
        assert empty.played(slug) >= 5
        assert_audit_is_zero(empty)
        assert "[ops.refused]" in empty.refused("restore", str(stack.folder / "kept"))
    finally:
        empty.close()
        shutil.rmtree(empty.folder)
    stack.wait(stack.is_quiet, "the matches under way", seconds=90)
