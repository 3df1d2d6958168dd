"""Swiss: who meets whom, and why nobody can complain."""

from collections import Counter

import numpy as np
import pytest
import rustworkx
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.workers.league.formats.playing import (
    better_seed_wins,
    by_chance,
    field_of,
    leave,
    meetings,
    order_of,
    play_stage,
    play_step,
)
from workers.league.formats import Departure, FormatError, History, Pairing, Score, Swiss
from workers.league.formats.matching import Costs, match_all
from workers.league.formats.swiss_past import Past
from workers.league.formats.swiss_round import pair_swiss_round


def byes_of(history):
    return Counter(p.lineup[0] for p in history.pairings if p.is_bye)


def can_be_paired_afresh(count, before):
    """Say whether a round without rematch and second bye is possible at all."""
    met, byes = meetings(History(tuple(before))), byes_of(History(tuple(before)))
    fresh = [(a, b) for a in range(1, count + 1) for b in range(1, a) if not met[frozenset((a, b))]]
    if count % 2:
        fresh += [(0, entry) for entry in range(1, count + 1) if not byes[entry]]
    graph = rustworkx.PyGraph()
    graph.add_nodes_from(range(count + 1))
    graph.add_edges_from_no_data(fresh)
    return 2 * len(rustworkx.max_weight_matching(graph, max_cardinality=True)) >= count


@settings(max_examples=40, deadline=None)
@given(st.integers(2, 24), st.integers(0, 2**32 - 1), st.booleans(), st.booleans())
def test_nobody_meets_twice_and_byes_go_round(count, seed, seats, accelerated):
    stage = Swiss(alternates_seats=seats, is_accelerated=accelerated)
    field = field_of(count, lot=seed)
    history = play_stage(stage, field, by_chance(np.random.default_rng(seed)))
    rounds = stage.rounds_for(count)
    assert max(p.round for p in history.pairings) == rounds
    for round_ in range(1, rounds + 1):
        assert sum(p.is_bye for p in history.pairings if p.round == round_) == count % 2
    assert max(byes_of(history).values(), default=0) <= 1
    again = [p for p in history.pairings if "meet again" in p.why]
    # Only when too few rounds are left free can somebody have to meet again.
    assert sum(times - 1 for times in meetings(history).values()) == len(again)
    if rounds <= count // 2:
        assert not again
    for round_ in {pairing.round for pairing in again}:
        assert not can_be_paired_afresh(count, [p for p in history.pairings if p.round < round_])


@settings(max_examples=20, deadline=None)
@given(st.integers(6, 20), st.integers(0, 2**32 - 1))
def test_seats_are_balanced_where_they_matter(count, seed):
    stage = Swiss(rounds=5, alternates_seats=True)
    history = play_stage(stage, field_of(count, lot=seed), by_chance(np.random.default_rng(seed)))
    if count < 12:
        return
    first = Counter(p.lineup[0] for p in history.pairings if not p.is_bye)
    second = Counter(p.lineup[1] for p in history.pairings if not p.is_bye)
    assert all(abs(first[entry] - second[entry]) <= 2 for entry in range(1, count + 1))


def test_the_first_round_is_upper_half_against_lower_half_and_the_last_has_the_bye():
    due = Swiss().due(field_of(9), History())
    assert {frozenset(one.pairing.lineup) for one in due} == {
        frozenset(pair) for pair in ((1, 5), (2, 6), (3, 7), (4, 8), (9,))
    }
    assert [one.matches for one in due] == [1, 1, 1, 1, 0]
    assert due[-1].pairing.label == "Bye"


