"""Columns that keep what a match gave in few bytes; to Python they are what they always were.

How it works. A league writes millions of matches, so what repeats is left out: names of fields, zeros at the
end, hexadecimal, fractions of a microsecond. Seats and usage are MessagePack lists by position; a field that
is newer than the position lists is kept by name behind them. Long ones (logs, tracebacks) are compressed by
zlib. Ranks, scores and rewards are kept exactly: ratings are computed from them.
"""

import zlib
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any, Final

import msgspec
from django.db import models

from workers.spec import AgentUsage, Outcome, SeatResult

Packed = dict[str, Any]  # Any: the JSON value of a struct of workers.spec

_SEAT: Final = (
    *("agent", "outcome", "rank", "score", "total_reward", "turns", "think_seconds", "slowest_seconds"),
    *("failed_turn", "message", "evidence"),
)
_USAGE: Final = (
    *("load_seconds", "cpu_seconds", "idle_cpu_seconds", "peak_memory_bytes", "bank_left_seconds"),
    *("step_quantiles", "log", "exit_signal"),
)
_LATER_SEAT: Final = tuple(name for name in SeatResult.__struct_fields__ if name not in _SEAT)
_LATER_USAGE: Final = tuple(name for name in AgentUsage.__struct_fields__ if name not in _USAGE)
_SQUEEZED_FROM: Final = 200
_ZLIB: Final = 0x78
"""First byte of a zlib stream; as MessagePack it would be a bare number, which is never stored."""
_MICRO: Final = 1e6

_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder().decode


def pack_seats(seats: Sequence[SeatResult]) -> bytes:
    """Return the stored form of an episode's seats."""
    return _squeezed([_seat_row(seat) for seat in seats])


def unpack_seats(stored: bytes) -> list[Packed]:
    """Return an episode's seats as JSON values, with every field of `SeatResult`."""
    return [_seat(row) for row in _read(stored)]


def pack_usage(usage: AgentUsage) -> bytes:
    """Return the stored form of an agent's usage."""
    row = [
        round(usage.load_seconds * _MICRO),
        round(usage.cpu_seconds * _MICRO),
        round(usage.idle_cpu_seconds * _MICRO),
        usage.peak_memory_bytes,
        round(usage.bank_left_seconds * _MICRO),
        [round(each * _MICRO) for each in usage.step_quantiles],
    ]
    later = {name: getattr(usage, name) for name in _LATER_USAGE}
    if usage.log or usage.exit_signal or later:
        row += [usage.log, usage.exit_signal]
    return _squeezed([*row, later] if later else row)


def unpack_usage(stored: bytes) -> Packed:
    """Return an agent's usage as JSON values; empty if the match is not finished."""
    if not stored:
        return {}
    row = _read(stored)
    named = _named(row, _USAGE, {"log": "", "exit_signal": 0})
    named["step_quantiles"] = [each / _MICRO for each in named["step_quantiles"]]
    return named


def _seat_row(seat: SeatResult) -> list[Any]:  # Any: values of MessagePack
    row = [
        seat.agent,
        None if seat.outcome is Outcome.OK else seat.outcome.value,
        seat.rank,
        _whole(seat.score),
        _whole(seat.total_reward),
        seat.turns,
        round(seat.think_seconds * _MICRO),
        round(seat.slowest_seconds * _MICRO),
    ]
    later = {name: getattr(seat, name) for name in _LATER_SEAT}
    if seat.failed_turn != -1 or seat.message or seat.evidence or later:
        row += [seat.failed_turn, seat.message, seat.evidence]
    return [*row, later] if later else row


def _seat(row: Sequence[Any]) -> Packed:  # Any: values of MessagePack
    named = _named(row, _SEAT, {"failed_turn": -1, "message": "", "evidence": ""})
    named["outcome"] = named["outcome"] or Outcome.OK.value
    named["score"] = float(named["score"])
    named["total_reward"] = float(named["total_reward"])
    return named


