"""Round robin: the schedule, and what becomes of those who leave."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.workers.league.formats.playing import (
    field_of,
    leave,
    meetings,
    order_of,
    places_of,
    play_stage,
    play_step,
)
from workers.league.formats import Departure, FormatError, History, Pairing, RoundRobin, Score
from workers.league.formats.round_robin import make_schedule


@given(st.integers(0, 40), st.integers(1, 3))
def test_everybody_meets_everybody_and_nobody_twice_in_a_round(count, cycles):
    schedule = make_schedule(range(count), cycles)
    met = Counter(frozenset(pairing.lineup) for pairing in schedule)
    assert len(met) == count * (count - 1) // 2
    assert set(met.values()) <= {cycles}
    busy = Counter((pairing.round, entry) for pairing in schedule for entry in pairing.lineup)
    assert max(busy.values(), default=1) == 1
    assert len({pairing.round for pairing in schedule}) == (
        cycles * (count - 1 + count % 2) if count > 1 else 0
    )


@given(st.integers(2, 40))
def test_seats_are_as_even_as_can_be(count):
    once = Counter(pairing.lineup[0] for pairing in make_schedule(range(count)))
    assert all(abs(2 * once[entry] - (count - 1)) <= 1 for entry in range(count))
    twice = Counter(pairing.lineup for pairing in make_schedule(range(count), 2))
    assert len(twice) == count * (count - 1)


def test_a_thousand_are_scheduled():
    assert len(RoundRobin().due(field_of(300), History())) == 300 * 299 // 2
    assert len(make_schedule(range(1000))) == 499_500


def test_all_pairings_are_due_at_once_with_their_matches():
    due = RoundRobin(cycles=2, matches=3).due(field_of(4), History())
    assert len(due) == 12
    assert {one.matches for one in due} == {3}
    partly = History((due[0].pairing,), (Score(1, 1, 2, (1.0, 0.0)),))
    assert RoundRobin(cycles=2, matches=3).due(field_of(4), partly) == due


def half_played(stage, field, rounds):
    """Play the first rounds only."""
    whole = play_stage(stage, field)
    kept = tuple(p for p in whole.pairings if p.round <= rounds)
    return History(kept, tuple(s for s in whole.scores if s.round <= rounds))


def test_who_withdraws_early_is_taken_out_as_if_it_had_never_come():
    stage, field = RoundRobin(), field_of(6)
    gone = leave(half_played(stage, field, 2), Departure(6, "withdrawn", 2))
    assert all(6 not in one.pairing.lineup for one in stage.due(field, gone))
    rows = stage.standings(field, play_stage(stage, field, history=gone))
    assert [(row.entry, row.points) for row in rows] == [(1, 4), (2, 3), (3, 2), (4, 1), (5, 0), (6, 0)]
    assert rows[-1].place == 0
    assert rows[-1].why == "Withdrawn before half of its pairings were played: its results count for nobody."


def test_who_withdraws_late_loses_the_rest():
    stage, field = RoundRobin(), field_of(6)
    gone = leave(half_played(stage, field, 3), Departure(1, "withdrawn", 3))
    rows = {row.entry: row for row in stage.standings(field, play_stage(stage, field, history=gone))}
    assert (rows[1].points, rows[1].played) == (3, 3)
    assert sum(row.points for row in rows.values()) == 15
    won_by_walkover = [row for row in rows.values() if row.played == 4]
    assert len(won_by_walkover) == 2


def test_a_disqualified_entry_loses_to_everybody():
    stage, field = RoundRobin(), field_of(5)
    cheated = leave(play_stage(stage, field), Departure(1, "disqualified", 5))
    rows = stage.standings(field, cheated)
    assert [(row.entry, row.points, row.place) for row in rows] == [
        (2, 4, 1), (3, 3, 2), (4, 2, 3), (5, 1, 4), (1, 0, 0),
    ]  # fmt: skip


def test_a_withdrawal_after_the_last_round_changes_nothing():
    stage, field = RoundRobin(), field_of(5)
    history = play_stage(stage, field)
    gone = leave(history, Departure(1, "withdrawn", 5))
    assert stage.standings(field, gone) == stage.standings(field, history)


def test_a_pairing_of_another_schedule_is_refused():
    with pytest.raises(FormatError, match="another in the schedule"):
        RoundRobin().due(field_of(4), History((Pairing(1, 1, (1, 2)),)))


def test_double_meets_swap_seats():
    stage, field = RoundRobin(cycles=2), field_of(3)
    history = play_stage(stage, field)
    assert set(meetings(history).values()) == {2}
    assert len({p.lineup for p in history.pairings}) == 6
    assert places_of(stage.standings(field, history)) == {1: 1, 2: 2, 3: 3}


@pytest.mark.parametrize("options", [{"cycles": 0}, {"matches": 0}, {"tiebreaks": ("luck",)}], ids=str)
def test_options_that_make_no_sense_are_refused(options):
    with pytest.raises(FormatError):
        RoundRobin(**options)


def test_the_first_step_of_a_round_robin_is_the_whole():
    stage, field = RoundRobin(), field_of(4)
    history = play_step(stage, field, History())
    assert stage.due(field, history) == ()
    assert order_of(stage.standings(field, history)) == [1, 2, 3, 4]
