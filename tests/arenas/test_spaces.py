"""Spaces: every Gymnasium space that can be sent has a schema, the others are refused by name."""

import math

import numpy as np
import pytest
from gymnasium import spaces

from arenas.codec import Box, DictSpace, Discrete, MultiBinary, MultiDiscrete, Text, TupleSpace, compile_codec
from arenas.errors import UnsupportedSpaceError
from arenas.spaces import schema_of


@pytest.mark.parametrize(
    ("space", "schema"),
    [
        (spaces.Discrete(7), Discrete(n=7)),
        (spaces.Discrete(3, start=-1), Discrete(n=3, start=-1)),
        (spaces.Box(0, 1, (2, 2), np.int8), Box(shape=(2, 2), dtype="int8", low=0, high=1)),
        (spaces.Box(-np.inf, np.inf, (3,), np.float32), Box(shape=(3,), dtype="float32")),
        (
            spaces.Box(np.array([0, 1], np.float32), 2.0, dtype=np.float32),
            Box(shape=(2,), dtype="float32", low=np.array([0, 1], "<f4").tobytes(), high=2.0),
        ),
        (spaces.MultiDiscrete([2, 3]), MultiDiscrete(nvec=(2, 3), shape=(2,))),
        (spaces.MultiDiscrete([2, 3], start=[1, 0]), MultiDiscrete(nvec=(2, 3), shape=(2,), start=(1, 0))),
        (spaces.MultiBinary(5), MultiBinary(shape=(5,))),
        (spaces.Text(4, charset="ba"), Text(max_length=4, min_length=1, charset="ab")),
        (
            spaces.Dict(b=spaces.Discrete(2), a=spaces.Tuple([spaces.Discrete(3)])),
            DictSpace(items=(("a", TupleSpace(items=(Discrete(n=3),))), ("b", Discrete(n=2)))),
        ),
    ],
)
def test_a_space_has_one_schema(space, schema):
    assert schema_of(space) == schema


@pytest.mark.parametrize(
    "space",
    [
        spaces.Sequence(spaces.Discrete(2)),
        spaces.Graph(spaces.Discrete(2), None),
        spaces.Dict({1: spaces.Discrete(2)}),
        "no space",
        spaces.Tuple([spaces.Sequence(spaces.Discrete(2))]),
        spaces.MultiBinary(2**29),
        spaces.Box(0, 1, (2,), np.longdouble),
    ],
)
def test_a_space_without_wire_form_is_refused(space):
    with pytest.raises(UnsupportedSpaceError):
        schema_of(space)


@pytest.mark.parametrize("seed", range(5))
def test_samples_of_gymnasium_pass_through_the_codec(seed):
    space = spaces.Dict(
        box=spaces.Box(np.array([-1, -math.inf, 0], np.float32), np.array([1, 5, math.inf], np.float32)),
        ints=spaces.Box(-3, 9, (2, 2), np.int16),
        many=spaces.MultiDiscrete([[2, 300], [4, 5]], start=[[1, 0], [0, 0]]),
        pair=spaces.Tuple([spaces.Discrete(5, start=10), spaces.MultiBinary([2, 2])]),
        word=spaces.Text(9),
    )
    space.seed(seed)
    codec = compile_codec(schema_of(space))
    value = space.sample()
    value["pair"] = tuple(value["pair"])
    assert space.contains(codec.decode(codec.encode(value)))
