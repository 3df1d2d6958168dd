"""What turns bytes and values of unknown origin into actions."""

import contextlib
import math
from functools import cache

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from arenas import registry
from arenas.adapters import open_arena
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
from arenas.errors import IllegalActionError, MalformedActionError
from arenas.extras import is_installed
from arenas.intake import bound_array
from tests.fuzz.hostile import hostile
from tests.fuzz.noise import mutated

REFUSALS = (IllegalActionError, MalformedActionError)
FLOATS = ("float16", "float32", "float64")
INTEGERS = ("int8", "uint8", "int16", "uint16", "int32", "uint32", "int64", "uint64")
shapes = hnp.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=4)


@st.composite
def boxes(draw):
    shape, dtype = draw(shapes), draw(st.sampled_from((*FLOATS, *INTEGERS, "bool")))
    match draw(st.sampled_from(("whole", "some", "each"))):
        case "whole":
            low, high = (-math.inf, math.inf) if dtype in FLOATS else (-(2**70), 2**70)
        case "some":
            low, high = 0, 1
        case "each" if dtype == "bool":
            low, high = bytes(math.prod(shape)), b"\x01" * math.prod(shape)
        case _:
            edges = st.integers(0, 100)
            pairs = draw(
                st.lists(st.tuples(edges, edges), min_size=math.prod(shape), max_size=math.prod(shape))
            )
            low = np.array([min(pair) for pair in pairs], dtype).tobytes()
            high = np.array([max(pair) for pair in pairs], dtype).tobytes()
    return Box(shape=shape, dtype=dtype, low=low, high=high)


@st.composite
def multi_discretes(draw):
    shape = draw(shapes)
    count = math.prod(shape)
    dtype = draw(st.sampled_from(("int8", "int32", "int64")))
    most = {"int8": 50, "int32": 2**30, "int64": 2**62}[dtype]
    numbers = st.integers(1, 9) | st.integers(1, most)
    nvec = tuple(draw(st.lists(numbers, min_size=count, max_size=count)))
    start = tuple(draw(st.lists(st.integers(-9, 9), min_size=count, max_size=count)))
    return MultiDiscrete(nvec=nvec, shape=shape, start=draw(st.sampled_from((start, ()))), dtype=dtype)


leaves = st.one_of(
    st.builds(
        Discrete, n=st.integers(1, 300) | st.integers(1, 2**63 - 1), start=st.integers(-(2**40), 2**40)
    ),
    boxes(),
    multi_discretes(),
    st.builds(MultiBinary, shape=shapes),
    st.builds(
        Text,
        max_length=st.integers(3, 20),
        min_length=st.integers(0, 3),
        charset=st.sampled_from(("", "abü", "a")),
    ),
)
schemas: st.SearchStrategy[SpaceSchema] = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda items: TupleSpace(items=tuple(items))),
        st.dictionaries(st.sampled_from(("a", "b")) | st.text(max_size=3), inner, max_size=3).map(
            lambda items: DictSpace(items=tuple(sorted(items.items())))
        ),
    ),
    max_leaves=6,
)
seeds = st.integers(0, 2**32 - 1)


def is_inside(schema: SpaceSchema, value: object) -> bool:
    """Say whether a decoded value is one of the space, types included."""
    match schema:
        case Discrete():
            return type(value) is int and 0 <= value - schema.start < schema.n
        case Box():
            dtype = np.dtype(schema.dtype)
            least, most = (bound_array(bound, dtype, schema.shape) for bound in (schema.low, schema.high))
            fits = _is_array(value, dtype, schema.shape)
            return fits and bool(((least <= value) & (value <= most)).all())
        case MultiDiscrete():
            if not _is_array(value, np.dtype(schema.dtype), schema.shape):
                return False
            starts = schema.start or (0,) * len(schema.nvec)
            flat = value.ravel().tolist()
            return all(0 <= n - s < most for n, s, most in zip(flat, starts, schema.nvec, strict=True))
        case MultiBinary():
            return _is_array(value, np.dtype(np.int8), schema.shape) and bool(np.isin(value, (0, 1)).all())
        case Text():
            fits = type(value) is str and schema.min_length <= len(value) <= schema.max_length
            return fits and set(value) <= set(schema.charset or value)
        case TupleSpace():
            fits = type(value) is tuple and len(value) == len(schema.items)
            return fits and all(map(is_inside, schema.items, value))
        case DictSpace():
            fits = type(value) is dict and list(value) == [key for key, _ in schema.items]
            return fits and all(is_inside(item, value[key]) for key, item in schema.items)


