"""Many matches at once: voided, restored, played again as new ones, bounded and never twice."""

import pytest

from coliseum.competitions.models import Act, PhaseState
from coliseum.competitions.services import disqualify_entry
from coliseum.league.conductor import on_disqualified
from coliseum.matches import reruns
from coliseum.matches.models import Match, MatchState
from coliseum.matches.reruns import choose, chosen_matches, count_matches, rerun_matches
from workers.refusals import RefusedError

pytestmark = pytest.mark.django_db


def chosen(act, match, **which):
    which = which or {"match_ids": [match.pk]}
    return choose(act, chosen_matches(match.competition, **which))


def test_a_match_that_is_played_again_is_voided_and_a_new_one_takes_its_place(match, host):
    (made,) = rerun_matches(
        competition=match.competition, matches=chosen("rerun", match).fit, actor=host, reason="A bad worker."
    )
    match.refresh_from_db()
    assert not match.is_counted
    assert (made.state, made.phase_id, made.reason) == (MatchState.QUEUED, match.phase_id, "rerun")
    lineups = [[seat.submission_id for seat in each.seats.order_by("position")] for each in (match, made)]
    assert lineups[0] == lineups[1]
    act = Act.objects.get(verb="ordered again")
    assert (act.subject, act.reason) == (f"match {match.pk}", "A bad worker.")


def test_the_same_order_sent_twice_is_carried_out_once(match, host):
    found = chosen("rerun", match).fit
    facts = {"competition": match.competition, "matches": found, "actor": host, "reason": "r"}
    rerun_matches(**facts)
    with pytest.raises(RefusedError) as refused:
        rerun_matches(**facts)
    assert refused.value.code == "match.none_chosen"
    assert Match.objects.count() == 2


def test_a_failed_match_goes_back_into_the_queue_itself(match, host):
    Match.objects.filter(pk=match.pk).update(state=MatchState.FAILED, attempt=3, error="gone")
    found = chosen("rerun", match).fit
    (again,) = rerun_matches(competition=match.competition, matches=found, actor=host, reason="r")
    match.refresh_from_db()
    assert again == match
    assert (match.state, match.attempt, Match.objects.count()) == (MatchState.QUEUED, 0, 1)


def test_common_scenarios_stay_and_others_are_drawn_anew(match, host):
    Match.objects.filter(pk=match.pk).update(scenario="common-7")
    found = chosen("rerun", match).fit
    (made,) = rerun_matches(competition=match.competition, matches=found, actor=host, reason="r")
    assert made.scenario == "common-7"


def test_all_matches_of_one_agent_are_chosen_by_its_id(match, submission, rival):
    assert chosen("void", match, submission=submission.pk).fit == (match,)
    with pytest.raises(RefusedError, match="No match is chosen"):
        chosen("void", match, submission="0" * 18)


def test_an_agent_that_is_out_of_play_gets_no_new_matches(match, submission, host):
    entry = submission.entry
    disqualify_entry(entry=entry, actor=host, reason="copied")
    on_disqualified(entry)
    with pytest.raises(RefusedError, match="No match is chosen"):
        chosen("rerun", match)
    assert chosen("void", match).fit == (match,)


def test_a_season_that_is_over_is_not_played_again(match):
    match.phase.state = PhaseState.CLOSED
    match.phase.save(update_fields=["state"])
    with pytest.raises(RefusedError, match="No match is chosen"):
        chosen("rerun", match)


def test_voiding_and_restoring_change_what_is_rated_with_a_reason(match, host):
    facts = {"competition": match.competition, "matches": [match], "actor": host}
    with pytest.raises(RefusedError, match="reason"):
        count_matches(**facts, counted=False, reason="")
    assert count_matches(**facts, counted=False, reason="A test.") == 1
    assert count_matches(**facts, counted=False, reason="A test.") == 0
    assert chosen("restore", match).fit[0].is_counted is False
    assert count_matches(**facts, counted=True, reason="It was fine.") == 1
    assert list(Act.objects.filter(verb__in=("voided", "restored")).values_list("verb", flat=True)) == [
        "restored",
        "voided",
    ]


def test_matches_of_another_competition_are_out_of_reach(match, draft, host):
    with pytest.raises(RefusedError, match="No match is chosen"):
        choose("void", chosen_matches(draft, match_ids=[match.pk]))
    assert count_matches(competition=draft, matches=[match], counted=False, actor=host, reason="r") == 0


def test_more_than_the_bound_is_refused_with_the_number(match, monkeypatch):
    Match.objects.create(
        competition=match.competition,
        phase=match.phase,
        kind="league",
        state="finished",
        queued_at=match.queued_at,
        finished_at=match.finished_at,
    )
    ids = list(Match.objects.values_list("pk", flat=True))
    monkeypatch.setattr(reruns, "MOST", 1)
    with pytest.raises(RefusedError, match="2 matches are chosen; 1 at a time is the most"):
        chosen("void", match, match_ids=ids)
