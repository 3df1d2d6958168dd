"""Ladders of other platforms: the updates are those of the published packages, and their floors are seen."""

import numpy as np
import pytest

from workers.simulation.ladders import LADDERS, Elo, OpenSkill, TrueSkill, climb
from workers.simulation.worlds import WORLDS, draw_world


class Standard(TrueSkill):
    """With the constants of the package `trueskill`."""

    start, sigma_start, beta = 25.0, 25.0 / 3.0, 25.0 / 6.0


class Remembering(OpenSkill):
    forgetting = 0.0


def standard():
    return Standard(2, draws=0.10, forgetting=25.0 / 300.0)


def test_a_win_moves_trueskill_as_the_package_does():
    ladder = standard()
    ladder.update(0, 1, 1.0)
    assert ladder.mean == pytest.approx([29.39583, 20.60417], abs=1e-4)
    assert ladder.sigma == pytest.approx([7.17148, 7.17148], abs=1e-4)


def test_a_draw_moves_trueskill_as_the_package_does():
    ladder = standard()
    ladder.update(0, 1, 0.5)
    assert ladder.mean == pytest.approx([25.0, 25.0])
    assert ladder.sigma == pytest.approx([6.4575, 6.4575], abs=1e-3)


def test_a_win_moves_openskill_as_the_package_does():
    ladder = Remembering(2)
    ladder.update(0, 1, 1.0)
    assert ladder.mean == pytest.approx([27.63523138347365, 22.36476861652635])
    assert ladder.sigma == pytest.approx([8.065506316323548] * 2)


def test_a_win_between_equals_moves_elo_by_half_the_step():
    ladder = Elo(2)
    ladder.update(0, 1, 1.0)
    assert ladder.mean == [1504.0, 1496.0]


@pytest.mark.parametrize("name", sorted(LADDERS))
def test_a_loss_is_the_mirror_of_a_win(name):
    world = draw_world(WORLDS["W7"], 2, np.random.default_rng(1))
    one, other = (LADDERS[name](world) for _ in range(2))
    one.update(0, 1, 1.0)
    other.update(1, 0, 0.0)
    assert one.mean == pytest.approx(other.mean)
    assert one.mean[0] > one.mean[1]


def test_impossible_upsets_break_nothing():
    ladder = TrueSkill(2, draws=0.3, forgetting=0.0)
    ladder.mean, ladder.sigma = [9000.0, -9000.0], [1.0, 1.0]
    for points in (0.0, 0.5, 1.0):
        ladder.update(0, 1, points)
    assert np.isfinite([*ladder.mean, *ladder.sigma]).all()


@pytest.mark.parametrize("name", sorted(LADDERS))
def test_nobody_meets_itself(name):
    world = draw_world(WORLDS["W3"], 7, np.random.default_rng(1))
    ladder, rng = LADDERS[name](world), np.random.default_rng(2)
    met = [ladder.meet(rng) for _ in range(300)]
    assert all(a != b and min(a, b) >= 0 and max(a, b) < 7 for a, b in met)
    assert {agent for pair in met for agent in pair} == set(range(7))


def test_a_ladder_climbs_and_its_own_sigma_is_far_too_sure():
    world = draw_world(WORLDS["W4"], 40, np.random.default_rng(3))
    steps = list(climb(world, LADDERS["kaggle-like"](world), looks=[8, 128], rng=np.random.default_rng(4)))
    assert steps[0].tau < steps[1].tau
    assert steps[1].tau > 0.8
    assert steps[1].coverage < 0.6


def test_elo_has_no_interval():
    world = draw_world(WORLDS["W1"], 10, np.random.default_rng(3))
    (step,) = climb(world, Elo(10), looks=[8], rng=np.random.default_rng(4))
    assert step.coverage is None