def test_the_second_round_of_eight_is_the_one_in_the_books():
    # Seeds win: 1 to 4 have a point. Upper half of each score group against its lower half.
    stage, field = Swiss(rounds=3), field_of(8)
    history = play_step(stage, field, History())
    second = [one.pairing for one in stage.due(field, history)]
    assert [set(pairing.lineup) for pairing in second] == [{1, 3}, {2, 4}, {5, 7}, {6, 8}]
    assert [pairing.why for pairing in second] == ["Both have 1 points."] * 2 + ["Both have 0 points."] * 2
    history = play_step(stage, field, history)
    third = [one.pairing for one in stage.due(field, history)]
    # 2 points: 1, 2. 1 point: 3, 4, 5, 6. None: 7, 8.
    assert [set(pairing.lineup) for pairing in third] == [{1, 2}, {3, 5}, {4, 6}, {7, 8}]
    assert order_of(stage.standings(field, play_stage(stage, field, history=history)))[0] == 1


def test_acceleration_lets_the_strong_meet_in_the_first_round():
    due = Swiss(rounds=9, is_accelerated=True).due(field_of(16), History())
    assert [set(one.pairing.lineup) for one in due[:4]] == [{1, 5}, {2, 6}, {3, 7}, {4, 8}]
    assert [set(one.pairing.lineup) for one in due[4:]] == [{9, 13}, {10, 14}, {11, 15}, {12, 16}]


def test_acceleration_wears_off():
    stage, field = Swiss(rounds=4, is_accelerated=True), field_of(16)
    history = play_step(stage, field, History())
    # With half a virtual point: 1.5 for 1 to 4, 1 for 9 to 12, 0.5 for 5 to 8.
    second = [set(one.pairing.lineup) for one in stage.due(field, history)]
    assert second[:6] == [{1, 3}, {2, 4}, {9, 11}, {10, 12}, {5, 7}, {6, 8}]
    # Without any: two points for 1, 2, 9 and 10.
    third = stage.due(field, play_step(stage, field, history))
    assert [set(one.pairing.lineup) for one in third[:2]] == [{1, 9}, {2, 10}]


def test_nobody_leaves_its_score_group_downwards_twice_in_a_row():
    def lowered(floated):
        none = np.zeros(6, np.int64)
        past = Past(
            tuple(range(1, 7)), np.array([1.0, 1, 1, 0, 0, 0]), np.zeros((6, 6), np.int64),
            none, none, none, np.array(floated),
        )  # fmt: skip
        pairings = pair_swiss_round(
            past, np.zeros(6), round_=2, alternates_seats=False, rng=np.random.default_rng(1)
        )
        return next(set(p.lineup) for p in pairings if "against" in p.why)

    assert lowered([0, 0, 0, 0, 0, 0]) == {3, 4}
    assert lowered([0, 0, 1, 0, 0, 0]) == {2, 4}
    assert lowered([0, 0, 1, -1, 0, 0]) == {2, 5}


def test_the_bye_goes_to_the_lowest_and_never_twice():
    stage, field = Swiss(rounds=5), field_of(5)
    history = play_stage(stage, field, better_seed_wins)
    byes = [p.lineup[0] for p in sorted(history.pairings, key=lambda p: p.round) if p.is_bye]
    assert sorted(byes) == [1, 2, 3, 4, 5]
    assert byes[0] == 5


def test_who_withdraws_is_paired_no_more_and_its_open_pairing_goes_to_the_opponent():
    stage, field = Swiss(rounds=4), field_of(8)
    history = play_step(stage, field, History())
    second = stage.due(field, history)
    issued = History((*history.pairings, *(one.pairing for one in second)), history.scores)
    opponent = next(e for one in second for e in one.pairing.lineup if 1 in one.pairing.lineup and e != 1)
    gone = leave(issued, Departure(1, "withdrawn", 2))
    assert len(stage.due(field, gone)) == 3
    rows = {row.entry: row for row in stage.standings(field, gone)}
    assert (rows[opponent].points, rows[opponent].played) == (2.0, 1)
    assert rows[1].points == 1.0
    end = play_stage(stage, field, history=gone)
    assert not [p for p in end.pairings if p.round > 2 and 1 in p.lineup]
    assert [sum(p.is_bye for p in end.pairings if p.round == r) for r in (1, 2, 3, 4)] == [0, 0, 1, 1]


