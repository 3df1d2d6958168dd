"""A final from its beginning to the declared result: cuts, the stop, shared places."""

from datetime import timedelta
from itertools import combinations

import pytest

from coliseum import clock
from coliseum.competitions import phases
from coliseum.competitions.changing import change_competition
from coliseum.competitions.models import Act, Competition, Phase
from coliseum.competitions.phases import cuts_made, move_deadline
from coliseum.competitions.queries import open_phase_of
from coliseum.competitions.services import check_open, disqualify_entry, move_competition
from coliseum.leaderboards.models import Standing
from coliseum.leaderboards.services import rate_phase
from coliseum.league import conductor
from coliseum.league.finals import advance_final, begin_final, declare_final, target_of
from coliseum.league.pairing import schedule_league_matches
from coliseum.league.scratch import open_field
from coliseum.league.seasons import open_season
from coliseum.matches.models import Match
from coliseum.matches.services import Plan, schedule_matches
from coliseum.submissions.contenders import withdraw_contender
from coliseum.submissions.models import Contender, Submission
from coliseum.submissions.queries import champions, paired_in, players_in
from tests.platform.league.finals import SMALL, announce, another, begin, play_out, refused, soon
from tests.platform.league.strengths import Table, spread
from workers.refusals import RefusedError
from workers.spec import MatchKind

pytestmark = pytest.mark.django_db


def test_a_final_begins_by_itself_when_the_naming_ends(field):
    competition, agents, _ = field
    season = open_phase_of(competition)
    phase = begin(competition)
    assert (phase.state, open_phase_of(competition)) == ("open", phase)
    assert set(players_in(phase)) == set(agents)
    season.refresh_from_db()
    assert season.state == "closed"
    assert Match.objects.filter(phase=phase, state="queued").exists()
    assert not Match.objects.filter(phase=season, state="queued").exists()


def test_a_final_goes_on_after_the_end_of_the_competition_but_not_while_it_is_paused(field, host):
    competition, _, _ = field
    Competition.objects.filter(pk=competition.pk).update(
        opens_at=clock.now() - timedelta(days=9), closes_at=clock.now() - timedelta(hours=1)
    )
    competition.refresh_from_db()
    phase = announce(competition, **SMALL)
    Phase.objects.filter(pk=phase.pk).update(naming_ends_at=clock.now())
    move_competition(competition=competition, to="paused", actor=host)
    conductor.tick()
    assert open_phase_of(competition) != phase
    move_competition(competition=competition, to="open", actor=host)
    conductor.tick()
    assert Match.objects.filter(phase=phase, state="queued").exists()


def test_without_finalists_of_two_owners_a_final_waits_for_its_host(field, host):
    competition, agents, _ = field
    for agent in agents[1:]:
        disqualify_entry(entry=agent.entry, actor=host, reason="copied")
    phase = begin(competition)
    assert phase.state == "draft"
    with pytest.raises(RefusedError) as error:
        begin_final(phase=phase, actor=host)
    assert (error.value.code, "1 owner has" in error.value.message) == ("final.too_few", True)
    with refused("final.bad_setting"):
        move_deadline(phase=phase, actor=host, naming_ends_at=clock.now(), reason="")
    move_deadline(phase=phase, actor=host, naming_ends_at=soon(), reason="Wait for more.")
    assert "Wait for more." in Act.objects.get(verb="moved deadline").reason


def test_a_final_of_clear_gaps_is_decided_and_declared(field, host):
    competition, agents, table = field
    phase = begin(competition)
    assert target_of(phase) == 8
    with refused("final.wrong_state"):
        declare_final(phase=phase, actor=host)
    play_out(phase, table)
    assert phase.verdict.startswith("stopped after ")
    places = dict(phase.contenders.values_list("submission_id", "place"))
    assert places[agents[0].pk] == 1
    assert not champions(competition).filter(phase=phase).exists()
    declare_final(phase=phase, actor=host, reason="Congratulations.")
    assert champions(competition).filter(phase=phase).get().submission_id == agents[0].pk
    assert Act.objects.get(verb="declared").reason.endswith("Congratulations.")
    with refused("final.wrong_state"):
        declare_final(phase=phase, actor=host)
    assert open_season(competition=competition, actor=host).title == "Season 2"
    check_open(competition)


def test_equal_finalists_share_the_places_at_the_budget(field):
    competition, agents, _ = field
    phase = begin(competition, budget_episodes=32, cuts=[16])
    play_out(phase, Table(dict.fromkeys((agent.pk for agent in agents), 0.0)))
    assert "the budget of 32 episodes" in phase.verdict
    assert list(phase.contenders.values_list("place", flat=True)).count(1) > 1
    episodes = [row.matches * 2 for row in Standing.objects.filter(phase=phase)]
    assert min(episodes) >= 32


def test_only_the_finals_own_matches_count(field):
    competition, agents, table = field
    phase = begin(competition)
    table.elo = spread([agent.pk for agent in reversed(agents)], step=200)
    play_out(phase, table)
    assert phase.contenders.get(place=1).submission_id == agents[-1].pk


