"""Ratings by own returns at tables of several seats."""

import numpy as np
import pytest

from workers.league import ComparisonsError, Returns, fit_returns


def table_world(seed, *, agents=8, seats=3, matches=300, noise=1.0, spite=0.0):
    """Play tables where agent i brings i, agent 0 takes `spite` from the others, and seat 0 gives 2."""
    rng = np.random.default_rng(seed)
    columns = []
    for match in range(matches):
        lineup = rng.choice(agents, seats, replace=False)
        for episode in range(seats):
            seated = np.roll(lineup, episode)
            value = seated + rng.normal(0, noise, seats) + 2.0 * (np.arange(seats) == 0)
            value -= spite * ((seated != 0) & (0 in seated))
            columns += [(match, episode, seat, agent, value[seat]) for seat, agent in enumerate(seated)]
    match, episode, seat, agent = np.array([row[:4] for row in columns]).T
    return Returns(match, episode, seat, agent, np.array([row[4] for row in columns]))


def test_agents_are_rated_by_what_they_bring():
    table = fit_returns(table_world(1), agents=8)
    assert list(table.rank) == [8, 7, 6, 5, 4, 3, 2, 1]
    assert np.diff(table.score) == pytest.approx(np.ones(7), abs=0.35)
    assert table.score.mean() == pytest.approx(3.5 + 2 / 3, abs=0.2)
    assert not table.provisional.any()


def test_what_an_agent_does_to_others_is_shown_apart():
    table = fit_returns(table_world(2, spite=4.0), agents=8)
    assert table.effect_on_others[0] == table.effect_on_others.min()
    assert table.effect_on_others[0] - table.effect_on_others[1:].mean() == pytest.approx(-4.0, abs=0.8)
    assert list(table.rank) == [8, 7, 6, 5, 4, 3, 2, 1]


def test_seats_are_told_from_agents():
    values = table_world(3)
    once = values.episode == 0
    table = fit_returns(
        Returns(*(getattr(values, name)[once] for name in ("match", "episode", "seat", "agent", "value"))),
        agents=8,
    )
    assert table.seat_effect[0] - table.seat_effect[1:].mean() == pytest.approx(2.0, abs=0.5)


def test_the_order_of_rows_changes_no_bit():
    values = table_world(4, matches=60)
    order = np.random.default_rng(1).permutation(len(values.value))
    mixed = Returns(
        *(getattr(values, name)[order] for name in ("match", "episode", "seat", "agent", "value"))
    )
    one, other = fit_returns(values, agents=8), fit_returns(mixed, agents=8)
    assert one.digest() == other.digest()
    assert one.score.tobytes() == other.score.tobytes()


def test_the_unit_of_returns_does_not_matter():
    values = table_world(5, matches=60)
    scaled = Returns(values.match, values.episode, values.seat, values.agent, 1000 * values.value - 7)
    one, other = fit_returns(values, agents=8), fit_returns(scaled, agents=8)
    assert other.score == pytest.approx(1000 * one.score - 7)
    assert list(one.rank) == list(other.rank)


def test_intervals_hold_the_truth_as_often_as_they_say():
    inside = []
    for seed in range(8):
        table = fit_returns(table_world(seed, matches=60, noise=4.0), agents=8)
        off = (table.score - table.score.mean()) - (np.arange(8) - 3.5)
        inside.append(np.abs(off) <= 1.96 * table.error)
    assert np.mean(inside) >= 0.88


def test_nothing_played_is_unranked():
    none = np.zeros(0, int)
    table = fit_returns(Returns(none, none, none, none, np.zeros(0)), agents=3)
    assert list(table.rank) == [0, 0, 0]


def test_equal_returns_are_a_tie():
    values = table_world(6, matches=20)
    table = fit_returns(
        Returns(values.match, values.episode, values.seat, values.agent, np.ones(len(values.value))), agents=8
    )
    assert table.score == pytest.approx(np.ones(8))


def test_broken_returns_are_refused():
    one = np.zeros(1, int)
    with pytest.raises(ComparisonsError, match="outside"):
        fit_returns(Returns(one, one, one, one + 5, np.ones(1)), agents=2)
    with pytest.raises(ComparisonsError, match="not finite"):
        fit_returns(Returns(one, one, one, one, np.array([np.inf])), agents=2)
