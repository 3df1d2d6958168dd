"""Ratings by role: a strong predator may be a weak prey."""

import numpy as np
import pytest

from workers.league import ComparisonsError, Episode, Settings
from workers.league.roles import rate_roles

ELO = 173.717793
PREDATOR, PREY = [250.0, 100, 0, -100, -250], [-300.0, 150, 0, 300, -150]


def hunts(count=3000, *, seats=2, advantage=0.0, seed=1):
    """Episodes of one or several predators of one agent (the first seats) against the prey of another."""
    rng = np.random.default_rng(seed)
    for match in range(count):
        hunter, hunted = rng.choice(5, 2, replace=False)
        gap = PREDATOR[hunter] - PREY[hunted] + advantage
        caught = rng.random() < 1 / (1 + np.exp(-gap / ELO))
        pack = seats - 1
        yield Episode(
            match, (hunter,) * pack + (hunted,), ((1,) * pack + (2,)) if caught else ((2,) * pack + (1,))
        )


def test_each_role_has_its_own_order():
    table = rate_roles(hunts(), roles=(0, 1), agents=5)
    assert table.elo[:, 0] == pytest.approx(np.array(PREDATOR) + 1500, abs=60)
    assert table.elo[:, 1] == pytest.approx(np.array(PREY) + 1500, abs=60)
    assert table.elo.mean(axis=0) == pytest.approx([1500, 1500])
    assert table.played.all()
    assert table.episodes.sum() == pytest.approx(6000)


def test_the_advantage_of_a_role_is_nobodys_skill():
    table = rate_roles(hunts(advantage=200), roles=(0, 1), agents=5)
    assert table.advantage[0] - table.advantage[1] == pytest.approx(200, abs=50)
    assert table.elo[:, 0] == pytest.approx(np.array(PREDATOR) + 1500, abs=60)


def test_the_intervals_hold_the_truth():
    inside = []
    for seed in range(8):
        table = rate_roles(hunts(400, seed=seed), roles=(0, 1), agents=5)
        truth = np.stack([PREDATOR, PREY], axis=1) + 1500
        inside.append((table.low <= truth) & (truth <= table.high))
    assert np.mean(inside) >= 0.88


def test_a_pack_of_three_counts_once():
    single = rate_roles(hunts(300), roles=(0, 1), agents=5)
    pack = rate_roles(hunts(300, seats=4), roles=(0, 0, 0, 1), agents=5)
    assert pack.elo == pytest.approx(single.elo)
    assert pack.error == pytest.approx(single.error)
    assert pack.episodes.sum() == pytest.approx(single.episodes.sum())


def test_two_hunters_on_either_side_of_their_prey_count_once():
    mixed = [
        Episode(each.match, (each.agents[0], each.agents[1], each.agents[0]), (*each.ranks, each.ranks[0]))
        for each in hunts(300)
    ]
    table = rate_roles(mixed, roles=(0, 1, 0), agents=5)
    assert table.elo == pytest.approx(rate_roles(hunts(300), roles=(0, 1), agents=5).elo)


def test_roles_may_be_numbered_in_any_order():
    turned = rate_roles(hunts(300), roles=(1, 0), agents=5)
    straight = rate_roles(hunts(300), roles=(0, 1), agents=5)
    assert turned.elo == pytest.approx(straight.elo[:, ::-1])
    assert turned.advantage == pytest.approx(straight.advantage[::-1])


def test_no_error_is_larger_than_what_is_known_without_episodes():
    table = rate_roles(hunts(8), roles=(0, 1), agents=5, settings=Settings(sigma_elo=200.0))
    assert table.error.max() <= 200 * 1.2


def test_a_gift_counts_a_quarter():
    def lead(gifts):
        episodes = [*hunts(300), *(Episode(1000 + at, (4, 3), (1, 2), gifts) for at in range(4))]
        return rate_roles(episodes, roles=(0, 1), agents=5, settings=Settings(kappa=1.0)).elo[4, 0]

    without = rate_roles(hunts(300), roles=(0, 1), agents=5, settings=Settings(kappa=1.0)).elo[4, 0]
    assert 0 < lead((1,)) - without < 0.4 * (lead(()) - without)


def test_a_role_that_was_not_played_is_unknown():
    only_hunts = [each for each in hunts(400) if each.agents[1] != 3 and each.agents[0] != 4]
    table = rate_roles(only_hunts, roles=(0, 1), agents=5)
    assert not table.played[3, 1]
    assert table.error[3, 1] > 1.5 * table.error[2, 1]
    nothing = rate_roles([], roles=(0, 1), agents=2)
    assert not nothing.played.any()
    assert nothing.elo == pytest.approx(np.full((2, 2), 1500))
    assert rate_roles([], roles=(), agents=2).elo.shape == (2, 0)


def test_agents_of_one_owner_are_not_compared():
    table = rate_roles(hunts(200), roles=(0, 1), agents=5, owners=[0] * 5)
    assert not table.played.any()


def test_an_episode_that_does_not_fit_the_roles_is_refused():
    with pytest.raises(ComparisonsError, match="match 7"):
        rate_roles([Episode(7, (0, 1, 2), (1, 2, 3))], roles=(0, 1), agents=3)
