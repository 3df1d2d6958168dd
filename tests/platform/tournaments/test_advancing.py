"""A tournament loses nothing and does nothing twice, whatever dies when."""

import pytest
from django.db import IntegrityError, transaction

from coliseum import faults
from coliseum.league import tourneys
from coliseum.matches.models import Match, MatchState
from coliseum.matches.recording import record_results
from coliseum.matches.services import claim_batch
from coliseum.tournaments.advancing import MOST_TRIES, advance
from coliseum.tournaments.history import read_course
from coliseum.tournaments.models import PairedMatch, Pairing, Stage, TournamentState
from coliseum.tournaments.queries import tournaments_to_advance
from coliseum.tournaments.services import resume_tournament
from tests.platform.tournaments.playing import (
    better_wins,
    enter_agents,
    play_all,
    play_batch,
    result_of,
    started,
)

pytestmark = pytest.mark.django_db


def rows() -> tuple[object, ...]:
    """Return all there is of a tournament but the ids of its matches."""
    return (
        list(Stage.objects.order_by("number").values_list("number", "entries")),
        list(
            Pairing.objects.order_by("stage__number", "round", "number").values_list(
                "stage__number", "round", "number", "lineup"
            )
        ),
        list(
            PairedMatch.objects.order_by("pairing_id", "number").values_list("pairing_id", "number", "points")
        ),
        Match.objects.count(),
    )


def test_advancing_twice_changes_nothing(noughts):
    enter_agents(noughts, 5)
    tournament = started(noughts, "swiss")
    while tournament.state == TournamentState.RUNNING:
        before = rows()
        for _ in range(3):
            advance(tournament.pk)
        assert rows() == before
        play_batch()
        tourneys._advance(tournaments_to_advance())
        tournament.refresh_from_db()