def test_a_cut_finalist_keeps_a_place_and_gets_no_more_matches(db):
    competition, agents = open_field(14)
    table = Table(spread([agent.pk for agent in agents], step=20))
    table.elo |= {agent.pk: -3000.0 for agent in agents[11:]}
    phase = begin(competition, cuts=[48], budget_episodes=400)
    Match.objects.filter(phase=phase).update(state="cancelled")
    everybody = [Plan(MatchKind.LEAGUE, pair, phase=phase) for pair in combinations(agents, 2)]
    schedule_matches(competition=competition, plans=2 * everybody)
    table.play()
    advance_final(phase)
    phase.refresh_from_db()
    assert cuts_made(phase) == [48]
    out = set(Contender.objects.filter(phase=phase, cut_at=48).values_list("submission_id", flat=True))
    assert out
    assert out <= {agent.pk for agent in agents[11:]}
    assert out.isdisjoint(paired_in(phase).values_list("pk", flat=True))
    schedule_league_matches(phase)
    waiting = Match.objects.filter(phase=phase, state="queued")
    assert waiting.exists()
    assert not waiting.filter(seats__submission__in=out).exists()
    rate_phase(phase=phase)
    assert Standing.objects.filter(phase=phase, submission__in=out).count() == len(out)
    assert "Without a chance" in Act.objects.get(verb="cut").reason


def test_a_withdrawn_finalist_loses_the_place_and_its_results_stay(field, host):
    competition, agents, table = field
    phase = begin(competition)
    table.play()
    with refused("final.no_finalist"):
        withdraw_contender(phase=phase, submission_id="x", actor=host, reason="Typing error.")
    withdraw_contender(phase=phase, submission_id=agents[0].pk, actor=host, reason="It is another's code.")
    assert agents[0] not in paired_in(phase)
    play_out(phase, table)
    assert phase.contenders.get(place=1).submission_id == agents[1].pk
    assert phase.contenders.get(submission=agents[0]).place is None
    assert Match.objects.filter(phase=phase, state="finished", seats__submission=agents[0]).exists()
    declare_final(phase=phase, actor=host)
    with refused("final.wrong_state"):
        withdraw_contender(phase=phase, submission_id=agents[1].pk, actor=host, reason="Too late.")


def test_a_disqualified_team_leaves_the_final_under_way(field, host):
    competition, agents, table = field
    phase = begin(competition)
    table.play()
    disqualify_entry(entry=agents[0].entry, actor=host, reason="two accounts")
    conductor.on_disqualified(agents[0].entry)
    assert agents[0] not in players_in(phase)
    assert phase.contenders.get(submission=agents[0]).withdrawn_reason == "Disqualified: two accounts"


def test_a_final_whose_owners_leave_ends_and_says_so(field, host):
    competition, agents, table = field
    phase = begin(competition)
    for agent in agents[1:]:
        withdraw_contender(phase=phase, submission_id=agent.pk, actor=host, reason="We gave up.")
    play_out(phase, table)
    assert phase.verdict == "stopped: finalists of fewer than two owners are left"


def test_two_owners_of_many_finalists_and_one_end_as_well(field):
    competition, agents, table = field
    for number in range(2, 4):
        more = another(agents[0], number)
        table.elo[more.pk] = -50.0 * number
    Submission.objects.filter(pk__in=[agent.pk for agent in agents[2:]]).update(
        state="retired", is_active=False
    )
    phase = begin(competition, finalists_per_owner=3, budget_episodes=32)
    play_out(phase, table)
    assert phase.settled_at is not None


def test_agents_taken_out_of_play_stay_finalists(field):
    competition, agents, _ = field
    phase = begin(competition)
    Submission.objects.filter(pk=agents[0].pk).update(is_active=False)
    assert agents[0] in paired_in(phase)


def test_the_rules_stand_still_while_a_final_is_under_way(field, host):
    competition, _, _ = field
    announce(competition, **SMALL)
    same = {"title": competition.title, "closes_at": None}
    with refused("final.rules_fixed"):
        change_competition(competition=competition, actor=host, **same, rules="The second is first.")
    change_competition(competition=competition, actor=host, **same, summary="It gets exciting.")
    assert Act.objects.filter(verb="changed").count() == 1


def test_a_final_of_a_score_arena_gives_everybody_the_same_new_scenarios(field, host):
    competition, agents, _ = field
    Competition.objects.filter(pk=competition.pk).update(arena="CartPole-v1")
    competition.refresh_from_db()
    phase = begin(competition, budget_episodes=20, cuts=[10])
    table = Table({agent.pk: 100.0 * place for place, agent in enumerate(agents)})
    play_out(phase, table)
    assert phase.contenders.get(place=1).submission_id == agents[-1].pk
    per_scenario = Match.objects.filter(phase=phase, state="finished").values_list("scenario", flat=True)
    assert set(per_scenario) <= {f"common-{number}" for number in range(20)}


def test_a_final_has_no_option_to_carry_results_over():
    assert "carry" not in phases.FINAL_OPTIONS
