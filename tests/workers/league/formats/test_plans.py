"""Groups, cuts, and tournaments of several stages."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.workers.league.formats.playing import (
    by_chance,
    check_table,
    field_of,
    leave,
    order_of,
    play_stage,
    play_step,
)
from workers.league.formats import (
    Departure,
    Field,
    FormatError,
    Groups,
    History,
    Part,
    Plan,
    RoundRobin,
    SingleElimination,
    groups_and_knockout,
    swiss_and_cut,
)


def play_plan(plan, field, play, leaves=()):
    """Play all stages; `leaves` has departures for each stage."""
    fields, histories = [field], []
    for part, gone in zip(plan.parts, [*leaves, *[()] * len(plan.parts)], strict=False):
        start = leave(History(), *gone)
        histories.append(play_stage(part.stage, fields[-1], play, history=start))
        following = plan.next_field(fields, histories)
        if following is not None:
            fields.append(following)
    return fields, histories


def test_seeds_are_dealt_like_a_snake():
    assert [group.entries for group in Groups(3).deal(field_of(8))] == [(1, 6, 7), (2, 5, 8), (3, 4)]
    assert [group.entries for group in Groups(4).deal(field_of(5))] == [(1, 4, 5), (2, 3)]
    assert [group.entries for group in Groups(4).deal(field_of(0))] == [()]
    rated = Groups(2).deal(Field((1, 2, 3, 4), (4.0, 3.0, 2.0, 1.0)))
    assert rated[0].ratings == (4.0, 1.0)


def test_winners_of_groups_come_first_and_the_table_says_which_group():
    stage, field = Groups(4), field_of(16)
    history = play_stage(stage, field)
    assert {p.label for p in history.pairings} == {"Group 1", "Group 2", "Group 3", "Group 4"}
    assert len(history.pairings) == 4 * 6
    rows = stage.standings(field, history)
    assert order_of(rows)[:8] == [1, 2, 3, 4, 5, 6, 7, 8]
    assert rows[4].why.startswith("Number 2 of group 4. ")
    assert [row.place for table in stage.tables(field, history) for row in table] == [1, 2, 3, 4] * 4


@settings(max_examples=40, deadline=None)
@given(st.integers(2, 6), st.integers(2, 5), st.integers(1, 3), st.integers(0, 2**32 - 1))
def test_nobody_meets_its_own_group_again_in_a_match_that_stands_from_the_start(groups, size, through, seed):
    stage, field = Groups(groups), field_of(groups * size)
    count = groups * min(through, size)
    history = play_stage(stage, field, by_chance(np.random.default_rng(seed)))
    qualified = stage.qualified(field, history, count)
    assert len(set(qualified)) == count
    group_of = {e: n for n, group in enumerate(stage.deal(field)) for e in group.entries}
    winners = {table[0].entry for table in stage.tables(field, history)}
    assert set(qualified[:groups]) == winners
    due = SingleElimination().due(Field(qualified), History())
    clashes = [one for one in due if len({group_of[e] for e in one.pairing.lineup}) == 1]
    if through <= 2 and groups > 2:
        assert not clashes


def test_groups_and_knockout():
    plan = groups_and_knockout(groups=2, cut=4, best_of=1)
    fields, histories = play_plan(
        plan, field_of(8), lambda p, m: tuple(float(e == min(p.lineup)) for e in p.lineup)
    )
    assert set(fields[1].entries) == {1, 2, 3, 4}
    assert plan.is_over(fields, histories)
    rows = plan.standings(fields, histories)
    assert order_of(rows)[:4] == [1, 2, 3, 4]
    assert rows[3].decided_by == "stage"
    check_table(fields[0], rows)
    semi = [set(p.lineup) for p in histories[1].pairings if p.round == 1]
    assert semi == [{1, 3}, {2, 4}] or semi == [{1, 4}, {2, 3}]


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 20), st.integers(0, 2**32 - 1))
def test_swiss_and_cut_ends_with_a_table_of_all(count, seed):
    plan = swiss_and_cut(rounds=4, cut=8, best_of=3)
    fields, histories = play_plan(plan, field_of(count), by_chance(np.random.default_rng(seed)))
    assert len(fields[1].entries) == min(8, count)
    check_table(fields[0], plan.standings(fields, histories))
    assert plan.next_field(fields, histories) is None


def test_a_stage_that_goes_on_lets_nobody_through():
    plan = swiss_and_cut(rounds=3, cut=4)
    field = field_of(8)
    history = play_step(plan.parts[0].stage, field, History())
    assert plan.next_field([field], [history]) is None
    assert not plan.is_over([field], [history])
    assert plan.due([field], [history])
    check_table(field, plan.standings([field], [history]))


def test_who_left_before_the_cut_gives_its_place_to_the_next():
    plan = swiss_and_cut(rounds=3, cut=2, best_of=1)
    field = Field(tuple(range(1, 9)), tuple(float(9 - e) for e in range(1, 9)), 3)
    best = play_plan(plan, field, lambda p, m: tuple(float(e == min(p.lineup)) for e in p.lineup))[0][1]
    assert 1 in best.entries
    assert best.ratings[best.entries.index(1)] == 8.0
    gone = [(Departure(1, "withdrawn", 3),)]
    fields, histories = play_plan(
        plan, field, lambda p, m: tuple(float(e == min(p.lineup)) for e in p.lineup), gone
    )
    assert 1 not in fields[1].entries
    assert len(fields[1].entries) == 2
    # Its points stand; in the whole it comes after those who went on.
    assert order_of(plan.standings(fields, histories)).index(1) == 2


def test_a_withdrawn_finalist_gives_a_walkover():
    plan = swiss_and_cut(rounds=3, cut=2, best_of=1)
    fields, histories = play_plan(
        plan,
        field_of(8),
        lambda p, m: tuple(float(e == min(p.lineup)) for e in p.lineup),
        [(), (Departure(1, "withdrawn", 0),)],
    )
    rows = plan.standings(fields, histories)
    assert rows[0].entry != 1
    assert rows[1].entry == 1
    assert "walkover" in rows[0].why


def test_a_group_table_of_those_who_withdrew_early_has_no_place_for_them():
    plan = Plan((Part(Groups(2, RoundRobin())), Part(SingleElimination(1), 4)))
    fields, histories = play_plan(
        plan, field_of(8), by_chance(np.random.default_rng(1)), [(Departure(1, "withdrawn", 0),)]
    )
    rows = plan.standings(fields, histories)
    assert (rows[-1].entry, rows[-1].place) == (1, 0)
    check_table(fields[0], rows)


def test_plans_that_make_no_sense_are_refused():
    for parts in ((), (Part(Groups(), cut=-1),)):
        with pytest.raises(FormatError):
            Plan(parts)
    with pytest.raises(FormatError):
        Groups(groups=0)
    with pytest.raises(FormatError, match="1 fields and 0 histories"):
        groups_and_knockout(groups=2, cut=2).due([field_of(4)], [])
