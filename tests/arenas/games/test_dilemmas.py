"""Social dilemmas: the ground rules, how apples grow and rivers fill, and that greed ruins all."""

import warnings

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

from arenas import registry
from arenas.adapters import open_arena
from arenas.games.dilemmas import land as rules
from arenas.games.dilemmas.env import Cleanup, Harvest, change_unseen
from arenas.games.dilemmas.land import AHEAD, CLEAN, SIGHT, STAY, TIME_OUT, ZAP
from arenas.games.dilemmas.lands import APPLE_CHANCE, DEPLETION, CleanupLand, HarvestLand
from arenas.measures import collective_return, equality, measure, sustainability
from tests.arenas.games.harness import baseline, play

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # PettingZoo's own, about its own imports.
    from pettingzoo.test import parallel_api_test, parallel_seed_test

BOTH = pytest.mark.parametrize("world", [Harvest, Cleanup])


def harvest(agents=2, seed=1):
    return HarvestLand(agents, np.random.default_rng(seed))


def put(land, agent, row, column, heading=0):
    land._leave(agent)
    land.places[agent], land.headings[agent] = (row, column), heading
    land._stand(agent)


def bare(land):
    """Take all apples away, so that nothing is eaten and nothing grows."""
    land.apple[:] = 0
    return land


@BOTH
def test_pettingzoos_own_tests_pass(world, capsys):
    parallel_api_test(world(max_turns=40), num_cycles=60)
    parallel_seed_test(lambda: world(max_turns=40), num_cycles=40)


@BOTH
@pytest.mark.parametrize("agents", [2, 10])
def test_a_seed_gives_the_same_episode_again_after_another_one(world, agents):
    environment = world(agents=agents, max_turns=60)

    def seen(seed):
        rng = np.random.default_rng(seed)
        parts = [each.tobytes() for each in environment.reset(seed=seed)[0].values()]
        while environment.agents:
            drawn = {name: int(rng.integers(environment.choices)) for name in environment.agents}
            views, rewards, *_ = environment.step(drawn)
            parts += [each.tobytes() for each in views.values()] + [repr(rewards).encode()]
        return b"".join(parts)

    first = seen(7)
    assert seen(8) != first
    assert seen(7) == first


@BOTH
@given(seed=some.integers(0, 10_000))
def test_whatever_is_played_each_agent_stands_alone_on_free_ground_and_is_seen_as_often_as_it_is_there(
    world, seed
):
    rng = np.random.default_rng(seed)
    environment = world(agents=6, max_turns=25)
    environment.reset(seed=seed)
    while environment.agents:
        environment.step({name: int(rng.integers(environment.choices)) for name in environment.agents})
        land = environment.land
        there = [agent for agent in range(6) if not land.out[agent]]
        assert sorted(land.taken[land.taken >= 0].tolist()) == there
        assert all(land.taken[land.places[agent]] == agent for agent in there)
        assert not (land.wall[land.taken >= 0]).any()
        assert land.planes[3:7].sum() == len(there)
        assert not (land.apple & land.wall).any()


def test_an_agent_walks_as_it_looks_and_not_through_walls_or_others():
    land = bare(harvest())
    put(land, 0, 3, 3, heading=1)
    put(land, 1, 3, 5)
    land.play([AHEAD, STAY])
    assert land.places[0] == (3, 4)
    land.play([AHEAD, STAY])
    assert land.places[0] == (3, 4)
    put(land, 0, 1, 2, heading=0)
    land.play([AHEAD, STAY])
    assert land.places[0] == (1, 2)


def test_an_apple_is_eaten_by_who_steps_on_it_and_is_a_reward_of_one():
    land = bare(harvest())
    put(land, 0, 3, 3, heading=1)
    land.apple[3, 4] = 1
    assert land.play([AHEAD, STAY]) == [1.0, 0.0]
    assert not land.apple[3, 4]


