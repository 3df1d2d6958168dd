"""What hosts do with tournaments, and what is refused."""

from datetime import timedelta

import pytest

from coliseum import clock
from coliseum.competitions.models import Act
from coliseum.competitions.services import disqualify_entry
from coliseum.league import conductor, tourneys
from coliseum.matches.models import Match, MatchState
from coliseum.matches.services import claim_batch
from coliseum.submissions.models import Submission
from coliseum.tournaments.history import read_course
from coliseum.tournaments.models import Departure, PairedMatch, Pairing, Tournament, TournamentState
from coliseum.tournaments.queries import entrant_of
from coliseum.tournaments.services import (
    cancel_tournament,
    change_tournament,
    disqualify_entrant,
    pause_tournament,
    resume_tournament,
    start_tournament,
    withdraw_entrant,
)
from coliseum.tournaments.wanted import Wanted
from tests.platform.tournaments.playing import (
    enter_agents,
    names_of,
    open_tournament,
    play_all,
    play_batch,
    started,
)
from workers.refusals import RefusedError

pytestmark = pytest.mark.django_db


def champion_of(tournament: Tournament) -> str:
    row = read_course(tournament).standings()[0]
    assert row.place == 1
    return names_of(tournament)[row.entry]


def entrant(tournament, agents, number):
    return entrant_of(tournament, agents[number - 1].pk)


def verbs() -> list[str]:
    return [act.verb for act in Act.objects.order_by("pk") if act.verb not in {"created", "open"}]


@pytest.mark.parametrize(("form", "count"), [("swiss", 0), ("swiss", 1), ("single_elimination", 1)])
def test_zero_and_one_entries_are_refused_and_the_draft_stays(noughts, form, count):
    enter_agents(noughts, count)
    draft = open_tournament(noughts, form)
    with pytest.raises(RefusedError) as refused:
        start_tournament(tournament=draft, actor=None)
    assert refused.value.code == "tournament.bad_setting"
    assert "at least 2 entries" in refused.value.message
    draft.refresh_from_db()
    assert draft.state == TournamentState.DRAFT
    assert not Match.objects.exists()


def test_a_table_wants_as_many_entries_as_it_has_seats(cards):
    enter_agents(cards, 3)
    with pytest.raises(RefusedError, match="at least 4 entries"):
        started(cards, "tables")


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"format": "ladder"}, "tournament.bad_format", "format"),
        ({"options": {"best_of": 4}}, "tournament.bad_format", "best_of"),
        ({"options": {"best_of": 10**9}}, "tournament.bad_format", "best_of"),
        ({"options": {"best_of": "three"}}, "tournament.bad_format", "best_of"),
        ({"options": {"best_of": True}}, "tournament.bad_format", "best_of"),
        ({"options": {"lives": 9}}, "tournament.bad_format", "format"),
        ({"source": "friends"}, "tournament.bad_setting", "source"),
        ({"seeding": "age"}, "tournament.bad_setting", "seeding"),
        ({"release": "never"}, "tournament.bad_setting", "release"),
        ({"source": "top", "size": 1}, "tournament.bad_setting", "size"),
        ({"starts_at": clock.now() - timedelta(hours=1)}, "tournament.bad_setting", "starts_at"),
        ({"title": ""}, "name.length", "title"),
        ({"title": "a\u200bb"}, "name.characters", "title"),
        ({"source": "chosen", "chosen": ("0" * 18,)}, "tournament.bad_entrant", "chosen"),
    ],
)
def test_a_bad_wish_is_refused_beside_its_field(noughts, changes, code, field):
    with pytest.raises(RefusedError) as refused:
        open_tournament(noughts, "single_elimination", **changes)
    assert (refused.value.code, refused.value.field) == (code, field)
    assert not Tournament.objects.exists()


def test_a_format_for_two_does_not_suit_a_table_of_four(cards):
    with pytest.raises(RefusedError, match="fitting: tables"):
        open_tournament(cards, "swiss")


def test_an_agent_is_chosen_once_and_only_if_it_passed(noughts):
    agents = enter_agents(noughts, 3)
    Submission.objects.filter(pk=agents[2].pk).update(state="rejected", is_active=False)
    for chosen in ((agents[0].pk, agents[0].pk), (agents[2].pk,)):
        with pytest.raises(RefusedError) as refused:
            open_tournament(noughts, "swiss", source="chosen", chosen=chosen)
        assert refused.value.code == "tournament.bad_entrant"
    chosen = (agents[1].pk, agents[0].pk)
    draft = open_tournament(noughts, "swiss", source="chosen", chosen=chosen)
    start_tournament(tournament=draft, actor=None)
    assert tuple(draft.entrants.values_list("submission_id", flat=True)) == chosen


