"""Adapters: one turn loop over real environments, as fast and as exact as their own."""

import importlib
import math
import os
from dataclasses import replace

import gymnasium
import numpy as np
import pettingzoo
import pytest

from arenas import registry
from arenas.adapters import open_arena
from arenas.codec import DictSpace, compile_codec
from arenas.errors import ArenaFaultError, ArenaUnavailableError, IllegalActionError, UnsupportedSpaceError
from arenas.spec import ArenaSpec
from tests.arenas.plugins import write_plugin

ARENAS = (
    "connect_four-v3",
    "tictactoe-v3",
    "leduc_holdem-v4",
    "chess-v6",
    "multiwalker-v9",
    "LunarLander-v3",
    "BipedalWalker-v3",
    "CartPole-v1",
    "simple_tag-v3",
    "simple_spread-v3",
)


def declare(kind, environment, seats, **more):
    objective = more.pop("objective", "return")
    return ArenaSpec(
        id="probe-v1",
        title="",
        summary="",
        kind=kind,
        environment=environment,
        seats=seats,
        objective=objective,
        **more,
    )


def play(adapter, seed):
    """Play at random over both codecs; return the actions by turn."""
    rng = np.random.default_rng(seed)
    observers = [compile_codec(schema, trusted=True) for schema in adapter.observation_schemas]
    codecs = [compile_codec(schema) for schema in adapter.action_schemas]
    turns = []
    adapter.reset(seed)
    while not adapter.is_over:
        actions = {}
        for asked in adapter.asked():
            observers[asked.seat].decode(observers[asked.seat].encode(asked.observation))
            codec = codecs[asked.seat]
            actions[asked.seat] = codec.decode(codec.encode(adapter.random_action(asked.seat, rng)))
            adapter.check_legal(asked, actions[asked.seat])
        adapter.step(actions)
        turns.append(actions)
    return turns


@pytest.fixture
def plug_in(tmp_path):
    def open_plug_in(name, **more):
        folder = write_plugin(tmp_path / name.lower(), name)
        return open_arena(declare("gymnasium", f"vices:{name}", 1, folder=folder, **more))

    return open_plug_in


@pytest.mark.parametrize("arena", ARENAS)
def test_random_play_ends_and_leaves_nothing_to_ask(arena):
    spec = registry.get(arena)
    adapter = open_arena(spec)
    turns = play(adapter, 11)
    assert adapter.is_over
    assert adapter.asked() == []
    assert 0 < adapter.turns == len(turns) <= spec.max_turns
    assert len(adapter.rewards) == len(adapter.seat_names) == spec.seats
    assert all(map(math.isfinite, adapter.rewards))
    survival = adapter.survival()
    assert survival is None if spec.seats == 1 else len(survival) == spec.seats
    adapter.close()


@pytest.mark.parametrize("arena", ARENAS)
def test_one_seed_and_the_same_actions_give_the_same_episode(arena):
    adapter = open_arena(registry.get(arena))
    turns = play(adapter, 5)
    rewards, truncated = adapter.rewards, adapter.truncated
    play(adapter, 6)
    adapter.reset(5)
    for actions in turns:
        assert [asked.seat for asked in adapter.asked()] == list(actions)
        adapter.step(actions)
    assert (adapter.rewards, adapter.truncated, adapter.is_over) == (rewards, truncated, True)


@pytest.mark.parametrize(
    "environment",
    ["classic/connect_four-v3", "classic/leduc_holdem-v4", "classic/rps-v2", "mpe2/simple_tag-v3"],
)
def test_returns_are_those_of_pettingzoos_own_loop(environment):
    package, _, name = environment.partition("/")
    if package == "mpe2":
        reference = importlib.import_module(f"mpe2.{name.replace('-', '_')}").env()
    else:
        reference = pettingzoo.make("aec", environment)
    adapter = open_arena(declare("aec", environment, len(reference.possible_agents)))
    turns = play(adapter, 7)
    assert adapter.seat_names == tuple(reference.possible_agents)
    expected = dict.fromkeys(reference.possible_agents, 0.0)
    reference.reset(seed=7)
    for name in reference.agent_iter():
        _, reward, terminated, truncated, _ = reference.last()
        expected[name] += reward
        if terminated or truncated:
            reference.step(None)
        else:
            reference.step(turns.pop(0)[adapter.seat_names.index(name)])
    assert turns == []
    assert adapter.rewards == pytest.approx(list(expected.values()))


