"""Codec: what goes in comes out, and nothing else gets through."""

import math
import struct

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from arenas.choices import random_choice
from arenas.codec import (
    Box,
    DictSpace,
    Discrete,
    MultiBinary,
    MultiDiscrete,
    SpaceSchema,
    Text,
    TupleSpace,
    compile_codec,
)
from arenas.errors import ArenaFaultError, IllegalActionError, MalformedActionError

BOARD = DictSpace(
    items=(
        ("action_mask", Box(shape=(7,), dtype="int8", low=0, high=1)),
        ("observation", Box(shape=(6, 7, 2), dtype="int8", low=0, high=1)),
    )
)
WHEEL = Box(shape=(4,), dtype="float32", low=-1.0, high=1.0)
shapes = hnp.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=4)
leaves = st.one_of(
    st.builds(Discrete, n=st.integers(1, 2**40), start=st.integers(-(2**40), 2**40)),
    st.builds(
        Box,
        shape=shapes,
        dtype=st.sampled_from(["float16", "float32", "float64", "int8", "uint8", "int32", "int64", "bool"]),
        low=st.sampled_from([0, -3]),
        high=st.just(5),
    ),
    st.builds(
        Box,
        shape=shapes,
        dtype=st.sampled_from(["float32", "float64"]),
        low=st.just(-math.inf),
        high=st.just(9.5),
    ),
    st.lists(st.integers(1, 300), min_size=1, max_size=5).map(
        lambda nvec: MultiDiscrete(nvec=tuple(nvec), shape=(len(nvec),), start=tuple(range(len(nvec))))
    ),
    st.builds(MultiBinary, shape=shapes),
    st.builds(
        Text,
        max_length=st.integers(3, 20),
        min_length=st.integers(0, 3),
        charset=st.sampled_from(["", "abü"]),
    ),
)
schemas: st.SearchStrategy[SpaceSchema] = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda items: TupleSpace(items=tuple(items))),
        st.dictionaries(st.text(max_size=3), inner, max_size=3).map(
            lambda items: DictSpace(items=tuple(sorted(items.items())))
        ),
    ),
    max_leaves=6,
)


def same(one, other):
    if isinstance(one, np.ndarray):
        return isinstance(other, np.ndarray) and one.dtype == other.dtype and np.array_equal(one, other)
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    if isinstance(one, tuple):
        return len(one) == len(other) and all(map(same, one, other))
    return type(one) is type(other) and one == other


@given(schema=schemas, seed=st.integers(0, 2**32), trusted=st.booleans())
def test_every_value_of_a_space_comes_back_the_same(schema, seed, trusted):
    codec = compile_codec(schema, trusted=trusted)
    value = random_choice(schema, np.random.default_rng(seed))
    encoded = codec.encode(value)
    assert len(encoded) == codec.size if codec.is_fixed else len(encoded) <= codec.size
    assert same(codec.decode(encoded), value)
    assert same(codec.decode(memoryview(encoded)), value)


@given(schema=schemas)
def test_a_schema_survives_the_wire(schema):
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(schema), type=SpaceSchema) == schema


@settings(max_examples=200)
@given(schema=schemas, noise=st.binary(max_size=200))
def test_hostile_bytes_give_a_value_of_the_space_or_one_of_two_errors(schema, noise):
    codec = compile_codec(schema)
    noise = noise[: codec.size].ljust(codec.size if codec.is_fixed else 0, b"\xff")
    try:
        value = codec.decode(noise)
    except (IllegalActionError, MalformedActionError):
        return
    assert same(codec.decode(codec.encode(value)), value)


anything = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.floats(),
        st.text(max_size=5),
        st.binary(max_size=5),
        st.complex_numbers(),
        hnp.arrays(hnp.scalar_dtypes(), hnp.array_shapes(min_dims=0, max_dims=2, max_side=4)),
        hnp.from_dtype(np.dtype("float32")),
    ),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=2), inner, max_size=2),
    max_leaves=8,
)


@settings(max_examples=300)
@given(schema=schemas, value=anything)
def test_whatever_an_agent_returns_is_taken_or_refused_with_one_of_two_errors(schema, value):
    codec = compile_codec(schema)
    try:
        encoded = codec.encode(value)
    except (IllegalActionError, MalformedActionError):
        return
    codec.decode(encoded)


def test_a_discrete_action_takes_one_byte_and_comes_back_as_int():
    codec = compile_codec(Discrete(n=7))
    assert codec.encode(np.int64(3)) == codec.encode(3) == codec.encode(np.array(3)) == b"\x03"
    assert type(codec.decode(b"\x03")) is int
    assert compile_codec(Discrete(n=4672)).size == 2