def test_a_field_that_would_play_for_days_is_refused(noughts):
    enter_agents(noughts, 30)
    draft = open_tournament(noughts, "round_robin", options={"cycles": 10, "matches": 99})
    with pytest.raises(RefusedError) as refused:
        start_tournament(tournament=draft, actor=None)
    assert refused.value.code == "tournament.too_long"
    assert "430650 matches" in refused.value.message.replace(",", "")


def test_rules_cannot_be_changed_after_the_start(noughts, host):
    enter_agents(noughts, 4)
    draft = open_tournament(noughts, "swiss")
    changed = change_tournament(
        tournament=draft, actor=host, wanted=Wanted(title="Autumn Masters", format="round_robin")
    )
    assert (changed.title, changed.options) == ("Autumn Masters", {"cycles": 1, "matches": 1})
    start_tournament(tournament=draft, actor=host)
    with pytest.raises(RefusedError) as refused:
        change_tournament(tournament=draft, actor=host, wanted=Wanted(title="Winter", format="swiss"))
    assert refused.value.code == "tournament.started"
    draft.refresh_from_db()
    assert draft.title == "Autumn Masters"


def test_pausing_takes_waiting_matches_back_and_resuming_plays_them(noughts, host):
    enter_agents(noughts, 4)
    tournament = started(noughts, "round_robin")
    (inplay,) = claim_batch(limit=1)
    pause_tournament(tournament=tournament, actor=host, reason="lunch")
    assert Match.objects.filter(state=MatchState.QUEUED).count() == 0
    assert play_all() == 0
    inplay.refresh_from_db()
    assert inplay.state == MatchState.RUNNING
    resume_tournament(tournament=tournament, actor=host)
    assert Match.objects.filter(state=MatchState.QUEUED).count() == 5
    assert PairedMatch.objects.count() == 6
    assert set(PairedMatch.objects.values_list("tries", flat=True)) == {1}
    pause_acts = Act.objects.get(verb="paused tournament")
    assert (pause_acts.reason, pause_acts.actor) == ("lunch", host)
    with pytest.raises(RefusedError) as refused:
        resume_tournament(tournament=tournament, actor=host)
    assert refused.value.code == "tournament.wrong_state"


def test_a_withdrawn_finalist_gives_the_final_away(noughts, host):
    agents = enter_agents(noughts, 4)
    tournament = started(noughts, "single_elimination", options={"best_of": 3, "third_place": False})
    play_batch()
    while Pairing.objects.filter(label="Final").count() == 0:
        play_batch()
    play_batch(most=1)
    withdraw_entrant(
        tournament=tournament, entrant=entrant(tournament, agents, 1), actor=host, reason="a bug"
    )
    tournament.refresh_from_db()
    assert tournament.state == TournamentState.FINISHED
    assert champion_of(tournament) != "Agent 001"
    assert not Match.objects.filter(state=MatchState.QUEUED).exists()
    assert Act.objects.get(verb="withdrew").reason == "a bug"


def test_a_result_that_comes_after_the_withdrawal_counts_for_nobody(noughts, host):
    agents = enter_agents(noughts, 2)
    tournament = started(noughts, "single_elimination", options={"best_of": 1})
    (running,) = claim_batch(limit=1)
    withdraw_entrant(tournament=tournament, entrant=entrant(tournament, agents, 1), actor=host)
    tournament.refresh_from_db()
    assert tournament.state == TournamentState.FINISHED
    assert champion_of(tournament) == "Agent 002"
    Match.objects.filter(pk=running.pk).update(state=MatchState.FINISHED, finished_at=clock.now())
    tourneys._advance([tournament.pk])
    assert champion_of(tournament) == "Agent 002"
    assert PairedMatch.objects.get().points == []


def test_who_is_out_cannot_withdraw_but_can_still_be_disqualified(noughts, host):
    agents = enter_agents(noughts, 6)
    form = "swiss_and_cut"
    tournament = started(noughts, form, options={"rounds": 3, "cut": 2, "best_of": 1})
    while tournament.stages.count() < 2:
        play_batch()
    last = entrant(tournament, agents, 6)
    with pytest.raises(RefusedError) as refused:
        withdraw_entrant(tournament=tournament, entrant=last, actor=host)
    assert refused.value.code == "tournament.not_in_play"
    disqualify_entrant(tournament=tournament, entrant=last, actor=host, reason="copied")
    play_all()
    tournament.refresh_from_db()
    places = {row.entry: row.place for row in read_course(tournament).standings()}
    assert places[last.number] == 0
    assert champion_of(tournament) == "Agent 001"


