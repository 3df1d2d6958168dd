"""Observations and actions to bytes and back; no pickle, nothing but numpy and msgspec.

How it works. A `SpaceSchema` is the wire form of a space; both ends compile it once into a `Codec`. A value
becomes the concatenation of its parts' raw little-endian C-ordered buffers, in schema order, so the size is
fixed. `Text` is the exception: a four-byte length in the fixed part, the UTF-8 bytes behind it at the end.
Actions use a checking codec on both ends, and only the referee's `decode` is trusted. Observations come
from the environment, often stray outside their declared bounds, and use a codec with `trusted=True`.
"""

import math
import struct
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, NoReturn, TypeAlias

import msgspec
import numpy as np

from arenas.errors import ArenaError, ArenaFaultError, IllegalActionError, MalformedActionError
from arenas.intake import Array, Bound, bound_array, clip, place, refuse, refuse_integer, to_array, to_integer

Buffer: TypeAlias = bytes | bytearray | memoryview


class Discrete(msgspec.Struct, frozen=True, tag="discrete"):
    """An integer in `start .. start + n - 1`; decoded as int."""

    n: int
    start: int = 0


class Box(msgspec.Struct, frozen=True, tag="box"):
    """An array of numbers between bounds; decoded as a fresh array of `dtype`."""

    shape: tuple[int, ...]
    dtype: str
    low: Bound = -math.inf
    high: Bound = math.inf


class MultiDiscrete(msgspec.Struct, frozen=True, tag="multi_discrete"):
    """Several integers at once; `nvec` and `start` are flat, in C order of `shape`."""

    nvec: tuple[int, ...]
    shape: tuple[int, ...]
    start: tuple[int, ...] = ()
    dtype: str = "int64"


class MultiBinary(msgspec.Struct, frozen=True, tag="multi_binary"):
    """An int8 array of zeros and ones."""

    shape: tuple[int, ...]


class Text(msgspec.Struct, frozen=True, tag="text"):
    """A text of limited length; an empty charset allows every character."""

    max_length: int
    min_length: int = 0
    charset: str = ""


class TupleSpace(msgspec.Struct, frozen=True, tag="tuple"):
    """A tuple of parts."""

    items: "tuple[SpaceSchema, ...]"


class DictSpace(msgspec.Struct, frozen=True, tag="dict"):
    """A dict of parts, sorted by key."""

    items: "tuple[tuple[str, SpaceSchema], ...]"


SpaceSchema: TypeAlias = Discrete | Box | MultiDiscrete | MultiBinary | Text | TupleSpace | DictSpace


@dataclass(frozen=True, slots=True)
class Codec:
    """The two directions of one schema, compiled."""

    schema: SpaceSchema
    size: int
    """Bytes of an encoded value; the most there can be where `is_fixed` is false."""
    is_fixed: bool
    encode: Callable[[object], bytes]
    """Value to bytes; raises IllegalActionError or MalformedActionError."""
    decode: Callable[[Buffer], object]
    """Bytes to a fresh, writable value; raises IllegalActionError or MalformedActionError."""


_Write: TypeAlias = Callable[[object, list[bytes]], bytes]
_Read: TypeAlias = Callable[[Buffer, list[int]], object]
_Part: TypeAlias = tuple[int, int, _Write, _Read]  # Fixed bytes, most bytes of text, the two directions.

_SMALL: Final = 32
_NO_BYTES: Final[list[bytes]] = []
_NO_TEXT: Final[list[int]] = []


@lru_cache(maxsize=256)
def compile_codec(schema: SpaceSchema, *, trusted: bool = False) -> Codec:
    """Compile a schema into its two directions; the same one is compiled once.

    Args:
        schema: the wire form of a space.
        trusted: true for observations: bounds and NaN are not checked, array-likes are converted, and a
            value that is not of the space at all raises ArenaFaultError on `encode`.
    """
    fixed, text, write, read = _compile(schema, 0, "", trusted)
    if not text:

        def encode(value: object) -> bytes:
            try:
                return write(value, _NO_BYTES)
            except (IllegalActionError, MalformedActionError) as error:
                _blame(error, trusted)

        def decode(buffer: Buffer) -> object:
            if len(buffer) != fixed:
                raise MalformedActionError(f"{fixed} bytes are expected, {len(buffer)} came.")
            return read(buffer, _NO_TEXT)

        return Codec(schema, fixed, True, encode, decode)

    def encode_text(value: object) -> bytes:
        tail: list[bytes] = []
        try:
            head = write(value, tail)
        except (IllegalActionError, MalformedActionError) as error:
            _blame(error, trusted)
        return head + b"".join(tail)

    def decode_text(buffer: Buffer) -> object:
        if not fixed <= len(buffer) <= fixed + text:
            raise MalformedActionError(f"{fixed} to {fixed + text} bytes are expected, {len(buffer)} came.")
        position = [fixed]
        value = read(buffer, position)
        if position[0] != len(buffer):
            raise MalformedActionError(f"{len(buffer) - position[0]} bytes are left over.")
        return value

    return Codec(schema, fixed + text, False, encode_text, decode_text)


