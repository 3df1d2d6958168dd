"""Random audits: what was played is played again, and what does not hold is taken out of the ratings."""

import itertools

import pytest

from coliseum.competitions.models import Act
from coliseum.competitions.queries import shown_phase
from coliseum.competitions.services import enter_competition
from coliseum.leaderboards.services import is_behind, rate_phase
from coliseum.league import conductor
from coliseum.league.demo import enter_baselines
from coliseum.matches.audits import is_drawn, order_audit, order_audits, set_counted, uncounted_matches
from coliseum.matches.models import Audit, Episode, Match, MatchState
from coliseum.matches.queries import public_matches
from coliseum.matches.services import Plan, schedule_matches
from coliseum.submissions.models import Submission
from tests.platform.league.test_conductor import play_waiting, submit
from workers.refusals import RefusedError
from workers.spec import MatchKind

pytestmark = pytest.mark.django_db(transaction=True)

WHY = "The arena was changed."
MOODY = b"""
import time

class Agent:
    def act(self, observation):
        legal = observation["action_mask"].nonzero()[0]
        return int(legal[(time.perf_counter_ns() // 100) % len(legal)])
"""


@pytest.fixture
def league(tictactoe, referee, settings):
    """Return two baselines that are ready to play, with nothing audited by chance."""
    settings.AUDIT_PER_MILLE = 0
    enter_baselines(tictactoe)
    conductor.tick()
    Match.objects.filter(kind="league").update(state=MatchState.CANCELLED)
    play_waiting(referee)
    return list(Submission.objects.filter(is_active=True).order_by("id"))


def play_one(competition, lineup, referee) -> Match:
    plan = Plan(MatchKind.LEAGUE, tuple(lineup), reason="gain")
    made = schedule_matches(competition=competition, plans=[plan])[0]
    Match.objects.exclude(pk=made.pk).filter(state=MatchState.QUEUED).update(state=MatchState.CANCELLED)
    play_waiting(referee, most=1)
    return Match.objects.get(pk=made.pk)


def play_audit(match, referee) -> Audit:
    Match.objects.filter(state=MatchState.QUEUED).update(state=MatchState.CANCELLED)
    audit = order_audit(match=match)
    play_waiting(referee, most=1)
    audit.refresh_from_db()
    return audit


def test_a_share_of_all_matches_is_drawn_and_nobody_can_choose_which(competition, settings):
    matches = [Match(pk=f"m{number}", competition=competition) for number in range(4000)]
    settings.AUDIT_PER_MILLE = 100
    drawn = [is_drawn(match) for match in matches]
    assert 300 < sum(drawn) < 500
    assert drawn == [is_drawn(match) for match in matches]
    competition.seed_secret = "00" * 32
    assert drawn != [is_drawn(match) for match in matches]
    settings.AUDIT_PER_MILLE = 0
    assert not any(map(is_drawn, matches))
    settings.AUDIT_PER_MILLE = 1000
    assert all(map(is_drawn, matches))


def test_a_finished_league_match_that_is_drawn_is_played_again_by_itself(
    league, tictactoe, referee, settings
):
    settings.AUDIT_PER_MILLE = 1000
    match = play_one(tictactoe, league[:2], referee)
    audit = Audit.objects.get(match=match)
    assert (audit.verdict, audit.again.kind, audit.again.phase) == ("waiting", "audit", None)
    play_waiting(referee, most=1000)
    audit.refresh_from_db()
    assert (audit.verdict, audit.note) == (
        "reproduced",
        "Played again on the same worker, the only one there is: every action was the same.",
    )
    assert not Audit.objects.filter(match__kind="audit").exists()


def test_an_audit_has_agents_seats_and_seeds_of_the_match_and_counts_for_nothing(league, tictactoe, referee):
    match = play_one(tictactoe, league[:2], referee)
    phase = shown_phase(tictactoe)
    before = rate_phase(phase=phase).digest
    audit = play_audit(match, referee)
    first, again = (
        list(each.episodes.values_list("seed", "seating", "actions", "digest"))
        for each in (match, audit.again)
    )
    assert first == again
    assert [seat.submission_id for seat in match.seats.all()] == [
        seat.submission_id for seat in audit.again.seats.all()
    ]
    assert rate_phase(phase=phase).digest == before
    assert audit.again not in public_matches()


def test_ordering_an_audit_twice_gives_one(league, tictactoe, referee, settings):
    match = play_one(tictactoe, league[:2], referee)
    settings.AUDIT_PER_MILLE = 1000
    assert order_audits([match]) == order_audits([match]) == [order_audit(match=match)]
    assert Match.objects.filter(kind="audit").count() == 1


