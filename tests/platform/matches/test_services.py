"""Matches: scheduling, claims under a lease, results exactly once."""

import math
import threading
from datetime import timedelta

import msgspec
import pytest
from django.db import IntegrityError, connections, transaction

from coliseum import clock, faults, storage
from coliseum.competitions.services import move_competition
from coliseum.matches.models import Episode, Match, Worker
from coliseum.matches.queries import queue_place, state_counts
from coliseum.matches.recording import match_digest, record_results
from coliseum.matches.services import (
    Plan,
    agent_seed,
    cancel_matches,
    claim_batch,
    episode_seed,
    extend_leases,
    record_worker,
    release_match,
    requeue_failed,
    schedule_matches,
    schedule_validation,
    sweep_leases,
)
from coliseum.submissions.services import accept_upload
from tests.platform.conftest import result_of, upload_of
from workers.spec import Check, MatchKind, MatchResult, Outcome


@pytest.fixture
def waiting(competition, submission, rival):
    """Return six league matches in the queue."""
    plans = [Plan(MatchKind.LEAGUE, (submission, rival)) for _ in range(6)]
    return schedule_matches(competition=competition, plans=plans)


def end_leases():
    """Let all leases run out."""
    Match.objects.filter(state="running").update(lease_until=clock.now() - timedelta(seconds=1))


def test_a_scheduled_match_waits_with_its_seats(waiting, submission, rival):
    match = waiting[0]
    assert (match.state, match.scenario, match.attempt) == ("queued", "", 0)
    assert match.seed_source == match.pk
    assert [seat.submission for seat in match.seats.all()] == [submission, rival]
    assert sorted(queue_place(each) for each in waiting) == list(range(6))


def test_a_submission_gets_one_validation(submission):
    assert schedule_validation(submission=submission).priority == 10
    assert schedule_validation(submission=submission) is None


def test_a_claim_gives_one_lease_and_one_token(waiting):
    first, second = claim_batch(limit=4), claim_batch(limit=4)
    assert (len(first), len(second), claim_batch(limit=4)) == (4, 2, [])
    assert len({match.token for match in first}) == 1
    assert first[0].token != second[0].token
    assert state_counts() == {"running": 6}


def test_a_validation_goes_first_and_alone(waiting, submission):
    validation = schedule_validation(submission=submission)
    assert claim_batch(limit=4) == [validation]
    assert len(claim_batch(limit=4)) == 4


def test_a_paused_competition_plays_validations_only(waiting, competition, submission, host):
    move_competition(competition=competition, to="paused", actor=host)
    validation = schedule_validation(submission=submission)
    assert claim_batch(limit=4) == [validation]
    assert claim_batch(limit=4) == []


@pytest.mark.django_db(transaction=True)
def test_no_match_is_claimed_by_two(waiting):
    got, start = [], threading.Barrier(4)

    def claim() -> None:
        try:
            start.wait()
            while batch := claim_batch(limit=2):
                got.extend(match.pk for match in batch)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=claim) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(got) == sorted(match.pk for match in waiting)


def test_an_attempt_counts_when_a_worker_says_it_started(waiting):
    (match,) = claim_batch(limit=1)
    assert match.attempt == 0
    assert extend_leases(token=match.token, worker="a:1") == 1
    assert extend_leases(token=match.token, worker="a:1") == 1
    match.refresh_from_db()
    assert (match.attempt, match.worker) == (1, "a:1")
    assert extend_leases(token="stale", worker="b:2") == 0


def test_a_lost_message_costs_no_attempt(waiting):
    for _ in range(5):
        (match,) = claim_batch(limit=1)
        end_leases()
        assert sweep_leases() == []
    match.refresh_from_db()
    assert (match.state, match.attempt) == ("queued", 0)


