"""A new submission against its predecessor: matches that move no rating, a verdict, and what follows."""

import pytest

from coliseum import clock
from coliseum.competitions.models import Competition
from coliseum.competitions.queries import shown_phase
from coliseum.competitions.services import disqualify_entry, move_competition
from coliseum.leaderboards.services import rate_phase
from coliseum.league import conductor, gates
from coliseum.league.scratch import open_field
from coliseum.matches.meetings import meetings
from coliseum.matches.models import Match
from coliseum.matches.queries import public_matches
from coliseum.submissions.models import Package, Submission, SubmissionState, Trial, Verdict
from coliseum.submissions.services import record_verdict
from tests.platform.league.strengths import Table
from workers.spec import Check

pytestmark = pytest.mark.django_db
PASSED = [Check(name="start", ok=True, code="ok", message="", hint="", seconds=0.1)]
FAILED = [Check(name="start", ok=False, code="crashed", message="No.", hint="", seconds=0.1)]


def upload(before: Submission, *, number: int = 2, only_if_better: bool = False) -> Submission:
    """Return an entry's next upload, waiting for its verdict."""
    package = Package.objects.create(
        digest=f"{number:064d}",
        file_name="agent.py",
        size_bytes=1,
        unpacked_bytes=1,
        file_count=1,
        entry_point="class",
        stored_at=clock.now(),
    )
    return Submission.objects.create(
        entry=before.entry,
        number=number,
        name=before.name,
        package=package,
        state=SubmissionState.VALIDATING,
        only_if_better=only_if_better,
        uploaded_at=clock.now(),
    )


@pytest.fixture
def field():
    """Return an open competition without league matches, its agents, and a table of equals."""
    competition, agents = open_field(3)
    Competition.objects.filter(pk=competition.pk).update(target_matches=1)
    return competition, agents, Table({agent.pk: 0.0 for agent in agents})


def play_out(trial: Trial, table: Table, *, looks: int = 120) -> Trial:
    for _ in range(looks):
        gates.advance_trials()
        table.play()
        trial.refresh_from_db()
        if trial.verdict != Verdict.OPEN:
            return trial
    raise AssertionError("the trial did not end")


def test_a_better_agent_that_waited_takes_the_place_of_its_predecessor(field):
    _, agents, table = field
    new = upload(agents[0], only_if_better=True)
    record_verdict(submission=new, checks=PASSED)
    assert (new.state, new.is_active) == ("ready", False)
    table.elo[new.pk] = 300.0
    trial = play_out(Trial.objects.get(), table)
    new.refresh_from_db()
    agents[0].refresh_from_db()
    assert (trial.verdict, new.is_active, agents[0].is_active) == ("better", True, False)
    assert trial.points > 0.7
    assert trial.episodes < 200
    assert not Match.objects.filter(kind="gate", state="queued").exists()


def test_a_worse_agent_that_waited_stays_out_of_play(field):
    _, agents, table = field
    new = upload(agents[0], only_if_better=True)
    record_verdict(submission=new, checks=PASSED)
    table.elo[new.pk] = -200.0
    trial = play_out(Trial.objects.get(), table)
    new.refresh_from_db()
    agents[0].refresh_from_db()
    assert (trial.verdict, new.is_active, agents[0].is_active) == ("not_better", False, True)


def test_without_the_wish_it_plays_at_once_and_the_gate_only_informs(field):
    _, agents, table = field
    new = upload(agents[0])
    record_verdict(submission=new, checks=PASSED)
    assert new.is_active
    conductor.tick()
    assert set(Match.objects.filter(kind="gate").values_list("priority", flat=True)) == {-1}
    table.elo[new.pk] = -400.0
    play_out(Trial.objects.get(), table)
    new.refresh_from_db()
    assert new.is_active


def test_gate_matches_are_public_of_no_phase_and_move_no_rating(field):
    competition, agents, table = field
    new = upload(agents[0])
    record_verdict(submission=new, checks=PASSED)
    table.elo[new.pk] = 0.0
    for _ in range(4):
        gates.advance_trials()
        table.play()
    played = Match.objects.filter(kind="gate", state="finished")
    assert played.count() >= 16
    assert set(played.values_list("phase", "reason")) == {(None, "gate")}
    assert public_matches(competition).filter(kind="gate").exists()
    before = rate_phase(phase=shown_phase(competition))
    assert before.matches == Match.objects.filter(kind="league", state="finished").count()
    lineups = [match.seats.first().submission_id for match in played.order_by("scenario")]
    assert {new.pk, agents[0].pk} == set(lineups)


