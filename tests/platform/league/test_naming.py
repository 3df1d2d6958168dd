"""A final is announced, submissions are locked, and owners name their finalists."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from coliseum import clock
from coliseum.competitions.models import Act, Phase
from coliseum.competitions.phases import announce_final, cancel_final
from coliseum.competitions.queries import final_of, open_phase_of
from coliseum.competitions.services import check_open
from coliseum.league.finals import finalists_of
from coliseum.submissions.contenders import name_finalists
from coliseum.submissions.models import Submission
from tests.platform.league.finals import SMALL, announce, another, refused
from workers.refusals import RefusedError

pytestmark = pytest.mark.django_db


def test_an_announced_final_locks_the_competition_and_shows_its_commit(field):
    competition, _, _ = field
    phase = announce(competition)
    assert phase.seed_commit in Act.objects.get(verb="announced").reason
    assert phase.seed_secret != open_phase_of(competition).seed_secret
    with refused("final.locked"):
        check_open(competition)
    with refused("final.wrong_state"):
        announce(competition)
    cancel_final(phase=phase, actor=None, reason="Too early.")
    check_open(competition)
    assert final_of(competition) is None


@pytest.mark.parametrize(
    ("options", "field_name"),
    [
        ({"finalists_per_owner": 0}, "finalists_per_owner"),
        ({"prize_places": 101}, "prize_places"),
        ({"budget_episodes": True}, "budget_episodes"),
        ({"cuts": [64, 32]}, "cuts"),
        ({"cuts": [32, 700]}, "cuts"),
        ({"cuts": "many"}, "cuts"),
        ({"carry": 1}, "carry"),
    ],
)
def test_bad_options_of_a_final_are_refused_by_name(field, options, field_name):
    with pytest.raises(RefusedError) as error:
        announce(field[0], **options)
    assert (error.value.code, error.value.field) == ("final.bad_setting", field_name)
    assert final_of(field[0]) is None


def test_cuts_beyond_a_small_budget_are_left_out(field):
    assert announce(field[0], budget_episodes=100).options["cuts"] == [32, 64]


def test_what_the_hosts_file_says_is_the_default(field):
    competition, _, _ = field
    competition.options = {"final": {"prize_places": 5, "budget_episodes": 200, "cuts": [16, 100]}}
    phase = announce(competition, prize_places=1)
    assert phase.options == {
        "finalists_per_owner": 2,
        "prize_places": 1,
        "budget_episodes": 200,
        "cuts": [16, 100],
    }


def test_the_deadline_is_a_moment_not_a_time_on_a_wall(field, monkeypatch):
    competition, _, _ = field
    berlin = ZoneInfo("Europe/Berlin")
    # In the night of 25 October 2026 the clocks there show 02:30 twice, an hour apart.
    first, second = (datetime(2026, 10, 25, 2, 30, tzinfo=berlin, fold=fold) for fold in (0, 1))
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 10, 25, 0, 45, tzinfo=UTC))
    for bad in (first, datetime(2026, 12, 1, 12, 0)):
        with refused("final.bad_setting"):
            announce_final(competition=competition, actor=None, naming_ends_at=bad, options={})
    phase = announce_final(competition=competition, actor=None, naming_ends_at=second, options=SMALL)
    phase.refresh_from_db()
    assert phase.naming_ends_at == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)


def test_an_owner_names_finalists_until_the_deadline(field, ann):
    competition, agents, _ = field
    mine = agents[0].entry
    second, third = another(agents[0], 2), another(agents[0], 3)
    phase = announce(competition, finalists_per_owner=2)
    name_finalists(phase=phase, entry=mine, user=ann, ids=[second.pk, agents[0].pk, second.pk])
    assert {each.pk for each in finalists_of(phase) if each.entry == mine} == {second.pk, agents[0].pk}
    name_finalists(phase=phase, entry=mine, user=ann, ids=[third.pk])
    assert [each.pk for each in finalists_of(phase) if each.entry == mine] == [third.pk]
    with refused("final.too_many"):
        name_finalists(phase=phase, entry=mine, user=ann, ids=[agents[0].pk, second.pk, third.pk])
    for not_mine in (
        agents[1].pk,
        "nothing",
        Submission.objects.create(
            entry=mine,
            number=9,
            name="late",
            package=agents[0].package.__class__.objects.create(
                digest="9" * 64,
                file_name="agent.py",
                size_bytes=1,
                unpacked_bytes=1,
                file_count=1,
                entry_point="class",
                stored_at=clock.now(),
            ),
            uploaded_at=clock.now(),
        ).pk,
    ):
        with refused("final.not_yours"):
            name_finalists(phase=phase, entry=mine, user=ann, ids=[not_mine])
    assert [each.pk for each in finalists_of(phase) if each.entry == mine] == [third.pk]
    Phase.objects.filter(pk=phase.pk).update(naming_ends_at=clock.now())
    with refused("final.naming_over"):
        name_finalists(phase=phase, entry=mine, user=ann, ids=[])


def test_who_names_nobody_enters_the_best_and_the_latest(field):
    competition, agents, _ = field
    latest = another(agents[2], 2)
    phase = announce(competition)
    chosen = [each.pk for each in finalists_of(phase) if each.entry == agents[2].entry]
    assert chosen == [agents[2].pk, latest.pk]
    phase.options["finalists_per_owner"] = 1
    assert [each.pk for each in finalists_of(phase) if each.entry == agents[2].entry] == [agents[2].pk]
