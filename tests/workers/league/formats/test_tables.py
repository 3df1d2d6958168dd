"""Tables of several seats: who sits with whom, and how evenly."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.workers.league.formats.playing import (
    by_chance,
    field_of,
    leave,
    meetings,
    order_of,
    play_stage,
    play_step,
    ranked,
)
from workers.league.formats import Departure, FormatError, History, Tables
from workers.league.formats.table import _groups


@settings(max_examples=30, deadline=None)
@given(st.integers(3, 24), st.integers(2, 5), st.integers(0, 2**32 - 1), st.booleans())
def test_tables_are_full_and_sitting_out_goes_round(count, seats, seed, by_score):
    stage, field = Tables(seats=seats, by_score=by_score), field_of(count, lot=seed)
    history = play_stage(stage, field, by_chance(np.random.default_rng(seed), draws=0))
    assert {len(p.lineup) for p in history.pairings} <= {1, seats}
    out = Counter(p.lineup[0] for p in history.pairings if p.is_bye)
    if history.pairings:
        assert max(out[e] for e in field.entries) - min(out[e] for e in field.entries) <= 1
        assert max(p.round for p in history.pairings) == stage.rounds_for(count)


@pytest.mark.parametrize(("count", "seats"), [(8, 4), (9, 3), (12, 4), (16, 4)])
def test_everybody_meets_everybody_about_equally_often(count, seats):
    stage, field = Tables(seats=seats, rounds=12), field_of(count)
    met = meetings(play_stage(stage, field, by_chance(np.random.default_rng(1), draws=0)))
    times = [met[frozenset((a, b))] for a in field.entries for b in field.entries if a < b]
    assert sum(times) / len(times) == pytest.approx(12 * (seats - 1) / (count - 1))
    assert max(times) - min(times) <= 2
    drawn = np.random.default_rng(0)
    random_spread = [spread_of_random_tables(drawn, count, seats) for _ in range(20)]
    assert np.std(times) < 0.6 * np.mean(random_spread)


def spread_of_random_tables(rng, count, seats):
    met = np.zeros((count, count))
    for _ in range(12):
        for table in rng.permutation(count).reshape(-1, seats):
            met[np.ix_(table, table)] += 1
    return met[np.triu_indices(count, 1)].std()


def test_seats_are_even():
    stage, field = Tables(seats=4, rounds=12), field_of(12)
    history = play_stage(stage, field, by_chance(np.random.default_rng(1), draws=0))
    sat = Counter((entry, seat) for p in history.pairings for seat, entry in enumerate(p.lineup))
    assert max(sat.values()) - min(sat.values()) <= 2
    assert len(sat) == 48


def test_by_score_the_leaders_sit_together():
    stage, field = Tables(seats=4, by_score=True), field_of(16)
    history = play_step(stage, field, History())
    first = stage.due(field, history)[0].pairing
    points = Counter()
    for score, pairing in zip(history.scores, history.pairings, strict=True):
        points.update(dict(zip(pairing.lineup, score.points, strict=True)))
    assert [round(points[entry], 6) for entry in first.lineup] == [1.0] * 4
    assert first.why == "Scores from 1 to 1. None of them have met before."
    rows = stage.standings(field, play_stage(stage, field))
    assert order_of(rows)[0] == 1
    assert {"buchholz_cut_1", "sonneborn_berger", "wins"} == set(dict(rows[0].values))


def test_tables_are_numbered_from_the_top_of_the_ranking():
    stage, field = Tables(seats=4, by_score=True), field_of(120)
    history = play_step(stage, field, History(), lambda p, m: ranked(list(p.lineup)))
    points = Counter()
    for score, pairing in zip(history.scores, history.pairings, strict=True):
        points.update(dict(zip(pairing.lineup, score.points, strict=True)))
    tables = [sum(points[entry] for entry in one.pairing.lineup) for one in stage.due(field, history)]
    assert tables == sorted(tables, reverse=True)
    assert tables[0] == 4


def test_those_who_stay_at_a_table_share_what_is_not_played():
    stage, field = Tables(seats=4, rounds=1, matches=2), field_of(4)
    issued = History(tuple(one.pairing for one in stage.due(field, History())))
    gone = leave(issued, Departure(4, "withdrawn", 1))
    assert stage.due(field, gone) == ()
    points = {row.entry: row.points for row in stage.standings(field, gone)}
    # Three tie ahead of one: each beats one and draws with two, of three, twice.
    assert points == {1: pytest.approx(4 / 3), 2: pytest.approx(4 / 3), 3: pytest.approx(4 / 3), 4: 0}


def test_a_field_that_does_not_fill_a_table_plays_nothing():
    assert Tables(seats=4).due(field_of(3), History()) == ()
    left = leave(play_step(Tables(seats=4, rounds=3), field_of(4), History()), Departure(1, "withdrawn", 1))
    assert Tables(seats=4, rounds=3).due(field_of(4), left) == ()


def test_a_round_of_a_thousand_at_tables():
    due = Tables(seats=4, by_score=True).due(field_of(1001), History())
    assert Counter(len(one.pairing.lineup) for one in due) == {4: 250, 1: 1}


@pytest.mark.parametrize(
    "options", [{"seats": 1}, {"seats": 4, "rounds": -1}, {"seats": 4, "bye_points": -1}], ids=str
)
def test_options_that_make_no_sense_are_refused(options):
    with pytest.raises(FormatError):
        Tables(**options)


def test_points_that_add_up_to_the_same_are_level_whatever_the_last_bit_says():
    assert 0.1 + 0.2 != 0.3
    assert _groups([1, 2, 3], {1: 0.3, 2: 0.1 + 0.2, 3: 0.2}) == [[1, 2], [3]]