def test_who_met_a_disqualified_entry_has_won():
    stage, field = Swiss(rounds=2), field_of(4)
    history = play_step(stage, field, History())
    cheat, victim = 1, 3
    assert {frozenset(p.lineup) for p in history.pairings} == {frozenset({1, 3}), frozenset({2, 4})}
    rows = {
        row.entry: row for row in stage.standings(field, leave(history, Departure(cheat, "disqualified", 1)))
    }
    assert rows[victim].points == 1.0
    assert rows[cheat].place == 0
    assert rows[cheat].why == "Disqualified: all its pairings count as lost."


def test_the_stage_is_over_when_all_who_are_left_have_met():
    stage, field = Swiss(rounds=7), field_of(8)
    history = play_step(stage, field, History())
    left = [Departure(entry, "withdrawn", 1) for entry in (2, 3, 4, 6, 7, 8)]
    assert frozenset((1, 5)) in meetings(history)
    assert stage.due(field, leave(history, *left)) == ()
    assert stage.due(field, leave(history, *left[1:])) != ()


def test_two_meet_again_only_when_nothing_else_is_left():
    # 1-2 and 3-4 have met, 5 and 6 have left: 1-3, 2-4 and 1-4, 2-3 remain, then nothing.
    stage, field = Swiss(rounds=5), field_of(6)
    start = History(
        (Pairing(1, 1, (1, 2)), Pairing(1, 2, (3, 4)), Pairing(1, 3, (5, 6)),
         Pairing(2, 1, (1, 3)), Pairing(2, 2, (2, 5)), Pairing(2, 3, (4, 6)),
         Pairing(3, 1, (1, 4)), Pairing(3, 2, (3, 6)), Pairing(3, 3, (2,))),
        tuple(Score(r, n, 1, (1.0, 0.0)) for r in (1, 2, 3) for n in (1, 2, 3) if (r, n) != (3, 3)),
        (Departure(5, "withdrawn", 2), Departure(6, "withdrawn", 3)),
    )  # fmt: skip
    due = stage.due(field, start)
    # 1 has met all who are left; 2 has still to meet 3 and 4.
    assert len(due) == 2
    again = [one.pairing for one in due if "meet again" in one.pairing.why]
    assert len(again) == 1
    assert 1 in again[0].lineup


def test_a_field_of_a_thousand_is_paired_and_goes_on():
    stage, field = Swiss(rounds=2), field_of(1001)
    history = play_stage(stage, field)
    assert len(history.pairings) == 2 * 501
    assert max(meetings(history).values()) == 1


@pytest.mark.parametrize(
    "options",
    [
        {"rounds": -1},
        {"matches": 0},
        {"bye_points": 1.5},
        {"tiebreaks": ("luck",)},
        {"tiebreaks": ("wins", "wins")},
    ],
    ids=str,
)
def test_options_that_make_no_sense_are_refused(options):
    with pytest.raises(FormatError):
        Swiss(**options)


def test_default_rounds():
    assert [Swiss().rounds_for(n) for n in (0, 1, 2, 3, 8, 9, 64, 1000)] == [0, 0, 1, 3, 7, 9, 11, 15]
    assert Swiss(rounds=4).rounds_for(64) == 4


def test_a_matching_obeys_its_first_level_even_where_the_numbers_grow_too_long():
    rng = np.random.default_rng(3)
    levels = [rng.integers(2**40, size=(12, 12)) for _ in range(5)]
    levels = [level + level.T for level in levels]
    first = np.ones((12, 12), np.int64)
    for place in range(0, 12, 2):
        first[place, place + 1] = first[place + 1, place] = 0
    pairs = match_all(Costs((first, *levels), np.eye(12, dtype=bool)), rng)
    assert pairs == [(place, place + 1) for place in range(0, 12, 2)]
    assert match_all(Costs((first,), np.ones((12, 12), bool)), rng) is None
