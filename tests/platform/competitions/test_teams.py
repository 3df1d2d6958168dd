"""People of a team: invitations, captains, merging, leaving, and what stays honest by it."""

# ruff: noqa: RUF001 - letters that look alike are what is tested

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db.models import F

from coliseum import clock
from coliseum.competitions.models import Competition, Entry, Invitation, Team
from coliseum.competitions.services import enter_competition, entry_of
from coliseum.competitions.teams import (
    accept_invitation,
    captain_of,
    invite,
    leave_team,
    make_captain,
    remove_member,
    rename_team,
    revoke_invitation,
)
from coliseum.league.teamwork import join_team
from coliseum.submissions.models import Submission
from coliseum.submissions.queries import owned_by
from coliseum.submissions.services import accept_upload, activate_submission, quota_left
from tests.platform.conftest import upload_of
from workers.refusals import RefusedError


def names_of(entry):
    return sorted(entry.team.members.values_list("username", flat=True))


@pytest.fixture
def alone(competition, ann):
    """Return the entry of ann as a team of one."""
    return enter_competition(competition=competition, user=ann)


def refusal(call, **arguments):
    with pytest.raises(RefusedError) as refused:
        call(**arguments)
    return refused.value


def test_an_invitation_brings_people_in_until_it_ends(alone, ann, bob, eve):
    secret = invite(entry=alone, actor=ann)
    assert secret not in str(Invitation.objects.values().get())
    for _ in range(2):
        joined = accept_invitation(secret=secret, user=bob)
        assert (joined.entry, joined.merged) == (alone, None)
    assert names_of(alone) == ["ann", "bob"]
    assert bob.acceptances.exists()
    again = invite(entry=alone, actor=ann)
    assert refusal(accept_invitation, secret=secret, user=eve).code == "team.bad_invitation"
    revoke_invitation(entry=alone, actor=ann)
    assert refusal(accept_invitation, secret=again, user=eve).code == "team.bad_invitation"
    old = invite(entry=alone, actor=ann)
    Invitation.objects.update(expires_at=clock.now())
    assert refusal(accept_invitation, secret=old, user=eve).code == "team.bad_invitation"
    assert refusal(accept_invitation, secret="guess", user=eve).code == "team.bad_invitation"


def test_only_the_captain_invites_renames_removes_and_hands_over(entry, ann, bob, eve):
    assert captain_of(entry.team) == ann
    for act in (invite, revoke_invitation):
        assert refusal(act, entry=entry, actor=bob).code == "team.not_captain"
    assert refusal(rename_team, entry=entry, actor=bob, name="Mine").code == "team.not_captain"
    assert refusal(remove_member, entry=entry, actor=bob, username="ann").code == "team.not_captain"
    assert refusal(make_captain, entry=entry, actor=ann, username="eve").code == "not_found"
    make_captain(entry=entry, actor=ann, username="bob")
    assert refusal(invite, entry=entry, actor=ann).message == "Only the team's captain may invite people."
    remove_member(entry=entry, actor=bob, username="ann")
    assert names_of(entry) == ["bob"]


def test_who_leaves_hands_the_lead_on_and_the_last_one_stays(entry, ann, bob):
    secret = invite(entry=entry, actor=ann)
    leave_team(entry=entry, user=ann)
    entry.team.refresh_from_db()
    assert captain_of(entry.team) == bob
    assert refusal(accept_invitation, secret=secret, user=ann).code == "team.bad_invitation"
    assert refusal(leave_team, entry=entry, user=bob).message == "The last member cannot leave the team."
    assert entry_of(entry.competition, ann) is None


def test_a_team_is_full_at_the_hosts_limit(alone, ann, bob, eve, competition):
    Competition.objects.update(max_members=2)
    secret = invite(entry=alone, actor=ann)
    accept_invitation(secret=secret, user=bob)
    full = refusal(accept_invitation, secret=secret, user=eve)
    assert (full.code, "2 members" in full.message) == ("team.refused", True)
    alone.refresh_from_db()
    assert refusal(invite, entry=Entry.objects.get(pk=alone.pk), actor=ann).code == "team.refused"


