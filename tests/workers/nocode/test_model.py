"""What an ONNX file is refused for before anything runs it."""

import contextlib

import numpy as np
import onnxruntime
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from onnx import AttributeProto, TensorProto, helper

from tests.workers.nocode.models import FLOAT, INT64, linear, model, passing, port, tensor
from workers.nocode.model import ModelLimits, read_model
from workers.refusals import RefusedError

LINEAR = linear(np.eye(4, 3))


def refusal(made, **limits):
    content = made if isinstance(made, bytes) else made.SerializeToString()
    with pytest.raises(RefusedError) as caught:
        read_model(content, "policy.onnx", ModelLimits(**limits))
    assert caught.value.field == "file"
    return caught.value.code, caught.value.message


def changed(**fields):
    copy = type(LINEAR)()
    copy.CopyFrom(LINEAR)
    for name, value in fields.items():
        setattr(copy, name, value)
    return copy


def test_a_plain_model_tells_what_it_takes_and_gives():
    found = read_model(LINEAR.SerializeToString(), "policy.onnx")
    assert [str(port) for port in found.inputs] == ["float32 (any, 4)"]
    assert [str(port) for port in found.outputs] == ["float32 (any, 3)"]
    assert (found.opset, found.nodes, found.parameters) == (17, 1, 12)


@pytest.mark.parametrize("opset", [7, 28])
def test_both_ends_of_the_opsets_are_played_by_the_onnxruntime_installed_here(opset):
    made = model(
        [helper.make_node("Tanh", ["x"], ["y"])], [port("x", [1, 3])], [port("y", [1, 3])], opset=opset
    )
    content = made.SerializeToString()
    assert read_model(content, "policy.onnx").opset == opset
    session = onnxruntime.InferenceSession(content, providers=["CPUExecutionProvider"])
    assert session.run(None, {"x": np.zeros((1, 3), np.float32)})[0].shape == (1, 3)


@pytest.mark.parametrize(("opset", "ir"), [(6, 8), (29, 8), (17, 15), (17, 2)])
def test_other_versions_are_refused_with_those_that_are_played(opset, ir):
    made = model(
        [helper.make_node("Tanh", ["x"], ["y"])], [port("x", [1, 3])], [port("y", [1, 3])], opset=opset
    )
    made.ir_version = ir
    code, message = refusal(made)
    assert code == "onnx.version"
    assert "7 to 28" in message or "3 to 14" in message


def test_a_model_that_does_not_tell_its_opset_is_refused():
    made = changed()
    del made.opset_import[:]
    assert refusal(made) == ("onnx.version", "policy.onnx does not say of which opset it is.")


@pytest.mark.parametrize("content", [b"hello", b"\x80\x04K\x01.", b"\x08", b"PK\x03\x04", bytes(1000)])
def test_what_is_no_onnx_is_refused(content):
    assert refusal(content)[0] == "onnx.unreadable"


@settings(max_examples=60, deadline=None)
@given(st.integers(0, len(LINEAR.SerializeToString()) - 1))
def test_a_truncated_file_is_refused(length):
    assert refusal(LINEAR.SerializeToString()[:length])[0].startswith("onnx.")


@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, len(LINEAR.SerializeToString()) - 1), st.integers(0, 255)), min_size=1)
)
def test_a_damaged_file_is_read_or_refused_and_never_raises_anything_else(changes):
    content = bytearray(LINEAR.SerializeToString())
    for place, value in changes:
        content[place] = value
    with contextlib.suppress(RefusedError):
        read_model(bytes(content), "policy.onnx")


def test_a_name_that_is_no_text_is_shown_escaped():
    content = LINEAR.SerializeToString().replace(b"MatMul", b"MatM\xffl")
    assert refusal(content)[1].startswith("policy.onnx uses MatM\\xffl, which")


