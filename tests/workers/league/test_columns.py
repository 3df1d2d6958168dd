"""What a board says beyond ratings, from each kind of table."""

import itertools
import math
from dataclasses import replace
from functools import partial

import numpy as np
import pytest

from tests.workers.league.boards import fitted, members, returned, scored
from tests.workers.league.separating import bands, episodes_to_separate, top_chances
from workers.league.columns import FITTED_FLAGS, bands_of, better_by, columns_of, is_whole
from workers.league.comparisons import empty_comparisons
from workers.league.rating import fit

TABLES = {
    "fit": fitted([0, 150, -200, 400, 60, -30]),
    "scores": scored([1.0, 3.0, 2.0, 2.1, 0.5, 0.2]),
    "returns": returned([1.0, 3.0, 2.0, 2.1, 0.5, 0.2]),
}


@pytest.mark.parametrize("kind", TABLES)
def test_chances_of_the_first_places_add_up_to_the_places(kind) -> None:
    table, who, _ = TABLES[kind]
    columns = columns_of(table, who)
    assert columns.p_top.sum(axis=1) == pytest.approx([3.0, 6.0])
    assert (columns.p_top[0] >= table.p_best - 0.02).all()


@pytest.mark.parametrize("kind", TABLES)
def test_bands_follow_the_ranks_and_begin_where_the_leader_is_surely_better(kind) -> None:
    table, who, _ = TABLES[kind]
    band = columns_of(table, who).band
    order = np.argsort(table.rank)
    assert band[order[0]] == 0
    assert (np.diff(band[order]) >= 0).all()
    leader = order[0]
    for agent, chance in enumerate(better_by(table)(int(leader))):
        if band[agent] == 0 and agent != leader:
            assert chance < 0.95


@pytest.mark.parametrize("kind", TABLES)
def test_the_chance_to_be_better_is_that_of_the_other_turned_round(kind) -> None:
    better = better_by(TABLES[kind][0])
    for one in range(6):
        for other in range(6):
            if one != other:
                assert better(one)[other] == pytest.approx(1.0 - better(other)[one])


def test_columns_of_a_fit_are_those_of_the_modules_they_come_from() -> None:
    table, who, _ = TABLES["fit"]
    columns = columns_of(table, who)
    assert columns.band.tolist() == bands(table).tolist()
    assert columns.p_top == pytest.approx(top_chances(table))
    order = np.argsort(table.rank)
    for above, below in itertools.pairwise(order):
        wanted = episodes_to_separate(table, int(above), int(below))
        assert columns.episodes_to_next[below] == pytest.approx(wanted, rel=1e-6)
    assert math.isnan(columns.episodes_to_next[order[0]])


@pytest.mark.parametrize("kind", ["scores", "returns"])
def test_only_boards_of_comparisons_know_a_worst_opponent_and_a_field_rate(kind) -> None:
    table, who, _ = TABLES[kind]
    columns = columns_of(table, who)
    assert columns.worst is None
    assert np.isnan(columns.field_rate).all()
    assert TABLES["fit"][0].field_rate == pytest.approx(
        columns_of(TABLES["fit"][0], TABLES["fit"][1]).field_rate
    )


@pytest.mark.parametrize("made", [partial(scored, seeds=100), returned])
def test_more_episodes_are_wanted_only_where_two_are_close(made) -> None:
    table, who, _ = made([2.0, 2.02, 9.0])
    wanted = columns_of(table, who).episodes_to_next
    close = int(np.argmax(table.rank))
    assert wanted[close] > 50
    assert wanted[1 - close] == 0.0
    assert math.isnan(wanted[2])


def test_agents_that_are_alike_are_not_told_apart() -> None:
    table, who, _ = fitted([0.0] * 4, matches=1)
    assert columns_of(table, who).is_unseparated
    far, others, _ = fitted([0.0, 0.0, 0.0, 600.0], matches=20)
    assert not columns_of(far, others).is_unseparated


@pytest.mark.parametrize("kind", TABLES)
def test_whoever_is_provisional_is_told_why_and_nobody_else(kind) -> None:
    table, who, _ = TABLES[kind]
    for agent, reasons in enumerate(columns_of(table, who).reasons):
        assert bool(reasons) == bool(table.provisional[agent])
    young = replace(table, provisional=np.ones(6, bool))
    for reasons in columns_of(young, who).reasons:
        assert reasons
        assert set(reasons) <= set(FITTED_FLAGS)


def test_a_newcomer_lacks_matches_and_opponents() -> None:
    table, who, _ = fitted([0.0, 100.0], matches=3)
    assert columns_of(table, who).reasons[0][0] == "few_matches"


@pytest.mark.parametrize("agents", [0, 1, 2])
def test_boards_without_matches_say_nothing(agents) -> None:
    who = members(agents)
    table = fit(empty_comparisons(), agents=agents)
    columns = columns_of(table, who)
    assert columns.band.tolist() == [-1] * agents
    assert np.isnan(columns.episodes_to_next).all()
    assert columns.p_top.sum() == 0.0


def test_a_field_too_large_for_a_covariance_is_told_apart_by_errors_alone() -> None:
    table, who, _ = TABLES["fit"]
    large = replace(table, covariance=np.zeros((0, 0)))
    assert not is_whole(large)
    columns = columns_of(large, who)
    assert columns.worst is None
    assert columns.p_top.sum(axis=1) == pytest.approx([3.0, 6.0])
    assert bands_of(large.rank, better_by(large))[np.argmin(np.where(table.rank > 0, table.rank, 99))] == 0