@pytest.mark.parametrize("arena", ["multiwalker-v9", "simple_tag-v3", "simple_spread-v3"])
def test_returns_and_observations_are_those_of_the_parallel_environment(arena):
    spec = registry.get(arena)
    package, _, name = spec.environment.partition("/")
    if package == "mpe2":
        reference = importlib.import_module(f"mpe2.{name.replace('-', '_')}").parallel_env(**spec.arguments)
    else:
        reference = pettingzoo.make("parallel", spec.environment)
    adapter = open_arena(spec)
    turns = play(adapter, 3)
    expected = dict.fromkeys(reference.possible_agents, 0.0)
    observations, _ = reference.reset(seed=3)
    adapter.reset(3)
    for actions in turns:
        seen = {adapter.seat_names[asked.seat]: asked.observation for asked in adapter.asked()}
        assert seen.keys() == set(reference.agents)
        assert all(np.array_equal(seen[name], observations[name]) for name in seen)
        observations, rewards, *_ = reference.step({adapter.seat_names[s]: a for s, a in actions.items()})
        adapter.step(actions)
        for name, reward in rewards.items():
            expected[name] += reward
    assert reference.agents == []
    assert adapter.rewards == pytest.approx(list(expected.values()))


def test_returns_and_length_are_those_of_gymnasiums_own_loop():
    adapter = open_arena(registry.get("CartPole-v1"))
    turns = play(adapter, 3)
    reference = gymnasium.make("CartPole-v1")
    reference.reset(seed=3)
    steps = [reference.step(actions[0]) for actions in turns]
    assert [step[2] for step in steps] == [False] * (len(steps) - 1) + [True]
    assert adapter.rewards == [sum(step[1] for step in steps)]


def test_the_raw_environment_is_played_without_wrappers():
    for arena in ARENAS:
        environment = open_arena(registry.get(arena)).environment
        assert environment is environment.unwrapped
        assert "Wrapper" not in type(environment).__name__


def test_no_window_is_opened_and_the_sound_driver_is_left_alone(monkeypatch):
    monkeypatch.setenv("SDL_AUDIODRIVER", "dummy")
    open_arena(registry.get("connect_four"))
    assert os.environ["SDL_VIDEODRIVER"] == "dummy"
    assert os.environ["SDL_AUDIODRIVER"] == "dummy"


def test_a_full_column_is_illegal():
    adapter = open_arena(registry.get("connect_four"))
    adapter.reset(0)
    for _ in range(6):
        (asked,) = adapter.asked()
        adapter.step({asked.seat: 3})
    (asked,) = adapter.asked()
    assert asked.observation["action_mask"].tolist() == asked.mask.tolist() == [1, 1, 1, 0, 1, 1, 1]
    with pytest.raises(IllegalActionError, match="Action 3 is not legal"):
        adapter.check_legal(asked, 3)
    adapter.check_legal(asked, 2)
    with pytest.raises(IllegalActionError):
        adapter.step({asked.seat: 3})


def test_asking_twice_in_a_turn_observes_once():
    adapter = open_arena(registry.get("connect_four"))
    adapter.reset(0)
    assert adapter.asked() is adapter.asked()
    assert adapter.asked()[0].observation is adapter.asked()[0].observation


