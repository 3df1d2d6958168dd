"""The life of a match from upload to leaderboard, with the real referee and no queue."""

import io
from pathlib import Path

import pytest

from coliseum.competitions.models import Competition, Entry
from coliseum.competitions.queries import shown_phase
from coliseum.competitions.services import enter_competition, move_competition
from coliseum.leaderboards.models import Standing
from coliseum.leaderboards.services import rate_phase
from coliseum.league import conductor
from coliseum.league.audit import audit
from coliseum.league.demo import create_demo, enter_baselines
from coliseum.league.dispatch import match_spec
from coliseum.matches.models import Match, MatchState
from coliseum.matches.services import claim_batch, extend_leases
from coliseum.storage import package_key, read_package
from coliseum.submissions.models import Submission, SubmissionState
from coliseum.submissions.services import Upload, accept_upload
from workers.referee import Referee
from workers.spec import MatchKind

pytestmark = pytest.mark.django_db(transaction=True)

GOOD = b"""
class Agent:
    def act(self, observation):
        return int(observation["action_mask"].nonzero()[0][0])
"""
BROKEN = b"""
class Agent:
    def act(self, observation):
        raise RuntimeError("no idea")
"""


def submit(entry: Entry, user, source: bytes, tmp_path: Path) -> Submission:
    staged = tmp_path / "agent.py"
    staged.write_bytes(source)
    upload = Upload(file=io.BytesIO(source), path=staged, original_name="agent.py", name="first")
    return accept_upload(entry=entry, user=user, upload=upload)[0]


def play_waiting(referee: Referee, *, most: int = 1000) -> int:
    """Do what a worker does with the matches in the queue; return how many it played."""
    played = 0
    while played < most and (batch := claim_batch(limit=8)):
        extend_leases(token=batch[0].token, worker="test")
        results = []
        for match in batch:
            packages = {
                seat.submission.package_id: read_package(seat.submission.package_id)
                for seat in match.seats.all()
            }
            results.append(referee.play(match_spec(match), packages))
        conductor.on_results(results)
        played += len(batch)
    return played


def test_an_upload_becomes_a_rated_agent(tictactoe, ann, tmp_path, referee) -> None:
    enter_baselines(tictactoe)
    entry = enter_competition(competition=tictactoe, user=ann)
    submission = submit(entry, ann, GOOD, tmp_path)
    conductor.on_uploaded(submission)
    play_waiting(referee)
    submission.refresh_from_db()
    assert (submission.state, submission.code, submission.is_active) == (SubmissionState.READY, "ok", True)
    assert [check["name"] for check in submission.checks] == ["start", "conformance", "versus_random"]
    for _ in range(8):
        conductor.tick()
        play_waiting(referee)
    conductor.tick()
    board = list(Standing.objects.filter(phase__competition=tictactoe).order_by("rank"))
    assert len(board) == 3
    assert board[0].submission.baseline == "minimax"
    assert min(row.matches for row in board) >= 6
    report = audit()
    assert report.differences == []
    assert report.counts["standings"] == 3


def test_a_broken_agent_is_rejected_with_cause_and_evidence(tictactoe, ann, tmp_path, referee) -> None:
    entry = enter_competition(competition=tictactoe, user=ann)
    submission = submit(entry, ann, BROKEN, tmp_path)
    conductor.on_uploaded(submission)
    play_waiting(referee)
    submission.refresh_from_db()
    assert (submission.state, submission.code) == (SubmissionState.REJECTED, "crashed")
    assert not submission.is_active
    assert "no idea" in submission.checks[-1]["evidence"]
    assert submission.hint


def test_uploads_nobody_asked_a_verdict_for_are_taken_up_by_the_tick(
    tictactoe, ann, tmp_path, referee
) -> None:
    entry = enter_competition(competition=tictactoe, user=ann)
    submission = submit(entry, ann, GOOD, tmp_path)
    conductor.tick()
    assert Match.objects.get(kind=MatchKind.VALIDATION.value).seats.get().submission == submission
    play_waiting(referee)
    submission.refresh_from_db()
    assert submission.state == SubmissionState.READY


def test_no_queue_means_waiting_not_failing(tictactoe, ann, tmp_path) -> None:
    entry = enter_competition(competition=tictactoe, user=ann)
    conductor.on_uploaded(submit(entry, ann, GOOD, tmp_path))
    match = Match.objects.get()
    assert match.state == MatchState.QUEUED
    assert match.attempt == 0


def test_the_same_results_give_the_same_board(tictactoe, referee) -> None:
    enter_baselines(tictactoe)
    for _ in range(4):
        conductor.tick()
        play_waiting(referee)
    first, second = rate_phase(phase=shown_phase(tictactoe)), rate_phase(phase=shown_phase(tictactoe))
    assert first.digest == second.digest
    assert first.matches > 0


def test_the_audit_names_a_damaged_package_a_changed_standing_and_a_changed_result(
    tictactoe, referee, settings
) -> None:
    enter_baselines(tictactoe)
    for _ in range(4):
        conductor.tick()
        play_waiting(referee)
    conductor.tick()
    assert audit().differences == []
    standing = Standing.objects.first()
    Standing.objects.filter(pk=standing.pk).update(rating=standing.rating + 1)
    episode = Match.objects.filter(state=MatchState.FINISHED, kind="league").first().episodes.first()
    type(episode).objects.filter(pk=episode.pk).update(digest="0" * 32)
    path = Path(settings.MEDIA_ROOT) / package_key(standing.submission.package_id)
    content = path.read_bytes()
    path.write_bytes(content + b"#")
    try:
        # The package, the standing, the match's digest, and the ledger's line that says otherwise.
        assert len(audit().differences) == 4
    finally:
        path.write_bytes(content)


def test_a_disqualified_entry_leaves_the_board_and_the_queue(tictactoe, ann, tmp_path, referee) -> None:
    enter_baselines(tictactoe)
    entry = enter_competition(competition=tictactoe, user=ann)
    conductor.on_uploaded(submit(entry, ann, GOOD, tmp_path))
    play_waiting(referee)
    conductor.tick()
    Entry.objects.filter(pk=entry.pk).update(disqualified_at="2026-01-01T00:00Z", disqualified_reason="test")
    entry.refresh_from_db()
    conductor.on_disqualified(entry)
    assert not Standing.objects.filter(submission__entry=entry).exists()
    assert not Match.objects.filter(state=MatchState.QUEUED, seats__submission__entry=entry).exists()


def test_a_paused_competition_schedules_and_plays_no_league_match(tictactoe, host, referee) -> None:
    baselines = enter_baselines(tictactoe)
    conductor.tick()
    play_waiting(referee, most=len(baselines))
    conductor.tick()
    assert Match.objects.filter(kind="league", state=MatchState.QUEUED).exists()
    move_competition(competition=tictactoe, to="paused", actor=host)
    before = Match.objects.count()
    conductor.tick()
    assert Match.objects.count() == before
    assert claim_batch(limit=8) == []


def test_the_demo_is_made_once(db) -> None:
    assert len(create_demo()) == 3
    assert create_demo() == []
    slugs = set(Competition.objects.values_list("slug", flat=True))
    assert {"connect-four", "lunar-lander", "multiwalker"} <= slugs
    assert Submission.objects.exclude(baseline="").count() >= 9