def _is_array(value, dtype, shape):
    return (
        type(value) is np.ndarray and value.dtype == dtype and value.shape == shape and value.flags.writeable
    )


def is_same(one, other):
    if isinstance(one, np.ndarray):
        return np.array_equal(one, other)
    if isinstance(one, dict):
        return all(is_same(one[key], other[key]) for key in one)
    if isinstance(one, tuple):
        return all(map(is_same, one, other))
    return one == other


def check_decoder(schema, data):
    """Bytes are refused with one of two errors, or are a value of the space that is written as read."""
    codec = compile_codec(schema)
    try:
        value = codec.decode(memoryview(data))
    except REFUSALS:
        return None
    assert is_inside(schema, value), value
    again = codec.encode(value)
    assert len(again) == len(data)
    assert is_same(codec.decode(again), value)
    return value


def check_round_trip(case):
    """Every value of a space comes back the same, through the checking and the trusting codec."""
    schema, seed = case
    value = random_choice(schema, np.random.default_rng(seed))
    for trusted in (False, True):
        codec = compile_codec(schema, trusted=trusted)
        encoded = codec.encode(value)
        assert len(encoded) <= codec.size
        assert codec.is_fixed is False or len(encoded) == codec.size
        assert is_same(codec.decode(encoded), value)
        assert trusted or is_inside(schema, codec.decode(encoded))


@st.composite
def encoded(draw, schema):
    """Bytes for a schema: a right answer with wounds, or any of the right size."""
    codec = compile_codec(schema)
    right = codec.encode(random_choice(schema, np.random.default_rng(draw(seeds))))
    size = codec.size if codec.size < 4096 else len(right)
    return draw(
        st.one_of(mutated(st.just(right)), st.binary(min_size=size, max_size=size), st.binary(max_size=64))
    )


schema_bytes = schemas.flatmap(lambda schema: st.tuples(st.just(schema), encoded(schema)))


def check_schema_bytes(case):
    check_decoder(*case)


@cache
def opened():
    """Every arena of the registry, open and reset."""
    specs = [registry.get(name) for name in registry.names()]
    adapters = [open_arena(spec) for spec in specs if is_installed(spec)]
    for adapter in adapters:
        adapter.reset(1)
    return adapters


@st.composite
def action_bytes(draw):
    number = draw(st.integers(0, len(opened()) - 1))
    seat = draw(st.integers(0, opened()[number].spec.seats - 1))
    return number, seat, draw(encoded(opened()[number].action_schemas[seat]))


def check_action(case):
    """Bytes sent as an action of a real arena are refused, or are one that its rules can be asked about."""
    number, seat, data = case
    adapter = opened()[number]
    value = check_decoder(adapter.action_schemas[seat], data)
    if value is None:
        return
    for asked in adapter.asked():
        if asked.seat == seat:
            with contextlib.suppress(*REFUSALS):
                adapter.check_legal(asked, value)


def check_hostile_value(case):
    """What an agent returns is taken, and then is a value of the space, or refused with one of two errors."""
    schema, value = case
    codec = compile_codec(schema)
    try:
        data = codec.encode(value)
    except REFUSALS as error:
        assert len(str(error)) < 2000, "the message repeats what the agent chose"  # noqa: PT017
        return
    assert is_inside(schema, codec.decode(data))


hostile_values = st.tuples(schemas, hostile)
round_trips = st.tuples(schemas, seeds)