@pytest.mark.parametrize("location", ["../../../etc/passwd", "/etc/shadow", "policy.onnx.data"])
def test_weights_in_another_file_are_refused_and_the_file_is_not_opened(location):
    made = changed()
    weights = made.graph.initializer[0]
    weights.ClearField("raw_data")
    weights.data_location = TensorProto.EXTERNAL
    weights.external_data.add(key="location", value=location)
    assert refusal(made) == (
        "onnx.external_data",
        f"policy.onnx keeps the tensor w in another file ({location}). All weights must be inside.",
    )


def test_weights_said_to_be_elsewhere_without_a_place_are_refused_too():
    made = changed()
    made.graph.initializer[0].data_location = TensorProto.EXTERNAL
    assert refusal(made)[0] == "onnx.external_data"


def test_external_data_in_a_constant_is_found_too():
    constant = helper.make_node("Constant", [], ["c"], value=tensor("c", [1.0, 2, 3]))
    constant.attribute[0].t.external_data.add(key="location", value="../x")
    made = model(
        [constant, helper.make_node("Add", ["x", "c"], ["y"])], [port("x", [1, 3])], [port("y", [1, 3])]
    )
    assert refusal(made)[0] == "onnx.external_data"


@pytest.mark.parametrize("domain", ["com.evil", "com.microsoft", "ai.onnx.preview.training"])
def test_operators_of_other_domains_are_refused(domain):
    made = model(
        [helper.make_node("Gelu", ["x"], ["y"], domain=domain)],
        [port("x", [1, 3])],
        [port("y", [1, 3])],
        domains=[domain],
    )
    assert refusal(made) == (
        "onnx.unknown_operator",
        f"policy.onnx uses Gelu of the operator set {domain}. Allowed are ai.onnx, ai.onnx.ml only.",
    )


def test_an_operator_that_the_opset_lacks_is_refused():
    made = model([helper.make_node("Gelu", ["x"], ["y"])], [port("x", [1, 3])], [port("y", [1, 3])], opset=17)
    assert refusal(made) == (
        "onnx.unknown_operator",
        "policy.onnx uses Gelu, which ONNX opset 17 does not have.",
    )


def test_a_graph_in_a_graph_is_refused():
    body = helper.make_graph(
        [helper.make_node("Identity", ["x"], ["inner"])], "body", [], [port("inner", [1, 3])]
    )
    made = model(
        [helper.make_node("If", ["flag"], ["y"], then_branch=body, else_branch=body, name="choose")],
        [port("x", [1, 3]), port("flag", [], TensorProto.BOOL)],
        [port("y", [1, 3])],
    )
    assert refusal(made) == (
        "onnx.forbidden_operator",
        "policy.onnx uses If, which has a graph inside: choose.",
    )


def test_a_graph_hidden_in_an_attribute_of_another_type_is_found():
    node = helper.make_node("Identity", ["x"], ["y"])
    hidden = node.attribute.add(name="body", type=AttributeProto.INT)
    hidden.g.name = "hidden"
    assert refusal(model([node], [port("x", [1, 3])], [port("y", [1, 3])]))[0] == "onnx.forbidden_operator"


def test_operators_that_draw_are_refused():
    made = model(
        [helper.make_node("RandomNormalLike", ["x"], ["y"])], [port("x", [1, 3])], [port("y", [1, 3])]
    )
    code, message = refusal(made)
    assert code == "onnx.forbidden_operator"
    assert "draws at random" in message


def test_functions_training_steps_and_sparse_tensors_are_refused():
    functions, training, sparse = changed(), changed(), changed()
    functions.functions.add(name="F", domain="local")
    training.training_info.add()
    sparse.graph.sparse_initializer.add()
    for made, part in ((functions, "functions"), (training, "training steps"), (sparse, "sparse tensors")):
        code, message = refusal(made)
        assert code == "onnx.forbidden_part"
        assert part in message


