"""A model fits a seat or is refused with expected and got."""

import numpy as np
import pytest

from arenas.codec import Box, DictSpace, Discrete, MultiBinary, MultiDiscrete, Text, TupleSpace
from tests.workers.nocode.models import BOARD, VECTOR, spaces
from workers.nocode.fitting import fit
from workers.nocode.manifest import read_manifest
from workers.nocode.ports import Port
from workers.refusals import RefusedError

LOGITS = Port("logits", "float32", (None, 3))


def port(*shape, name="observation", dtype="float32", batch=None):
    return Port(name, dtype, (batch, *shape))


def plan(inputs, outputs, seat, manifest=""):
    return fit(read_manifest(manifest.encode()), inputs, outputs, seat)


def refusal(inputs, outputs, seat, manifest=""):
    with pytest.raises(RefusedError) as caught:
        plan(inputs, outputs, seat, manifest)
    return caught.value.code, caught.value.message


def test_one_input_gets_the_observation_whatever_it_is_called():
    found = plan([port(3, name="obs")], [LOGITS], spaces())
    assert [(feed.port, feed.path) for feed in found.feeds] == [("obs", ())]
    assert found.takes_batches


def test_in_a_dict_the_one_input_gets_the_part_called_observation_and_the_mask_is_applied():
    found = plan([port(84, name="x")], [Port("y", "float32", (None, 7))], spaces(BOARD, Discrete(7)))
    assert [(feed.port, feed.path) for feed in found.feeds] == [("x", ("observation",))]
    assert found.choice.mask == ("action_mask",)
    without = plan(
        [port(84, name="x")],
        [Port("y", "float32", (None, 7))],
        spaces(BOARD, Discrete(7)),
        "[output]\nmask = false",
    )
    assert without.choice.mask is None


def test_inputs_named_like_parts_get_them_and_the_one_left_over_gets_the_observation():
    inputs = [port(7, name="action_mask"), port(6, 7, 2, name="board")]
    found = plan(inputs, [Port("y", "float32", (None, 7))], spaces(BOARD, Discrete(7)))
    assert [feed.path for feed in found.feeds] == [("action_mask",), ("observation",)]


def test_parts_deep_inside_are_named_with_strokes():
    deep = DictSpace(items=(("a", TupleSpace(items=(VECTOR, Discrete(4)))), ("b", Box((2,), "float32"))))
    manifest = '[input.x]\npart = "a/0"\n[input.y]\npart = "b"'
    found = plan([port(3, name="x"), port(2, name="y")], [LOGITS], spaces(deep), manifest)
    assert [feed.path for feed in found.feeds] == [("a", 0), ("b",)]


def test_two_unclear_inputs_are_refused_with_what_there_is():
    assert refusal([port(3, name="x"), port(3, name="y")], [LOGITS], spaces()) == (
        "onnx.input_mismatch",
        "policy.onnx: nothing says what feeds the input x. Observations of seat 0 have: observation.",
    )


def test_a_part_or_an_input_that_is_not_there_is_refused():
    assert refusal([port(3)], [LOGITS], spaces(), '[input.observation]\npart = "board"') == (
        "onnx.input_mismatch",
        "policy.toml feeds observation with board, but observations of seat 0 have: observation.",
    )
    assert refusal([port(3)], [LOGITS], spaces(), "[input.obs]\nmean = 1") == (
        "onnx.input_mismatch",
        "policy.toml names the input obs, but policy.onnx has: observation.",
    )


@pytest.mark.parametrize("shape", [(6, 7, 2), (84,)])
def test_arrays_go_in_as_they_are_or_flat(shape):
    assert plan([port(*shape)], [Port("y", "float32", (None, 7))], spaces(BOARD, Discrete(7)))


def test_a_wrong_shape_is_refused_with_expected_and_got():
    assert refusal([port(4)], [LOGITS], spaces(seat=2)) == (
        "onnx.input_mismatch",
        "policy.onnx: the input observation takes float32 (any, 4), but observation of seat 2 gives"
        " float32 (any, 3).",
    )
    code, message = refusal([port(2, 6, 7)], [Port("y", "float32", (None, 7))], spaces(BOARD, Discrete(7)))
    assert code == "onnx.input_mismatch"
    assert message.endswith("gives int8 (any, 6, 7, 2) or int8 (any, 84).")


def test_real_numbers_do_not_go_into_an_input_of_whole_ones():
    assert refusal([port(3, dtype="int64")], [LOGITS], spaces())[0] == "onnx.input_mismatch"
    assert plan([port(3, dtype="int64")], [LOGITS], spaces(Box((3,), "int8")))


@pytest.mark.parametrize("shape", [(5, 3), (None, 3, None), (None,), ()])
def test_only_the_batch_may_be_of_any_size(shape):
    assert refusal([Port("observation", "float32", shape)], [LOGITS], spaces())[0] in {
        "onnx.bad_shape",
        "onnx.input_mismatch",
    }
    assert refusal([Port("observation", "float32", (5, 3))], [LOGITS], spaces())[1].startswith(
        "policy.onnx: the input observation has the shape float32 (5, 3). The first axis must be the batch"
    )


def test_a_batch_of_one_is_played_one_by_one():
    assert not plan([port(3, batch=1)], [LOGITS], spaces()).takes_batches


