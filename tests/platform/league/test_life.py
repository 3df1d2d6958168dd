"""Suspended when it forfeits too often, let back in, entered as an exploiter, kept in the background."""

from datetime import timedelta

import pytest

from coliseum import clock
from coliseum.competitions.models import Act, Competition
from coliseum.competitions.queries import shown_phase
from coliseum.leaderboards.models import Standing
from coliseum.leaderboards.services import rate_phase
from coliseum.league import conductor, gates
from coliseum.league.audit import audit
from coliseum.league.life import validate_again
from coliseum.league.pairing import schedule_league_matches
from coliseum.league.scratch import open_field, queue_matches
from coliseum.matches.models import Match
from coliseum.matches.services import Plan, claim_batch, schedule_matches
from coliseum.submissions.exploits import enter_exploiter
from coliseum.submissions.models import Role, Submission, Trial
from coliseum.submissions.queries import exploits_against, paired_in, players_in, public_submission
from coliseum.submissions.services import activate_submission, record_verdict
from tests.platform.league.strengths import Table, spread
from tests.platform.league.test_gates import FAILED, PASSED, upload
from workers.refusals import RefusedError
from workers.spec import MatchKind

pytestmark = pytest.mark.django_db


@pytest.fixture
def field():
    """Return an open competition of four agents and the table they play at."""
    competition, agents = open_field(4)
    return competition, agents, Table(spread([agent.pk for agent in agents], step=100))


def code_of(call, **given) -> str:
    with pytest.raises(RefusedError) as error:
        call(**given)
    return error.value.code


def meet(competition, lineups, table: Table) -> None:
    """Play league matches of these agents as the conductor takes results."""
    schedule_matches(competition=competition, plans=[Plan(MatchKind.LEAGUE, pair) for pair in lineups])
    while batch := claim_batch(limit=50):
        conductor.on_results([table.result_of(match) for match in batch])
        Match.objects.filter(state="queued").update(state="cancelled", finished_at=clock.now())


@pytest.fixture
def suspended(field):
    """Return an agent that was suspended after it crashed in five matches."""
    competition, agents, table = field
    table.crashes.add(agents[0].pk)
    meet(competition, [(agents[0], agents[1])] * 5, table)
    agents[0].refresh_from_db()
    table.crashes.clear()
    return agents[0]


def test_an_agent_that_forfeits_too_often_is_suspended_and_the_log_says_so(field, suspended):
    competition, agents, _ = field
    assert (suspended.is_active, suspended.suspended_at is not None) == (False, True)
    assert suspended not in paired_in(shown_phase(competition))
    act = Act.objects.get(verb="suspended")
    assert (act.actor, act.reason) == (None, "It forfeited 10 of its last 10 episodes.")
    agents[1].refresh_from_db()
    assert agents[1].is_active


def test_a_few_forfeits_are_forgiven(field):
    competition, agents, table = field
    meet(competition, [(agents[0], agents[1])] * 8, table)
    table.crashes.add(agents[0].pk)
    meet(competition, [(agents[0], agents[1])] * 2, table)
    agents[0].refresh_from_db()
    assert agents[0].suspended_at is None
    meet(competition, [(agents[0], agents[1])], table)
    agents[0].refresh_from_db()
    assert agents[0].suspended_at is not None


def test_nobody_is_suspended_before_eight_episodes(field):
    competition, agents, table = field
    table.crashes.add(agents[0].pk)
    meet(competition, [(agents[0], agents[1])] * 3, table)
    agents[0].refresh_from_db()
    assert agents[0].suspended_at is None


def test_suspension_takes_its_waiting_league_matches_out_of_the_queue(field):
    competition, agents, table = field
    table.crashes.add(agents[0].pk)
    schedule_matches(competition=competition, plans=[Plan(MatchKind.LEAGUE, (agents[0], agents[1]))] * 5)
    batch = claim_batch(limit=5)
    waiting = [Plan(MatchKind.LEAGUE, (agents[0], agents[2])), Plan(MatchKind.LEAGUE, (agents[1], agents[2]))]
    with_it, without = schedule_matches(competition=competition, plans=waiting)
    conductor.on_results([table.result_of(match) for match in batch])
    states = dict(Match.objects.filter(pk__in=[with_it.pk, without.pk]).values_list("pk", "state"))
    assert states == {with_it.pk: "cancelled", without.pk: "queued"}


def test_a_suspended_agent_cannot_simply_be_activated(suspended):
    assert code_of(activate_submission, submission=suspended) == "submission.suspended"


def test_a_passed_validation_lets_it_back_in_and_forgets_the_forfeits(field, suspended):
    competition, agents, table = field
    match = validate_again(suspended)
    assert (match.kind, match.reason) == ("validation", "validation again")
    assert code_of(validate_again, submission=suspended) == "submission.retried_today"
    record_verdict(submission=suspended, checks=PASSED)
    assert (suspended.is_active, suspended.suspended_at) == (True, None)
    Match.objects.filter(pk=match.pk).update(state="cancelled")
    table.crashes.add(suspended.pk)
    meet(competition, [(suspended, agents[1])] * 3, table)
    suspended.refresh_from_db()
    assert suspended.suspended_at is None


