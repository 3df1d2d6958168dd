"""Filling the queue: how much, from what, and how often it is looked at."""

import time

import pytest

from coliseum.competitions.queries import shown_phase
from coliseum.league import conductor, pairing
from coliseum.league.meetings import read_meetings
from coliseum.league.pairing import room_for_matches, schedule_league_matches
from coliseum.league.scratch import Played, open_field, queue_matches
from coliseum.matches.models import Match, Seat
from coliseum.matches.recording import record_results
from coliseum.matches.services import claim_batch

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def played() -> Played:
    return Played()


def play(played: Played, count: int) -> None:
    batch = claim_batch(limit=count)
    record_results([played.result_of(match, number) for number, match in enumerate(batch)])


def counted(competition) -> dict[str, int]:
    """Count every agent's matches the long way."""
    load: dict[str, int] = {}
    seats = Seat.objects.filter(match__competition=competition).exclude(
        match__state__in=["cancelled", "failed"]
    )
    for submission in seats.values_list("submission_id", flat=True):
        load[submission] = load.get(submission, 0) + 1
    return load


def test_the_ledger_says_what_the_rows_say_however_often_it_is_read(played):
    competition, agents = open_field(6)
    for step in range(6):
        queue_matches(competition, agents, 7 + step)
        play(played, 5)
        if step == 2:
            Match.objects.filter(pk=Match.objects.filter(state="queued").first().pk).update(state="cancelled")
        meetings = read_meetings(shown_phase(competition))
        assert dict(meetings.load) == counted(competition)
        assert meetings.lineups.total() == Match.objects.exclude(state="cancelled").count()
        assert len(meetings.waiting) == Match.objects.filter(state="queued").count()


def test_settled_matches_are_not_read_again(played, django_assert_max_num_queries, monkeypatch):
    competition, agents = open_field(6)
    queue_matches(competition, agents, 40)
    play(played, 40)
    read_meetings(shown_phase(competition))
    queue_matches(competition, agents, 3)
    seen = []
    since = pairing.read_meetings.__globals__["league_lineups_since"]

    def watched(*args):
        for row in since(*args):
            seen.append(row)
            yield row

    monkeypatch.setitem(pairing.read_meetings.__globals__, "league_lineups_since", watched)
    assert read_meetings(shown_phase(competition)).load.total() == 2 * 43
    assert len(seen) == 3


@pytest.fixture
def large(monkeypatch):
    """Take 40 agents for a large field, and return the number."""
    monkeypatch.setattr(pairing, "LARGE_FIELD", 40)
    return pairing.LARGE_FIELD


def test_a_large_field_is_paired_without_a_fit(played, large, monkeypatch):
    competition, agents = open_field(large)
    monkeypatch.setattr(pairing, "compute", lambda *_, **__: pytest.fail("a fit reads all matches"))
    made = schedule_league_matches(shown_phase(competition))
    assert len(made) == 4 * len(agents) // 2
    load = counted(competition).values()
    assert len(load) == len(agents)
    assert max(load) - min(load) <= 2
    assert schedule_league_matches(shown_phase(competition)) == []


@pytest.mark.parametrize(("share", "fits"), [(1e-9, 1), (1e9, 4)])
def test_fits_for_pairing_take_a_share_of_the_time_at_most(played, monkeypatch, share, fits):
    competition, _ = open_field(6)
    made = []
    compute = pairing.compute
    monkeypatch.setattr(pairing, "compute", lambda each, **how: made.append(each) or compute(each, **how))
    monkeypatch.setattr(pairing, "FIT_SHARE", share)
    for _ in range(4):
        assert schedule_league_matches(shown_phase(competition))
        play(played, 100)
    assert len(made) == fits


def test_an_agent_below_its_target_meets_those_that_reached_theirs(played, large):
    competition, agents = open_field(large)
    competition.target_matches = 4
    for _ in range(10):  # Pairing is drawn by lot: some may need another round.
        schedule_league_matches(shown_phase(competition))
        play(played, 500)
        if min(counted(competition).values()) >= 4:
            break
    late = agents[0].pk
    Seat.objects.filter(submission=late).delete()
    pairing.read_meetings.__globals__["_settled"].clear()
    made = schedule_league_matches(shown_phase(competition))
    assert made
    assert all(late in [seat.submission_id for seat in match.seats.all()] for match in made)


def test_room_is_counted_down_to_the_next_look():
    competition, agents = open_field(10)
    phase = shown_phase(competition)
    assert room_for_matches(phase) == 20
    queue_matches(competition, agents, 16)
    assert room_for_matches(phase) == 4 - 10
    competition.state = "paused"
    assert room_for_matches(phase) == 0


def test_the_queue_is_looked_at_when_enough_was_played_not_at_every_result(monkeypatch):
    competition, agents = open_field(10)
    queue_matches(competition, agents, 16)
    looks = []
    look = conductor.room_for_matches
    monkeypatch.setattr(conductor, "room_for_matches", lambda each: looks.append(each) or look(each))
    monkeypatch.setattr(conductor, "LOOK_SECONDS", 1000.0)
    for _ in range(6):
        conductor._refill(shown_phase(competition), 1)
    assert len(looks) == 1
    conductor._refill(shown_phase(competition), 1)
    assert len(looks) == 2


def test_the_queue_is_looked_at_again_after_a_while(monkeypatch):
    competition, agents = open_field(10)
    queue_matches(competition, agents, 16)
    now = time.monotonic()
    conductor._refill(shown_phase(competition), 1)
    Match.objects.update(state="cancelled")
    monkeypatch.setattr(conductor.time, "monotonic", lambda: now + 10)
    conductor._refill(shown_phase(competition), 1)
    assert Match.objects.filter(state="queued").count() == 20
