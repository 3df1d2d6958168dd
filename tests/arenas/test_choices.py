"""Choices: actions that need no agent."""

import numpy as np
import pytest

from arenas.choices import idle_choice, random_choice
from arenas.codec import Box, DictSpace, Discrete, MultiBinary, MultiDiscrete, Text, TupleSpace, compile_codec

EVERYTHING = DictSpace(
    items=(
        ("box", Box(shape=(2, 2), dtype="float32", low=1.0, high=3.0)),
        ("counts", MultiDiscrete(nvec=(2, 3), shape=(2,), start=(5, 0))),
        ("flags", MultiBinary(shape=(3,))),
        ("pair", TupleSpace(items=(Discrete(n=3, start=-1), Box(shape=(), dtype="bool", low=0, high=1)))),
        ("word", Text(max_length=4, min_length=2, charset="xy")),
    )
)


def test_the_idle_action_is_the_smallest_legal_one():
    idle = idle_choice(EVERYTHING)
    assert idle["box"].tolist() == [[1.0, 1.0], [1.0, 1.0]]
    assert idle["counts"].tolist() == [5, 0]
    assert idle["flags"].tolist() == [0, 0, 0]
    assert idle["pair"] == (-1, False)
    assert idle["word"] == "xx"
    compile_codec(EVERYTHING).encode(idle)


def test_the_idle_action_under_a_mask_is_the_first_legal_one():
    assert idle_choice(Discrete(n=4, start=10), np.array([0, 0, 1, 1])) == 12
    assert idle_choice(Discrete(n=4, start=10)) == 10


def test_random_actions_under_a_mask_are_legal_and_reach_all_that_are():
    rng = np.random.default_rng(0)
    mask = np.array([0, 1, 0, 1], np.int8)
    assert {random_choice(Discrete(n=4), rng, mask) for _ in range(50)} == {1, 3}
    assert random_choice(Discrete(n=4), rng, np.zeros(4)) == 0


@pytest.mark.parametrize("seed", range(20))
def test_random_actions_are_of_their_space(seed):
    compile_codec(EVERYTHING).encode(random_choice(EVERYTHING, np.random.default_rng(seed)))


def test_one_generator_state_gives_one_action():
    once, again = (
        random_choice(Box(shape=(3,), dtype="int8", low=-3, high=3), np.random.default_rng(1)) for _ in "ab"
    )
    assert once.tolist() == again.tolist()
