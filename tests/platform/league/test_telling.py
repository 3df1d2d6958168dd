"""What people are told of, whom, and how often."""

from datetime import timedelta

import pytest

from coliseum import clock
from coliseum.accounts.follows import follow
from coliseum.competitions.announcements import publish_announcement, send_notice
from coliseum.competitions.models import Competition, JoinRequest, Phase
from coliseum.leaderboards.models import Standing
from coliseum.leaderboards.services import rate_phase
from coliseum.league import news, telling
from coliseum.league.life import suspend
from coliseum.matches.services import schedule_validation
from coliseum.notices.models import Kind, Look, Notice, Place
from coliseum.notices.wording import title_of
from coliseum.submissions.models import Submission


@pytest.fixture
def looked(db):
    """Look a first time, which tells nothing, as if a minute had passed since."""
    telling.look()
    Look.objects.update(until=clock.now() - timedelta(minutes=2))
    assert not Notice.objects.exists()


def told(kind):
    return sorted(Notice.objects.filter(kind=kind).values_list("user__username", flat=True))


def titles(kind):
    return {title_of(each.kind, each.facts) for each in Notice.objects.filter(kind=kind)}


def test_owners_hear_of_verdicts_and_nobody_else(submission, rival):
    match = schedule_validation(submission=submission)
    telling.on_played([match])
    telling.on_played([match])
    assert told(Kind.VALIDATED) == ["ann", "bob"]
    Submission.objects.filter(pk=submission.pk).update(state="rejected", code="timed_out", is_active=False)
    telling.on_played([match])
    assert titles(Kind.REJECTED) == {"four-seasons v1 failed validation: timed_out"}
    assert told(Kind.REJECTED) == ["ann", "bob"]


def test_owners_hear_of_a_suspension_and_of_its_end(submission):
    suspend(submission, [True] * 3)
    assert told(Kind.SUSPENDED) == ["ann", "bob"]
    Submission.objects.filter(pk=submission.pk).update(
        suspended_at=None, let_back_at=clock.now(), retries=1, is_active=True
    )
    telling.on_played([schedule_validation(submission=submission)])
    assert told(Kind.LET_BACK) == ["ann", "bob"]
    assert not told(Kind.VALIDATED)


def test_participants_and_followers_hear_an_announcement_once(looked, entry, competition, host, eve, other):
    follow(user=eve, topic="competition:c4")
    publish_announcement(competition=competition, actor=host, title="Faster", text="x")
    telling.look()
    telling.look()
    assert told(Kind.ANNOUNCEMENT) == ["ann", "bob", "eve"]


def test_a_notice_to_an_entry_is_told_to_its_team_alone(looked, entry, rival, competition, host):
    send_notice(competition=competition, actor=host, title="Only you", text="x", entries=[entry])
    telling.look()
    assert told(Kind.ANNOUNCEMENT) == ["ann", "bob"]


def test_of_a_draft_nobody_is_told(looked, draft, host, eve):
    follow(user=eve, topic="competition:secret-cup")
    publish_announcement(competition=draft, actor=host, title="Soon", text="x")
    telling.look()
    assert not Notice.objects.exists()


def test_a_deadline_is_told_once_for_each_time_it_is_set(looked, entry, competition):
    for hours in (20, 22):
        Competition.objects.update(closes_at=clock.now() + timedelta(hours=hours))
        telling.look()
        telling.look()
    assert told(Kind.DEADLINE) == ["ann", "ann", "bob", "bob"]
    Competition.objects.update(closes_at=clock.now() + timedelta(hours=30))
    telling.look()
    assert len(told(Kind.DEADLINE)) == 4


def test_a_final_result_is_told_to_who_took_part(looked, entry, competition):
    Phase.objects.filter(competition=competition).update(declared_at=clock.now())
    telling.look()
    assert told(Kind.RESULT) == ["ann", "bob"]


def test_who_asked_to_join_hears_the_answer(looked, competition, eve, host):
    facts = {"competition": competition, "asked_at": clock.now(), "answered_at": clock.now()}
    JoinRequest.objects.create(user=eve, state="declined", reason="Full.", **facts)
    telling.look()
    assert told(Kind.JOIN_ANSWER) == ["eve"]
    assert titles(Kind.JOIN_ANSWER) == {"Your request to join Connect Four Cup: declined"}


@pytest.fixture
def loser(match):
    """Return who lost the match."""
    for position, rank in ((0, 2), (1, 1)):
        match.seats.filter(position=position).update(rank=rank)
    return match.seats.get(rank=2).submission


def test_a_first_loss_is_told_to_owner_and_followers_three_a_day_at_most(looked, loser, host, monkeypatch):
    follow(user=host, topic=f"agents:{loser.entry_id}")
    telling.look()
    telling.look()
    owners = sorted(loser.entry.team.members.values_list("username", flat=True))
    assert told(Kind.BEATEN) == sorted([*owners, "host"])
    Notice.objects.update(key="another loss")
    monkeypatch.setattr(news, "LOSSES_A_DAY", 1)
    Look.objects.update(until=clock.now() - timedelta(minutes=2))
    telling.look()
    assert len(told(Kind.BEATEN)) == len(owners) + 1


@pytest.mark.parametrize("facts", [{"is_held": True}, {"is_counted": False}])
def test_a_loss_that_does_not_count_or_is_held_back_is_not_told(looked, match, loser, facts):
    type(match).objects.update(**facts)
    telling.look()
    assert not told(Kind.BEATEN)


def test_places_are_told_after_ten_matches_and_when_they_leave_their_interval(match):
    rate_phase(phase=match.phase)
    agent = match.seats.get(position=0).submission
    follow(user=match.competition.hosts.get(), topic=f"agents:{agent.entry_id}")
    news.placed(None)
    assert not Place.objects.exists()
    standing = Standing.objects.filter(submission=agent)
    standing.update(matches=12, rank=4, rank_low=2, rank_high=5)
    (first,) = news.placed(clock.now() - timedelta(minutes=1))
    assert (first.kind, first.facts["rank"]) == (Kind.FIRST_MATCHES, 4)
    for rank, expected in ((5, []), (2, []), (1, [Kind.RANK]), (2, [Kind.RANK])):
        standing.update(rank=rank, rank_low=rank, rank_high=rank)
        found = news.placed(clock.now() - timedelta(minutes=1))
        assert [each.kind for each in found] == expected
    (moved,) = found
    assert (moved.facts["before"], moved.facts["rank"]) == (1, 2)
    assert match.competition.hosts.get().pk in moved.people
    assert moved.people > set(agent.entry.team.members.values_list("pk", flat=True))


def test_a_site_that_is_told_of_for_the_first_time_tells_no_old_places(match):
    rate_phase(phase=match.phase)
    Standing.objects.update(matches=50)
    telling.look()
    assert Place.objects.count() == 2
    assert not Notice.objects.exists()


def test_many_people_cost_few_queries(
    looked, entry, competition, host, django_assert_max_num_queries, django_user_model
):
    people = [django_user_model(username=f"p{number}") for number in range(60)]
    for person in django_user_model.objects.bulk_create(people):
        follow(user=person, topic="competition:c4")
    publish_announcement(competition=competition, actor=host, title="Faster", text="x")
    with django_assert_max_num_queries(32):
        telling.look()
    assert len(told(Kind.ANNOUNCEMENT)) == 62