def test_an_agent_that_looks_at_the_clock_is_no_cheat(league, tictactoe, referee, ann, tmp_path):
    moody = submit(enter_competition(competition=tictactoe, user=ann), ann, MOODY, tmp_path)
    conductor.on_uploaded(moody)
    play_waiting(referee, most=1)
    moody.refresh_from_db()
    assert moody.is_active
    audits = (play_audit(play_one(tictactoe, [league[0], moody], referee), referee) for _ in range(20))
    other = next(audit for audit in audits if audit.verdict != "reproduced")
    assert other.verdict == "replayed"
    assert "which it may" in other.note
    other.match.refresh_from_db()
    assert other.match.is_counted


def tamper(match: Match) -> None:
    """Give the second agent the first one's results, as a bribed worker would."""
    episode = Episode.objects.filter(match=match).order_by("index").first()
    seats = [dict(seat) for seat in episode.seats]
    for name in ("rank", "score", "total_reward"):
        seats[0][name], seats[1][name] = seats[1][name], seats[0][name]
    assert seats != episode.seats, "a draw cannot be turned round"
    episode.seats = seats
    episode.save(update_fields=["seats"])
    Episode.objects.filter(pk=episode.pk).update(digest="00" * 32)


def decided(competition, lineup, referee) -> Match:
    """Play until a match whose first episode had a winner."""
    for _ in itertools.count():
        match = play_one(competition, lineup, referee)
        if {seat["rank"] for seat in match.episodes.order_by("index").first().seats} == {1, 2}:
            return match
    raise AssertionError


def test_a_result_that_its_own_actions_do_not_give_goes_into_quarantine(league, tictactoe, referee):
    honest = play_one(tictactoe, league[:2], referee)
    match = decided(tictactoe, league[:2], referee)
    phase = shown_phase(tictactoe)
    assert rate_phase(phase=phase).matches == Match.objects.filter(phase=phase, state="finished").count()
    tamper(match)
    audit = play_audit(match, referee)
    assert audit.verdict == "differs"
    assert "Seat 0 was given" in audit.note
    match.refresh_from_db()
    assert not match.is_counted
    act = Act.objects.filter(competition=tictactoe).first()
    assert (act.verb, act.actor, act.subject) == ("quarantined", None, f"match {match.pk}")
    assert is_behind(phase)
    rate_phase(phase=phase)
    assert not is_behind(phase)
    assert list(uncounted_matches(tictactoe)) == [match]
    assert honest.is_counted


def test_agents_that_did_the_same_in_all_audits_and_now_do_not_are_suspect(league, tictactoe, referee):
    for _ in range(3):
        assert play_audit(play_one(tictactoe, league[:2], referee), referee).verdict == "reproduced"
    match = play_one(tictactoe, league[:2], referee)
    audit = order_audit(match=match)
    other = play_one(tictactoe, league[:2], referee)
    Episode.objects.filter(match=other).update(match=audit.again)
    Match.objects.filter(pk=audit.again_id).update(state=MatchState.FINISHED, finished_at=other.finished_at)
    conductor._audit([Match.objects.get(pk=audit.again_id)])
    audit.refresh_from_db()
    assert audit.verdict == "differs"
    assert "always played the same before" in audit.note


def test_an_audit_that_our_faults_ended_says_nothing_about_the_match(league, tictactoe, referee):
    match = play_one(tictactoe, league[:2], referee)
    audit = order_audit(match=match)
    Match.objects.filter(pk=audit.again_id).update(state=MatchState.FAILED)
    conductor._audit([Match.objects.get(pk=audit.again_id)])
    audit.refresh_from_db()
    match.refresh_from_db()
    assert (audit.verdict, match.is_counted) == ("unplayed", True)


def test_a_host_takes_a_match_out_and_back_with_a_public_reason(league, tictactoe, referee, host):
    match = play_one(tictactoe, league[:2], referee)
    for counted, verb in ((False, "voided"), (True, "restored")):
        assert set_counted(
            match=match, counted=counted, actor=host, verb=verb, reason="The arena was changed."
        )
        assert not set_counted(match=match, counted=counted, actor=host, verb=verb, reason="Again.")
        act = Act.objects.filter(competition=tictactoe).first()
        assert (act.verb, act.reason, act.actor) == (verb, WHY, host)
    with pytest.raises(RefusedError) as refused:
        set_counted(match=match, counted=False, actor=host, verb="voided", reason=" ")
    assert refused.value.code == "request.bad_field"
