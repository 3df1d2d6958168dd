"""Read an ONNX file without running it: say what goes in and out, or refuse it with the exact reason.

Only a plain inference graph passes: standard operators, all weights inside, no graph in a graph. So nothing
here ever opens a second file, and what one look shows is all there is.
"""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import onnx
from google.protobuf.message import DecodeError
from onnx import AttributeProto, ModelProto, NodeProto, TensorProto, ValueInfoProto

from workers.nocode.ports import DTYPES, Port
from workers.refusals import RefusedError

MIB: Final = 1024 * 1024
_DOMAINS: Final = ("ai.onnx", "ai.onnx.ml")
_OPSETS: Final = range(7, 29)
"""Of ai.onnx: what the pinned onnxruntime promises to play; a test opens both ends."""
_FILE_VERSIONS: Final = range(3, 15)
_RANDOM: Final = frozenset(
    {"Bernoulli", "Multinomial", "RandomNormal", "RandomNormalLike", "RandomUniform", "RandomUniformLike"}
)
_GRAPHS: Final = (AttributeProto.GRAPH, AttributeProto.GRAPHS)
_SPARSE: Final = (AttributeProto.SPARSE_TENSOR, AttributeProto.SPARSE_TENSORS)
_TYPES: Final[dict[int, str]] = {
    TensorProto.FLOAT: "float32",
    TensorProto.DOUBLE: "float64",
    TensorProto.FLOAT16: "float16",
    TensorProto.INT8: "int8",
    TensorProto.UINT8: "uint8",
    TensorProto.INT16: "int16",
    TensorProto.UINT16: "uint16",
    TensorProto.INT32: "int32",
    TensorProto.UINT32: "uint32",
    TensorProto.INT64: "int64",
    TensorProto.UINT64: "uint64",
    TensorProto.BOOL: "bool",
}
_LISTS: Final = {"float32": "float_data", "float64": "double_data", "int64": "int64_data"}
"""Where numbers lie that are not raw; all other types of up to 32 bits lie in int32_data."""


@dataclass(frozen=True, slots=True)
class ModelLimits:
    """How large a model may be."""

    file_bytes: int = 40 * MIB
    nodes: int = 5000
    parameters: int = 10_000_000
    ports: int = 16
    """Inputs, and outputs."""


@dataclass(frozen=True, slots=True)
class Model:
    """What a model says of itself."""

    inputs: tuple[Port, ...]
    outputs: tuple[Port, ...]
    opset: int
    nodes: int
    parameters: int


def read_model(content: bytes, file: str, limits: ModelLimits | None = None) -> Model:
    """Return what a model takes and gives.

    Args:
        content: the ONNX file.
        file: its name, for messages.
        limits: how large it may be.

    Raises:
        RefusedError: `onnx.*`, when it is no plain inference model.
    """
    limits = limits or ModelLimits()
    _check_count(len(content), "bytes", limits.file_bytes, file)
    model = _parse(content, file)
    graph = model.graph
    opset = _check_versions(model, file)
    for what, count, most in (
        ("nodes", len(graph.node), limits.nodes),
        ("inputs", len(graph.input), limits.ports + len(graph.initializer)),
        ("outputs", len(graph.output), limits.ports),
    ):
        _check_count(count, what, most, file)
    _check_parts(model, file)
    for node in graph.node:
        _check_node(node, opset, file)
    parameters = _check_tensors([*graph.initializer, *_constants(graph.node)], limits, file)
    weights = {tensor.name for tensor in graph.initializer}
    inputs = tuple(_port(value, "input", file) for value in graph.input if value.name not in weights)
    outputs = tuple(_port(value, "output", file) for value in graph.output)
    _check_count(len(inputs), "inputs", limits.ports, file)
    if not inputs or not outputs:
        missing = "it has no input" if not inputs else "it has no output"
        raise RefusedError("onnx.unreadable", file=file, problem=missing, field="file")
    _check_whole(model, file)
    return Model(inputs, outputs, opset, len(graph.node), parameters)


def _check_count(count: int, what: str, most: int, file: str) -> None:
    if count > most:
        raise RefusedError("onnx.too_large", file=file, count=count, what=what, limit=most, field="file")


def _parse(content: bytes, file: str) -> ModelProto:
    try:
        model: ModelProto = ModelProto.FromString(content)
    except DecodeError:
        raise RefusedError(
            "onnx.unreadable", file=file, problem="it is damaged, or of another kind", field="file"
        ) from None
    if not model.HasField("graph") or not model.ir_version:
        raise RefusedError("onnx.unreadable", file=file, problem="there is no graph in it", field="file")
    return model


def _check_versions(model: ModelProto, file: str) -> int:
    """Return the opset of the standard operators."""
    if model.ir_version not in _FILE_VERSIONS:
        least, most = _FILE_VERSIONS[0], _FILE_VERSIONS[-1]
        raise RefusedError(
            "onnx.version", file=file, ir=model.ir_version, least=least, most=most, field="file"
        )
    opset = next((each.version for each in model.opset_import if _domain(each.domain) == "ai.onnx"), 0)
    if not opset:
        raise RefusedError("onnx.version", file=file, field="file")
    if opset not in _OPSETS:
        least, most = _OPSETS[0], _OPSETS[-1]
        raise RefusedError("onnx.version", file=file, opset=opset, least=least, most=most, field="file")
    return int(opset)


def _domain(name: object) -> str:
    return _text(name) or "ai.onnx"


def _text(name: object) -> str:
    """Return a text of the file; what is not UTF-8 comes out of the parser as bytes."""
    return name.decode(errors="backslashreplace") if isinstance(name, bytes) else str(name)


