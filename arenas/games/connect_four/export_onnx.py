"""Write the trained value network as one ONNX file, weights inside.

Run: python -m arenas.games.connect_four.export_onnx weights.npz model.onnx
"""

import argparse
from pathlib import Path

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

OPSET = 17
IR_VERSION = 8
"""The file version that came with opset 17, so that older runtimes open it too."""


def network_model(weights: dict[str, NDArray[np.float32]]) -> onnx.ModelProto:
    """Return the model: `rows` float32 (positions, 168) to `worth` float32 (positions, 1)."""
    nodes = []
    value = "rows"
    for layer, bend in ((1, "Relu"), (2, "Relu"), (3, "Tanh")):
        output = "worth" if layer == 3 else f"hidden{layer}"
        nodes.append(
            helper.make_node("Gemm", [value, f"w{layer}", f"b{layer}"], [f"sum{layer}"], name=f"layer{layer}")
        )
        nodes.append(helper.make_node(bend, [f"sum{layer}"], [output], name=f"bend{layer}"))
        value = output
    graph = helper.make_graph(
        nodes,
        "connect_four_value",
        [helper.make_tensor_value_info("rows", TensorProto.FLOAT, ["positions", 168])],
        [helper.make_tensor_value_info("worth", TensorProto.FLOAT, ["positions", 1])],
        [numpy_helper.from_array(weights[name], name) for name in sorted(weights)],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=IR_VERSION)
    model.producer_name = "coliseum"
    onnx.checker.check_model(model, full_check=True)
    return model


def main() -> None:
    """Read the weights and write the model."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("weights", type=Path, help="what train.py wrote (.npz)")
    parser.add_argument("model", type=Path, help="where to write (.onnx)")
    arguments = parser.parse_args()
    with np.load(arguments.weights) as file:
        model = network_model({name: file[name] for name in file.files})
    arguments.model.write_bytes(model.SerializeToString(deterministic=True))


if __name__ == "__main__":
    main()
