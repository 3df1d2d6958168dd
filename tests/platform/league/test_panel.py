"""A host's own agents, and the check of the board against those held out."""

from datetime import timedelta

import pytest

from coliseum import clock
from coliseum.competitions.models import Act, Phase
from coliseum.competitions.queries import shown_phase
from coliseum.leaderboards.services import rate_phase
from coliseum.league.models import PanelCheck
from coliseum.league.panel import advance_checks, start_check
from coliseum.league.scratch import open_field, queue_matches
from coliseum.matches.models import Match
from coliseum.matches.queries import match_for, public_matches
from coliseum.submissions.models import Submission
from coliseum.submissions.roles import set_role
from tests.platform.league.strengths import Table, spread
from workers.refusals import RefusedError

pytestmark = pytest.mark.django_db


@pytest.fixture
def field(host):
    """Return a rated competition of six, of which the last is the host's and held out."""
    competition, agents = open_field(6)
    table = Table(spread([agent.pk for agent in agents], step=80))
    secret = agents[-1]
    secret.entry.team.members.add(host)
    competition.hosts.add(host)
    queue_matches(competition, agents[:-1], 80)
    table.play()
    rate_phase(phase=shown_phase(competition))
    set_role(submission=secret, role="holdout", actor=host)
    return competition, agents, table


def test_a_check_finds_who_is_fitted_to_the_field(field):
    competition, agents, table = field
    before = rate_phase(phase=shown_phase(competition)).digest
    check = start_check(competition=competition)
    assert start_check(competition=competition) == check
    table.elo[agents[0].pk] -= 600
    table.play()
    advance_checks()
    check.refresh_from_db()
    assert check.finished_at is not None
    assert check.rows[0]["submission"] == agents[0].pk
    assert check.rows[0]["low"] > 0
    assert {row["submission"] for row in check.rows} == {agent.pk for agent in agents[:-1]}
    assert rate_phase(phase=shown_phase(competition)).digest == before


def test_nobody_but_the_host_sees_its_matches(field, host, ann):
    competition, agents, table = field
    start_check(competition=competition)
    table.play()
    assert not public_matches(competition).filter(kind="gate").exists()
    secret = Match.objects.filter(kind="gate").first()
    agents[0].entry.team.members.add(ann)
    with pytest.raises(RefusedError):
        match_for(secret.pk, ann)
    assert match_for(secret.pk, host) == secret
    assert agents[-1].name not in str(list(Act.objects.values_list("subject", flat=True)))


def test_it_runs_once_a_week_by_itself(field):
    _, _, table = field
    advance_checks()
    assert not PanelCheck.objects.exists()
    Phase.objects.update(opened_at=clock.now() - timedelta(days=8))
    advance_checks()
    assert PanelCheck.objects.count() == 1
    table.play()
    advance_checks()
    advance_checks()
    assert PanelCheck.objects.get().finished_at is not None


def test_without_a_panel_or_a_board_there_is_nothing_to_check(host):
    competition, _ = open_field(3)
    with pytest.raises(RefusedError) as error:
        start_check(competition=competition)
    assert error.value.code == "panel.impossible"


def test_roles_are_for_the_hosts_own_agents(field, host, ann):
    _, agents, _ = field
    for submission, role, actor, code in (
        (agents[0], "holdout", host, "role.not_yours"),
        (agents[-1], "champion", host, "request.bad_field"),
        (agents[-1], "holdout", ann, "role.not_yours"),
    ):
        with pytest.raises(RefusedError) as error:
            set_role(submission=submission, role=role, actor=actor)
        assert error.value.code == code
    set_role(submission=agents[-1], role="background", actor=host)
    assert Submission.objects.get(pk=agents[-1].pk).is_active
