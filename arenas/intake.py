"""Values of unknown origin to arrays and integers: exact types only, every refusal in one sentence.

An agent may return anything, objects that change under inspection included. So a value is looked at once,
only exact built-in and NumPy types are accepted, and none of its own methods decides anything.
"""

from typing import Any, Final, NoReturn, TypeAlias

import numpy as np

from arenas.errors import IllegalActionError, MalformedActionError

Array: TypeAlias = np.ndarray[tuple[int, ...], np.dtype[Any]]  # Any: the element type is a run-time fact.
Bound: TypeAlias = int | float | bytes
"""One bound for all elements, or the raw little-endian array of one per element."""

_INTEGER_SCALARS: Final = (np.int8, np.int16, np.int32, np.int64, np.longlong)
_UNSIGNED_SCALARS: Final = (np.uint8, np.uint16, np.uint32, np.uint64, np.ulonglong)
_INTEGERS: Final = frozenset((int, bool, np.bool_, *_INTEGER_SCALARS, *_UNSIGNED_SCALARS))
_NUMBERS: Final = _INTEGERS | frozenset((float, np.float16, np.float32, np.float64))
_TOLERANCE: Final = 1e-6
_NAME: Final = type.__dict__["__name__"]
_LONGEST_NAME: Final = 80


def bound_array(bound: Bound, dtype: np.dtype[np.generic], shape: tuple[int, ...]) -> Array:
    """Return a bound for each element.

    Infinite bounds become the largest finite number, so that one comparison also refuses inf and NaN.
    """
    if isinstance(bound, bytes):
        array: Array = np.frombuffer(bound, dtype).reshape(shape).copy()
    elif dtype.kind == "f":
        array = np.full(shape, bound, dtype)
    else:
        least, most = _integer_range(dtype)
        array = np.full(shape, min(max(bound, least), most), dtype)
    if dtype.kind == "f":
        largest = float(np.finfo(dtype.name).max)
        array = np.asarray(np.clip(array, -largest, largest))
    return array


def _integer_range(dtype: np.dtype[np.generic]) -> tuple[int, int]:
    if dtype.kind == "b":
        return 0, 1
    limits = np.iinfo(dtype.name)
    return int(limits.min), int(limits.max)


def clip(array: Array, low: Array, high: Array, at: str) -> Array:
    """Clip what is outside by no more than rounding (1e-6, relative above 1); refuse the rest.

    Raises:
        IllegalActionError: an element is NaN, infinite or truly outside its bounds.
    """
    if array.dtype.kind == "f":
        if not np.isfinite(array).all():
            raise IllegalActionError(f"{place(at)}a number is NaN or infinite.")
        number, least, most = (part.astype(np.float64) for part in (array, low, high))
        with np.errstate(over="ignore"):
            least = least - _TOLERANCE * np.maximum(1.0, np.abs(least))
            most = most + _TOLERANCE * np.maximum(1.0, np.abs(most))
        if ((least <= number) & (number <= most)).all():
            return np.asarray(np.clip(array, low, high))
    raise IllegalActionError(f"{place(at)}a number is outside its bounds.")


def to_array(value: object, dtype: np.dtype[np.generic], shape: tuple[int, ...], at: str) -> Array:
    """Return a value as an array of `dtype`, looking at it once and trusting none of its methods.

    Raises:
        IllegalActionError: the value is None, or a number does not fit the integer type.
        MalformedActionError: the value is no array of this shape and kind.
    """
    if type(value) is np.ndarray:
        array: Array = value
    elif type(value) in (list, tuple) or type(value) in _NUMBERS:
        flat: list[object] = []
        _flatten(value, shape, _INTEGERS if dtype.kind in "biu" else _NUMBERS, flat, at)
        try:
            array = np.array(flat, np.int64 if dtype.kind in "biu" else np.float64).reshape(shape)
        except (OverflowError, ValueError, TypeError):
            raise MalformedActionError(f"{place(at)}a number is too large for {dtype.name}.") from None
    else:
        refuse(value, f"{dtype.name} of shape {shape}", at)
    if array.shape != shape:
        raise MalformedActionError(f"{place(at)}shape {shape} is expected, not {array.shape}.")
    if array.dtype is dtype:
        return array
    if array.dtype.kind not in ("biu" if dtype.kind in "biu" else "biuf"):
        raise MalformedActionError(f"{place(at)}{dtype.name} is expected, not {array.dtype.name}.")
    if dtype.kind == "f":
        with np.errstate(over="ignore"):
            return array.astype(dtype)
    least, most = _integer_range(dtype)
    if array.size and not (least <= int(array.min()) and int(array.max()) <= most):
        raise IllegalActionError(f"{place(at)}a number does not fit {dtype.name}.")
    return array.astype(dtype)


def _flatten(
    value: object, shape: tuple[int, ...], allowed: frozenset[type], flat: list[object], at: str
) -> None:
    if not shape:
        if type(value) not in allowed:
            refuse(value, "an integer" if allowed is _INTEGERS else "a number", at)
        flat.append(value)
        return
    if type(value) is np.ndarray and value.shape == shape:
        value = value.tolist()
    if type(value) is not list and type(value) is not tuple:
        refuse(value, f"a list of {shape[0]}", at)
    items = tuple(value)
    if len(items) != shape[0]:
        raise MalformedActionError(f"{place(at)}{shape[0]} elements are expected, not {len(items)}.")
    for item in items:
        _flatten(item, shape[1:], allowed, flat, at)


def to_integer(value: object, at: str) -> int:
    """Return an exact Python or NumPy integer, or a 0-d integer array, as int.

    Raises:
        IllegalActionError: the value is None.
        MalformedActionError: the value is something else; a float never counts as an integer.
    """
    kind = type(value)
    if kind in _INTEGERS:
        return int(value)  # type: ignore[call-overload, no-any-return]  # One of the exact types above.
    if kind is np.ndarray and value.shape == () and value.dtype.kind in "biu":  # type: ignore[attr-defined]
        return int(value)  # type: ignore[call-overload, no-any-return]  # A 0-d integer array.
    refuse(value, "an integer", at)


def refuse_integer(number: int, least: int, most: int, at: str) -> NoReturn:
    """Refuse an integer outside its range, without printing one of thousands of digits.

    Raises:
        IllegalActionError: the integer is outside `least .. most`.
        MalformedActionError: the integer has more than 64 bits.
    """
    if number.bit_length() > 64:
        raise MalformedActionError(f"{place(at)}an integer of {number.bit_length()} bits is no action.")
    raise IllegalActionError(f"{place(at)}{number} is outside {least} to {most}.")


def refuse(value: object, expected: str, at: str) -> NoReturn:
    """Refuse a value by the name of its type: its own repr could run code or fill the memory.

    Raises:
        IllegalActionError: the value is None.
        MalformedActionError: the value is anything else.
    """
    if value is None:
        raise IllegalActionError(f"{place(at)}{expected} is expected, None was returned.")
    raise MalformedActionError(f"{place(at)}{expected} is expected, not {_name_of(type(value))}.")


def _name_of(kind: type) -> str:
    """Return a class's real name, cut: its own class may have one that lies, and any name can be long."""
    return str(_NAME.__get__(kind))[:_LONGEST_NAME]


def place(at: str) -> str:
    """Return the opening words of a message for a part of a composite value."""
    return f"In {at}: " if at else ""