def test_a_choice_goes_in_as_a_number_or_as_one_1():
    number = plan([port(1, dtype="int64")], [LOGITS], spaces(Discrete(5)))
    hot = plan([port(5)], [LOGITS], spaces(Discrete(5, start=2)))
    assert (number.feeds[0].one_hot, hot.feeds[0].one_hot, hot.feeds[0].first) == (0, 5, 2)
    assert "float32 (any, 5) with one 1 in it" in refusal([port(4)], [LOGITS], spaces(Discrete(5)))[1]


def test_normalisation_must_have_as_many_numbers_as_the_part():
    assert refusal([port(3)], [LOGITS], spaces(), "[input.observation]\nmean = [1, 2]") == (
        "manifest.bad_value",
        "policy.toml: input.observation.mean must be one number or 3 (or 3, one for each place of the last"
        " axis), not 2 numbers.",
    )
    whole = spaces(Box((3,), "int8"))
    assert (
        refusal([port(3, dtype="int8")], [LOGITS], whole, "[input.observation]\nstd = 2")[0]
        == "manifest.bad_value"
    )


def test_texts_feed_nothing():
    assert refusal([port(3)], [LOGITS], spaces(Text(5))) == (
        "onnx.input_mismatch",
        "policy.onnx: nothing says what feeds the input observation. Observations of seat 0 have:"
        " nothing a model can take.",
    )


OUTPUTS = {
    "logits": (Discrete(3), port(3), ""),
    "one choice": (Discrete(3), port(dtype="int64"), ""),
    "one choice in a row": (Discrete(3), port(1, dtype="int32"), ""),
    "values": (Discrete(3), port(3), '[output]\nkind = "values"'),
    "several": (MultiDiscrete((2, 3), (2,)), port(5), ""),
    "several given": (MultiDiscrete((2, 3), (2,)), port(2, dtype="int64"), ""),
    "continuous": (Box((2,), "float32", -1.0, 1.0), port(2), '[output]\nsquash = "tanh"\nrescale = true'),
    "continuous, flat": (Box((2, 2), "float32", -1.0, 1.0), port(4), ""),
    "unknown": (Discrete(3), Port("y", "float32", None), ""),
    "unknown axis": (Discrete(3), Port("y", "float32", (None, None)), ""),
}


@pytest.mark.parametrize("case", OUTPUTS)
def test_outputs_that_fit(case):
    action, output, manifest = OUTPUTS[case]
    assert plan([port(3)], [output], spaces(VECTOR, action), manifest).output == output.name


MISFITS = {
    "too few": (Discrete(3), port(4, name="y"), "", "gives float32 (any, 4), but the actions of seat 0 need"),
    "said": (Discrete(3), port(4, name="y"), "", "need float32 (any, 3) or int64 (any,) or int64 (any, 1)."),
    "kind": (Discrete(3), port(3, name="y"), '[output]\nkind = "action"', 'asks for kind = "action", but'),
    "integers": (Box((3,), "float32"), port(3, name="y", dtype="int64"), "", "need float32 (any, 3)"),
    "logits": (Box((3,), "float32"), port(3), '[output]\nkind = "logits"', "is a continuous action"),
    "squash": (Discrete(3), port(3), '[output]\nsquash = "tanh"', "asks for output.squash, but"),
    "rescale": (Box((3,), "float32"), port(3), "[output]\nrescale = true", "is an action without bounds"),
    "sample": (Discrete(3), port(dtype="int64"), '[output]\nchoose = "sample"', "gives no logits"),
    "name": (
        Discrete(3),
        port(3, name="y"),
        '[output]\nname = "z"',
        "names the output z, but policy.onnx has: y.",
    ),
    "space": (MultiBinary((3,)), port(3), "", "of kind multi_binary, which no model can give."),
    "integer box": (Box((3,), "int8"), port(3), "", "of kind box, which no model can give."),
}


@pytest.mark.parametrize("case", MISFITS)
def test_outputs_that_do_not_fit_are_refused_with_expected_and_got(case):
    action, output, manifest, words = MISFITS[case]
    code, message = refusal([port(3)], [output], spaces(VECTOR, action), manifest)
    assert code == "onnx.output_mismatch"
    assert words in message


def test_the_first_output_that_is_no_state_decides():
    outputs = [Port("h2", "float32", (None, 3)), LOGITS]
    found = plan([port(3), port(3, name="h")], outputs, spaces(), '[state]\nh = "h2"')
    assert (found.output, found.memories[0].axis, found.takes_batches) == ("logits", 0, True)
    np.testing.assert_array_equal(found.memories[0].zero, np.zeros((1, 3)))


def test_the_batch_of_a_state_is_its_open_axis():
    inputs = [port(3), Port("h", "float32", (2, None, 8))]
    found = plan(inputs, [LOGITS, Port("h2", "float32", (2, None, 8))], spaces(), '[state]\nh = "h2"')
    assert (found.memories[0].axis, found.memories[0].zero.shape) == (1, (2, 1, 8))


def test_states_that_are_not_there_or_have_no_shape_are_refused():
    inputs = [port(3), Port("h", "float32", (None, None))]
    assert refusal(inputs, [LOGITS], spaces(), '[state]\nh = "logits"')[0] == "onnx.bad_shape"
    assert refusal(inputs, [LOGITS], spaces(), '[state]\nh = "h2"')[0] == "onnx.output_mismatch"
    assert refusal(inputs, [LOGITS], spaces(), '[state]\ng = "logits"')[0] == "onnx.input_mismatch"