def test_a_champion_can_be_disqualified_after_the_end(noughts, host):
    agents = enter_agents(noughts, 4)
    tournament = started(noughts, "single_elimination", options={"best_of": 1})
    play_all()
    second = names_of(tournament)[read_course(tournament).standings()[1].entry]
    with pytest.raises(RefusedError):
        disqualify_entrant(
            tournament=tournament, entrant=entrant(tournament, agents, 1), actor=host, reason=" "
        )
    disqualify_entrant(
        tournament=tournament, entrant=entrant(tournament, agents, 1), actor=host, reason="engine found"
    )
    assert champion_of(tournament) == second


def test_a_team_that_is_disqualified_from_the_competition_leaves_its_tournaments(noughts, host):
    agents = enter_agents(noughts, 4)
    tournament = started(noughts, "round_robin")
    play_batch(most=2)
    disqualify_entry(entry=agents[0].entry, actor=host, reason="copied")
    conductor.on_disqualified(agents[0].entry)
    assert Departure.objects.get().kind == "disqualified"
    assert Departure.objects.get().entrant.submission == agents[0]
    assert champion_of(tournament) != "Agent 001"
    play_all()
    tournament.refresh_from_db()
    assert tournament.state == TournamentState.FINISHED
    assert champion_of(tournament) == "Agent 002"


def test_a_missed_disqualification_is_noted_by_the_tick(noughts, host):
    agents = enter_agents(noughts, 4)
    started(noughts, "round_robin")
    disqualify_entry(entry=agents[0].entry, actor=host, reason="copied")
    assert not Departure.objects.exists()
    tourneys.on_tick()
    assert Departure.objects.get().entrant.submission == agents[0]
    assert Match.objects.filter(state=MatchState.QUEUED).count() == 3


def test_everybody_leaves_and_the_tournament_ends(noughts, host):
    agents = enter_agents(noughts, 3)
    tournament = started(noughts, "swiss")
    for number in (1, 2, 3):
        tournament.refresh_from_db()
        if tournament.state == TournamentState.RUNNING:
            withdraw_entrant(tournament=tournament, entrant=entrant(tournament, agents, number), actor=host)
    tournament.refresh_from_db()
    assert tournament.state == TournamentState.FINISHED


def test_a_cancelled_tournament_plays_no_more_and_crowns_nobody(noughts, host):
    enter_agents(noughts, 4)
    tournament = started(noughts, "swiss")
    cancel_tournament(tournament=tournament, actor=host, reason="wrong arena version")
    assert play_all() == 0
    tournament.refresh_from_db()
    assert (tournament.state, tournament.reason) == (TournamentState.CANCELLED, "wrong arena version")
    with pytest.raises(RefusedError):
        cancel_tournament(tournament=tournament, actor=host)


def test_it_starts_by_itself_at_its_time(noughts):
    enter_agents(noughts, 4)
    draft = open_tournament(noughts, "swiss", starts_at=clock.now() + timedelta(hours=1))
    tourneys.on_tick()
    draft.refresh_from_db()
    assert draft.state == TournamentState.DRAFT
    Tournament.objects.update(starts_at=clock.now())
    tourneys.on_tick()
    draft.refresh_from_db()
    assert draft.state == TournamentState.RUNNING
    assert Match.objects.count() == 2


def test_it_says_why_it_could_not_start_at_its_time(noughts):
    enter_agents(noughts, 1)
    draft = open_tournament(noughts, "swiss", starts_at=clock.now() + timedelta(hours=1))
    Tournament.objects.update(starts_at=clock.now())
    tourneys.on_tick()
    tourneys.on_tick()
    draft.refresh_from_db()
    assert (draft.state, draft.starts_at) == (TournamentState.DRAFT, None)
    assert "1 was given" in draft.reason
    assert verbs() == ["opened tournament", "could not start tournament"]


def test_every_act_is_in_the_public_log(noughts, host):
    agents = enter_agents(noughts, 3)
    tournament = started(noughts, "round_robin", release="by_round")
    pause_tournament(tournament=tournament, actor=host)
    resume_tournament(tournament=tournament, actor=host)
    withdraw_entrant(tournament=tournament, entrant=entrant(tournament, agents, 3), actor=host)
    play_all()
    assert verbs() == [
        "opened tournament",
        "started tournament",
        "paused tournament",
        "resumed tournament",
        "withdrew",
        "finished tournament",
    ]