def test_a_match_that_kills_its_worker_three_times_fails_and_charges_nobody(waiting):
    poison = waiting[0]
    Match.objects.exclude(pk=poison.pk).delete()
    for attempt in range(3):
        batch = claim_batch(limit=4)
        assert [match.pk for match in batch] == [poison.pk]
        extend_leases(token=batch[0].token, worker="a:1")
        end_leases()
        failed = sweep_leases()
        assert [match.pk for match in failed] == ([poison.pk] if attempt == 2 else [])
    poison.refresh_from_db()
    assert (poison.state, poison.error) == ("failed", "The worker stopped answering.")
    assert [seat.outcome for seat in poison.seats.all()] == ["", ""]
    assert claim_batch(limit=4) == []
    assert requeue_failed(match=poison)
    assert not requeue_failed(match=poison)
    poison.refresh_from_db()
    assert (poison.state, poison.attempt, poison.finished_at) == ("queued", 0, None)


def test_a_match_that_was_tried_goes_alone(waiting):
    batch = claim_batch(limit=6)
    extend_leases(token=batch[0].token, worker="a:1")
    end_leases()
    sweep_leases()
    assert [len(claim_batch(limit=6)) for _ in range(6)] == [1] * 6


def test_a_live_lease_is_not_swept(running):
    assert sweep_leases() == []
    running.refresh_from_db()
    assert running.state == "running"


def test_a_result_is_recorded_whole(running):
    result = result_of(running)
    (match,) = record_results([result])
    assert (match.state, match.isolation, match.attempt) == ("finished", 2, 1)
    assert match.digest == match_digest([episode.digest for episode in result.episodes])
    episodes = list(match.episodes.all())
    assert [episode.seating for episode in episodes] == [[0, 1], [1, 0]]
    for episode, sent in zip(episodes, result.episodes, strict=True):
        assert bytes(episode.actions) == sent.actions
        assert storage.read_trajectory(episode.trajectory) == sent.trajectory
    seats = list(match.seats.all())
    assert sum(seat.score for seat in seats) == pytest.approx(1)
    assert {seat.rank for seat in seats} in ({1}, {1, 2})
    assert [seat.usage["log"] for seat in seats] == ["log of 0", "log of 1"]


def test_a_second_result_for_the_same_attempt_is_ignored(running):
    result = result_of(running)
    assert len(record_results([result])) == 1
    before = Match.objects.values().get(pk=running.pk)
    assert record_results([result]) == []
    assert record_results([result_of(running, seconds=99.0)]) == []
    assert Match.objects.values().get(pk=running.pk) == before
    assert Episode.objects.count() == 2


def test_b69_the_result_of_a_late_worker_is_refused(running):
    late = result_of(running)
    end_leases()
    sweep_leases()
    assert record_results([late]) == []
    (again,) = claim_batch(limit=1)
    assert again.token != late.token
    assert record_results([late]) == []
    again.refresh_from_db()
    assert again.state == "running"
    assert len(record_results([result_of(again)])) == 1


@pytest.mark.django_db(transaction=True)
def test_parallel_results_are_recorded_once(running):
    result, got = result_of(running), []

    def send() -> None:
        try:
            got.append(len(record_results([result])))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=send) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(got) == [0, 0, 0, 1]
    assert Episode.objects.count() == 2


def _spoiled(running, **changed) -> MatchResult:
    result = result_of(running)
    seats = tuple(msgspec.structs.replace(seat, **changed) for seat in result.episodes[0].seats)
    episodes = (msgspec.structs.replace(result.episodes[0], seats=seats), *result.episodes[1:])
    return msgspec.structs.replace(result, episodes=episodes)


@pytest.mark.parametrize(
    "changed", [{"score": math.nan}, {"total_reward": math.inf}, {"agent": 2}, {"agent": -1}]
)
def test_b70_a_result_that_makes_no_sense_is_played_again(running, changed):
    assert record_results([_spoiled(running, **changed)]) == []
    running.refresh_from_db()
    assert (running.state, running.token) == ("queued", "")
    assert running.error
    assert not Episode.objects.exists()


def test_a_bad_result_does_not_cost_the_others_of_its_batch(waiting):
    first, second = claim_batch(limit=2)
    bad = result_of(first, episodes=())
    assert [match.pk for match in record_results([bad, result_of(second)])] == [second.pk]