def test_after_the_hosts_date_teams_stay_as_they_are(alone, ann, bob, competition):
    secret = invite(entry=alone, actor=ann)
    Competition.objects.update(merge_until=clock.now() - timedelta(minutes=1))
    late = refusal(accept_invitation, secret=secret, user=bob)
    assert (late.code, late.status) == ("team.closed", 403)
    Competition.objects.update(merge_until=None, closes_at=F("opens_at") + timedelta(hours=1))
    assert refusal(accept_invitation, secret=secret, user=bob).code == "competition.closed"


def test_joining_alone_never_takes_a_team_along(entry, ann, bob, tictactoe):
    assert names_of(enter_competition(competition=tictactoe, user=ann)) == ["ann"]
    assert entry_of(tictactoe, bob) is None


def test_a_team_that_plays_elsewhere_is_split_before_people_come(alone, ann, bob, tictactoe):
    there = enter_competition(competition=tictactoe, user=ann)
    assert there.team == alone.team
    accept_invitation(secret=invite(entry=alone, actor=ann), user=bob)
    alone.refresh_from_db()
    there.refresh_from_db()
    assert (names_of(alone), names_of(there)) == (["ann", "bob"], ["ann"])


def test_two_teams_become_one_and_results_stay(entry, rival, submission, ann, bob, eve, match):
    competition = entry.competition
    before = quota_left(entry)[0]
    joined = join_team(secret=invite(entry=entry, actor=ann), user=eve)
    merged = Entry.objects.get(pk=joined.merged.pk)
    assert merged.merged_into == entry
    assert entry_of(competition, eve) == entry
    assert names_of(entry) == names_of(merged) == ["ann", "bob", "eve"]
    rival.refresh_from_db()
    assert not rival.is_active
    assert rival.entry == merged
    assert match.seats.filter(submission=rival).exists()
    assert refusal(activate_submission, submission=rival).code == "submission.wrong_state"
    assert all(owned_by(each, person) for each in (rival, submission) for person in (ann, bob, eve))
    assert quota_left(entry)[0] == before - 1
    leave_team(entry=entry, user=bob)
    assert not any(owned_by(Submission.objects.get(pk=each.pk), bob) for each in (rival, submission))
    assert competition.acts.filter(verb="merged", subject="eve into Four Seasons").exists()


def test_only_who_leads_a_team_brings_it_along(entry, bob, eve, ann):
    theirs = enter_competition(competition=entry.competition, user=eve)
    secret = invite(entry=theirs, actor=eve)
    refused = refusal(accept_invitation, secret=secret, user=bob)
    assert refused.message == "bob is already in a team of this competition."
    assert names_of(theirs) == ["eve"]


def test_changing_teams_gives_nobody_more_submissions(entry, submission, ann, bob):
    limit = entry.competition.daily_submissions
    leave_team(entry=entry, user=ann)
    again = enter_competition(competition=entry.competition, user=ann)
    assert quota_left(again)[0] == limit - 1


@pytest.mark.parametrize("name", ["eve", "EVE", "Coliseum", "оther", "Blue  Team"])
def test_b60_a_team_is_not_called_like_somebody_else(entry, ann, eve, other, name):
    theirs = enter_competition(competition=entry.competition, user=eve)
    rename_team(entry=theirs, actor=eve, name="Вlue Team")
    assert refusal(rename_team, entry=entry, actor=ann, name=name).code == "name.taken"
    assert rename_team(entry=entry, actor=ann, name="Red Team").name == "Red Team"


@pytest.mark.parametrize(
    ("name", "code"), [("", "name.length"), ("x" * 81, "name.length"), ("a\u202eb", "name.characters")]
)
def test_b58_b59_a_teams_name_can_be_read(entry, ann, name, code):
    assert refusal(rename_team, entry=entry, actor=ann, name=name).code == code


def test_b60_an_agent_is_not_called_like_another_teams(entry, rival, ann, tmp_path, agent_source):
    upload = upload_of(agent_source + b"#1", tmp_path, name="x.py")
    asked = refusal(accept_upload, entry=entry, user=ann, upload=replace(upload, name="Соlumn-Тhree"))
    assert (asked.code, asked.status) == ("name.taken", 409)
    same_file = upload_of(agent_source + b"#2", tmp_path, name="column-three.py")
    assert accept_upload(entry=entry, user=ann, upload=same_file)[0].name == "Four Seasons"


def test_the_house_goes_by_no_member_of_a_team(db):
    assert captain_of(Team.objects.create(name="House", is_house=True, created_at=clock.now())) is None
