"""What fuzzing the codec found, each once."""

import pytest

from arenas.codec import DictSpace, Discrete, MultiDiscrete, compile_codec
from arenas.errors import IllegalActionError, MalformedActionError


def test_a_number_of_64_bits_does_not_turn_negative_and_slip_through():
    codec = compile_codec(MultiDiscrete(nvec=(2**32 + 1,), shape=(1,)))
    assert codec.decode(codec.encode([2**32])).tolist() == [2**32]
    for number in (2**32 + 1, 2**63, 2**64 - 1):
        with pytest.raises(IllegalActionError):
            codec.decode(number.to_bytes(8, "little"))


def test_a_key_that_claims_to_equal_every_other_is_refused_unasked():
    class Key:
        def __hash__(self):
            return hash("a")

        def __eq__(self, other):
            raise AssertionError("a key's own methods must not be called")

    codec = compile_codec(DictSpace(items=(("a", Discrete(n=2)),)))
    with pytest.raises(MalformedActionError, match="exactly the keys"):
        codec.encode({Key(): 1})


def test_a_class_that_lies_about_its_name_or_has_a_long_one_is_refused_in_a_short_sentence():
    class Nameless(type):
        @property
        def __name__(cls):
            raise AssertionError("a class's own methods must not be called")

    for value in (Nameless("Real", (), {})(), type("x" * 100_000, (), {})()):
        with pytest.raises(MalformedActionError) as caught:
            compile_codec(Discrete(n=7)).encode(value)
        assert len(str(caught.value)) < 200
