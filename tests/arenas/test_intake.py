"""Intake: messages name what was expected and where, and never print what an agent made."""

import numpy as np
import pytest

from arenas.codec import Box, DictSpace, Discrete, TupleSpace, compile_codec
from arenas.errors import IllegalActionError, MalformedActionError
from arenas.intake import bound_array


class Loud:
    """Fails when printed."""

    def __repr__(self):
        raise AssertionError("must not be printed")


def test_a_refusal_names_the_place_and_the_type():
    schema = DictSpace(items=(("move", TupleSpace(items=(Discrete(n=3), Discrete(n=3)))),))
    with pytest.raises(
        MalformedActionError, match=r"^In \['move'\]\[1\]: an integer is expected, not Loud\.$"
    ):
        compile_codec(schema).encode({"move": (0, Loud())})
    with pytest.raises(MalformedActionError, match=r"^In \['move'\]: 2 parts are expected, not 3\.$"):
        compile_codec(schema).encode({"move": (0, 0, 0)})


def test_a_huge_integer_is_told_by_its_size():
    with pytest.raises(MalformedActionError, match="16610 bits"):
        compile_codec(Discrete(n=3)).encode(10**5000)


def test_large_boxes_are_checked_like_small_ones():
    codec = compile_codec(Box(shape=(100,), dtype="float64", low=0.0, high=1.0))
    value = np.linspace(0, 1, 100)
    assert np.array_equal(codec.decode(codec.encode(value)), value)
    with pytest.raises(IllegalActionError, match="outside its bounds"):
        codec.encode(value * 1.01)


@pytest.mark.parametrize(
    ("dtype", "low", "expected"), [("uint8", -5, 0), ("bool", -1, False), ("float32", -1e300, -3.4028235e38)]
)
def test_bounds_beyond_the_type_become_its_own(dtype, low, expected):
    bound = low if dtype != "float32" else float("-inf")
    assert bound_array(bound, np.dtype(dtype), (1,))[0] == np.array(expected, dtype)
