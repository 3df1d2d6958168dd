"""Record an episode, play it again from its log, compare the two.

How it works. The log is the applied actions alone, as the action codecs wrote them, turn after turn and in
seat order within a turn: who acts in a turn follows from the arena and the seed, so a discrete ply takes one
or two bytes. Actions of varying size (texts) carry their length in four bytes in front. Stored, it is a byte
2, then a zlib stream of the number of turns (seven bits a byte, the lowest first, the high bit set in all
but the last) and the actions. Format 1 is still read: gzip over the magic `CLA1`, the turns as uint32, and
the actions. The digest runs over arena, seed, every turn's actions and returns (float64), and the end: turns,
cut-off, forfeits.
"""

import hashlib
import struct
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from arenas.adapters import Adapter, open_arena
from arenas.codec import Codec, compile_codec
from arenas.errors import IllegalActionError, MalformedActionError, ReplayError
from arenas.spec import ArenaSpec

MAGIC: Final = b"CLA1"
MAX_STORED_BYTES: Final = 16 * 1024 * 1024
MAX_LOG_BYTES: Final = 64 * 1024 * 1024
_HEADER: Final = struct.Struct("<4sI")
_LENGTH: Final = struct.Struct("<I")
_GZIP_BITS: Final = 31
_FORMAT: Final = b"\x02"
_HASHED_AT_ONCE: Final = 4096


@dataclass(frozen=True, slots=True)
class ActionLog:
    """What was played, without the arena and the seed."""

    turns: int
    actions: bytes


class EpisodeRecorder:
    """Keeps the action log of an episode and the running digest that a replay must reach again."""

    def __init__(self, spec: ArenaSpec, seed: int, codecs: Sequence[Codec]) -> None:
        """Start an episode; `codecs` are those of the action schemas, one a seat."""
        self.turns = 0
        self._fixed = all(codec.is_fixed for codec in codecs)
        self._actions = bytearray()
        self._hash = hashlib.blake2b(f"{spec.id}\0{seed}\0".encode(), digest_size=16)
        self._hashed_later = bytearray()
        self._pack_returns = struct.Struct(f"<{spec.seats}d").pack

    def add_turn(self, actions: Mapping[int, bytes], rewards: Sequence[float]) -> None:
        """Add a turn that was played.

        Args:
            actions: the encoded action that was applied for each asked seat.
            rewards: returns after the turn, one a seat.
        """
        if self._fixed:
            ordered = actions if len(actions) == 1 else sorted(actions)
            applied = b"".join([actions[seat] for seat in ordered])
        else:
            applied = b"".join([_LENGTH.pack(len(actions[seat])) + actions[seat] for seat in sorted(actions)])
        self.turns += 1
        self._actions += applied
        later = self._hashed_later
        later += applied
        later += self._pack_returns(*rewards)
        if len(later) > _HASHED_AT_ONCE:
            self._hash.update(later)
            later.clear()

    def finish(self, *, truncated: bool, forfeits: Mapping[int, int]) -> str:
        """Close the digest and return it, 32 hex characters.

        Args:
            truncated: whether the episode was cut off.
            forfeits: for each seat that forfeited the turn in which it did.
        """
        end = struct.pack("<I?", self.turns, truncated)
        lost = b"".join([struct.pack("<Ii", seat, turn) for seat, turn in sorted(forfeits.items())])
        self._hash.update(self._hashed_later + end + lost)
        return self._hash.hexdigest()

    @property
    def log(self) -> ActionLog:
        """Return the actions so far."""
        return ActionLog(self.turns, bytes(self._actions))


class Watcher(Protocol):
    """Looks on while an episode is replayed; what `arenas.recorders` offers fits."""

    def start(self, adapter: Adapter) -> None:
        """Look at the state after reset."""

    def turn(self, adapter: Adapter, actor: int) -> None:
        """Look at the state after a turn; `actor` is the seat that acted, -1 if all acted together."""


@dataclass(frozen=True, slots=True)
class ReplayedEpisode:
    """What came out of playing an episode again."""

    digest: str
    rewards: tuple[float, ...]
    turns: int
    truncated: bool


def encode_log(log: ActionLog) -> bytes:
    """Return the stored form of an action log.

    Raises:
        ReplayError: the log is larger than what `decode_log` takes back.
    """
    if len(log.actions) > MAX_LOG_BYTES:
        raise ReplayError(f"The action log has {len(log.actions)} bytes, {MAX_LOG_BYTES} are allowed.")
    stored = _FORMAT + zlib.compress(_pack_number(log.turns) + log.actions, 9)
    if len(stored) > MAX_STORED_BYTES:
        raise ReplayError(f"The stored log has {len(stored)} bytes, {MAX_STORED_BYTES} are allowed.")
    return stored


def decode_log(stored: bytes) -> ActionLog:
    """Return the action log in its stored form; safe on hostile bytes.

    Raises:
        ReplayError: the bytes are damaged, cut off, too large, or no action log.
    """
    if len(stored) > MAX_STORED_BYTES:
        raise ReplayError(f"The stored log has {len(stored)} bytes, {MAX_STORED_BYTES} are allowed.")
    if stored[:1] == _FORMAT:
        return _split(_unsqueeze(stored[1:], zlib.MAX_WBITS))
    content = _unsqueeze(stored, _GZIP_BITS)
    if len(content) < _HEADER.size:
        raise ReplayError("The stored log has no header.")
    magic, turns = _HEADER.unpack_from(content)
    if magic != MAGIC:
        raise ReplayError("The stored bytes are no action log of this version.")
    return ActionLog(turns, content[_HEADER.size :])


