"""ONNX models for tests, good and bad, and the spaces they are to fit."""

import numpy as np
from onnx import TensorProto, helper, numpy_helper

from arenas.codec import Box, DictSpace, Discrete, compile_codec
from workers.nocode.agent import ModelAgent
from workers.nocode.fitting import SeatSpaces
from workers.protocol import Start
from workers.start import space_of, view

FLOAT, INT64 = TensorProto.FLOAT, TensorProto.INT64


def port(name, shape, kind=FLOAT):
    return helper.make_tensor_value_info(name, kind, shape)


def model(nodes, inputs, outputs, weights=(), *, opset=17, ir=8, domains=()):
    """A model of the given nodes; returned unserialised, so that a test can spoil it."""
    graph = helper.make_graph(nodes, "g", inputs, outputs, list(weights))
    opsets = [helper.make_opsetid("", opset), *(helper.make_opsetid(name, 1) for name in domains)]
    return helper.make_model(graph, opset_imports=opsets, ir_version=ir)


def tensor(name, values, dtype=np.float32):
    return numpy_helper.from_array(np.asarray(values, dtype), name)


def linear(matrix, *, inside="observation", outside="logits", batch="batch", opset=17, ir=8):
    """One layer without bias: `inside` (batch, n) times the matrix (n, m)."""
    matrix = np.asarray(matrix, np.float32)
    return model(
        [helper.make_node("MatMul", [inside, "w"], [outside], name="layer")],
        [port(inside, [batch, matrix.shape[0]])],
        [port(outside, [batch, matrix.shape[1]])],
        [tensor("w", matrix)],
        opset=opset,
        ir=ir,
    )


def passing(shape, *, kind=FLOAT, inside="observation", outside="action", operator="Identity", batch="batch"):
    """A model that gives what it takes."""
    return model(
        [helper.make_node(operator, [inside], [outside])],
        [port(inside, [batch, *shape], kind)],
        [port(outside, [batch, *shape], kind)],
    )


def counting(*, batch="batch"):
    """A recurrent model: its logits are the state, and the state grows by the observation each turn."""
    return model(
        [
            helper.make_node("Add", ["observation", "memory"], ["after"]),
            helper.make_node("Identity", ["after"], ["logits"]),
        ],
        [port("observation", [batch, 3]), port("memory", [batch, 3])],
        [port("logits", [batch, 3]), port("after", [batch, 3])],
    )


BOARD = DictSpace(
    items=(("action_mask", Box((7,), "int8", 0, 1)), ("observation", Box((6, 7, 2), "int8", 0, 1)))
)
VECTOR = Box((3,), "float32")
THREE = Discrete(3)


def spaces(observation=VECTOR, action=THREE, *, seat=0, role=""):
    return SeatSpaces(seat, role, space_of(observation), space_of(action))


def start(observation=VECTOR, action=THREE, *, role="", seed=0, lane=0):
    """What the referee tells before an episode."""
    return Start("a-v0", 0, 1, observation, action, role, seed, lane)


class Player:
    """A model in frames, as the runner asks it."""

    def __init__(self, folder):
        self._agent = ModelAgent(str(folder))
        self._codecs = {}

    def reset(self, begun):
        observation = compile_codec(begun.observation_schema, trusted=True)
        self._codecs[begun.lane] = observation, compile_codec(begun.action_schema)
        self._agent.reset(view(begun))

    def act(self, observation):
        return self.act_frame([observation], [0])[0]

    def act_frame(self, observations, lanes):
        codecs = [self._codecs[lane] for lane in lanes]
        seen = [codec.encode(each) for (codec, _), each in zip(codecs, observations, strict=True)]
        answer = self._agent.act_frame(memoryview(b"".join(seen)), lanes)
        if not isinstance(answer, bytes):
            return answer
        chosen = []
        for _, codec in codecs:
            chosen.append(codec.decode(answer[: codec.size]))
            answer = answer[codec.size :]
        assert not answer
        return chosen
