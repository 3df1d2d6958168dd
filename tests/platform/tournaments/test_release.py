"""Results that a host holds back: nobody else sees them anywhere until they are released."""

import pytest
from django.contrib.auth.models import AnonymousUser

from coliseum.competitions.models import Act
from coliseum.matches.models import Match
from coliseum.matches.queries import is_public, match_for, matches_of, public_matches
from coliseum.tournaments.history import read_course
from coliseum.tournaments.models import Pairing, TournamentState
from coliseum.tournaments.queries import entrant_of
from coliseum.tournaments.services import cancel_tournament, release_round, withdraw_entrant
from tests.platform.tournaments.playing import enter_agents, open_tournament, play_all, play_batch, started
from workers.refusals import RefusedError

pytestmark = pytest.mark.django_db
NOBODY = AnonymousUser()


def seen_rounds(tournament):
    course = read_course(tournament, released_only=True)
    return [
        (number, sorted({score.round for score in history.scores}))
        for number, history in enumerate(course.histories, start=1)
    ]


def test_at_once_means_at_once(noughts):
    enter_agents(noughts, 4)
    tournament = started(noughts, "swiss")
    assert public_matches(noughts).count() == 2
    play_all()
    assert seen_rounds(tournament) == [(1, [1, 2, 3])]


def test_held_matches_are_in_no_list_and_on_no_page(noughts, host, staff, eve):
    agents = enter_agents(noughts, 4)
    agents[0].entry.team.members.add(eve)
    started(noughts, "round_robin", release="by_round")
    play_all()
    assert not public_matches().exists()
    assert not public_matches(noughts).exists()
    assert not matches_of(agents[0]).exists()
    match = Match.objects.filter(seats__submission=agents[0]).first()
    assert not is_public(match)
    for insider in (host, staff):
        assert match_for(match.pk, insider).pk == match.pk
    # Not even the owner of an agent that played it.
    for outsider in (NOBODY, eve):
        with pytest.raises(RefusedError) as refused:
            match_for(match.pk, outsider)
        assert refused.value.code == "not_found"


def test_a_host_releases_round_after_round(noughts, host):
    enter_agents(noughts, 4)
    tournament = started(noughts, "swiss", release="by_round")
    with pytest.raises(RefusedError) as refused:
        release_round(tournament=tournament, actor=host)
    assert refused.value.code == "tournament.round_open"
    play_all()
    assert seen_rounds(tournament) == [(1, [])]
    assert release_round(tournament=tournament, actor=host) == "round 1"
    assert seen_rounds(tournament) == [(1, [1])]
    assert public_matches(noughts).count() == 2
    assert release_round(tournament=tournament, actor=host) == "round 2"
    assert release_round(tournament=tournament, actor=host, everything=True) == "all rounds"
    assert seen_rounds(tournament) == [(1, [1, 2, 3])]
    with pytest.raises(RefusedError) as refused:
        release_round(tournament=tournament, actor=host)
    assert refused.value.code == "tournament.nothing_held"
    released = [act.verb for act in Act.objects.order_by("pk") if act.verb.startswith("released")]
    assert released == [
        "released round 1 of tournament",
        "released round 2 of tournament",
        "released all rounds of tournament",
    ]


def test_a_round_can_be_released_while_the_next_is_played(noughts, host):
    enter_agents(noughts, 4)
    tournament = started(noughts, "swiss", release="by_round")
    play_batch()
    assert set(Pairing.objects.values_list("round", flat=True)) == {1, 2}
    release_round(tournament=tournament, actor=host)
    assert seen_rounds(tournament) == [(1, [1])]
    with pytest.raises(RefusedError) as refused:
        release_round(tournament=tournament, actor=host, everything=True)
    assert refused.value.code == "tournament.round_open"


def test_the_field_of_the_knockout_is_not_known_before_the_groups_are_released(noughts, host):
    enter_agents(noughts, 6)
    tournament = started(
        noughts, "groups_and_knockout", options={"groups": 2, "cut": 4, "best_of": 1}, release="by_round"
    )
    play_all()
    assert len(read_course(tournament).fields) == 2
    assert len(read_course(tournament, released_only=True).fields) == 1
    for _ in range(3):
        release_round(tournament=tournament, actor=host)
    course = read_course(tournament, released_only=True)
    assert len(course.fields) == 2
    assert course.histories[1].scores == ()
    assert release_round(tournament=tournament, actor=host) == "round 1 of stage 2"
    # Two agents are level where the final is to be: no place is told before its time.
    assert [row.place for row in read_course(tournament, released_only=True).standings()][:2] == [1, 1]


def test_who_left_in_a_held_round_is_not_known_to_have_come_so_far(noughts, host):
    agents = enter_agents(noughts, 4)
    tournament = started(noughts, "single_elimination", options={"best_of": 1}, release="by_round")
    while not Pairing.objects.filter(label="Final").exists():
        play_batch(most=1)
    withdraw_entrant(tournament=tournament, entrant=entrant_of(tournament, agents[0].pk), actor=host)
    assert read_course(tournament, released_only=True).histories[0].departures == ()
    assert len(read_course(tournament).histories[0].departures) == 1


def test_everything_at_the_end_is_released_by_the_end(noughts):
    enter_agents(noughts, 3)
    tournament = started(noughts, "round_robin", release="at_end")
    play_batch(most=1)
    assert seen_rounds(tournament) == [(1, [])]
    play_all()
    tournament.refresh_from_db()
    assert tournament.state == TournamentState.FINISHED
    assert seen_rounds(tournament) == [(1, [1, 2, 3])]
    assert public_matches(noughts).count() == 3


def test_what_a_cancelled_tournament_held_back_can_still_be_released(noughts, host):
    enter_agents(noughts, 3)
    tournament = started(noughts, "round_robin", release="by_round")
    play_batch(most=1)
    cancel_tournament(tournament=tournament, actor=host)
    release_round(tournament=tournament, actor=host, everything=True)
    assert public_matches(noughts).count() == 1


def test_a_draft_holds_nothing(noughts, host):
    with pytest.raises(RefusedError) as refused:
        release_round(tournament=open_tournament(noughts, "swiss"), actor=host)
    assert refused.value.code == "tournament.nothing_held"