@pytest.mark.parametrize("value", [7, -1, np.int8(-1), 2**63])
def test_an_integer_out_of_range_is_illegal(value):
    with pytest.raises(IllegalActionError, match="outside 0 to 6"):
        compile_codec(Discrete(n=7)).encode(value)


@pytest.mark.parametrize(
    "value",
    [
        2.0,
        np.float32(2),
        "2",
        [2],
        np.array([2]),
        (2,),
        {},
        b"2",
        object(),
        pytest.param(10**5000, id="huge"),
    ],
)
def test_what_is_no_integer_is_malformed(value):
    with pytest.raises(MalformedActionError):
        compile_codec(Discrete(n=7)).encode(value)


@pytest.mark.parametrize(
    "schema", [Discrete(n=7), WHEEL, BOARD, Text(max_length=3), TupleSpace(items=(WHEEL,))]
)
def test_none_is_illegal_and_the_message_says_so(schema):
    with pytest.raises(IllegalActionError, match="None was returned"):
        compile_codec(schema).encode(None)


@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf, 1.1, -1.00001])
def test_a_number_outside_its_bounds_is_illegal_on_both_ends(number):
    codec = compile_codec(WHEEL)
    with pytest.raises(IllegalActionError):
        codec.encode([0.0, number, 0.0, 0.0])
    with pytest.raises(IllegalActionError):
        codec.decode(struct.pack("<4f", 0, number, 0, 0))


def test_unbounded_numbers_must_still_be_finite():
    codec = compile_codec(Box(shape=(40,), dtype="float32"))
    for number in (math.nan, math.inf, 1e39):
        with pytest.raises(IllegalActionError, match="NaN or infinite"):
            codec.encode([number] * 40)


def test_an_overshoot_of_rounding_size_is_clipped():
    codec = compile_codec(WHEEL)
    value = codec.decode(codec.encode([1.0 + 5e-7, -1.0 - 5e-7, 0.5, 0.0]))
    assert value.tolist() == [1.0, -1.0, 0.5, 0.0]
    per_element = compile_codec(Box(shape=(2,), dtype="float64", low=struct.pack("<2d", 0, -5), high=9.0))
    assert per_element.decode(per_element.encode([-1e-9, -5.0])).tolist() == [0.0, -5.0]


@pytest.mark.parametrize(
    "value",
    [
        [0.0] * 3,
        [[0.0]] * 4,
        np.zeros(5),
        np.zeros((4, 1)),
        0.0,
        "0000",
        ["0"] * 4,
        np.array(["0"] * 4),
        np.zeros(4, complex),
        np.array([object()] * 4),
        np.zeros(4, "datetime64[s]"),
        [10**400] * 4,
        {0: 0.0},
        {0.0, 0.1, 0.2, 0.3},
        range(4),
    ],
)
def test_what_is_no_array_of_that_shape_is_malformed(value):
    with pytest.raises(MalformedActionError):
        compile_codec(WHEEL).encode(value)


def test_an_integer_box_takes_no_floats_and_nothing_too_large():
    codec = compile_codec(Box(shape=(2,), dtype="int8", low=-5, high=5))
    assert codec.decode(codec.encode(np.array([1, -5]))).tolist() == [1, -5]
    with pytest.raises(MalformedActionError):
        codec.encode(np.array([1.0, 2.0]))
    with pytest.raises(MalformedActionError):
        codec.encode([1, 2.0])
    with pytest.raises(IllegalActionError):
        codec.encode([1, 300])
    with pytest.raises(IllegalActionError):
        codec.encode([1, 6])
    with pytest.raises(MalformedActionError):
        codec.encode([1, 2**80])


def test_missing_and_extra_keys_are_malformed():
    codec = compile_codec(DictSpace(items=(("a", Discrete(n=2)), ("b", Discrete(n=2)))))
    assert codec.encode({"b": 1, "a": 0}) == b"\x00\x01"
    for value in ({"a": 0}, {"a": 0, "c": 1}, {"a": 0, "b": 1, "c": 1}, [("a", 0), ("b", 1)]):
        with pytest.raises(MalformedActionError):
            codec.encode(value)
    with pytest.raises(IllegalActionError, match=r"In \['b'\]: 5"):
        codec.encode({"a": 0, "b": 5})


class Shifty(int):
    """Claims to be anything it is compared with."""

    def __eq__(self, other):
        return True

    def __index__(self):
        return 0

    __hash__ = int.__hash__


class Arrayish:
    """Turns itself into an array on request."""

    def __array__(self, *_, **__):
        raise AssertionError("a value's own methods must not be called")

    __len__ = __iter__ = __float__ = __int__ = __array__


class Sly(np.ndarray):
    """An array that lies about itself."""


