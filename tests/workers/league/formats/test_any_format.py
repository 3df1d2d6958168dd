"""What every format promises, whatever is thrown at it."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.workers.league.formats.playing import (
    all_draws,
    by_chance,
    check_pairings,
    check_table,
    field_of,
    leave,
    order_of,
    play_stage,
    play_step,
)
from workers.league.formats import (
    Departure,
    DoubleElimination,
    FormatError,
    Groups,
    History,
    Pairing,
    RoundRobin,
    Score,
    SingleElimination,
    Swiss,
    Tables,
)

STAGES = {
    "round robin": RoundRobin(),
    "double round robin": RoundRobin(cycles=2, matches=2),
    "swiss": Swiss(),
    "swiss with seats, accelerated": Swiss(rounds=6, alternates_seats=True, is_accelerated=True, matches=2),
    "single elimination": SingleElimination(best_of=3, has_third_place=True),
    "double elimination": DoubleElimination(best_of=1),
    "groups": Groups(groups=3),
    "tables": Tables(seats=4),
    "tables by score": Tables(seats=3, by_score=True),
}
ANY_STAGE = pytest.mark.parametrize("stage", STAGES.values(), ids=STAGES.keys())
FIELDS = st.integers(0, 17)
SEEDS = st.integers(0, 2**32 - 1)


def chance_season(stage, count, seed, leavers):
    """Play with chance; some leave on the way. Returns the field and every history on the way."""
    rng = np.random.default_rng(seed)
    field, history, path = field_of(count), History(), [History()]
    while True:
        if leavers and count and rng.random() < 0.3:
            leavers -= 1
            entry = int(rng.integers(1, count + 1))
            kind = "withdrawn" if rng.random() < 0.6 else "disqualified"
            current = max((pairing.round for pairing in history.pairings), default=0)
            history = leave(history, Departure(entry, kind, current))
        following = play_step(stage, field, history, by_chance(rng))
        if following is None:
            return field, [*path, history]
        history = following
        path.append(history)


@ANY_STAGE
@settings(max_examples=25, deadline=None)
@given(FIELDS, SEEDS, st.integers(0, 5))
def test_every_pairing_is_legal_and_every_table_complete(stage, count, seed, leavers):
    field, path = chance_season(stage, count, seed, leavers)
    for history in path:
        check_table(field, stage.standings(field, history))
    check_pairings(field, path[-1])
    for row in stage.standings(field, path[-1]):
        kinds = {left.kind for left in path[-1].departures if left.entry == row.entry}
        assert row.place or kinds
        assert not ("disqualified" in kinds and row.place)


@ANY_STAGE
@settings(max_examples=15, deadline=None)
@given(FIELDS, SEEDS, st.integers(0, 3), st.randoms(use_true_random=False))
def test_the_order_of_arrival_changes_nothing(stage, count, seed, leavers, shuffler):
    field, path = chance_season(stage, count, seed, leavers)
    for history in path:
        parts = [list(part) for part in (history.pairings, history.scores, history.departures)]
        for part in parts:
            shuffler.shuffle(part)
            part += part[:2]
        shuffled = History(*map(tuple, parts))
        assert stage.due(field, shuffled) == stage.due(field, history)
        assert stage.standings(field, shuffled) == stage.standings(field, history)


@ANY_STAGE
@settings(max_examples=15, deadline=None)
@given(st.integers(2, 17), SEEDS, st.data())
def test_pairings_lost_before_they_were_played_come_out_the_same_again(stage, count, seed, data):
    rng = np.random.default_rng(seed)
    field, history = field_of(count), History()
    while due := stage.due(field, history):
        issued = History((*history.pairings, *(one.pairing for one in due)), history.scores)
        scored = {(score.round, score.number) for score in history.scores}
        lost = data.draw(st.sets(st.sampled_from([one.pairing.name for one in due])))
        kept = tuple(p for p in issued.pairings if p.name in scored or p.name not in lost)
        again = stage.due(field, History(kept, history.scores))
        assert {one.pairing: one.matches for one in again if one.matches} == {
            one.pairing: one.matches for one in due if one.matches
        }
        history = play_step(stage, field, history, by_chance(rng))


@ANY_STAGE
@pytest.mark.parametrize("count", [0, 1, 2, 3, 5])
def test_small_fields_end_with_a_table(stage, count):
    field = field_of(count)
    history = play_stage(stage, field)
    rows = stage.standings(field, history)
    check_table(field, rows)
    if count and not (isinstance(stage, Tables) and count < stage.seats):
        assert (rows[0].entry, rows[0].place) == (1, 1)


@ANY_STAGE
def test_nobody_left_ends_the_stage(stage):
    field = field_of(9)
    start = play_step(stage, field, History())
    for kind in ("withdrawn", "disqualified"):
        gone = leave(start, *(Departure(entry, kind, 1) for entry in field.entries))
        assert stage.due(field, play_stage(stage, field, history=gone)) == ()
        never = leave(History(), *(Departure(entry, kind) for entry in field.entries))
        assert stage.due(field, never) == ()
        rows = stage.standings(field, never)
        check_table(field, rows)
        assert kind == "withdrawn" or not any(row.place for row in rows)


@ANY_STAGE
def test_all_draws_end_too(stage):
    field = field_of(8)
    rows = stage.standings(field, play_stage(stage, field, all_draws))
    check_table(field, rows)


@ANY_STAGE
@pytest.mark.parametrize(
    "history",
    [
        History((Pairing(1, 1, (1, 99)),)),
        History((Pairing(0, 1, (1, 2)),)),
        History((Pairing(1, 1, ()),)),
        History((Pairing(1, 1, (1, 1)),)),
        History((Pairing(1, 1, (1, 2)), Pairing(1, 1, (1, 3)))),
        History((), (Score(1, 1, 1, (1.0, 0.0)),)),
        History((Pairing(1, 1, (1, 8)),), (Score(1, 1, 0, (1.0, 0.0)),)),
        History((Pairing(1, 1, (1, 8)),), (Score(1, 1, 1, (1.0, 0.0, 0.0)),)),
        History((Pairing(1, 1, (1, 8)),), (Score(1, 1, 1, (float("nan"), 0.0)),)),
        History((Pairing(1, 1, (1, 8)),), (Score(1, 1, 1, (1.5, 0.0)),)),
        History((Pairing(1, 1, (1, 8)),), (Score(1, 1, 1, (1.0, 0.0)), Score(1, 1, 1, (0.0, 1.0)))),
    ],
    ids=[
        "stranger", "round nought", "nobody", "himself", "twice", "not issued", "match nought",
        "three scores for two", "not a number", "too much", "two scores",
    ],
)  # fmt: skip
def test_a_history_that_contradicts_itself_is_refused(stage, history):
    for question in (stage.due, stage.standings):
        with pytest.raises(FormatError):
            question(field_of(8), history)


def test_departures_of_others_are_passed_over_and_the_earliest_counts():
    stage, field = Swiss(rounds=3), field_of(4)
    start = play_step(stage, field, History())
    strange = leave(start, Departure(99, "withdrawn"))
    assert stage.due(field, strange) == stage.due(field, start)
    both = leave(start, Departure(4, "withdrawn", 1), Departure(4, "disqualified", 3))
    row = next(row for row in stage.standings(field, both) if row.entry == 4)
    assert row.place == 0
    assert 4 not in {entry for one in stage.due(field, both) for entry in one.pairing.lineup}
    assert order_of(stage.standings(field, both))[-1] == 4
