"""The state of the site: honest about who plays, bounded however much was played; incidents; the canary."""

from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry

from coliseum import clock
from coliseum.league import canary
from coliseum.league.canary import keep_canary, order_canary
from coliseum.league.incidents import change_incident, incidents, post_incident
from coliseum.league.models import Incident
from coliseum.league.status import queue_state, site_status
from coliseum.matches.models import Audit, Match, MatchState, Worker
from coliseum.matches.services import Plan, record_worker, schedule_matches
from workers.refusals import RefusedError
from workers.spec import MatchKind

pytestmark = pytest.mark.django_db


def report(**changed):
    facts = {"name": "bench:1", "slots": 2, "isolation": 2, "speed": 1.0, "problem": ""}
    record_worker(**(facts | {"checks": [{"name": "network", "ok": True}]} | changed))


def finish(match, seconds_ago=0.0):
    at = clock.now() - timedelta(seconds=seconds_ago)
    Match.objects.filter(pk=match.pk).update(state=MatchState.FINISHED, finished_at=at, seconds=0.5)


@pytest.fixture
def queue(competition, submission, rival):
    """Return four matches that wait."""
    plans = [Plan(MatchKind.LEAGUE, (submission, rival))] * 4
    return schedule_matches(competition=competition, plans=plans)


def test_without_a_worker_the_site_says_so_and_expects_nothing(queue):
    now = site_status()
    assert now.state == "down"
    assert "no worker has been started yet" in now.problem
    assert (now.queue.waiting, now.queue.expected_seconds) == (4, None)


@pytest.mark.parametrize(
    ("changed", "why"),
    [({"problem": "a wall does not hold"}, "refuse to play"), ({"isolation": 1}, "as safely as")],
)
def test_a_worker_that_may_not_play_is_no_worker_and_the_requirement_is_named(db, changed, why):
    report(**changed)
    now = site_status()
    assert why in now.problem
    assert not now.workers[0].is_playing


def test_with_a_worker_all_is_well_and_it_tells_level_speed_and_walls(db):
    report()
    now = site_status()
    assert (now.state, now.problem) == ("ok", "")
    line = now.workers[0]
    assert (line.is_playing, line.level, line.slots, line.probes_held, line.probes) == (True, 2, 2, 1, 1)


def test_the_rate_counts_the_last_five_minutes_and_gives_the_wait(queue):
    report()
    for match, ago in zip(queue[:3], (10, 200, 4000), strict=True):
        finish(match, ago)
    state = queue_state(slots=2)
    assert state.matches_per_second == pytest.approx(2 / 300)
    assert (state.waiting, state.expected_seconds) == (1, pytest.approx(150))


def test_before_anything_was_played_the_wait_is_reckoned_from_the_slots(queue):
    assert queue_state(slots=2).expected_seconds == pytest.approx(4 * 1.0 / 2)


def test_a_match_that_waits_for_long_while_workers_play_is_told_as_a_delay(queue):
    report()
    Match.objects.filter(pk=queue[0].pk).update(queued_at=clock.now() - timedelta(minutes=25))
    now = site_status()
    assert (now.state, now.problem) == ("delayed", "The oldest match has waited for 25 minutes.")


def test_validations_of_the_last_hour_give_median_and_tail(submission, rival):
    later = submission.uploaded_at + timedelta(seconds=4)
    type(submission).objects.filter(pk=submission.pk).update(validated_at=later)
    type(rival).objects.filter(pk=rival.pk).update(validated_at=clock.now() - timedelta(hours=2))
    found = site_status().validations
    assert (found.count, found.p50_seconds, found.p95_seconds) == (1, 4.0, 4.0)


def test_the_status_costs_six_queries_however_much_waits(queue, django_assert_num_queries):
    report()
    with django_assert_num_queries(6):
        site_status()


def test_an_incident_is_posted_changed_and_ended_and_every_act_is_logged(staff):
    made = post_incident(actor=staff, title="Slow disks", text="Replays come late.")
    assert incidents().first().ended_at is None
    change_incident(incident=made, actor=staff, title="Slow disks", text="Mended.", is_over=True)
    assert Incident.objects.get().ended_at >= Incident.objects.get().started_at
    said = list(LogEntry.objects.order_by("pk").values_list("change_message", flat=True))
    assert said == ["posted the incident", "ended the incident"]


def test_incidents_that_go_on_come_first(staff):
    old = post_incident(actor=staff, title="Old, goes on", text="")
    new = post_incident(actor=staff, title="New, over", text="")
    change_incident(incident=new, actor=staff, title="New, over", text="", is_over=True)
    assert list(incidents()) == [old, new]


@pytest.mark.parametrize(("title", "text"), [("", ""), ("x" * 121, ""), ("a\u200bb", ""), ("t", "x" * 1001)])
def test_a_bad_incident_is_refused(staff, title, text):
    with pytest.raises(RefusedError) as refused:
        post_incident(actor=staff, title=title, text=text)
    assert refused.value.code == "request.bad_field"


def test_three_incidents_at_a_time_are_enough(staff):
    for number in range(3):
        post_incident(actor=staff, title=f"{number}", text="")
    with pytest.raises(RefusedError, match="go on already"):
        post_incident(actor=staff, title="4", text="")


def test_idle_workers_play_an_old_match_again(match):
    report()
    assert order_canary() is None
    finish(match, 400)
    audit = order_canary()
    assert audit.match == match
    assert audit.again.kind == MatchKind.AUDIT.value
    assert order_canary() is None


def test_no_canary_is_sent_where_nobody_plays_or_nothing_was_played(match, competition):
    finish(match, 400)
    assert order_canary() is None
    Worker.objects.all().delete()
    Match.objects.all().delete()
    report()
    assert order_canary() is None
    assert not Audit.objects.exists()


def test_the_canary_is_looked_after_at_most_twice_a_minute(db, monkeypatch, django_assert_num_queries):
    monkeypatch.setattr(canary, "_looked_at", -100.0)
    keep_canary()
    with django_assert_num_queries(0):
        assert keep_canary() is None
