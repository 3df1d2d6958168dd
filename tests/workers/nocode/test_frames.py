"""Frames as arrays: what stands in their bytes is what the codec reads and writes one by one."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from arenas.codec import Box, DictSpace, Discrete, MultiBinary, MultiDiscrete, Text, TupleSpace, compile_codec
from workers.nocode.frames import layout_of, wire_of
from workers.start import space_of

COUNTS = st.sampled_from([1, 2, 255, 256, 257, 65_536, 65_537, 1 << 33])
FIRSTS = st.integers(-300, 300)
SHAPES = st.lists(st.integers(0, 4), min_size=1, max_size=3).map(tuple)
DISCRETE = st.builds(Discrete, COUNTS, FIRSTS)
MULTI = st.lists(st.tuples(COUNTS, FIRSTS), min_size=1, max_size=4).map(
    lambda each: MultiDiscrete(tuple(n for n, _ in each), (len(each),), tuple(first for _, first in each))
)
BOX = st.builds(
    Box, SHAPES, st.sampled_from(["float32", "float64", "int8", "uint8", "int64"]), st.just(-9), st.just(9)
)
LEAF = st.one_of(DISCRETE, MULTI, BOX, st.builds(MultiBinary, SHAPES))


def nested(leaf):
    """Spaces of spaces; keys of a dict are sorted, as on the wire."""
    return st.recursive(
        leaf,
        lambda inner: (
            st.lists(inner, max_size=3).map(lambda items: TupleSpace(tuple(items)))
            | st.dictionaries(st.text(max_size=3), inner, max_size=3).map(
                lambda items: DictSpace(tuple(sorted(items.items())))
            )
        ),
        max_leaves=6,
    )


def part_at(value, path):
    for key in path:
        value = value[key]
    return value


def samples(schema, count, seed):
    rng = np.random.default_rng(seed)
    return [space_of(schema).sample(rng) for _ in range(count)]


@given(nested(LEAF), st.integers(1, 5), st.integers(0, 99))
def test_every_part_of_every_observation_is_where_the_layout_says(schema, count, seed):
    codec = compile_codec(schema, trusted=True)
    seen = [codec.encode(each) for each in samples(schema, count, seed)]
    layout = layout_of(space_of(schema))
    assert layout.size == codec.size
    for path, field in layout.fields.items():
        found = field.view(memoryview(b"".join(seen)), count)
        wanted = np.array([part_at(codec.decode(each), path) for each in seen])
        np.testing.assert_array_equal(found, wanted)
        assert found.shape == wanted.shape


@given(nested(LEAF | st.just(Text(5))), st.integers(0, 99))
def test_texts_do_not_move_the_parts_of_a_lone_observation(schema, seed):
    codec = compile_codec(schema, trusted=True)
    (value,) = samples(schema, 1, seed)
    for path, field in layout_of(space_of(schema)).fields.items():
        (found,) = field.view(memoryview(codec.encode(value)), 1)
        np.testing.assert_array_equal(found, part_at(value, path))


@given(st.one_of(DISCRETE, MULTI, BOX), st.integers(1, 5), st.integers(0, 99))
def test_actions_of_a_frame_have_the_bytes_of_each(schema, count, seed):
    actions = samples(schema, count, seed)
    each = [compile_codec(schema).encode(action) for action in actions]
    assert wire_of(space_of(schema)).encoded(np.array(actions)) == b"".join(each)