def test_matches_are_judged_in_the_order_they_were_asked_for(field):
    _, agents, table = field
    new = upload(agents[0])
    record_verdict(submission=new, checks=PASSED)
    table.elo[new.pk] = 0.0
    conductor.tick()
    trial = Trial.objects.get()
    table.play()
    first = Match.objects.filter(kind="gate").order_by("id").first()
    Match.objects.filter(pk=first.pk).update(state="running", token="x", lease_until=clock.now())
    asked = list(Match.objects.filter(kind="gate").order_by("id").values_list("pk", "state"))
    arena = gates.registry.get(first.competition.arena)
    assert gates.look_at(trial, arena, asked).matches == 0
    assert len(meetings([match for match, _ in asked], new, agents[0])) == 8


def test_the_first_version_and_a_rejected_one_have_no_gate(field):
    _competition, agents, _ = field
    record_verdict(submission=upload(agents[1], number=3), checks=FAILED)
    assert not Trial.objects.exists()
    Submission.objects.filter(pk=agents[2].pk).update(state=SubmissionState.RETIRED, is_active=False)
    after_retired = upload(agents[2], number=4, only_if_better=True)
    record_verdict(submission=after_retired, checks=PASSED)
    assert not Trial.objects.exists()
    assert after_retired.is_active


def test_the_predecessor_is_the_latest_in_play(field):
    _, agents, _ = field
    second = upload(agents[0], number=2)
    record_verdict(submission=second, checks=PASSED)
    Submission.objects.filter(pk=second.pk).update(is_active=False)
    third = upload(agents[0], number=3)
    record_verdict(submission=third, checks=PASSED)
    assert Trial.objects.get(submission=third).opponent == agents[0]


def test_a_gate_is_broken_off_when_its_predecessor_retires_or_the_competition_closes(field, host):
    competition, agents, _table = field
    new = upload(agents[0], only_if_better=True)
    record_verdict(submission=new, checks=PASSED)
    conductor.tick()
    Submission.objects.filter(pk=agents[0].pk).update(state=SubmissionState.RETIRED, is_active=False)
    conductor.tick()
    assert Trial.objects.get().verdict == "dropped"
    assert not Match.objects.filter(kind="gate", state="queued").exists()
    other = upload(agents[1], number=3)
    record_verdict(submission=other, checks=PASSED)
    move_competition(competition=competition, to="closed", actor=host)
    conductor.tick()
    assert Trial.objects.get(submission=other).verdict == "dropped"


def test_a_disqualified_teams_gate_is_broken_off_and_activates_nothing(field, host):
    _, agents, _table = field
    new = upload(agents[0], only_if_better=True)
    record_verdict(submission=new, checks=PASSED)
    disqualify_entry(entry=agents[0].entry, actor=host, reason="copied")
    conductor.tick()
    new.refresh_from_db()
    assert (Trial.objects.get().verdict, new.is_active) == ("dropped", False)


def test_nothing_is_asked_for_while_the_competition_is_paused(field, host):
    competition, agents, _ = field
    record_verdict(submission=upload(agents[0]), checks=PASSED)
    move_competition(competition=competition, to="paused", actor=host)
    conductor.tick()
    assert not Match.objects.filter(kind="gate").exists()
    assert Trial.objects.get().verdict == "open"


def test_where_agents_play_alone_both_play_the_same_new_scenarios(field):
    competition, agents, table = field
    Competition.objects.filter(pk=competition.pk).update(arena="CartPole-v1")
    new = upload(agents[0], only_if_better=True)
    record_verdict(submission=new, checks=PASSED)
    table.elo[new.pk] = 60.0
    trial = play_out(Trial.objects.get(), table)
    assert trial.verdict == "better"
    by_scenario: dict[str, set[str]] = {}
    for match in Match.objects.filter(kind="gate", state="finished"):
        by_scenario.setdefault(match.scenario, set()).update(
            match.seats.values_list("submission_id", flat=True)
        )
    assert {frozenset(pair) for pair in by_scenario.values()} == {frozenset({new.pk, agents[0].pk})}
    seeds = Match.objects.filter(kind="gate").values_list("scenario", "episodes__seed").distinct()
    assert len(set(seeds)) == len({seed for _, seed in seeds})
