"""What a board would be if other matches counted: told beforehand, and what comes true afterwards."""

import pytest

from coliseum.leaderboards import shifts
from coliseum.leaderboards.models import Standing
from coliseum.leaderboards.services import rate_phase
from coliseum.leaderboards.shifts import shifts_in
from coliseum.matches.models import Match, Seat
from coliseum.matches.recording import record_results
from coliseum.matches.services import Plan, claim_batch, extend_leases, schedule_matches
from tests.platform.conftest import result_of
from workers.spec import MatchKind


@pytest.fixture
def played(competition, submission, rival):
    """Return the finished matches of a board of two, the first agent with a result against it."""
    plans = [Plan(MatchKind.LEAGUE, (submission, rival))] * 3
    schedule_matches(competition=competition, plans=plans)
    done = []
    while batch := claim_batch(limit=8):
        for match in batch:
            extend_leases(token=match.token, worker="bench:1")
            match.refresh_from_db()
        done += record_results([result_of(match) for match in batch])
    rate_phase(phase=competition.phases.get())
    return [match.pk for match in done]


def ranks_of(phase):
    return dict(Standing.objects.filter(phase=phase).values_list("submission_id", "rank"))


def test_what_is_told_beforehand_is_what_happens(competition, played, submission, rival):
    phase = competition.phases.get()
    before = ranks_of(phase)
    told = shifts_in(phase, voided=played)
    assert ranks_of(phase) == before
    assert Match.objects.filter(is_counted=True).count() == len(played)
    assert {each.submission_id: (each.before, each.after) for each in told} == {
        agent: (rank, None) for agent, rank in before.items()
    }
    Match.objects.filter(pk__in=played).update(is_counted=False)
    rate_phase(phase=phase)
    assert ranks_of(phase) == {}
    back = shifts_in(phase, restored=played)
    assert {each.submission_id: each.after for each in back} == before


def test_where_nothing_changes_nobody_is_listed(competition, played):
    assert shifts_in(competition.phases.get(), voided=played[:0]) == []


def test_too_many_matches_are_not_read_for_a_page(competition, played, monkeypatch):
    monkeypatch.setattr(shifts, "MOST_MATCHES", 2)
    assert shifts_in(competition.phases.get(), voided=played) is None
    assert Seat.objects.filter(match__in=played).exists()
