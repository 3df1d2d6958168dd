"""Models without code in the real jail, against Python agents: the same verdicts, replays and actions."""

from contextlib import closing

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from onnx import helper

from tests.workers.nocode.models import linear, model, port, tensor
from tests.workers.sandbox.cast import LEVELS
from tests.workers.tables import FIRST, LIMITS, arena_of, outcomes, play, scores
from tests.workers.zips import ordinary
from workers.environments import Environments
from workers.match import Table
from workers.nocode.twins import make_twins
from workers.sandbox import open_launcher
from workers.spec import EpisodeSpec

BOARD = "connect_four-v3"


@pytest.fixture(scope="module", params=LEVELS, ids=lambda level: f"level_{int(level)}")
def launcher(request):
    with open_launcher(minimum=request.param, level=request.param) as opened:
        yield opened


def bare(made):
    return made.SerializeToString(), "policy.onnx"


def test_a_bare_model_plays_a_match_to_its_end(launcher):
    leftmost = linear(np.tile(np.arange(7, 0, -1), (84, 1)) * 1e-9, inside="x")
    (episode,), _ = play(launcher, arena_of(BOARD), [bare(leftmost), FIRST])
    assert outcomes(episode) == ["ok", "ok"]
    # On an empty board all numbers are equal, so both take the first legal column and the first mover wins.
    assert scores(episode) == [1.0, 0.0]


def test_the_twins_choose_the_same_actions(launcher):
    twins = make_twins(84, 7, seed=4)
    played = [
        play(launcher, arena_of(BOARD), [(package, "agent.zip"), FIRST], seeds=(1, 2))[0]
        for package in (twins.model, twins.numpy, twins.runtime)
    ]
    assert all(outcomes(episode) == ["ok", "ok"] for episodes in played for episode in episodes)
    digests = [[(episode.digest, scores(episode)) for episode in episodes] for episodes in played]
    assert digests[0] == digests[1] == digests[2]


def test_side_by_side_is_played_as_one_after_the_other(launcher):
    package = make_twins(84, 7, seed=4).model
    arena = arena_of(BOARD)
    episodes = [EpisodeSpec(seed=seed, seating=(seed % 2, 1 - seed % 2)) for seed in range(40)]
    played = []
    with closing(Environments(arena)) as environments:
        for adapters in ([environments[0]], environments):
            with closing(Table(arena, adapters, launcher, LIMITS, records=False)) as table:
                for seed in range(2):
                    table.join(package, "agent.zip", seed=seed)
                assert table.lanes == len(adapters)
                played.append(
                    [(each.digest, scores(each), each.turns) for each in table.play_episodes(episodes)]
                )
    assert played[0] == played[1]


ONE_BY_ONE = b"""\
import numpy as np
import onnxruntime

OPTIONS = onnxruntime.SessionOptions()
OPTIONS.intra_op_num_threads = OPTIONS.inter_op_num_threads = 1
SESSION = onnxruntime.InferenceSession("model.onnx", OPTIONS, providers=["CPUExecutionProvider"])


class Agent:
    def reset(self, start):
        self.space = start.action_space

    def act(self, observation):
        legal = 1
        if isinstance(observation, dict):
            legal, observation = observation["action_mask"], observation["observation"]
        row = SESSION.run(None, {"x": observation.astype(np.float32).reshape(1, -1)})[0][0]
        if self.space.kind == "box":
            return np.clip(row, self.space.low, self.space.high)
        return int(np.where(legal, row, -np.inf).argmax())
"""


@pytest.mark.parametrize(
    ("name", "inputs", "outputs"), [(BOARD, 84, 7), ("CartPole-v1", 4, 2), ("BipedalWalker-v3", 24, 4)]
)
@settings(max_examples=3, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 999), lanes=st.sampled_from([1, 2, 16]))
def test_frames_are_played_as_a_python_agent_plays_one_by_one(launcher, name, inputs, outputs, seed, lanes):
    # Few small whole numbers: sums are exact in any order, so a batch has the bits of each alone.
    weights = np.random.default_rng(seed).integers(-2, 3, (inputs, outputs))
    if inputs != 84:
        weights *= np.eye(inputs, outputs, dtype=np.int64)
    content = linear(weights, inside="x").SerializeToString()
    arena = arena_of(name, max_turns=60)
    episodes = [EpisodeSpec(seed=seed + at, seating=tuple(range(arena.lineup))) for at in range(20)]
    played = []
    with closing(Environments(arena)) as environments:
        for files in ({"policy.onnx": content}, {"agent.py": ONE_BY_ONE, "model.onnx": content}):
            adapters = [environments[at] for at in range(lanes if "agent.py" not in files else 1)]
            with closing(Table(arena, adapters, launcher, LIMITS, records=False)) as table:
                for at in range(arena.lineup):
                    table.join(ordinary(files), "agent.zip", seed=at)
                played.append([(each.digest, outcomes(each)) for each in table.play_episodes(episodes)])
                assert table.lanes == len(adapters)
    assert played[0] == played[1]
    assert all(outcome == "ok" for _, found in played[0] for outcome in found)