def test_who_is_hit_is_out_for_twenty_five_turns_sees_nothing_and_comes_back():
    land = bare(harvest())
    put(land, 0, 7, 3, heading=1)
    put(land, 1, 7, 6)
    land.play([ZAP, STAY])
    assert land.hits == [(0, 1)]
    assert land.out[1] == TIME_OUT - 1
    assert not land.see(1).any()
    for _ in range(TIME_OUT - 2):
        land.play([STAY, AHEAD])
        assert land.out[1]
    land.play([STAY, AHEAD])
    assert not land.out[1]
    assert land.letters[land.places[1]] == "P"


def test_a_beam_is_stopped_by_the_first_it_meets_and_by_walls():
    land = bare(harvest(agents=3))
    put(land, 0, 7, 3, heading=1)
    put(land, 1, 7, 5)
    put(land, 2, 7, 6)
    land.play([ZAP, STAY, STAY])
    assert [hit for _, hit in land.hits] == [1]
    assert land.beam[6, 8]
    assert not land.beam[7, 6]
    put(land, 0, 7, 3, heading=3)
    land.play([ZAP, STAY, STAY])
    assert not (land.beam & land.wall).any()
    assert not land.beam[7, 5]


def test_a_view_is_turned_so_that_the_agent_looks_up_and_others_headings_are_relative():
    land = bare(harvest())
    put(land, 0, 7, 10, heading=1)
    put(land, 1, 7, 13, heading=3)
    view = land.see(0)
    assert view.shape == (7, 15, 15)
    assert np.argwhere(view[3:7]).tolist() == [[2, SIGHT - 3, SIGHT]]
    put(land, 0, 7, 10, heading=2)
    assert np.argwhere(land.see(0)[3:7]).tolist() == [[1, SIGHT, SIGHT - 3]]


def test_nobody_sees_further_than_seven_cells_nor_what_lies_behind_them():
    environment = Cleanup(agents=3)
    environment.reset(seed=4)
    rng = np.random.default_rng(0)
    before = environment.land.see(1).tobytes()
    apples = environment.land.apple.copy()
    change_unseen(environment, 1, rng)
    assert (environment.land.apple != apples).any()
    assert environment.land.see(1).tobytes() == before


def test_apples_grow_the_likelier_the_more_are_near_and_never_where_none_is():
    land = harvest(seed=3)
    for agent in (0, 1):
        put(land, agent, 1, 1 + agent)
    patch = [(2, 11), (3, 10), (3, 11), (3, 12), (4, 11)]
    counts = dict.fromkeys((0, 2, 4), 0)
    for left in counts:
        for _ in range(400):
            bare(land)
            for cell in patch[1 : 1 + left]:
                land.apple[cell] = 1
            land.change()
            counts[left] += int(land.apple[patch[0]])
    assert counts[0] == 0
    assert counts[2] < counts[4]
    # Three of the four lie within distance 2 of the cell above them: a chance of .05 a turn.
    assert counts[4] == pytest.approx(400 * 0.05, abs=3.5 * (400 * 0.05 * 0.95) ** 0.5)


