"""A spec as bytes, for processes that check an arena by themselves."""

from pathlib import Path

import msgspec

from arenas.spec import ArenaSpec


def encode_spec(spec: ArenaSpec) -> bytes:
    """Return a spec as bytes."""
    return msgspec.msgpack.encode(spec, enc_hook=str)


def decode_spec(content: bytes) -> ArenaSpec:
    """Return the spec of such bytes.

    Raises:
        msgspec.ValidationError: they are no spec.
    """
    return msgspec.msgpack.decode(content, type=ArenaSpec, dec_hook=_path)


def _path(kind: type, value: object) -> Path:
    if kind is not Path and not issubclass(kind, Path):
        raise TypeError(f"{kind} is not part of a spec")
    return Path(str(value))
