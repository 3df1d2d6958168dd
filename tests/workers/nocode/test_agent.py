"""The agent that plays a model: the same actions alone and in a batch, a clear word for each bad number."""

import numpy as np
import onnxruntime
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from onnx import helper

from arenas.codec import Box, DictSpace, Discrete, MultiDiscrete
from tests.workers.nocode.models import (
    BOARD,
    INT64,
    VECTOR,
    Player,
    counting,
    linear,
    model,
    passing,
    port,
    start,
    tensor,
)
from workers.nocode.agent import is_without_code
from workers.nocode.choosing import ModelError, NumberError
from workers.refusals import RefusedError


@pytest.fixture
def opened(tmp_path):
    """Write a package and open its agent, as the runner does in the jail."""

    def open_agent(made, manifest="", **more):
        for name, each in {"policy": made, **more}.items():
            (tmp_path / f"{name}.onnx").write_bytes(each.SerializeToString())
        if manifest:
            (tmp_path / "policy.toml").write_text(manifest)
        return Player(tmp_path)

    return open_agent


def one(agent, seen, **said):
    agent.reset(start(**said))
    return agent.act(seen)


def vector(*numbers):
    return np.array(numbers, np.float32)


def test_the_greatest_number_is_chosen_and_of_equal_ones_the_first(opened):
    agent = opened(linear(np.eye(3)))
    assert [one(agent, vector(*row)) for row in ((0, 2, 1), (5, 5, 5), (0, 3, 3))] == [1, 0, 1]


def test_choices_begin_where_the_space_does(opened):
    assert one(opened(linear(np.eye(3))), vector(0, 0, 9), action=Discrete(3, start=-1)) == 1


def test_illegal_choices_are_ruled_out(opened):
    board = {
        "observation": np.ones((6, 7, 2), np.int8),
        "action_mask": np.array([0, 0, 1, 0, 1, 0, 0], np.int8),
    }
    agent = opened(linear(np.tile(np.arange(7, 0, -1), (84, 1)), inside="x"))
    assert one(agent, board, observation=BOARD, action=Discrete(7)) == 2


def test_the_mask_can_be_left_to_the_model(opened):
    board = {
        "observation": np.ones((6, 7, 2), np.int8),
        "action_mask": np.array([0, 0, 1, 0, 1, 0, 0], np.int8),
    }
    agent = opened(linear(np.tile(np.arange(7, 0, -1), (84, 1))), "[output]\nmask = false")
    assert one(agent, board, observation=BOARD, action=Discrete(7)) == 0


def test_samples_follow_the_softmax_and_the_seed(opened):
    agent = opened(linear(np.eye(3)), '[output]\nchoose = "sample"\ntemperature = 0.5')
    row = vector(*(0.5 * np.log([0.2, 0.5, 0.3])))
    agent.reset(start(seed=5))
    drawn = [agent.act(row) for _ in range(3000)]
    assert np.allclose(np.bincount(drawn) / 3000, [0.2, 0.5, 0.3], atol=0.04)
    agent.reset(start(seed=5))
    assert [agent.act(row) for _ in range(3000)] == drawn
    agent.reset(start(seed=6))
    assert [agent.act(row) for _ in range(3000)] != drawn


def test_samples_are_legal(opened):
    agent = opened(linear(np.ones((84, 7))), '[output]\nchoose = "sample"')
    board = {
        "observation": np.ones((6, 7, 2), np.int8),
        "action_mask": np.array([0, 0, 1, 0, 1, 0, 0], np.int8),
    }
    agent.reset(start(BOARD, Discrete(7)))
    assert {agent.act(board) for _ in range(100)} == {2, 4}


def test_observations_are_normalised_and_clipped(opened):
    manifest = "[input.observation]\nmean = [1, 2, 3]\nstd = [1, 2, 4]\nclip = 2"
    agent = opened(passing((3,)), manifest)
    action = one(agent, vector(1, 4, 103), action=Box((3,), "float32"))
    np.testing.assert_array_equal(action, vector(0, 1, 2))


