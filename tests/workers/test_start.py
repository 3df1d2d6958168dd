import numpy as np
import pytest

from arenas.codec import (
    Box,
    DictSpace,
    Discrete,
    MultiBinary,
    MultiDiscrete,
    Text,
    TupleSpace,
    compile_codec,
)
from workers.protocol import Start
from workers.start import space_of, view

SPACES = [
    Discrete(5),
    Discrete(3, start=-1),
    Box((2, 3), "float32", -1.0, 1.0),
    Box((2,), "float32"),
    Box((3,), "uint8", 0, 255),
    Box((2,), "int64", -5, 5),
    Box((2,), "float64", low=np.array([-1.0, 0.0]).tobytes(), high=np.array([0.0, 9.0]).tobytes()),
    MultiDiscrete((2, 3, 4), (3,)),
    MultiDiscrete((2, 3), (2,), start=(5, -5)),
    MultiBinary((4,)),
    Text(5),
    Text(5, charset="ab"),
    TupleSpace((Discrete(2), Box((1,), "float32", 0.0, 1.0))),
    DictSpace((("a", Discrete(2)), ("b", MultiBinary((2,))))),
]


@pytest.mark.parametrize("schema", SPACES)
def test_every_sample_is_a_legal_action(schema):
    space, codec, rng = space_of(schema), compile_codec(schema), np.random.default_rng(0)
    for _ in range(50):
        codec.encode(space.sample(rng))


def test_a_space_tells_its_kind_and_bounds():
    box = space_of(Box((2,), "float32", -1.0, 1.0))
    assert (box.kind, box.shape, box.dtype) == ("box", (2,), "float32")
    assert box.low.tolist() == [-1.0, -1.0]
    assert space_of(Discrete(7)).n == 7
    assert space_of(SPACES[-1]).items["b"].kind == "multi_binary"
    assert np.isinf(space_of(Box((2,), "float32")).high).all()
    assert space_of(Box((1,), "uint8")).high.tolist() == [255]


def test_the_start_is_what_the_referee_said_in_light_words():
    start = view(Start("x-v1", 1, 2, Discrete(3), Discrete(4), role="prey", seed=9))
    assert (start.arena, start.seat, start.seats, start.role, start.seed) == ("x-v1", 1, 2, "prey", 9)
    assert (start.observation_space.n, start.action_space.n) == (3, 4)


def test_a_single_number_without_a_shape_is_drawn_too():
    space = space_of(Box((), "float32", -1.0, 1.0))
    drawn = space.sample(np.random.default_rng(0))
    assert np.shape(drawn) == ()
    assert -1.0 <= drawn <= 1.0
