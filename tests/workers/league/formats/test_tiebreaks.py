"""Tie-breaks, each on a table small enough to count by hand."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.workers.league.formats.playing import by_chance, field_of, leave, order_of, play_stage
from workers.league.formats import Departure, Field, FormatError, History, Pairing, RoundRobin, Score, Swiss
from workers.league.formats.lots import draw_lot, seed_field
from workers.league.formats.tiebreaks import TIEBREAK_WORDS


def history_of(*results):
    """(round, number, lineup, points of the first or None for a bye)."""
    return History(
        tuple(Pairing(r, n, lineup) for r, n, lineup, _ in results),
        tuple(Score(r, n, 1, (x, 1 - x)) for r, n, _, x in results if x is not None),
    )


# Swiss of six, three rounds. Points: 1: 3, 2: 2, 3: 1.5, 4: 1.5, 5: 1, 6: 0.
SIX = history_of(
    (1, 1, (1, 4), 1.0), (1, 2, (2, 5), 1.0), (1, 3, (3, 6), 1.0),
    (2, 1, (1, 2), 1.0), (2, 2, (3, 4), 0.5), (2, 3, (5, 6), 1.0),
    (3, 1, (1, 3), 1.0), (3, 2, (2, 6), 1.0), (3, 3, (4, 5), 1.0),
)  # fmt: skip


def rows_by(history, *tiebreaks, field=None, rounds=3):
    stage = Swiss(rounds=rounds, tiebreaks=tiebreaks)
    return {row.entry: row for row in stage.standings(field or field_of(6), history)}


def test_tiebreaks_counted_by_hand():
    rows = rows_by(SIX, "buchholz", "buchholz_cut_1", "sonneborn_berger", "wins")
    assert {entry: row.points for entry, row in rows.items()} == {1: 3, 2: 2, 3: 1.5, 4: 1.5, 5: 1, 6: 0}
    values = {entry: dict(row.values) for entry, row in rows.items()}
    # 3 met 6 (0), 4 (1.5) and 1 (3); it beat 6 and drew with 4. 4 met 1 (3), 3 (1.5) and 5 (1).
    assert values[3] == {"buchholz": 4.5, "buchholz_cut_1": 4.5, "sonneborn_berger": 0.75, "wins": 1}
    assert values[4] == {"buchholz": 5.5, "buchholz_cut_1": 4.5, "sonneborn_berger": 1.75, "wins": 1}
    assert values[1] == {"buchholz": 5, "buchholz_cut_1": 3.5, "sonneborn_berger": 5, "wins": 3}
    assert rows[4].place == 3
    assert rows[4].decided_by == "buchholz"
    assert rows[4].why == (
        "On equal points ahead of the next by Buchholz (points of all opponents): 5.5 against 4.5."
    )
    assert rows[1].why == "Ahead of the next by points: 3 against 2."
    assert rows[6].why == "0 points."


def test_each_tiebreak_is_asked_only_when_those_before_it_are_equal():
    assert rows_by(SIX, "buchholz_cut_1", "sonneborn_berger")[4].decided_by == "sonneborn_berger"
    assert rows_by(SIX, "direct_encounter", "wins", "buchholz")[4].decided_by == "buchholz"
    shared = rows_by(SIX, "direct_encounter", "buchholz_cut_1", "wins")
    assert shared[3].place == shared[4].place == 3
    assert shared[3].why == "Shares the place with 1 more: equal in points and all tie-breaks."


def test_the_rating_and_then_the_lot_decide_last():
    rated = Field((1, 2, 3, 4, 5, 6), (6.0, 5.0, 4.0, 3.0, 2.0, 1.0))
    rows = rows_by(SIX, "wins", "rating", field=rated)
    assert (rows[3].place, rows[3].decided_by) == (3, "rating")
    assert rows[3].why.endswith("by rating in the league: 4 against 3.")
    orders = set()
    for lot in range(8):
        table = Swiss(rounds=3, tiebreaks=()).standings(Field((1, 2, 3, 4, 5, 6), (), lot), SIX)
        level = [row.entry for row in table if row.place == 3]
        assert level == sorted((3, 4), key=lambda entry: draw_lot(lot, entry))
        assert [row.decided_by for row in table[2:4]] == ["lot", "points"]
        orders.add(tuple(level))
    assert len(orders) == 2


def test_direct_encounter_counts_only_when_all_who_are_level_have_met():
    # 1 and 2 have two points each and have met; 1 won.
    met = history_of(
        (1, 1, (1, 2), 1.0), (1, 2, (3, 4), 1.0),
        (2, 1, (3, 1), 1.0), (2, 2, (2, 4), 1.0),
        (3, 1, (1, 4), 1.0), (3, 2, (2, 3), 1.0),
    )  # fmt: skip
    rows = rows_by(met, "direct_encounter", field=field_of(4))
    # 1, 2 and 3 all have two points and one win among themselves each: nothing is separated.
    assert {rows[entry].place for entry in (1, 2, 3)} == {1}
    two = history_of((1, 1, (1, 2), 0.0), (1, 2, (3, 4), 0.5), (2, 1, (1, 3), 1.0), (2, 2, (2, 4), 0.0))
    level = rows_by(two, "direct_encounter", field=field_of(4), rounds=2)
    assert {entry: row.points for entry, row in level.items()} == {1: 1, 2: 1, 3: 0.5, 4: 1.5}
    assert (level[2].decided_by, level[2].place, level[1].place) == ("direct_encounter", 2, 3)
    assert "direct encounter" in level[2].why
    unmet = history_of((1, 1, (1, 3), 1.0), (1, 2, (2, 4), 1.0))
    assert {rows_by(unmet, "direct_encounter", field=field_of(4))[entry].place for entry in (1, 2)} == {1}


def test_direct_encounter_is_asked_again_among_those_it_left_level():
    # 1 to 4 are level: 1 and 2 score two of three among them, 3 and 4 one; 1 has beaten 2, 3 has beaten 4.
    stage = RoundRobin(tiebreaks=("direct_encounter",))
    field = field_of(6)
    beats = {
        (1, 2), (1, 3), (4, 1), (2, 3), (2, 4), (3, 4),
        (1, 5), (6, 1), (2, 5), (6, 2), (3, 5), (3, 6), (4, 5), (4, 6), (5, 6),
    }  # fmt: skip
    history = play_stage(stage, field, lambda p, m: (1.0, 0.0) if p.lineup in beats else (0.0, 1.0))
    rows = stage.standings(field, history)
    assert [row.points for row in rows[:4]] == [3, 3, 3, 3]
    assert order_of(rows)[:4] == [1, 2, 3, 4]
    assert rows[0].decided_by == "direct_encounter"


def test_a_bye_counts_as_met_with_ones_own_points():
    bye = history_of((1, 1, (1, 2), 1.0), (1, 2, (3,), None), (2, 1, (3, 1), 1.0), (2, 2, (2,), None))
    rows = rows_by(bye, "buchholz", "sonneborn_berger", "wins", field=field_of(3), rounds=2)
    assert {entry: row.points for entry, row in rows.items()} == {1: 1, 2: 1, 3: 2}
    assert dict(rows[3].values) == {"buchholz": 3, "sonneborn_berger": 3, "wins": 1}
    assert dict(rows[2].values) == {"buchholz": 2, "sonneborn_berger": 1, "wins": 0}


def test_who_met_somebody_that_left_is_not_hurt_by_it():
    rows = rows_by(leave(SIX, Departure(4, "withdrawn", 1)), "buchholz")
    stays = rows_by(SIX, "buchholz")
    # 4 left after the first round: two rounds count as drawn, though it was in the history to the end.
    assert dict(rows[1].values)["buchholz"] == dict(stays[1].values)["buchholz"] + 1


@settings(max_examples=30, deadline=None)
@given(st.integers(2, 9), st.integers(0, 2**32 - 1), st.permutations(list(TIEBREAK_WORDS)))
def test_places_follow_points_and_then_the_tiebreaks_in_order(count, seed, names):
    field = Field(tuple(range(count)), tuple(float(e % 2) for e in range(count)), seed)
    stage = RoundRobin(tiebreaks=tuple(names))
    rows = stage.standings(field, play_stage(stage, field, by_chance(np.random.default_rng(seed), draws=0.6)))
    before_direct = names[: names.index("direct_encounter")]
    keys = [(row.points, *(dict(row.values)[name] for name in before_direct)) for row in rows]
    assert keys == sorted(keys, reverse=True)


def test_seeding_is_by_rating_or_by_the_draw():
    assert seed_field([5, 6, 7], lot=1, ratings=[1.0, 3.0, 2.0]) == Field((6, 7, 5), (3.0, 2.0, 1.0), 1)
    draws = {seed_field([5, 6, 7], lot=lot).entries for lot in range(60)}
    assert len(draws) == 6
    assert seed_field([7, 5, 6], lot=3) == seed_field([5, 6, 7], lot=3)
    for wrong in ([1.0], [1.0, 2.0, float("inf")]):
        with pytest.raises(FormatError):
            seed_field([5, 6, 7], lot=1, ratings=wrong)
    for entries, ratings in (((1, 1), ()), ((1, 2), (1.0,))):
        with pytest.raises(FormatError):
            Field(entries, ratings)