def _whole(value: float) -> float | int:
    """Return a number that MessagePack writes in a byte where it can: most scores are 0, 0.5 or 1."""
    return int(value) if value.is_integer() and abs(value) < 2**53 else value


def _named(row: Sequence[Any], names: Sequence[str], defaults: Mapping[str, Any]) -> Packed:
    named: Packed = dict(defaults)
    for name, value in zip(names, row, strict=False):
        named[name] = value / _MICRO if name.endswith("_seconds") else value
    if len(row) > len(names):
        named.update(row[-1])
    return named


def _squeezed(value: object) -> bytes:
    packed = _encode(value)
    return zlib.compress(packed) if len(packed) > _SQUEEZED_FROM else packed


def _read(stored: bytes) -> Any:  # Any: what was packed
    return _decode(zlib.decompress(stored) if stored[0] == _ZLIB else stored)


class _PackedField(models.Field, ABC):  # type: ignore[type-arg]  # not generic at run time
    """Base: bytes in the database, another type in Python."""

    def __init__(self, *args: Any, **options: Any) -> None:  # Any: Django's
        super().__init__(*args, **options | {"editable": False})

    @abstractmethod
    def pack(self, value: Any) -> bytes:  # Any: the type of the field
        """Return the stored form."""

    @abstractmethod
    def unpack(self, stored: bytes) -> Any:  # Any: the type of the field
        """Return the value."""

    def get_internal_type(self) -> str:
        """Have the column of a BinaryField."""
        return "BinaryField"

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:  # Any: Django's
        """Pack a value; bytes are one that is packed already."""
        if value is None:
            return None
        return connection.Database.Binary(value if isinstance(value, bytes) else self.pack(value))

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:  # Any: Django's
        """Unpack a column."""
        return None if value is None else self.unpack(bytes(value))

    def value_to_string(self, obj: models.Model) -> str:
        """Return the value as JSON for `dumpdata`."""
        return msgspec.json.encode(self.value_from_object(obj)).decode()

    def to_python(self, value: Any) -> Any:  # Any: Django's
        """Read what `value_to_string` wrote."""
        return msgspec.json.decode(value) if isinstance(value, str) else value


class SeatsField(_PackedField):
    """A list of `workers.spec.SeatResult` as JSON, in seat order."""

    def pack(self, value: Any) -> bytes:  # Any: a list of mappings
        """Return the stored form."""
        return pack_seats(msgspec.convert(value, list[SeatResult], strict=False))

    def unpack(self, stored: bytes) -> Any:  # Any: a list of mappings
        """Return the seats."""
        return unpack_seats(stored)


class UsageField(_PackedField):
    """A `workers.spec.AgentUsage` as JSON; empty until the match is finished."""

    def pack(self, value: Any) -> bytes:  # Any: a mapping
        """Return the stored form."""
        return pack_usage(msgspec.convert(value, AgentUsage, strict=False)) if value else b""

    def unpack(self, stored: bytes) -> Any:  # Any: a mapping
        """Return the usage."""
        return unpack_usage(stored)


class SeatingField(_PackedField):
    """A list of line-up positions, one a seat, each below 256."""

    def pack(self, value: Any) -> bytes:  # Any: a sequence of int
        """Return a byte a seat."""
        return bytes(value)

    def unpack(self, stored: bytes) -> Any:  # Any: a list of int
        """Return the positions."""
        return list(stored)


class HexField(_PackedField):
    """A digest: hexadecimal text in Python, half as many bytes in the database."""

    def pack(self, value: Any) -> bytes:  # Any: a text
        """Return the bytes that the text spells."""
        return bytes.fromhex(value)

    def unpack(self, stored: bytes) -> Any:  # Any: a text
        """Return the text."""
        return stored.hex()

    def value_to_string(self, obj: models.Model) -> str:
        """Return the text itself."""
        return str(self.value_from_object(obj))

    def to_python(self, value: Any) -> Any:  # Any: Django's
        """Return the text itself."""
        return value