def test_one_mean_for_each_channel_and_channels_first(opened):
    image = Box((2, 4, 3), "uint8", 0, 255)
    manifest = '[input.observation]\nmean = [0, 10, 20]\nstd = 255\nchannels = "first"'
    agent = opened(passing((3, 2, 4)), manifest)
    seen = np.arange(24, dtype=np.uint8).reshape(2, 4, 3)
    action = one(agent, seen, observation=image, action=Box((3, 2, 4), "float32"))
    wanted = (np.moveaxis(seen, -1, 0) - np.array([0, 10, 20]).reshape(3, 1, 1)) / 255
    np.testing.assert_allclose(action, wanted, rtol=1e-6)


@pytest.mark.parametrize("flat", [True, False])
def test_channels_first_without_normalisation(opened, flat):
    image = Box((2, 4, 3), "uint8", 0, 255)
    agent = opened(passing((24,) if flat else (3, 2, 4)), '[input.observation]\nchannels = "first"')
    seen = np.arange(24, dtype=np.uint8).reshape(2, 4, 3)
    action = one(agent, seen, observation=image, action=Box((3, 2, 4), "float32"))
    np.testing.assert_array_equal(action, np.moveaxis(seen, -1, 0))


def test_a_choice_is_seen_as_one_1_or_as_a_number(opened):
    agent = opened(linear(np.eye(3)[::-1]))
    assert [one(agent, seen, observation=Discrete(3, start=4)) for seen in (4, 5, 6)] == [2, 1, 0]
    number = model(
        [helper.make_node("Identity", ["n"], ["action"])],
        [port("n", ["b", 1], INT64)],
        [port("action", ["b", 1], INT64)],
    )
    assert one(opened(number), 2, observation=Discrete(3)) == 2


def test_continuous_actions_are_squashed_rescaled_and_clipped(opened):
    bounds = Box((3,), "float32", -2.0, 2.0)
    plain = one(opened(passing((3,))), vector(-9, 0.5, 9), action=bounds)
    np.testing.assert_array_equal(plain, vector(-2, 0.5, 2))
    squashed = one(
        opened(passing((3,)), '[output]\nsquash = "tanh"\nrescale = true'),
        vector(-99, 0.5, 99),
        action=bounds,
    )
    np.testing.assert_allclose(squashed, [-2, 2 * np.tanh(0.5), 2], rtol=1e-6)
    assert squashed.dtype == np.float32


def test_several_choices_are_cut_from_one_row(opened):
    space = MultiDiscrete((2, 3), (2,), start=(0, 5))
    agent = opened(passing((5,)))
    np.testing.assert_array_equal(
        one(agent, vector(0, 1, 0, 0, 7), observation=Box((5,), "float32"), action=space), [1, 7]
    )
    drawing = opened(passing((5,)), '[output]\nchoose = "sample"')
    drawing.reset(start(Box((5,), "float32"), space))
    assert len({tuple(drawing.act(np.zeros(5, np.float32))) for _ in range(200)}) == 6


def test_whole_numbers_are_the_action_itself(opened):
    greatest = model(
        [helper.make_node("ArgMax", ["x"], ["y"], axis=1, keepdims=0)],
        [port("x", ["b", 3])],
        [port("y", ["b"], INT64)],
    )
    assert one(opened(greatest), vector(0, 1, 0)) == 1
    pair = passing((2,), kind=INT64)
    space = MultiDiscrete((9, 9), (2,))
    np.testing.assert_array_equal(
        one(opened(pair), np.array([3, 4]), observation=space, action=space), [3, 4]
    )


@pytest.mark.parametrize("manifest", ["", '[output]\nchoose = "sample"'])
def test_a_model_that_gives_nan_says_so(opened, manifest):
    agent = opened(linear(np.eye(3)), manifest)
    with pytest.raises(NumberError, match="NaN"):
        one(agent, vector(0, np.nan, 0))


def test_infinite_continuous_actions_are_no_actions(opened):
    with pytest.raises(NumberError, match="NaN or infinity"):
        one(opened(passing((3,))), vector(0, np.inf, 0), action=Box((3,), "float32"))


LANES = st.lists(st.integers(0, 5), min_size=1, max_size=6, unique=True)


