"""Every baseline plays in its environment, and the better ones really are better than random."""

import ast
import time
from dataclasses import replace

import numpy as np
import pytest

from arenas.adapters import open_arena
from arenas.spec import ArenaSpec, Baseline
from tests.arenas.brief import brief
from tests.arenas.games.harness import all_specs, baseline, earnings, load, new_agent, play, spec_named

EVERY = [
    pytest.param(spec, known, id=f"{spec.id}-{known.name}")
    for spec in all_specs()
    for known in spec.baselines
]

# Arena, agent, who takes the other seats (the same agent where all seats share the reward), episodes,
# and the least mean it must earn above random; measured means lie far higher, so chance cannot fail it.
CONTESTS = [
    ("connect_four-v3", "heuristic", "random", 40, 0.5),
    ("connect_four-v3", "network", "heuristic", 40, 0.4),
    ("connect_four-v3", "onnx", "heuristic", 40, 0.4),
    ("tictactoe-v3", "minimax", "random", 40, 0.4),
    ("leduc_holdem-v4", "rules", "random", 1500, 0.2),
    ("chess-v6", "material", "random", 4, 0.5),
    ("spiel_tic_tac_toe-v1", "minimax", "random", 40, 0.4),
    ("spiel_connect_four-v1", "heuristic", "random", 40, 0.5),
    ("spiel_connect_four-v1", "search", "heuristic", 20, 0.4),
    ("spiel_chess-v1", "material", "random", 20, 0.5),
    ("spiel_go_9x9-v1", "shapes", "random", 40, 0.5),
    ("spiel_leduc-v1", "rules", "random", 1500, 0.2),
    ("spiel_leduc-v1", "equilibrium", "random", 1500, 0.2),
    ("coliseum/sumo-v1", "bulldozer", "random", 20, 0.6),
    ("coliseum/sumo-v1", "trained", "random", 40, 0.6),
    ("coliseum/sumo-v1", "trained", "bulldozer", 40, 0.6),
    ("coliseum/tank_duel-v1", "gunner", "random", 8, 0.6),
    ("coliseum/tank_duel-v1", "trained", "gunner", 30, 0.1),
    ("coliseum/tank_duel_discrete-v1", "trained", "random", 8, 0.6),
    ("coliseum/sumo_discrete-v1", "trained", "bulldozer", 20, 0.4),
    ("coliseum/air_hockey-v1", "guard", "random", 4, 0.7),
    ("coliseum/air_hockey-v1", "trained", "guard", 8, 0.2),
    ("spiel_hearts-v1", "rules", "random", 80, 22.0),
    ("spiel_hearts-v1", "search", "random", 40, 22.0),
    ("go-v5", "atari", "random", 2, 0.5),
    ("texas_holdem-v4", "strength", "random", 200, 0.8),
    ("texas_holdem_no_limit-v6", "strength", "random", 200, 1.0),
    ("rps-v2", "counter", "beat_last", 10, 60.0),
]
SOLO = [
    ("CartPole-v1", "linear", 5, 300.0),
    ("LunarLander-v3", "heuristic", 10, 200.0),
    ("BipedalWalker-v3", "gait", 8, 30.0),
    ("CartPole-v1", "searched", 5, 300.0),
    ("LunarLander-v3", "searched", 10, 300.0),
    ("BipedalWalker-v3", "searched", 4, 200.0),
    ("multiwalker-v9", "stance", 4, 50.0),
    ("multiwalker-v9", "searched", 8, 50.0),
    ("simple_spread-v3", "assign", 10, 20.0),
    ("spiel_hanabi-v1", "hints", 20, 12.0),
    ("pistonball-v6", "roll", 4, 40.0),
    ("hanabi-v5", "hints", 6, 10.0),
    ("Acrobot-v1", "pump", 3, 200.0),
    ("MountainCar-v0", "rock", 3, 50.0),
    ("MountainCarContinuous-v0", "rock", 2, 80.0),
    ("Pendulum-v1", "energy", 5, 600.0),
    ("Blackjack-v1", "basic", 2000, 0.25),
    ("FrozenLake-v1", "planned", 100, 0.5),
    ("FrozenLake8x8-v1", "planned", 40, 0.5),
    ("CliffWalking-v1", "planned", 2, 500.0),
    ("CliffWalkingSlippery-v1", "planned", 10, 1000.0),
    ("Taxi-v4", "shortest", 20, 150.0),
    ("LunarLanderContinuous-v3", "heuristic", 10, 300.0),
    ("BipedalWalkerHardcore-v3", "gait", 10, 15.0),
    ("simple-v3", "go", 10, 40.0),
    ("simple_reference-v3", "name_it", 6, 25.0),
    ("simple_speaker_listener-v4", "point", 10, 25.0),
    ("simple_formation-v1", "stations", 4, 20.0),
    ("simple_line-v1", "rank", 4, 20.0),
    ("collect_treasure-v1", "carry", 2, 80.0),
]