@pytest.mark.parametrize(
    "value", [Shifty(99), Arrayish(), np.zeros(4, np.float32).view(Sly), [Arrayish()] * 4]
)
def test_objects_with_tricks_are_refused_without_asking_them(value):
    for schema in (Discrete(n=7), WHEEL, MultiBinary(shape=(4,)), BOARD, Text(max_length=9)):
        with pytest.raises(MalformedActionError):
            compile_codec(schema).encode(value)


def test_a_list_that_contains_itself_is_refused():
    value: list[object] = []
    value += [value] * 4
    with pytest.raises(MalformedActionError):
        compile_codec(WHEEL).encode(value)


@pytest.mark.parametrize("extra", [-1, 1, 1000])
def test_bytes_of_the_wrong_length_are_malformed(extra):
    codec = compile_codec(BOARD)
    with pytest.raises(MalformedActionError, match="91 bytes are expected"):
        codec.decode(bytes(91 + extra))


def test_bits_and_truth_values_are_zero_or_one():
    truths = compile_codec(Box(shape=(2,), dtype="bool", low=0, high=1))
    assert truths.decode(truths.encode([True, 0])).tolist() == [True, False]
    with pytest.raises(IllegalActionError):
        compile_codec(MultiBinary(shape=(2,))).decode(b"\x00\x02")
    with pytest.raises(MalformedActionError):
        compile_codec(Box(shape=(2,), dtype="bool", low=0, high=1)).decode(b"\x00\x02")


def test_texts_are_cut_at_their_own_length_only():
    codec = compile_codec(TupleSpace(items=(Text(max_length=4), Discrete(n=3), Text(max_length=4))))
    encoded = codec.encode(("añ", 2, ""))
    assert codec.decode(encoded) == ("añ", 2, "")
    for damaged in (encoded[:-1], encoded + b"x", b"\xff" * 4 + encoded[4:]):
        with pytest.raises(MalformedActionError):
            codec.decode(damaged)
    with pytest.raises(IllegalActionError):
        codec.encode(("12345", 2, ""))
    with pytest.raises(MalformedActionError):
        codec.encode(("\ud800", 2, ""))
    with pytest.raises(IllegalActionError, match="alphabet"):
        compile_codec(Text(max_length=4, charset="ab")).encode("abc")
    with pytest.raises(MalformedActionError, match="UTF-8"):
        compile_codec(Text(max_length=4)).decode(b"\x01\x00\x00\x00\xff")


def test_observations_may_stray_outside_their_bounds():
    codec = compile_codec(WHEEL, trusted=True)
    value = codec.decode(codec.encode(np.array([5.0, math.inf, -7.0, 0.0])))
    assert value.tolist() == [5.0, math.inf, -7.0, 0.0]


def test_an_observation_that_is_not_of_its_space_is_the_arenas_fault():
    codec = compile_codec(WHEEL, trusted=True)
    for wrong in (np.zeros(3), "text", [object()]):
        with pytest.raises(ArenaFaultError):
            codec.encode(wrong)
    with pytest.raises(ArenaFaultError):
        compile_codec(TupleSpace(items=(Discrete(n=3), Text(max_length=3))), trusted=True).encode((7, "abc"))


def test_decoded_arrays_are_fresh_and_writable():
    codec = compile_codec(BOARD, trusted=True)
    buffer = bytearray(codec.size)
    value = codec.decode(buffer)
    value["observation"][0, 0, 0] = 1
    assert not any(buffer)
    for trusted in (True, False):
        assert compile_codec(WHEEL, trusted=trusted).decode(bytes(16)).flags.writeable


def test_arrays_are_sent_in_c_order_whatever_their_layout():
    codec = compile_codec(Box(shape=(2, 3), dtype="int32", low=0, high=9))
    value = np.arange(6, dtype=np.int32).reshape(3, 2).T
    assert codec.encode(value) == np.ascontiguousarray(value).tobytes()
    assert codec.encode(value.astype(">i4")) == codec.encode(value)
    assert codec.encode([np.arange(3), (0, 1, 2)]) == struct.pack("<6i", 0, 1, 2, 0, 1, 2)


def test_multi_discrete_elements_are_checked_one_by_one():
    codec = compile_codec(MultiDiscrete(nvec=(2, 300), shape=(2,), start=(5, 0)))
    assert codec.size == 4
    assert codec.decode(codec.encode([6, 299])).tolist() == [6, 299]
    for value in ([7, 0], [4, 0], [5, 300]):
        with pytest.raises(IllegalActionError):
            codec.encode(value)
    with pytest.raises(IllegalActionError):
        codec.decode(struct.pack("<2H", 2, 0))