@pytest.mark.parametrize("batch", ["batch", 1])
def test_a_batch_gives_what_each_would_give_alone(opened, batch):
    rng = np.random.default_rng(3)
    agent = opened(linear(rng.normal(size=(3, 3)), batch=batch), '[output]\nchoose = "sample"')
    rows = rng.normal(size=(6, 3)).astype(np.float32)
    alone = [one(agent, row, seed=lane) for lane, row in enumerate(rows)]
    for lane in range(6):
        agent.reset(start(seed=lane, lane=lane))
    order = [4, 2, 0, 5, 1, 3]
    assert agent.act_frame([rows[lane] for lane in order], order) == [alone[lane] for lane in order]


@pytest.mark.parametrize("batch", ["batch", 1])
@settings(max_examples=25, deadline=None)
@given(asked=st.lists(LANES, max_size=8))
def test_each_lane_has_a_state_of_its_own(tmp_path_factory, batch, asked):
    folder = tmp_path_factory.mktemp("package")
    (folder / "policy.onnx").write_bytes(counting(batch=batch).SerializeToString())
    (folder / "policy.toml").write_text('[state]\nmemory = "after"')
    agent = Player(folder)
    for lane in range(6):
        agent.reset(start(lane=lane))
    sums = np.zeros((6, 3))
    for turn, lanes in enumerate(asked):
        seen = {lane: np.roll([1, 0, 0], lane * turn).astype(np.float32) for lane in lanes}
        for lane in lanes:
            sums[lane] += seen[lane]
        assert agent.act_frame([seen[lane] for lane in lanes], lanes) == [
            int(sums[lane].argmax()) for lane in lanes
        ]


def test_a_new_episode_begins_with_a_state_of_zeros(opened):
    agent = opened(counting(), '[state]\nmemory = "after"')
    assert [one(agent, vector(0, 5, 0)), one(agent, vector(1, 0, 0))] == [1, 0]


def test_each_role_has_its_model_also_side_by_side(opened):
    manifest = '[roles.prey]\nmodel = "prey.onnx"'
    agent = opened(linear(np.eye(3)), manifest, prey=linear(np.ones((2, 4)) * [0, 0, 0, 1]))
    agent.reset(start(role="predator", lane=0))
    agent.reset(start(Box((2,), "float32"), Discrete(4), role="prey", lane=1))
    agent.reset(start(role="predator", lane=2))
    seen = [vector(1, 1), vector(0, 0, 1), vector(1, 0, 0)]
    assert agent.act_frame(seen, [1, 0, 2]) == [3, 2, 0]


def test_a_role_without_a_model_is_told(opened, tmp_path):
    agent = opened(linear(np.eye(3)), '[roles.prey]\nmodel = "prey.onnx"', prey=linear(np.eye(3)))
    (tmp_path / "policy.onnx").unlink()
    agent = Player(tmp_path)
    with pytest.raises(ModelError, match="no model for the role predator"):
        agent.reset(start(role="predator"))


def fixed_inside():
    """Say that batches of any size are taken, but reshape to one row inside, as traced exports do."""
    return model(
        [
            helper.make_node("Reshape", ["observation", "one_row"], ["row"]),
            helper.make_node("Identity", ["row"], ["logits"]),
        ],
        [port("observation", ["batch", 3])],
        [port("logits", ["batch", 3])],
        [tensor("one_row", [1, 3], np.int64)],
    )


def test_a_model_whose_batch_is_fixed_deep_inside_is_asked_one_by_one(opened):
    agent = opened(fixed_inside())
    for lane in range(3):
        agent.reset(start(lane=lane))
    rows = [vector(*row) for row in np.eye(3)]
    assert agent.act_frame(rows, [0, 1, 2]) == [0, 1, 2]


def test_a_model_that_gives_another_shape_than_the_action_needs_is_told(opened):
    compressed = model(
        [helper.make_node("Compress", ["observation", "which"], ["logits"], axis=1)],
        [port("observation", ["batch", 3])],
        [port("logits", ["batch", "wide"])],
        [tensor("which", [1, 1, 0], np.bool_)],
    )
    with pytest.raises(ModelError, match=r"output logits has the shape \(1, 2\), not \(1, 3\)"):
        one(opened(compressed), vector(0, 0, 0))