def test_ten_thousand_nodes_are_too_many():
    nodes = [helper.make_node("Tanh", [f"v{at}"], [f"v{at + 1}"]) for at in range(10_000)]
    made = model(nodes, [port("v0", [1, 3])], [port("v10000", [1, 3])])
    assert refusal(made) == ("onnx.too_large", "policy.onnx has 10,000 nodes; the limit is 5,000.")


@pytest.mark.parametrize(
    ("limits", "what"),
    [({"file_bytes": 50}, "bytes"), ({"parameters": 11}, "12 parameters"), ({"ports": 0}, "1 outputs")],
)
def test_each_size_has_its_limit(limits, what):
    code, message = refusal(LINEAR, **limits)
    assert code == "onnx.too_large"
    assert what in message


def test_a_tensor_that_declares_more_than_it_holds_costs_no_memory():
    made = changed()
    made.graph.initializer[0].dims[:] = [1 << 40, 1 << 40]
    assert refusal(made)[0] == "onnx.too_large"
    made.graph.initializer[0].dims[:] = [1000, 1000]
    assert refusal(made) == (
        "onnx.bad_weights",
        "policy.onnx: the tensor w declares 1,000,000 numbers and holds 12.",
    )
    made.graph.initializer[0].dims[:] = [-1, 12]
    assert refusal(made)[0] == "onnx.bad_weights"


@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.float16])
@pytest.mark.parametrize("raw", [True, False])
def test_nan_weights_are_refused(dtype, raw):
    kind = helper.np_dtype_to_tensor_dtype(np.dtype(dtype))
    values = np.array([1, np.nan, 3], dtype)
    bad = helper.make_tensor("w", kind, [3], values.tobytes() if raw else values.tolist(), raw=raw)
    made = model(
        [helper.make_node("Add", ["x", "w"], ["y"])],
        [port("x", [1, 3], kind)],
        [port("y", [1, 3], kind)],
        [bad],
    )
    assert refusal(made) == ("onnx.bad_weights", "policy.onnx: the tensor w holds NaN.")


def test_infinite_constants_pass_since_masks_are_made_of_them():
    made = model(
        [helper.make_node("Max", ["x", "w"], ["y"])],
        [port("x", [1, 3])],
        [port("y", [1, 3])],
        [tensor("w", [-np.inf, 0, 0])],
    )
    assert read_model(made.SerializeToString(), "policy.onnx").parameters == 3


def test_texts_are_no_numbers():
    made = model(
        [helper.make_node("Identity", ["x"], ["y"])],
        [port("x", [1, 3], TensorProto.STRING)],
        [port("y", [1, 3], TensorProto.STRING)],
    )
    code, message = refusal(made)
    assert code == "onnx.bad_shape"
    assert "is of type string; allowed are float32" in message


def test_the_whole_graph_is_checked():
    unknown = model([helper.make_node("Tanh", ["nowhere"], ["y"])], [port("x", [1, 3])], [port("y", [1, 3])])
    code, message = refusal(unknown)
    assert code == "onnx.unreadable"
    assert "nowhere" in message
    mistyped = model(
        [helper.make_node("Add", ["x", "n"], ["y"])],
        [port("x", [1, 3]), port("n", [1, 3], INT64)],
        [port("y", [1, 3], FLOAT)],
    )
    assert refusal(mistyped)[0] == "onnx.unreadable"


def test_a_model_without_input_is_refused():
    made = model(
        [helper.make_node("Constant", [], ["y"], value=tensor("c", [[1.0]]))], [], [port("y", [1, 1])]
    )
    assert refusal(made) == ("onnx.unreadable", "policy.onnx is not a readable ONNX model: it has no input.")


def test_an_input_of_unknown_shape_is_refused():
    made = passing((3,))
    made.graph.input[0].type.tensor_type.ClearField("shape")
    code, message = refusal(made)
    assert code == "onnx.bad_shape"
    assert "has the shape unknown" in message