@pytest.mark.parametrize(("spec", "known"), EVERY)
def test_a_baseline_plays_an_episode_in_every_seat(spec: ArenaSpec, known: Baseline):
    module = load(known.path)
    adapter = open_arena(brief(spec.id))
    rewards = play(adapter, [module] * spec.seats, seed=5)
    assert adapter.is_over
    assert np.isfinite(rewards).all()


@pytest.mark.parametrize(("spec", "known"), EVERY)
def test_a_baseline_imports_only_what_a_sandbox_offers(spec: ArenaSpec, known: Baseline):
    file = known.path / "agent.py" if known.path.is_dir() else known.path
    plain = {"collections", "functools", "itertools", "math", "pathlib", "random", "types"}
    offered = {"numpy", "onnxruntime"} | plain
    tree = ast.parse(file.read_text())
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            assert {alias.name for alias in node.names} <= offered
        if isinstance(node, ast.ImportFrom):
            assert node.module in offered


@pytest.mark.parametrize(("arena", "better", "worse", "episodes", "margin"), CONTESTS)
def test_the_better_agent_beats_the_worse(arena, better, worse, episodes, margin):
    spec = spec_named(arena)
    earned = earnings(spec, baseline(spec, better), baseline(spec, worse), episodes)
    assert np.mean(earned) > margin


@pytest.mark.parametrize(("arena", "better", "episodes", "margin"), SOLO)
def test_the_better_agent_earns_more_than_random(arena, better, episodes, margin):
    spec = spec_named(arena)
    good, bad = baseline(spec, better), baseline(spec, "random")
    assert (
        np.mean(earnings(spec, good, good, episodes)) > np.mean(earnings(spec, bad, bad, episodes)) + margin
    )


@pytest.mark.parametrize("arena", ["CarRacing-v3", "CarRacingDiscrete-v3"])
def test_the_road_follower_gets_further_than_random_within_its_first_seconds(arena):
    spec = replace(spec_named(arena), max_turns=80)
    follow, drift = baseline(spec, "follow"), baseline(spec, "random")
    adapter = open_arena(spec)
    assert play(adapter, [follow], seed=1)[0] > play(adapter, [drift], seed=1)[0] + 20


def test_hunters_that_chase_catch_more_and_prey_that_flees_is_caught_less():
    spec = spec_named("simple_tag-v3")
    chase, drift = baseline(spec, "chase"), baseline(spec, "random")
    adapter = open_arena(spec)
    hunted = [play(adapter, [chase] * 3 + [drift], seed) for seed in range(5)]
    fled = [play(adapter, [drift] * 3 + [chase], seed) for seed in range(5)]
    idle = [play(adapter, [drift] * 4, seed) for seed in range(5)]
    assert np.mean([r[0] for r in hunted]) > np.mean([r[0] for r in idle]) + 50
    assert np.mean([r[3] for r in fled]) > np.mean([r[3] for r in idle])


@pytest.mark.parametrize("name", ["heuristic", "network", "onnx"])
def test_connect_four_agents_take_a_win_and_block_one(name):
    spec = spec_named("connect_four-v3")
    module = baseline(spec, name)
    adapter = open_arena(spec)
    for moves, wanted in (([2, 6, 3, 6, 4, 5], {1, 5}), ([0, 6, 0, 6, 1, 6], {6})):
        adapter.reset(0)
        for column in moves:
            adapter.step({adapter.asked()[0].seat: column})
        agent = new_agent(module)
        agent.reset(start := type("Start", (), {"seed": 1})())
        assert start.seed == 1
        assert agent.act(adapter.asked()[0].observation) in wanted


@pytest.mark.parametrize("name", ["network", "onnx"])
def test_a_trained_connect_four_agent_thinks_less_than_twenty_milliseconds(name):
    spec = spec_named("connect_four-v3")
    agent = new_agent(baseline(spec, name))
    agent.reset(type("Start", (), {"seed": 1})())
    adapter = open_arena(spec)
    adapter.reset(0)
    times = []
    for _ in range(15):
        observation = adapter.asked()[0].observation
        begin = time.process_time()
        agent.act(observation)
        times.append(time.process_time() - begin)
    assert np.median(times) < 0.02


def test_numpy_and_onnx_forms_hold_the_same_network():
    spec = spec_named("connect_four-v3")
    plain, compiled = baseline(spec, "network"), baseline(spec, "onnx")
    rows = (np.random.default_rng(0).random((50, 168)) < 0.2).astype(np.float32)
    ours = plain.forward(new_agent(plain).weights, rows)
    theirs = new_agent(compiled).evaluate(rows)
    np.testing.assert_allclose(ours, theirs, atol=1e-5)