def test_no_apple_grows_beside_a_dirty_river_and_all_grow_beside_a_clean_one():
    land = CleanupLand(2, np.random.default_rng(1))
    assert land.polluted > DEPLETION
    assert land.apple_chance() == 0
    land.waste[:] = 0
    assert land.apple_chance() == APPLE_CHANCE
    land.waste[tuple(land._river_cells[: len(land._river_cells) // 5].T)] = 1
    assert 0 < land.apple_chance() < APPLE_CHANCE


def test_waste_comes_into_every_other_turn_s_river_until_it_is_full_enough():
    land = CleanupLand(2, np.random.default_rng(1))
    land.waste[:] = 0
    for _ in range(20):
        land.play([STAY, STAY])
    assert 4 <= land.waste.sum() <= 16
    for _ in range(300):
        land.play([STAY, STAY])
    assert land.polluted == pytest.approx(DEPLETION, abs=0.02)


def test_each_ray_of_the_cleaning_beam_takes_the_first_waste_it_meets():
    land = CleanupLand(2, np.random.default_rng(1))
    land.waste[:] = 0
    put(land, 0, 5, 7, heading=3)
    put(land, 1, 12, 12)
    for cell in [(5, 5), (5, 4), (4, 5), (6, 6), (8, 5)]:
        land.waste[cell] = 1
    land.change = lambda: None
    land.play([CLEAN, STAY])
    assert np.argwhere(land.waste).tolist() == [[5, 4], [8, 5]]
    assert land.cleaning[5, 5]
    assert not land.cleaning[5, 4]
    assert not land.hits


@BOTH
def test_what_is_no_action_and_what_comes_at_the_wrong_time_is_refused(world):
    environment = world(agents=2)
    with pytest.raises(RuntimeError, match="Call reset first"):
        environment.step({})
    environment.reset(seed=1)
    for wrong in (-1, 99, 1.5):
        with pytest.raises(ValueError, match="whole number"):
            environment.step({"agent_0": 0, "agent_1": wrong})
    with pytest.raises(KeyError):
        environment.step({"agent_0": 0})
    with pytest.raises(ValueError, match="2 to 10"):
        world(agents=11)


@BOTH
def test_the_picture_shows_every_cell(world):
    environment = world(render_mode="rgb_array")
    assert environment.render() is None
    environment.reset(seed=1)
    land = environment.land
    assert environment.render().shape == (16 * land.rows, 16 * land.columns, 3)


def society(arena, *names, turns=400):
    """Return what each seat earns in one land and the measures of it."""
    spec = registry.get(arena)
    adapter = open_arena(spec)
    adapter._limit = turns
    returns = [[0.0] * spec.seats]

    class Notes:
        def start(self, adapter):
            pass

        def turn(self, adapter, actor):
            returns.append(list(adapter.rewards))

    earned = play(adapter, [baseline(spec, name) for name in names], 5, Notes())
    return earned, {each.name: value for each, value in measure(spec.measures, np.array(returns))}


def test_all_are_better_off_if_all_are_frugal_yet_the_greedy_one_among_them_earns_most():
    frugal, good = society("coliseum/harvest-v1", *["frugal"] * 5)
    greedy, bad = society("coliseum/harvest-v1", *["greedy"] * 5)
    mixed, _ = society("coliseum/harvest-v1", *["frugal"] * 4, "greedy")
    assert good["collective_return"] > 2 * bad["collective_return"]
    assert good["sustainability"] > 0.4 > 0.2 > bad["sustainability"]
    assert min(frugal) > max(greedy)
    assert mixed[4] > max(mixed[:4])


def test_nobody_eats_where_nobody_cleans_and_who_cleans_alone_feeds_the_others():
    eaten, nothing = society("coliseum/cleanup-v1", *["greedy"] * 5)
    assert nothing == {"collective_return": 0.0, "equality": None, "sustainability": None}
    assert sum(eaten) == 0
    mixed, _ = society("coliseum/cleanup-v1", *["greedy"] * 4, "reciprocal")
    assert mixed[4] < min(mixed[:4])


def test_a_focal_arena_gives_four_seats_to_one_agent_and_two_to_the_other_and_then_swaps_them():
    spec = registry.get("coliseum/harvest_focal-v1")
    assert (spec.lineup, spec.swaps_seats, spec.zero_sum) == (2, True, False)
    assert [spec.role_of(seat) for seat in range(spec.seats)] == ["resident"] * 4 + ["visitor"] * 2


def test_equality_is_one_among_equals_and_falls_to_one_share_where_one_has_all():
    assert equality(np.array([[0.0, 0.0], [3.0, 3.0]])) == 1
    assert equality(np.array([[0.0] * 4, [8.0, 0.0, 0.0, 0.0]])) == pytest.approx(0.25)
    assert equality(np.array([[0.0, 0.0], [3.0, -1.0]])) is None


def test_what_comes_late_is_more_sustainable_than_what_comes_at_once():
    soon = np.array([[0.0], [1.0], [2.0], [2.0], [2.0]])
    late = np.array([[0.0], [0.0], [0.0], [1.0], [2.0]])
    assert sustainability(soon) == pytest.approx(0.375)
    assert sustainability(late) == pytest.approx(0.875)
    assert collective_return(late) == 2
    assert rules.VIEW == 15
