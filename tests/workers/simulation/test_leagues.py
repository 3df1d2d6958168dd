"""Leagues in known worlds: the real pairing, the real estimator, and nothing lost between them."""

import numpy as np
import pytest

from workers.league import fit
from workers.simulation.crowds import draw_crowd
from workers.simulation.leagues import League, join, waits
from workers.simulation.measures import kendall_tau
from workers.simulation.worlds import WORLDS, draw_world


def world(name="W4", agents=16):
    return draw_world(WORLDS[name], agents, np.random.default_rng(1))


def league(**more):
    return League(world(), np.random.default_rng(2), **more)


def test_everybody_gets_the_episodes_that_were_asked_for():
    played = league()
    table = played.play_until(24)
    assert table.episodes.sum() == 24 * 16
    assert played.matches == 24 * 16 / 4
    assert len(played.results()) == 2 * played.matches


def test_the_table_is_the_real_fit_of_all_results():
    played = league()
    table = played.play_until(16)
    assert np.array_equal(table.theta, fit(played.results(), agents=16).theta)


def test_playing_on_keeps_what_was_played():
    played = league()
    before = played.play_until(8).episodes.sum()
    first = played.results()
    assert played.play_until(16).episodes.sum() == 2 * before
    assert np.array_equal(played.results().points[: len(first)], first.points)


def test_the_same_numbers_give_the_same_league():
    one, other = (league().play_until(16) for _ in range(2))
    assert one.digest() == other.digest()


def test_agents_of_one_owner_never_meet():
    played = league(owners=[0, 0, 0, 0, *range(4, 16)])
    played.play_until(24)
    lineups = np.concatenate(played.lineups)
    assert not (lineups < 4).all(axis=1).any()


def test_who_is_out_plays_no_more_and_keeps_its_rating():
    played = league()
    played.play_until(16)
    played.active[[3, 5]] = False
    before = len(played.lineups)
    table = played.play_until(32)
    assert not np.isin(np.concatenate(played.lineups[before:]), [3, 5]).any()
    assert table.episodes[3] > 0
    assert table.rank[3] == 0


def test_pairing_by_lot_asks_nobody():
    played = league(by="lot")
    played.play_until(32)
    lineups = np.concatenate(played.lineups)
    assert (lineups[:, 0] != lineups[:, 1]).all()
    assert len({tuple(sorted(pair)) for pair in lineups.tolist()}) > 60


def test_a_league_finds_the_order():
    played = league()
    assert kendall_tau(played.play_until(128).theta, world().rates()) > 0.8


def test_four_seats_are_filled_with_four_agents():
    crowd = draw_crowd(300.0, 12, 4, np.random.default_rng(1))
    played = League(crowd, np.random.default_rng(2))
    table = played.play_until(16)
    assert all(len(set(lineup)) == 4 for lineup in np.concatenate(played.lineups).tolist())
    assert table.episodes.sum() == pytest.approx(16 * 12)


def test_among_neighbours_everybody_plays_about_alike():
    played = league(by="neighbours")
    table = played.play_until(64)
    assert table.episodes.min() >= 0.7 * 64
    assert kendall_tau(table.theta, world().rates()) > 0.7


def test_nobody_left_to_meet_ends_the_play():
    played = league()
    played.active[1:] = False
    assert played.play_until(8).episodes.sum() == 0


def test_nothing_joined_is_nothing():
    assert len(join([])) == 0


def test_a_wait_is_measured_in_mean_waits():
    lineups = np.array([[0, 1], [2, 3], [2, 3], [2, 3], [0, 1]])
    # Four agents, two a match: the mean wait is two matches; 0 and 1 waited four.
    assert waits(lineups, 4, since=0) == (2.0, 2.0)
    assert waits(lineups, 4, since=1) == (0.5, 0.5)