@pytest.mark.parametrize("arena", ARENAS)
def test_idle_actions_are_legal_all_the_way(arena):
    adapter = open_arena(replace(registry.get(arena), max_turns=60))
    codecs = [compile_codec(schema) for schema in adapter.action_schemas]
    rng = np.random.default_rng(0)
    for generator in (None, rng):
        adapter.reset(1)
        while not adapter.is_over:
            actions = {asked.seat: adapter.idle_action(asked.seat, generator) for asked in adapter.asked()}
            for asked in adapter.asked():
                codecs[asked.seat].encode(actions[asked.seat])
                adapter.check_legal(asked, actions[asked.seat])
            adapter.step(actions)


def test_an_episode_is_cut_off_at_its_limit():
    adapter = open_arena(replace(registry.get("connect_four"), max_turns=4))
    play(adapter, 0)
    assert (adapter.turns, adapter.truncated, adapter.rewards) == (4, True, [0.0, 0.0])
    adapter = open_arena(declare("gymnasium", "Pendulum-v1", 1))
    play(adapter, 0)
    assert (adapter.turns, adapter.truncated) == (200, True)


def test_a_mask_beside_the_observation_is_merged_into_it(plug_in):
    adapter = plug_in("Masked")
    assert isinstance(adapter.observation_schemas[0], DictSpace)
    adapter.reset(0)
    (asked,) = adapter.asked()
    assert asked.observation["observation"] == 0
    assert asked.observation["action_mask"].tolist() == asked.mask.tolist() == [0, 1, 1]
    assert adapter.idle_action(0) == 1
    with pytest.raises(IllegalActionError):
        adapter.check_legal(asked, 0)
    with pytest.raises(IllegalActionError):
        adapter.step({0: 0})
    play(adapter, 0)
    taxi = open_arena(declare("gymnasium", "Taxi-v4", 1, max_turns=50))
    play(taxi, 0)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("NotANumber", "no finite number at turn 3"),
        ("Breaks", "failed at turn 2: KeyError: 'wheel'"),
        ("LyingMask", "failed at turn .: ValueError: zero is illegal"),
    ],
)
def test_what_the_environment_does_wrong_is_its_own_fault(plug_in, name, message):
    adapter = plug_in(name)
    with pytest.raises(ArenaFaultError, match=message):
        play(adapter, seed=1)


def test_a_failing_reset_is_the_environments_fault(plug_in):
    with pytest.raises(ArenaFaultError, match="no second time"):
        plug_in("BreaksAtReset").reset(0)


@pytest.fixture
def zoo(tmp_path):
    folder = write_plugin(tmp_path / "zoo", "Counter")

    def open_zoo(kind, name, vice="", **more):
        return open_arena(declare(kind, f"zoo:{name}", 2, arguments={"vice": vice}, folder=folder, **more))

    return open_zoo


def test_a_plugin_file_that_fails_to_load_is_tried_again(tmp_path):
    folder = write_plugin(tmp_path / "late", "Counter")
    spec = declare("gymnasium", "vices:Counter", 1, folder=folder)
    good = (folder / "vices.py").read_text()
    (folder / "vices.py").write_text("raise RuntimeError('not yet')")
    with pytest.raises(ArenaUnavailableError, match="not yet"):
        open_arena(spec)
    (folder / "vices.py").write_text(good)
    assert type(open_arena(spec).environment) is type(open_arena(spec).environment)


@pytest.mark.parametrize(
    ("kind", "name", "turns"), [("aec", "Relay", 6), ("aec", "wrapped", 6), ("parallel", "parallel", 3)]
)
def test_a_plugin_may_bring_a_pettingzoo_environment(zoo, kind, name, turns):
    adapter = zoo(kind, name)
    play(adapter, 0)
    assert type(adapter.environment).__name__ == "Relay"
    assert (adapter.turns, adapter.rewards, adapter.truncated) == (turns, [3.0, 3.0], False)
    adapter.close()