def test_nothing_of_onnxruntime_stands_in_the_log(launcher):
    twins = make_twins(84, 7)
    _, usage = play(launcher, arena_of(BOARD), [(twins.model, "agent.zip"), FIRST])
    assert usage[0].log == ""


def test_roles_are_played_by_their_own_models(launcher):
    files = {
        "policy.toml": '[roles.predator]\nmodel = "predator.onnx"\n[roles.prey]\nmodel = "prey.onnx"\n',
        "predator.onnx": linear(np.eye(16, 5)).SerializeToString(),
        "prey.onnx": linear(np.eye(14, 5)).SerializeToString(),
    }
    arena = arena_of("simple_tag-v3", max_turns=5)
    lineup = [(ordinary(files), "agent.zip")] * 2
    episodes, _ = play(launcher, arena, lineup, seats=(0, 0, 0, 1), copies=(3, 3))
    assert outcomes(episodes[0]) == ["ok"] * 4


def test_continuous_actions_are_taken(launcher):
    (episode,), _ = play(
        launcher, arena_of("BipedalWalker-v3", max_turns=20), [bare(linear(np.eye(24, 4) * 99))]
    )
    assert outcomes(episode) == ["ok"]


def dividing(by):
    """A model whose logits are the observation divided by a number."""
    return model(
        [
            helper.make_node("MatMul", ["x", "w"], ["y"]),
            helper.make_node("Div", ["y", "by"], ["logits"]),
        ],
        [port("x", ["batch", 84])],
        [port("logits", ["batch", 7])],
        [tensor("w", np.zeros((84, 7))), tensor("by", [by])],
    )


def greedy():
    """A model that asks for more memory than there is."""
    return model(
        [
            helper.make_node("ReduceMax", ["x"], ["most"], keepdims=0),
            helper.make_node("Cast", ["most"], ["flag"], to=7),
            helper.make_node("Mul", ["flag", "huge"], ["size"]),
            helper.make_node("Max", ["size", "one"], ["axis"]),
            helper.make_node("ConstantOfShape", ["axis"], ["much"]),
            helper.make_node("ReduceSum", ["much"], ["sum"], keepdims=0),
            helper.make_node("MatMul", ["x", "w"], ["y"]),
            helper.make_node("Add", ["y", "sum"], ["logits"]),
        ],
        [port("x", ["batch", 84])],
        [port("logits", ["batch", 7])],
        [
            tensor("w", np.zeros((84, 7))),
            tensor("huge", [1 << 33], np.int64),
            tensor("one", [1], np.int64),
        ],
    )


def test_nan_is_a_crash_with_words(launcher):
    episodes, _ = play(launcher, arena_of(BOARD), [FIRST, bare(dividing(0.0))])
    assert outcomes(episodes[0]) == ["ok", "crashed"]
    assert "NaN" in episodes[0].seats[1].message


def test_too_much_memory_harms_only_its_own_jail(launcher):
    episodes, _ = play(launcher, arena_of(BOARD), [FIRST, bare(greedy())])
    ours, theirs = outcomes(episodes[0])
    assert ours == "ok"
    assert theirs in {"out_of_memory", "crashed"}


def test_a_model_that_does_not_fit_is_told_in_the_jail_too(launcher):
    episodes, _ = play(launcher, arena_of(BOARD), [FIRST, bare(linear(np.eye(4, 7)))])
    assert outcomes(episodes[0]) == ["ok", "crashed"]
    assert "takes float32 (any, 4)" in episodes[0].seats[1].message


@pytest.mark.parametrize("content", [b"no model", b"\x08\x08"])
def test_what_cannot_be_opened_is_load_failed(launcher, content):
    episodes, _ = play(launcher, arena_of(BOARD), [FIRST, (content, "policy.onnx")])
    assert outcomes(episodes[0]) == ["ok", "load_failed"]
    assert "cannot open policy.onnx" in episodes[0].seats[1].message
