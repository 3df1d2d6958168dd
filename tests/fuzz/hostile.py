"""Values an agent might return: ordinary ones, impossible ones, and objects that bite when they are asked."""

import datetime
import decimal
import math

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp


class BiteError(Exception):
    """Raised by an object whose own methods were asked."""


def bite(*_: object, **__: object) -> object:
    raise BiteError


METHODS = [
    f"__{name}__"
    for name in (
        *("eq", "ne", "lt", "le", "gt", "ge", "len", "iter", "getitem", "contains", "int", "float", "index"),
        *("bool", "str", "format", "bytes", "complex", "round", "add", "sub", "rsub", "radd", "array"),
        *("array_interface", "array_struct", "array_ufunc", "array_function", "array_wrap", "reduce"),
        *("reduce_ex", "getstate", "copy", "deepcopy", "buffer", "sizeof", "dir"),
    )
]


class Named(type):
    """A type whose own name bites."""

    @property
    def __name__(cls):
        raise BiteError


def biting(base):
    own = dict.fromkeys(METHODS, bite) | {"__hash__": lambda self: hash("a")}
    # Its repr does not bite, so that a finding can be printed; a message that holds it is too long.
    return Named("Biting", (base,), own | {"__repr__": lambda self: "biting " * 300})


def array_of_biting():
    found = np.empty(2, object)
    found[0] = biting(object)()
    return found


class Liar(int):
    """Says that it is an int, and that it is equal to everything."""

    @property
    def __class__(self):
        return int

    def __eq__(self, other):
        return True

    __hash__ = int.__hash__


class SlyArray(np.ndarray):
    """An array that bites."""

    __array_ufunc__ = __array_function__ = __getitem__ = __len__ = __iter__ = __eq__ = __ge__ = __le__ = bite
    __hash__ = None

    def __repr__(self):
        return "sly " * 600

    @property
    def shape(self):
        raise BiteError


def containing_itself():
    found = []
    found += [found, found]
    return found


def mapping_itself():
    found = {}
    found["a"] = found
    return found


BITING_KEY = biting(object)()
Renamed = type("x" * 100_000, (), {})
OBJECTS = [
    biting(object)(),
    biting(int)(),
    biting(float)(),
    biting(str)("a"),
    biting(bytes)(b"a"),
    biting(list)([1]),
    biting(tuple)((1,)),
    biting(dict)({"a": 1}),
    Liar(3),
    Renamed(),
    np.zeros(4).view(SlyArray),
    array_of_biting(),
    np.array(None),
    np.zeros(2, [("a", "i4"), ("b", "f8")]),
    np.zeros((), [("a", "i4")]),
    np.zeros(4, ">f4"),
    np.zeros(4, ">i8"),
    np.longdouble(1),
    np.zeros(4, np.longdouble) + np.longdouble("1e4000"),
    np.zeros(4, "S3"),
    np.zeros(4, "U3"),
    np.zeros(4, "datetime64[s]"),
    np.datetime64("NaT"),
    np.zeros(10**7, np.int8)[::7],
    np.broadcast_to(np.float32(1), (4, 4)),
    np.ma.masked_array([1, 2], [0, 1]),
    {BITING_KEY: 1},
    {1: 2},
    {"b": 1, BITING_KEY: 1},
    containing_itself(),
    mapping_itself(),
    10**4000,
    -(10**400),
    2**64,
    2**63,
    -(2**63) - 1,
    float("nan"),
    math.inf,
    -0.0,
    1e308,
    5e-324,
    "\ud800",
    "a\0b",
    "ß" * 100_000,
    range(4),
    iter([1]),
    (number for number in (1, 2)),
    {1, 2},
    memoryview(b"ab"),
    bytearray(b"ab"),
    decimal.Decimal(1),
    datetime.timedelta(1),
    int,
    Named,
    len,
    NotImplemented,
    ...,
]
plain = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-300, 300),
    st.integers(),
    st.floats(),
    st.text(max_size=5),
    st.binary(max_size=5),
    st.complex_numbers(),
    hnp.arrays(hnp.scalar_dtypes(), hnp.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=4)),
    hnp.scalar_dtypes().flatmap(hnp.from_dtype),
)
hostile = st.recursive(
    st.one_of(plain, st.integers(0, len(OBJECTS) - 1).map(lambda number: OBJECTS[number])),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.lists(inner, max_size=4).map(tuple)
        | st.dictionaries(st.sampled_from(("a", "b")) | st.text(max_size=2), inner, max_size=3)
    ),
    max_leaves=8,
)