def _blame(error: ArenaError, trusted: bool) -> NoReturn:
    """Raise the error again; an observation that is not of its space is the arena's own fault."""
    if trusted:
        raise ArenaFaultError(f"An observation is not of its space. {error}") from error
    raise error


def _compile(schema: SpaceSchema, offset: int, at: str, trusted: bool) -> _Part:
    """Build the closures of one part that starts at `offset`; `at` is its place for messages."""
    match schema:
        case Discrete():
            return _discrete(schema, offset, at)
        case Box():
            return _trusted_box(schema, offset, at) if trusted else _checked_box(schema, offset, at)
        case MultiDiscrete():
            return _multi_discrete(schema, offset, at)
        case MultiBinary():
            bits = Box(shape=schema.shape, dtype="int8", low=0, high=1)
            return _trusted_box(bits, offset, at) if trusted else _checked_box(bits, offset, at)
        case Text():
            return _text(schema, offset, at)
        case TupleSpace():
            return _tuple(schema, offset, at, trusted)
        case DictSpace():
            return _dict(schema, offset, at, trusted)


def _discrete(schema: Discrete, offset: int, at: str) -> _Part:
    n, start = schema.n, schema.start
    form = struct.Struct("<" + _unsigned(n))
    pack, unpack = form.pack, form.unpack_from

    def write(value: object, _tail: list[bytes]) -> bytes:
        number = value if type(value) is int else to_integer(value, at)
        if 0 <= number - start < n:
            return pack(number - start)
        refuse_integer(number, start, start + n - 1, at)

    def read(buffer: Buffer, _tail: list[int]) -> int:
        number: int = unpack(buffer, offset)[0]
        if number < n:
            return number + start
        refuse_integer(number + start, start, start + n - 1, at)

    return form.size, 0, write, read


def _multi_discrete(schema: MultiDiscrete, offset: int, at: str) -> _Part:
    shape, dtype = schema.shape, _wire_dtype(schema.dtype)
    start = np.array(schema.start or (0,) * len(schema.nvec), np.int64).reshape(shape)
    last = start + np.array(schema.nvec, np.int64).reshape(shape) - 1
    wire = np.dtype("<u" + str(struct.calcsize(_unsigned(max(schema.nvec, default=1)))))
    most = (np.array(schema.nvec, np.int64).reshape(shape) - 1).astype(wire)
    size = math.prod(shape) * wire.itemsize

    def write(value: object, _tail: list[bytes]) -> bytes:
        array = to_array(value, np.dtype(np.int64), shape, at)
        if not ((array >= start) & (array <= last)).all():
            raise IllegalActionError(f"{place(at)}an element is outside its range.")
        wired: Array = (array - start).astype(wire)
        return wired.tobytes()

    def read(buffer: Buffer, _tail: list[int]) -> Array:
        wired = np.ndarray(shape, wire, buffer, offset)
        # As it came: a number of 64 bits would turn negative, and so slip below the last.
        if not (wired <= most).all():
            raise IllegalActionError(f"{place(at)}an element is outside its range.")
        return np.asarray(wired.astype(np.int64) + start, dtype)

    return size, 0, write, read


def _trusted_box(schema: Box, offset: int, at: str) -> _Part:
    shape, dtype = schema.shape, _wire_dtype(schema.dtype)
    ndarray = np.ndarray

    def write(value: object, _tail: list[bytes]) -> bytes:
        if type(value) is ndarray and value.dtype is dtype and value.shape == shape:
            return value.tobytes()
        try:
            array = np.asarray(value, dtype)
        except (TypeError, ValueError, OverflowError) as error:
            raise MalformedActionError(
                f"{place(at)}{dtype.name} of shape {shape} is expected: {error}."
            ) from None
        if array.shape != shape:
            raise MalformedActionError(f"{place(at)}shape {shape} is expected, not {array.shape}.")
        return array.tobytes()

    def read(buffer: Buffer, _tail: list[int]) -> Array:
        return ndarray(shape, dtype, buffer, offset).copy()

    return math.prod(shape) * dtype.itemsize, 0, write, read


def _checked_box(schema: Box, offset: int, at: str) -> _Part:
    shape, dtype = schema.shape, _wire_dtype(schema.dtype)
    low, high = bound_array(schema.low, dtype, shape), bound_array(schema.high, dtype, shape)
    lows, highs = low.ravel().tolist(), high.ravel().tolist()
    is_small = 0 < len(lows) <= _SMALL and dtype.kind != "b"

    def check(array: Array) -> Array:
        if is_small:
            for number, least, most in zip(array.ravel().tolist(), lows, highs, strict=True):
                if not least <= number <= most:
                    return clip(array, low, high, at)
            return array
        return array if bool(((array >= low) & (array <= high)).all()) else clip(array, low, high, at)

    def write(value: object, _tail: list[bytes]) -> bytes:
        checked: Array = check(to_array(value, dtype, shape, at))
        return checked.tobytes()

    def read(buffer: Buffer, _tail: list[int]) -> Array:
        if dtype.kind != "b":
            return check(np.ndarray(shape, dtype, buffer, offset).copy())
        bits = np.ndarray(shape, np.uint8, buffer, offset)
        if (bits > 1).any():
            raise MalformedActionError(f"{place(at)}a truth value is neither 0 nor 1.")
        return bits.astype(np.bool_)

    return math.prod(shape) * dtype.itemsize, 0, write, read