def test_a_model_that_does_not_fit_the_seat_is_told_as_at_the_upload(opened):
    with pytest.raises(
        ModelError, match=r"takes float32 \(any, 3\), but observation of seat 0 gives float32 \(any, 5\)"
    ):
        one(opened(linear(np.eye(3))), np.zeros(5, np.float32), observation=Box((5,), "float32"))


def test_what_onnxruntime_cannot_open_is_told_with_its_version(opened):
    with pytest.raises(ModelError, match=f"onnxruntime {onnxruntime.__version__} cannot open policy.onnx"):
        opened(linear(np.eye(3), opset=2000))


def test_a_damaged_manifest_is_told(opened):
    with pytest.raises(RefusedError, match="unknown key"):
        opened(linear(np.eye(3)), "wrong = 1")


def test_a_package_with_agent_py_is_a_python_agent(tmp_path):
    assert not is_without_code(str(tmp_path))
    (tmp_path / "policy.onnx").touch()
    assert is_without_code(str(tmp_path))
    (tmp_path / "agent.py").touch()
    assert not is_without_code(str(tmp_path))


def test_dicts_of_parts_feed_several_inputs(opened):
    space = DictSpace(items=(("far", VECTOR), ("near", Box((2,), "float32"))))
    made = model(
        [helper.make_node("Concat", ["near", "far"], ["y"], axis=1)],
        [port("near", ["b", 2]), port("far", ["b", 3])],
        [port("y", ["b", 5])],
    )
    agent = opened(made)
    agent.reset(start(space, Discrete(5)))
    assert agent.act({"near": vector(0, 1), "far": vector(0, 0, 3)}) == 4


def test_a_model_fed_by_its_state_alone_is_played(opened):
    endless = model(
        [
            helper.make_node("Add", ["memory", "step"], ["after"]),
            helper.make_node("Identity", ["after"], ["logits"]),
        ],
        [port("memory", ["batch", 3])],
        [port("logits", ["batch", 3]), port("after", ["batch", 3])],
        [tensor("step", [0, 1, 0])],
    )
    assert one(opened(endless, '[state]\nmemory = "after"'), vector(9, 0, 0)) == 1


@pytest.mark.parametrize("observation", [VECTOR, Discrete(3)])
def test_the_short_way_alone_gives_what_a_batch_gives(opened, observation):
    agent = opened(linear(np.random.default_rng(0).normal(size=(3, 3))))
    for lane in range(2):
        agent.reset(start(observation, lane=lane))
    seen = [1, 2] if isinstance(observation, Discrete) else [vector(1, -2, 3), vector(-1, 0, 1)]
    assert [agent.act(each) for each in seen] == agent.act_frame(seen, [0, 1])


def test_in_the_short_way_nan_is_told_and_the_next_turn_is_not_spoilt(opened):
    agent = opened(linear(np.eye(3)))
    agent.reset(start())
    with pytest.raises(NumberError, match="The model's output holds NaN"):
        agent.act(vector(np.nan, 0, 0))
    assert agent.act(vector(0, 0, 1)) == 2


@pytest.mark.parametrize("lanes", [[0], [0, 1]])
def test_another_shape_than_on_zeros_is_told_when_it_comes(opened, lanes):
    """The model leaves out columns that are not 0 anywhere."""
    changing = model(
        [
            helper.make_node("ReduceMax", ["observation"], ["most"], axes=[0], keepdims=0),
            helper.make_node("Cast", ["most"], ["is_set"], to=9),
            helper.make_node("Not", ["is_set"], ["is_zero"]),
            helper.make_node("Compress", ["observation", "is_zero"], ["logits"], axis=1),
        ],
        [port("observation", ["batch", 3])],
        [port("logits", ["batch", "wide"])],
    )
    agent = opened(changing)
    for lane in range(2):
        agent.reset(start(lane=lane))
    assert agent.act_frame([vector(0, 0, 0)] * len(lanes), lanes) == [0] * len(lanes)
    wanted = rf"logits has the shape \({len(lanes)}, 2\), not \({len(lanes)}, 3\)"
    with pytest.raises(ModelError, match=wanted):
        agent.act_frame([vector(0, 5, 0)] * len(lanes), lanes)