def test_a_fault_of_ours_gives_the_match_back_and_fails_it_at_last(waiting):
    Match.objects.exclude(pk=waiting[0].pk).delete()
    for attempt in range(3):
        (match,) = claim_batch(limit=1)
        extend_leases(token=match.token, worker="a:1")
        done = record_results([result_of(match, episodes=(), error="no memory")])
        assert [each.state for each in done] == (["failed"] if attempt == 2 else [])
    assert Match.objects.get().error == "no memory"


def test_a_crash_while_recording_leaves_nothing(running, monkeypatch):
    monkeypatch.setattr(faults, "_WANTED", "inside_record:error")
    with pytest.raises(OSError, match="No space left"):
        record_results([result_of(running)])
    running.refresh_from_db()
    assert running.state == "running"
    assert not Episode.objects.exists()
    monkeypatch.setattr(faults, "_WANTED", "")
    assert len(record_results([result_of(running)])) == 1


def test_a_forfeit_is_on_the_seat_that_failed(running):
    result = result_of(running)
    episode = result.episodes[0]
    lost = msgspec.structs.replace(
        episode.seats[0], outcome=Outcome.TIMED_OUT, score=0.0, message="too slow", failed_turn=3
    )
    won = msgspec.structs.replace(episode.seats[1], score=1.0)
    spoiled = msgspec.structs.replace(episode, seats=(lost, won))
    (match,) = record_results([msgspec.structs.replace(result, episodes=(spoiled, result.episodes[1]))])
    first, second = match.seats.all()
    assert (first.outcome, first.forfeits) == ("timed_out", 1)
    assert (second.outcome, second.forfeits) == ("ok", 0)


def test_a_validation_result_is_the_submissions_verdict(entry, ann, tmp_path, agent_source):
    made, _ = accept_upload(entry=entry, user=ann, upload=upload_of(agent_source, tmp_path))
    schedule_validation(submission=made)
    (match,) = claim_batch(limit=1)
    check = Check(name="start", ok=False, code="load_failed", message="no foo", hint="", seconds=0.1)
    assert record_results([result_of(match, episodes=(), checks=())]) == []
    (match,) = claim_batch(limit=1)
    assert len(record_results([result_of(match, episodes=(), checks=(check,))])) == 1
    made.refresh_from_db()
    assert (made.state, made.code, made.message) == ("rejected", "load_failed", "no foo")


def test_a_released_match_waits_again_and_a_stale_release_does_nothing(running):
    assert release_match(match_id=running.pk, token="stale", problem="x") == ""
    assert release_match(match_id=running.pk, token=running.token, problem="x") == "queued"
    assert release_match(match_id=running.pk, token=running.token, problem="x") == ""


def test_cancelling_leaves_running_and_finished_matches(running, waiting, competition, submission):
    assert cancel_matches(competition=competition, submissions=[submission]) == 6
    assert state_counts(competition) == {"cancelled": 6, "running": 1}
    assert cancel_matches(competition=competition, submissions=[submission]) == 0


def test_seeds_follow_from_the_secret_alone(competition, draft):
    seeds = [episode_seed(competition.seed_secret, "s", index) for index in range(50)]
    assert seeds == [episode_seed(competition.seed_secret, "s", index) for index in range(50)]
    assert len(set(seeds)) == 50
    assert all(0 <= seed < 2**31 for seed in seeds)
    assert episode_seed(draft.seed_secret, "s", 0) != seeds[0]
    assert agent_seed(competition.seed_secret, "s", 0) not in seeds


def test_the_database_itself_refuses_what_may_not_be(match, running):
    with pytest.raises(IntegrityError), transaction.atomic():
        Match.objects.filter(pk=match.pk).update(state="running", token="")
    with pytest.raises(IntegrityError), transaction.atomic():
        Match.objects.filter(pk=match.pk).update(finished_at=None)
    with pytest.raises(IntegrityError), transaction.atomic():
        Episode.objects.create(
            match=match, index=0, seed=1, seating=[], seats=[], turns=0, digest="", actions=b""
        )


def test_a_worker_is_known_by_its_last_report(db):
    for speed in (1.0, 1.5):
        record_worker(name="a:1", slots=10**6, isolation=2, speed=speed, checks=[], problem="")
    assert Worker.objects.get().speed == 1.5
    assert Worker.objects.get().slots == 512