def _text(schema: Text, offset: int, at: str) -> _Part:
    length = struct.Struct("<I")
    charset = frozenset(schema.charset)
    most = 4 * schema.max_length

    def check(text: str) -> str:
        if not schema.min_length <= len(text) <= schema.max_length:
            raise IllegalActionError(
                f"{place(at)}{schema.min_length} to {schema.max_length} characters are allowed, "
                f"not {len(text)}."
            )
        if charset and not charset.issuperset(text):
            raise IllegalActionError(f"{place(at)}a character is not in the alphabet.")
        return text

    def write(value: object, tail: list[bytes]) -> bytes:
        if type(value) is not str:
            refuse(value, "a text", at)
        try:
            encoded = check(value).encode()
        except UnicodeEncodeError:
            raise MalformedActionError(f"{place(at)}the text holds half a surrogate pair.") from None
        tail.append(encoded)
        return length.pack(len(encoded))

    def read(buffer: Buffer, tail: list[int]) -> str:
        count = length.unpack_from(buffer, offset)[0]
        begin = tail[0]
        tail[0] = begin + count
        if tail[0] > len(buffer):
            raise MalformedActionError(f"{place(at)}the text is cut off.")
        try:
            return check(bytes(buffer[begin : begin + count]).decode())
        except UnicodeDecodeError:
            raise MalformedActionError(f"{place(at)}the text is not UTF-8.") from None

    return length.size, most, write, read


def _tuple(schema: TupleSpace, offset: int, at: str, trusted: bool) -> _Part:
    named = [(f"[{index}]", item) for index, item in enumerate(schema.items)]
    size, text, writes, reads = _compile_items(named, offset, at, trusted)
    count = len(writes)

    def write(value: object, tail: list[bytes]) -> bytes:
        if type(value) is not tuple and type(value) is not list:
            refuse(value, "a tuple", at)
        if len(value) != count:
            raise MalformedActionError(f"{place(at)}{count} parts are expected, not {len(value)}.")
        return b"".join([part(item, tail) for part, item in zip(writes, value, strict=True)])

    def read(buffer: Buffer, tail: list[int]) -> tuple[object, ...]:
        return tuple([part(buffer, tail) for part in reads])

    return size, text, write, read


def _dict(schema: DictSpace, offset: int, at: str, trusted: bool) -> _Part:
    named = [(f"[{key!r}]", item) for key, item in schema.items]
    size, text, writes, reads = _compile_items(named, offset, at, trusted)
    keys = [key for key, _ in schema.items]
    writers, readers = list(zip(keys, writes, strict=True)), list(zip(keys, reads, strict=True))
    count = len(keys)

    def write(value: object, tail: list[bytes]) -> bytes:
        if type(value) is not dict and not (trusted and isinstance(value, dict)):
            refuse(value, "a dict", at)
        # A key of another type could decide by its own comparison what it is.
        if len(value) != count or not (trusted or all(type(key) is str for key in value)):
            raise MalformedActionError(f"{place(at)}exactly the keys {keys} are expected.")
        try:
            return b"".join([part(value[key], tail) for key, part in writers])
        except KeyError:
            raise MalformedActionError(f"{place(at)}exactly the keys {keys} are expected.") from None

    def read(buffer: Buffer, tail: list[int]) -> dict[str, object]:
        return {key: part(buffer, tail) for key, part in readers}

    return size, text, write, read


def _compile_items(
    named: Sequence[tuple[str, SpaceSchema]], offset: int, at: str, trusted: bool
) -> tuple[int, int, list[_Write], list[_Read]]:
    writes: list[_Write] = []
    reads: list[_Read] = []
    begin, text = offset, 0
    for name, item in named:
        size, item_text, write, read = _compile(item, offset, at + name, trusted)
        offset, text = offset + size, text + item_text
        writes.append(write)
        reads.append(read)
    return offset - begin, text, writes, reads


def _wire_dtype(name: str) -> np.dtype[np.generic]:
    """Return the little-endian dtype; on little-endian machines the very object that arrays carry."""
    dtype: np.dtype[np.generic] = np.dtype("<" + np.dtype(name).str[1:])
    return dtype


def _unsigned(n: int) -> str:
    """Return the struct letter of the smallest unsigned integer that holds `n` values."""
    return "B" if n <= 1 << 8 else "H" if n <= 1 << 16 else "I" if n <= 1 << 32 else "Q"
