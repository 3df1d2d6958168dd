"""How long a queued match waits, and why nobody plays it."""

from datetime import timedelta

import pytest

from coliseum import clock
from coliseum.matches.models import Match, Worker
from coliseum.matches.services import Plan, record_worker, schedule_matches, schedule_validation
from coliseum.matches.waiting import UNKNOWN_SECONDS, expected_wait
from workers.spec import MatchKind

ARENA = "connect_four-v3"


@pytest.fixture
def worker(db) -> Worker:
    """Return a worker that has just reported two free slots."""
    record_worker(name="w", slots=2, isolation=2, speed=1.0, checks=[], problem="")
    return Worker.objects.get()


def test_what_is_first_starts_at_once(worker, submission):
    match = schedule_validation(submission=submission)
    wait = expected_wait(ARENA, priority=match.priority, before=match.pk)
    assert (wait.ahead, wait.seconds, wait.stuck) == (0, 0.0, "")


def test_only_what_is_played_before_it_counts(worker, competition, submission, rival):
    plan = Plan(MatchKind.LEAGUE, (submission, rival))
    schedule_matches(competition=competition, plans=[plan] * 3)
    assert expected_wait(ARENA, priority=10).ahead == 0
    assert expected_wait(ARENA, priority=0).ahead == 3
    second = Match.objects.order_by("id")[1]
    assert expected_wait(ARENA, priority=0, before=second.pk).ahead == 1


def test_slots_share_the_queue(worker, competition, submission, rival):
    schedule_matches(competition=competition, plans=[Plan(MatchKind.LEAGUE, (submission, rival))] * 4)
    assert expected_wait(ARENA, priority=0).seconds == pytest.approx(4 * UNKNOWN_SECONDS / 2)


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"seen_at": clock.now() - timedelta(hours=1)}, "no worker is running; the last one was heard of at"),
        ({"problem": "The self-test failed: network."}, "the workers refuse to play"),
        ({"isolation": 1}, "no worker can hold agents as safely as matches here demand"),
    ],
)
def test_a_queue_that_nobody_plays_says_why_and_names_no_time(worker, changes, why):
    Worker.objects.update(**changes)
    wait = expected_wait(ARENA, priority=10)
    assert wait.stuck.startswith(why)
    assert wait.seconds is None


def test_without_any_worker_and_without_the_arena_it_says_so(db):
    assert expected_wait(ARENA, priority=10).stuck == "no worker has been started yet"
    assert "is not installed here" in expected_wait("gone-v1", priority=10).stuck
