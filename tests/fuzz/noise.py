"""Bytes that are almost right, and bytes that are not at all."""

import msgspec
from hypothesis import strategies as st

EDGES = (0, 1, 0x7F, 0x80, 0xFF, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF)


@st.composite
def mutated(draw, whole):
    """Bytes of a strategy with up to four wounds."""
    found = bytearray(draw(whole))
    for _ in range(draw(st.integers(0, 4))):
        at = draw(st.integers(0, len(found)))
        match draw(st.sampled_from(("flip", "cut", "drop", "insert", "repeat", "number"))):
            case "flip" if at < len(found):
                found[at] ^= 1 << draw(st.integers(0, 7))
            case "cut":
                del found[at:]
            case "drop":
                del found[at : at + draw(st.integers(1, 8))]
            case "insert":
                found[at:at] = draw(st.binary(min_size=1, max_size=8))
            case "repeat":
                found[at:at] = found[at : at + draw(st.integers(1, 16))]
            case "number":
                found[at : at + 4] = draw(st.sampled_from(EDGES)).to_bytes(4, "little")
    return bytes(found)


values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.floats() | st.text() | st.binary(),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(max_size=9), inner, max_size=5),
    max_leaves=12,
)
nested = st.builds(
    lambda start, mark, depth, end: start + mark * depth + end,
    st.sampled_from((b"", b"\x81\xa1x", b"\x82\xa7outcome\xa1x\xa1y")),
    st.sampled_from((b"\x91", b"\x81\xa1x", b"\xdd\x00\x00\x00\x01", b"\xdf\x00\x00\x00\x01\xa1x")),
    st.integers(1, 1300),
    st.sampled_from((b"", b"\xc0")),
)
claims = st.sampled_from(
    [mark + b"\xff\xff\xff\xff" for mark in (b"\xc6", b"\xc9", b"\xdb", b"\xdd", b"\xdf", b"\xce", b"\xca")]
)


def packed(message):
    """Messages of a strategy as msgpack, wounded; and what has nothing to do with it."""
    almost = mutated(message.map(msgspec.msgpack.encode))
    return st.one_of(almost, almost, mutated(values.map(msgspec.msgpack.encode)), nested, claims, st.binary())