def test_a_parallel_environment_of_its_own_is_played_as_it_is(zoo):
    adapter = zoo("parallel", "Bare")
    play(adapter, 0)
    assert (adapter.turns, adapter.rewards, adapter.truncated) == (1, [2.0, 2.0], True)
    adapter.close()


def test_who_died_is_not_asked_again_and_its_turn_is_known(zoo):
    adapter = zoo("aec", "Relay", "falls", max_turns=9)
    turns = play(adapter, 0)
    assert [list(actions) for actions in turns] == [[0], [1], [0], [0], [0], [0]]
    assert adapter.survival() == [6, 2]
    parallel = zoo("parallel", "parallel", "falls", max_turns=9)
    turns = play(parallel, 0)
    assert [list(actions) for actions in turns] == [[0, 1], [0], [0], [0], [0]]
    assert parallel.survival() == [5, 1]


@pytest.mark.parametrize(
    ("kind", "name", "vice", "message"),
    [
        ("aec", "Relay", "undead", "selects dead agents without end"),
        ("aec", "Relay", "blind", "cannot see"),
        ("aec", "Relay", "no reset", "cannot start"),
        ("aec", "Relay", "stumbles", "ArithmeticError: knee"),
        ("parallel", "parallel", "impatient", "asks for first, not for second"),
        ("parallel", "Bare", "no reset", "cannot start"),
        ("parallel", "Bare", "breaks", "cannot step"),
    ],
)
def test_what_a_pettingzoo_environment_does_wrong_is_its_own_fault(zoo, kind, name, vice, message):
    with pytest.raises(ArenaFaultError, match=message):
        play(zoo(kind, name, vice), 0)


def test_two_plugins_may_both_have_a_file_of_the_same_name(plug_in):
    assert type(plug_in("Counter").environment).__name__ == "Counter"
    assert type(plug_in("Endless").environment).__name__ == "Endless"


@pytest.mark.parametrize(
    ("kind", "environment", "seats", "message"),
    [
        ("aec", "classic/no_such_thing-v1", 2, r"Install pettingzoo\[classic\]"),
        ("aec", "no_such_package/thing-v1", 2, "Install no_such_package"),
        ("aec", "no_such_module:env", 2, "Install no_such_module"),
        ("aec", "classic/connect_four-v3", 3, "declares 3 seats, its environment has 2"),
        ("gymnasium", "NoSuchThing-v1", 1, "cannot be made here"),
        ("gymnasium", "CartPole-v1", 2, "declares 2 seats"),
    ],
)
def test_an_arena_that_cannot_be_made_says_what_to_install(kind, environment, seats, message):
    with pytest.raises(ArenaUnavailableError, match=message):
        open_arena(declare(kind, environment, seats))


def test_wrong_arguments_and_failing_constructors_make_an_arena_unavailable(plug_in):
    with pytest.raises(ArenaUnavailableError, match="unexpected keyword"):
        open_arena(declare("aec", "classic/connect_four-v3", 2, arguments={"colour": "red"}))
    with pytest.raises(ArenaUnavailableError, match="no attribute 'Missing'"):
        plug_in("Missing")
    with pytest.raises(ArenaUnavailableError, match="no attribute 'reset'"):
        plug_in("NoPlugin")
    with pytest.raises(ArenaUnavailableError, match="no display"):
        plug_in("unmakeable")
    with pytest.raises(UnsupportedSpaceError):
        plug_in("Unsendable")


def test_dead_agents_are_stepped_inside_and_live_ones_play_on():
    adapter = open_arena(
        declare("aec", "sisl/multiwalker-v9", 3, arguments={"terminate_on_fall": False}, max_turns=900)
    )
    play(adapter, 4)
    parallel = open_arena(
        declare("parallel", "sisl/multiwalker-v9", 3, arguments={"terminate_on_fall": False}, max_turns=300)
    )
    play(parallel, 4)
    for table in (adapter, parallel):
        assert table.is_over
        assert len(set(table.survival())) > 1 or table.truncated