def _unsqueeze(stored: bytes, bits: int) -> bytes:
    """Decompress a whole stream of bounded size.

    Raises:
        ReplayError: it is damaged, cut off, too large, or not alone.
    """
    stream = zlib.decompressobj(bits)
    try:
        content = stream.decompress(stored, MAX_LOG_BYTES + _HEADER.size + 1)
    except zlib.error:
        raise ReplayError("The stored log is damaged, or no action log of this version.") from None
    if len(content) > MAX_LOG_BYTES + _HEADER.size:
        raise ReplayError(f"The action log has more than {MAX_LOG_BYTES} bytes.")
    if not stream.eof or stream.unused_data:
        raise ReplayError("The stored log is cut off, or something is behind its end.")
    return content


def _pack_number(number: int) -> bytes:
    packed = bytearray()
    while number > 0x7F:
        packed.append(number & 0x7F | 0x80)
        number >>= 7
    packed.append(number)
    return bytes(packed)


def _split(content: bytes) -> ActionLog:
    """Take the number of turns off the front.

    Raises:
        ReplayError: there is none of at most 32 bits.
    """
    turns = 0
    for place, byte in enumerate(content[:5]):
        turns |= (byte & 0x7F) << 7 * place
        if byte < 0x80 and turns < 1 << 32:
            return ActionLog(turns, content[place + 1 :])
    raise ReplayError("The stored log has no number of turns.")


def replay_episode(
    spec: ArenaSpec,
    *,
    seed: int,
    log: ActionLog,
    forfeits: Mapping[int, int],
    recorder: Watcher | None = None,
    adapter: Adapter | None = None,
) -> ReplayedEpisode:
    """Play an episode again from its log.

    Args:
        spec: the arena.
        seed: the seed of the episode.
        log: the applied actions.
        forfeits: for each seat that forfeited the turn in which it did, as in the first playing.
        recorder: looks on, to draw the episode.
        adapter: an open arena to play on; without it one is opened and closed here.

    Raises:
        ReplayError: the log does not fit the arena: too short, too long, or an action is not legal.
        ArenaUnavailableError: the arena cannot be made here.
        ArenaFaultError: the environment failed.
    """
    table = adapter or open_arena(spec)
    try:
        return _replay(table, seed, log, forfeits, recorder)
    finally:
        if adapter is None:
            table.close()


def _replay(
    adapter: Adapter, seed: int, log: ActionLog, forfeits: Mapping[int, int], watcher: Watcher | None
) -> ReplayedEpisode:
    codecs = [compile_codec(schema) for schema in adapter.action_schemas]
    episode = EpisodeRecorder(adapter.spec, seed, codecs)
    cursor = LogCursor(log.actions, codecs)
    adapter.reset(seed)
    if watcher:
        watcher.start(adapter)
    for turn in range(log.turns):
        if adapter.is_over:
            raise ReplayError(f"The episode is over after {turn} turns, the log has {log.turns}.")
        encoded = {seat: cursor.take(seat) for seat in sorted(asked.seat for asked in adapter.asked())}
        try:
            actions = {seat: codecs[seat].decode(action) for seat, action in encoded.items()}
            for asked in adapter.asked():
                adapter.check_legal(asked, actions[asked.seat])
        except (IllegalActionError, MalformedActionError) as error:
            raise ReplayError(f"The log's turn {turn} cannot be played: {error}") from error
        adapter.step(actions)
        episode.add_turn(encoded, adapter.rewards)
        if watcher:
            watcher.turn(adapter, -1 if adapter.spec.kind == "parallel" else next(iter(actions)))
    cursor.close()
    digest = episode.finish(truncated=adapter.truncated, forfeits=forfeits)
    return ReplayedEpisode(digest, tuple(adapter.rewards), adapter.turns, adapter.truncated)


class LogCursor:
    """Cuts a log into the actions of its seats, turn after turn and in seat order."""

    def __init__(self, actions: bytes, codecs: Sequence[Codec]) -> None:
        self._actions = actions
        self._sizes = [codec.size for codec in codecs]
        self._fixed = all(codec.is_fixed for codec in codecs)
        self._position = 0

    def take(self, seat: int) -> bytes:
        """Return the next action, which is this seat's.

        Raises:
            ReplayError: the log ends before it.
        """
        size = self._sizes[seat] if self._fixed else _LENGTH.unpack(self._cut(_LENGTH.size))[0]
        return self._cut(size)

    def close(self) -> None:
        """Check that nothing is left.

        Raises:
            ReplayError: something is.
        """
        if self._position != len(self._actions):
            raise ReplayError(f"The log has {len(self._actions) - self._position} bytes too many.")

    def _cut(self, size: int) -> bytes:
        begin = self._position
        self._position = begin + size
        if self._position > len(self._actions):
            raise ReplayError("The log ends in the middle of an action.")
        return self._actions[begin : self._position]
