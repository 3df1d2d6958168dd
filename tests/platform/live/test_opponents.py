"""Whom a person can play against: the house for everybody, other people's agents once signed in."""

import pytest
from django.contrib.auth.models import AnonymousUser

from arenas import registry
from coliseum.live.opponents import chair_of, limits_of, opponents_in
from coliseum.submissions.models import Role, Submission, SubmissionState
from workers.refusals import RefusedError

C4 = registry.get("connect_four-v3")
NOBODY = AnonymousUser()


def test_the_house_plays_everybody_the_strongest_first(db):
    found = opponents_in(C4, None, NOBODY)
    assert [each.key for each in found] == [f"house:{each.name}" for each in reversed(C4.baselines)]
    chair, changes = chair_of(C4, "house:random", NOBODY)
    assert (chair.baseline, chair.agent, changes) == ("random", None, {})


def test_agents_of_others_are_for_those_signed_in(submission, eve):
    chair, _ = chair_of(C4, submission.pk, eve)
    assert chair.name == "four-seasons v1"
    assert chair.agent.digest == submission.package_id
    with pytest.raises(RefusedError) as refused:
        chair_of(C4, submission.pk, NOBODY)
    assert refused.value.code == "auth.required"


def test_a_rated_field_is_offered_by_rank_to_those_who_may_play_it(match, competition, eve, submission):
    from coliseum.competitions.queries import shown_phase
    from coliseum.leaderboards.services import rate_phase

    rate_phase(phase=shown_phase(competition))
    seen = opponents_in(C4, competition, eve)
    assert {each.key for each in seen[:2]} == {seat.submission_id for seat in match.seats.all()}
    assert seen[0].note == "rank 1"
    assert all(each.key.startswith("house:") for each in opponents_in(C4, competition, NOBODY))
    Submission.objects.filter(pk=submission.pk).update(role=Role.HOLDOUT)
    assert submission.pk not in {each.key for each in opponents_in(C4, competition, eve)}


@pytest.mark.parametrize("key", ["", "house:", "house:nobody", "0" * 18, "x" * 400, "\0", "random"])
def test_an_agent_that_is_not_there_is_refused(db, eve, key):
    with pytest.raises(RefusedError) as refused:
        chair_of(C4, key, eve)
    assert refused.value.code == "play.unknown_agent"


@pytest.mark.parametrize(
    "changed",
    [{"state": SubmissionState.RETIRED}, {"role": Role.HOLDOUT}],
)
def test_agents_that_are_not_published_are_not_to_be_had(submission, ann, changed):
    Submission.objects.filter(pk=submission.pk).update(is_active=False, **changed)
    with pytest.raises(RefusedError, match="There is no agent"):
        chair_of(C4, submission.pk, ann)


def test_b67_ones_own_agent_is_said_not_to_be_ready_and_anothers_not_to_be_there(submission, ann, eve):
    Submission.objects.filter(pk=submission.pk).update(is_active=False, state=SubmissionState.VALIDATING)
    with pytest.raises(RefusedError) as refused:
        chair_of(C4, submission.pk, ann)
    assert (refused.value.status, refused.value.code) == (409, "match.agent_not_ready")
    assert refused.value.message == "four-seasons v1 has not passed validation yet."
    with pytest.raises(RefusedError, match="There is no agent"):
        chair_of(C4, submission.pk, eve)


def test_an_agent_of_another_arena_is_not_to_be_had(submission, ann):
    with pytest.raises(RefusedError, match="There is no agent"):
        chair_of(registry.get("tictactoe-v3"), submission.pk, ann)


def test_agents_play_with_the_limits_of_their_competition():
    assert limits_of(C4, []).step_seconds == C4.limits.step_seconds
    assert limits_of(C4, [{}, {"step_seconds": 0.25}]).step_seconds == 0.25