def _check_parts(model: ModelProto, file: str) -> None:
    """Refuse all of a model that is no plain graph."""
    parts = {
        "functions of its own": model.functions,
        "training steps": model.training_info,
        "sparse tensors": model.graph.sparse_initializer,
    }
    for part, found in parts.items():
        if len(found):
            raise RefusedError("onnx.forbidden_part", file=file, part=part, field="file")


def _check_node(node: NodeProto, opset: int, file: str) -> None:
    domain, operator = _domain(node.domain), _text(node.op_type)
    if domain not in _DOMAINS:
        raise RefusedError(
            "onnx.unknown_operator",
            file=file,
            operator=operator,
            domain=domain,
            allowed=list(_DOMAINS),
            field="file",
        )
    if domain == "ai.onnx" and not onnx.defs.has(operator, opset):
        raise RefusedError("onnx.unknown_operator", file=file, operator=operator, opset=opset, field="file")
    where = _text(node.name or next(iter(node.output), ""))
    if operator in _RANDOM:
        raise RefusedError(
            "onnx.forbidden_operator", file=file, operator=operator, random_node=where, field="file"
        )
    for attribute in node.attribute:
        if attribute.type in _GRAPHS or attribute.HasField("g") or len(attribute.graphs):
            raise RefusedError(
                "onnx.forbidden_operator", file=file, operator=operator, node=where, field="file"
            )
        if attribute.type in _SPARSE or attribute.HasField("sparse_tensor") or len(attribute.sparse_tensors):
            raise RefusedError("onnx.forbidden_part", file=file, part="sparse tensors", field="file")


def _constants(nodes: Iterable[NodeProto]) -> Iterator[TensorProto]:
    for node in nodes:
        for attribute in node.attribute:
            if attribute.HasField("t"):
                yield attribute.t
            yield from attribute.tensors


def _check_tensors(tensors: Iterable[TensorProto], limits: ModelLimits, file: str) -> int:
    """Check every tensor, and return how many numbers they hold together."""
    total = 0
    for tensor in tensors:
        if len(tensor.external_data) or tensor.data_location == TensorProto.EXTERNAL:
            places = [_text(each.value) for each in tensor.external_data if each.key == "location"]
            raise RefusedError(
                "onnx.external_data",
                file=file,
                tensor=_text(tensor.name),
                location=next(iter(places), "?"),
                field="file",
            )
        if min(tensor.dims, default=1) < 0 or tensor.HasField("segment"):
            raise _bad_weights(file, tensor, "has no fixed shape")
        total += math.prod(tensor.dims)
        _check_count(total, "parameters", limits.parameters, file)
        _check_tensor(tensor, file)
    return total


def _check_tensor(tensor: TensorProto, file: str) -> None:
    dtype = _TYPES.get(tensor.data_type)
    if dtype is None:
        raise _bad_weights(file, tensor, f"is of type {_type_name(tensor.data_type)}, which is not played")
    wanted = math.prod(tensor.dims)
    if tensor.HasField("raw_data"):
        held, rest = divmod(len(tensor.raw_data), np.dtype(dtype).itemsize)
        numbers = np.frombuffer(tensor.raw_data, dtype, count=held)
    else:
        # Half floats lie as bit patterns in int32_data, 32-bit unsigned ones in uint64_data.
        name = "uint64_data" if dtype in {"uint32", "uint64"} else _LISTS.get(dtype, "int32_data")
        held, rest = len(getattr(tensor, name)), 0
        numbers = np.array(getattr(tensor, name))
        if dtype == "float16":
            numbers = numbers.astype(np.uint16).view(np.float16)
    if held != wanted or rest:
        raise _bad_weights(file, tensor, f"declares {wanted:,} numbers and holds {held:,}")
    if numbers.dtype.kind == "f" and np.isnan(numbers).any():
        raise _bad_weights(file, tensor, "holds NaN")


def _bad_weights(file: str, tensor: TensorProto, problem: str) -> RefusedError:
    return RefusedError(
        "onnx.bad_weights", file=file, tensor=_text(tensor.name), problem=problem, field="file"
    )


def _type_name(number: int) -> str:
    known = TensorProto.DataType.DESCRIPTOR.values_by_number
    return str(known[number].name.lower()) if number in known else str(number)


def _port(value: ValueInfoProto, side: str, file: str) -> Port:
    """Read one input or output; its first axis is the batch."""
    label = _text(value.name)
    name = f"the {side} {label}"
    tensor: Any = value.type.tensor_type  # Any: made by protobuf, without types.
    dtype = _TYPES.get(tensor.elem_type, "") if value.type.HasField("tensor_type") else ""
    if dtype not in DTYPES:
        shown = _type_name(tensor.elem_type) if value.type.HasField("tensor_type") else "no tensor"
        raise RefusedError(
            "onnx.bad_shape", file=file, port=name, dtype=shown, allowed=list(DTYPES), field="file"
        )
    if not tensor.HasField("shape"):
        if side == "output":
            return Port(label, dtype, None)
        raise RefusedError("onnx.bad_shape", file=file, port=name, got="unknown", field="file")
    shape = tuple(each.dim_value if each.HasField("dim_value") else None for each in tensor.shape.dim)
    return Port(label, dtype, shape)


def _check_whole(model: ModelProto, file: str) -> None:
    """Have the ONNX library check names, attributes, types and shapes of the whole graph."""
    try:
        onnx.checker.check_model(model, full_check=True)
    except (onnx.checker.ValidationError, onnx.shape_inference.InferenceError, ValueError) as error:
        lines = [line.strip() for line in str(error).splitlines() if line.strip()]
        complaint = next((line for line in lines if not line.startswith("==>")), "no reason given")
        raise RefusedError("onnx.unreadable", file=file, complaint=complaint, field="file") from None
