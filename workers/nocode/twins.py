"""One network as three agents: a model without code, and Python agents on NumPy and on onnxruntime.

What the benchmark compares: the same weights, so the same actions, and only the way they are played differs.
"""

import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from workers.nocode.manifest import MANIFEST, MODEL

Weights = list[tuple[NDArray[np.float32], NDArray[np.float32]]]
"""For each layer its matrix (inputs, outputs) and its bias (outputs,)."""

_OPSET: Final = 17
_FILE_VERSION: Final = 8
_NUMPY_AGENT: Final = """\
import numpy as np

WEIGHTS = np.load("weights.npz")
LAYERS = len(WEIGHTS.files) // 2
MATRICES = [WEIGHTS[f"w{layer}"] for layer in range(LAYERS)]
BIASES = [WEIGHTS[f"b{layer}"] for layer in range(LAYERS)]


class Agent:
    def act(self, observation):
        row = observation["observation"].astype(np.float32).reshape(-1)
        for layer in range(LAYERS):
            row = row @ MATRICES[layer] + BIASES[layer]
            if layer < LAYERS - 1:
                row = np.maximum(row, 0)
        return int(np.where(observation["action_mask"], row, -np.inf).argmax())
"""
_RUNTIME_AGENT: Final = """\
import numpy as np
import onnxruntime

OPTIONS = onnxruntime.SessionOptions()
OPTIONS.intra_op_num_threads = OPTIONS.inter_op_num_threads = 1
SESSION = onnxruntime.InferenceSession("model.onnx", OPTIONS, providers=["CPUExecutionProvider"])


class Agent:
    def act(self, observation):
        rows = observation["observation"].astype(np.float32).reshape(1, -1)
        row = SESSION.run(["logits"], {"observation": rows})[0][0]
        return int(np.where(observation["action_mask"], row, -np.inf).argmax())
"""


@dataclass(frozen=True, slots=True)
class Twins:
    """Three packages (zip archives) of one network; each takes the legal action with the greatest number."""

    model: bytes
    numpy: bytes
    runtime: bytes


def make_twins(inputs: int, actions: int, *, hidden: tuple[int, ...] = (64, 64), seed: int = 0) -> Twins:
    """Return three agents of one network with random weights.

    Args:
        inputs: numbers in an observation; 84 in connect_four-v3.
        actions: how many there are; 7 in connect_four-v3.
        hidden: width of each hidden layer.
        seed: of the weights.
    """
    weights = random_weights((inputs, *hidden, actions), np.random.default_rng(seed))
    network = make_network(weights)
    arrays = io.BytesIO()
    named = {
        f"{name}{at}": each for at, pair in enumerate(weights) for name, each in zip("wb", pair, strict=True)
    }
    np.savez(arrays, **named)  # type: ignore[arg-type]  # savez's other keywords are not among the names
    return Twins(
        model=_zipped({MODEL: network, MANIFEST: b'[output]\nkind = "logits"\n'}),
        numpy=_zipped({"agent.py": _NUMPY_AGENT.encode(), "weights.npz": arrays.getvalue()}),
        runtime=_zipped({"agent.py": _RUNTIME_AGENT.encode(), "model.onnx": network}),
    )


def random_weights(sizes: tuple[int, ...], rng: np.random.Generator) -> Weights:
    """Return layers between so many numbers each, drawn as for training."""
    return [
        (rng.normal(0, fan_in**-0.5, (fan_in, fan_out)).astype(np.float32), np.zeros(fan_out, np.float32))
        for fan_in, fan_out in pairwise(sizes)
    ]


def make_network(weights: Weights) -> bytes:
    """Return layers with ReLU between them as ONNX: `observation` (batch, n) to `logits` (batch, m)."""
    from onnx import TensorProto, helper, numpy_helper

    nodes, tensors, value = [], [], "observation"
    for layer, pair in enumerate(weights):
        is_last = layer == len(weights) - 1
        output = "logits" if is_last else f"sum{layer}"
        nodes.append(helper.make_node("Gemm", [value, f"w{layer}", f"b{layer}"], [output]))
        tensors += [
            numpy_helper.from_array(each, f"{name}{layer}") for name, each in zip("wb", pair, strict=True)
        ]
        if not is_last:
            value = f"hidden{layer}"
            nodes.append(helper.make_node("Relu", [output], [value]))
    inputs, outputs = len(weights[0][0]), len(weights[-1][1])
    graph = helper.make_graph(
        nodes,
        "network",
        [helper.make_tensor_value_info("observation", TensorProto.FLOAT, ["batch", inputs])],
        [helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["batch", outputs])],
        tensors,
    )
    opsets = [helper.make_opsetid("", _OPSET)]
    return bytes(helper.make_model(graph, opset_imports=opsets, ir_version=_FILE_VERSION).SerializeToString())


def _zipped(files: Mapping[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name), content)
    return buffer.getvalue()
