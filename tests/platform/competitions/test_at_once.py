"""What two do at the same moment: one person joins once, and gets into one team of a competition."""

import threading

import pytest
from django.db import connections

from coliseum.competitions.models import Entry, Team
from coliseum.competitions.rules import Acceptance
from coliseum.competitions.services import enter_competition, entry_of
from coliseum.competitions.teams import accept_invitation, invite
from workers.refusals import RefusedError

pytestmark = pytest.mark.django_db(transaction=True)


def together(*acts):
    """Do all of it at the same moment, each with a connection of its own; return what each came to."""
    gate, came = threading.Barrier(len(acts)), []

    def run(act):
        try:
            gate.wait(10)
            came.append(act())
        except RefusedError as error:
            came.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=[act]) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(came) == len(acts)
    return came


def test_who_clicks_join_in_two_tabs_has_one_entry(competition, eve):
    came = together(*[lambda: enter_competition(competition=competition, user=eve)] * 4)
    assert {entry.pk for entry in came} == {Entry.objects.get().pk}
    assert Team.objects.filter(members=eve).count() == 1
    assert Acceptance.objects.filter(user=eve).count() == 1


def test_who_joins_alone_and_a_team_at_once_is_in_one_of_them(competition, entry, ann, eve):
    secret = invite(entry=entry, actor=ann)
    together(
        lambda: enter_competition(competition=competition, user=eve),
        lambda: accept_invitation(secret=secret, user=eve),
    )
    own = [each for each in Entry.objects.filter(team__members=eve) if each.merged_into_id is None]
    assert [each.pk for each in own] == [entry_of(competition, eve).pk]


def test_an_invitation_for_the_last_place_lets_one_in(competition, entry, ann, eve, other, host):
    type(competition).objects.update(max_members=3)
    secret = invite(entry=entry, actor=ann)
    came = together(
        *[lambda who=who: accept_invitation(secret=secret, user=who) for who in (eve, other, host)]
    )
    assert sum(isinstance(each, RefusedError) for each in came) == 2
    assert entry.team.members.count() == 3