def test_a_failed_one_leaves_it_out_until_the_next_day(suspended, monkeypatch):
    validate_again(suspended)
    record_verdict(submission=suspended, checks=FAILED)
    assert (suspended.state, suspended.suspended_at is not None) == ("ready", True)
    assert suspended.checks[0]["code"] == "crashed"
    tomorrow = clock.now() + timedelta(days=1, seconds=1)
    monkeypatch.setattr(clock, "now", lambda: tomorrow)
    validate_again(suspended)
    assert suspended.retries == 2


def test_only_a_suspended_agent_is_validated_again(field):
    assert code_of(validate_again, submission=field[1][2]) == "submission.wrong_state"


def test_let_back_in_it_waits_where_its_team_has_no_room(field, suspended):
    competition, _agents, _ = field
    Competition.objects.filter(pk=competition.pk).update(active_submissions=1)
    other = upload(suspended)
    Submission.objects.filter(pk=other.pk).update(state="ready", is_active=True)
    validate_again(suspended)
    record_verdict(submission=suspended, checks=PASSED)
    assert (suspended.is_active, suspended.suspended_at) == (False, None)


@pytest.fixture
def top(field):
    """Return the agents in order of the leaderboard."""
    competition, agents, table = field
    queue_matches(competition, agents, 60)
    table.play()
    rate_phase(phase=shown_phase(competition))
    rows = Standing.objects.filter(phase=shown_phase(competition)).select_related("submission__entry")
    return [row.submission for row in rows.order_by("rank")]


def test_an_exploiter_plays_its_target_and_two_controls_and_moves_no_rating(field, top, ann):
    competition, _, table = field
    target, exploiter = top[0], top[3]
    enter_exploiter(submission=exploiter, target_id=target.pk, top=top, actor=ann)
    assert (exploiter.role, exploiter.is_active) == ("exploiter", False)
    assert set(Trial.objects.values_list("purpose", "opponent")) == {
        ("exploit", target.pk),
        ("control", top[1].pk),
        ("control", top[2].pk),
    }
    before = shown_phase(competition).snapshot.digest
    table.elo[exploiter.pk] = table.elo[target.pk] + 200
    trial = Trial.objects.get(purpose="exploit")
    for _ in range(60):
        gates.advance_trials()
        table.play()
        trial.refresh_from_db()
        if trial.verdict != "open":
            break
    assert trial.verdict == "better"
    assert trial.episodes <= 400
    assert exploits_against(target).get() == trial
    opponents = Match.objects.filter(kind="gate", seats__submission=exploiter).values_list(
        "seats__submission", flat=True
    )
    assert set(opponents) <= {exploiter.pk, *(each.pk for each in top[:3])}
    schedule_league_matches(shown_phase(competition))
    waiting = Match.objects.filter(kind="league", state="queued")
    assert waiting.exists()
    assert not waiting.filter(seats__submission=exploiter).exists()
    assert shown_phase(competition).snapshot.digest == before
    assert code_of(activate_submission, submission=exploiter) == "submission.wrong_state"


def test_bad_targets_of_an_exploiter_are_refused(field, top, ann):
    outside = [each for each in top if each != top[0]]
    cases = {top[0].pk: outside, top[3].pk: top, "nothing": top}
    for target, board in cases.items():
        refused = code_of(enter_exploiter, submission=top[3], target_id=target, top=board, actor=ann)
        assert refused == "exploit.bad_target"
    enter_exploiter(submission=top[3], target_id=top[0].pk, top=top, actor=ann)
    again = code_of(enter_exploiter, submission=top[3], target_id=top[1].pk, top=top, actor=ann)
    assert again == "submission.wrong_state"


def test_a_background_agent_is_met_and_rated_but_takes_no_place(field):
    competition, agents, table = field
    Submission.objects.filter(pk=agents[0].pk).update(role=Role.BACKGROUND)
    phase = shown_phase(competition)
    assert agents[0] in paired_in(phase)
    assert agents[0] not in players_in(phase)
    schedule_league_matches(phase)
    assert Match.objects.filter(state="queued", seats__submission=agents[0]).exists()
    table.play()
    rate_phase(phase=phase)
    assert Standing.objects.filter(phase=phase).count() == 3


def test_a_holdout_agent_is_shown_to_nobody(field):
    _, agents, _ = field
    Submission.objects.filter(pk=agents[0].pk).update(role=Role.HOLDOUT, is_active=False)
    with pytest.raises(RefusedError):
        public_submission(agents[0].pk)


def test_the_audit_counts_a_second_validation_as_the_retry_it_is(suspended):
    validate_again(suspended)
    missing = [text for text in audit(with_files=False).differences if suspended.pk in text]
    assert missing == [
        f"submission {suspended.pk} has 1 validation matches"
    ]  # the scratch field has no first one