def test_the_database_holds_each_pairing_and_each_match_once(noughts):
    enter_agents(noughts, 2)
    tournament = started(noughts, "round_robin")
    pairing = Pairing.objects.get()
    paired = PairedMatch.objects.get()
    for copy in (
        Stage(tournament=tournament, number=1, started_at=tournament.started_at),
        Pairing(stage=pairing.stage, round=1, number=1),
        PairedMatch(
            pairing=pairing,
            number=1,
            match=Match.objects.create(
                competition=noughts, kind="tournament", queued_at=tournament.started_at
            ),
        ),
        PairedMatch(pairing=pairing, number=2, match=paired.match),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            copy.save()


def test_a_crash_between_pairing_and_scheduling_leaves_nothing_half_done(noughts, monkeypatch):
    enter_agents(noughts, 4)
    tournament = started(noughts, "swiss")
    monkeypatch.setattr(faults, "_WANTED", "inside_advance:error")
    with pytest.raises(OSError, match="No space left"):
        play_batch()
    monkeypatch.setattr(faults, "_WANTED", "")
    # The results were recorded before; the next round was not paired, and no point was stored without it.
    assert Match.objects.filter(state=MatchState.FINISHED).count() == 2
    assert set(Pairing.objects.values_list("round", flat=True)) == {1}
    assert not PairedMatch.objects.filter(points__isnull=False).exists()
    assert tournaments_to_advance() == [tournament.pk]
    tourneys.on_tick()
    assert set(Pairing.objects.values_list("round", flat=True)) == {1, 2}
    play_all()
    tournament.refresh_from_db()
    assert tournament.state == TournamentState.FINISHED


def test_results_nobody_looked_at_are_taken_up_by_the_tick(noughts, monkeypatch):
    enter_agents(noughts, 4)
    tournament = started(noughts, "single_elimination", options={"best_of": 1})
    monkeypatch.setattr(tourneys, "on_played", lambda matches: None)
    for _ in range(4):
        play_batch()
        tourneys.on_tick()
    tournament.refresh_from_db()
    assert tournament.state == TournamentState.FINISHED


def test_the_same_results_give_the_same_tournament_in_any_order_of_play(noughts):
    enter_agents(noughts, 7)
    tournament = started(noughts, "swiss_and_cut", options={"rounds": 3, "cut": 4, "best_of": 3})
    play_all(most=1)
    one = [(row.entry, row.place, row.points) for row in read_course(tournament).standings()]
    lot, entries = tournament.lot, tournament.stages.first().entries
    Stage.objects.all().delete()
    Stage.objects.create(tournament=tournament, number=1, entries=entries, started_at=tournament.started_at)
    tournament.state, tournament.lot = TournamentState.RUNNING, lot
    tournament.save()
    advance(tournament.pk)
    play_all(most=64)
    tournament.refresh_from_db()
    assert [(row.entry, row.place, row.points) for row in read_course(tournament).standings()] == one


def fail(match: Match) -> None:
    Match.objects.filter(pk=match.pk).update(
        state=MatchState.FAILED, finished_at=match.queued_at, error="lost"
    )


def test_a_match_that_fails_by_our_fault_is_scheduled_again_and_then_the_host_is_asked(noughts, host):
    enter_agents(noughts, 2)
    tournament = started(noughts, "round_robin")
    seen = set()
    for tries in range(1, MOST_TRIES + 1):
        paired = PairedMatch.objects.get()
        assert (paired.tries, paired.match.state) == (tries, MatchState.QUEUED)
        seen.add(paired.match_id)
        fail(paired.match)
        tourneys.on_tick()
    assert len(seen) == MOST_TRIES
    tournament.refresh_from_db()
    assert tournament.state == TournamentState.PAUSED
    assert "failed by our fault 3 times" in tournament.reason
    tourneys.on_tick()
    assert Match.objects.count() == MOST_TRIES
    resume_tournament(tournament=tournament, actor=host)
    play_all()
    tournament.refresh_from_db()
    assert tournament.state == TournamentState.FINISHED


def test_a_result_that_was_voided_before_it_counted_is_played_again(noughts):
    enter_agents(noughts, 2)
    tournament = started(noughts, "round_robin")
    (match,) = claim_batch(limit=1)
    record_results([result_of(match, better_wins)])
    Match.objects.update(is_counted=False)
    tourneys.on_tick()
    assert PairedMatch.objects.get().match_id != match.pk
    play_all()
    tournament.refresh_from_db()
    assert tournament.state == TournamentState.FINISHED


def test_an_arena_that_is_gone_pauses_its_tournaments(noughts):
    enter_agents(noughts, 2)
    tournament = started(noughts, "round_robin")
    (match,) = claim_batch(limit=1)
    record_results([result_of(match, better_wins)])
    type(noughts).objects.update(arena="gone-v1")
    tourneys.on_tick()
    tournament.refresh_from_db()
    assert tournament.state == TournamentState.PAUSED
    assert "gone-v1 is not installed" in tournament.reason
    tourneys.on_tick()


def test_rows_that_contradict_each_other_stop_this_tournament_only(noughts):
    enter_agents(noughts, 4)
    broken, sound = started(noughts, "round_robin"), started(noughts, "round_robin")
    pairing = Pairing.objects.filter(stage__tournament=broken).first()
    Pairing.objects.filter(pk=pairing.pk).update(lineup=pairing.lineup[::-1])
    play_all()
    broken.refresh_from_db()
    sound.refresh_from_db()
    assert broken.state == TournamentState.PAUSED
    assert "contradict" in broken.reason
    assert sound.state == TournamentState.FINISHED


def test_a_busy_tournament_is_left_to_the_tick(noughts, django_assert_max_num_queries):
    enter_agents(noughts, 9)
    started(noughts, "round_robin")
    batch = claim_batch(limit=4)
    recorded = record_results([result_of(match, better_wins) for match in batch])
    with django_assert_max_num_queries(3):
        tourneys.on_played(recorded)
    assert not PairedMatch.objects.filter(points__isnull=False).exists()
    tourneys.on_tick()
    assert PairedMatch.objects.filter(points__isnull=False).count() == 4
