"""Frames between referee and agent: a 16-byte header, a payload, an absolute deadline.

How it works. Little-endian header: u32 payload length, u8 kind, u8 count of observations or actions, u16
version, u64 nonce. The nonce is drawn anew for each request and must come back in the answer, so an answer
cannot be sent ahead or used later. The referee reads into one buffer that is as long as the longest answer
it can accept, so an agent cannot make it allocate. An answer that comes at once costs one call to send and
one to receive; only a slow one is waited for with a deadline, and its agent's output read meanwhile.
"""

import contextlib
import errno
import os
import socket
import struct
from collections.abc import Callable
from enum import IntEnum
from select import POLLIN, POLLOUT, poll
from time import monotonic
from typing import Final

import msgspec

from arenas.codec import SpaceSchema

VERSION: Final = 2
HEADER: Final = struct.Struct("<IBBHQ")
_pack, _unpack = HEADER.pack, HEADER.unpack_from
FAULT_BYTES: Final = 8192
"""Longest payload of a FAULT frame."""
_LOG_READ: Final = 65_536
_NONCES: Final = 512
_AT_ONCE: Final = struct.pack("@ll", 0, 500)
"""struct timeval: how long the first look at an answer lasts. The kernel rounds it up to its ticks: 8 ms
at 250 Hz."""
_NOW: Final = socket.MSG_DONTWAIT
_AT_ONCE_SECONDS: Final = 0.02
"""A deadline as near as this one is kept by the exact timer from the start."""


class Kind(IntEnum):
    """What a frame carries."""

    LOAD = 1
    """Referee: a `Load`."""
    RESET = 2
    """Referee: a `Start`."""
    OBSERVE = 3
    """Referee: `count` observations one after the other, then the lane of each in a byte."""
    OBSERVE_SHARED = 5
    """Referee: the same, but the observations lie in the shared window and only the lanes are here."""
    CLOSE = 4
    """Referee: the match is over."""
    READY = 16
    """Agent: loaded, reset or closed. After LOAD the number of lanes it takes, in a byte; else empty."""
    ACT = 17
    """Agent: `count` actions, one after the other."""
    FAULT = 18
    """Agent: a `Fault` instead of any other answer."""


class Load(msgspec.Struct, frozen=True):
    """The agent's package and what its process needs to know of itself."""

    file_name: str
    package: bytes
    agent_seed: int
    unpacked_bytes: int
    lanes: int = 1
    """Episodes that are to be played side by side; the agent may take fewer."""


class Start(msgspec.Struct, frozen=True):
    """What an agent is told before an episode."""

    arena: str
    seat: int
    seats: int
    observation_schema: SpaceSchema
    action_schema: SpaceSchema
    role: str = ""
    seed: int = 0
    """The agent's own seed; never the environment's."""
    lane: int = 0
    """Which of the episodes that are played side by side begins."""


class Fault(msgspec.Struct, frozen=True):
    """What the agent's own process says went wrong; a claim, believed only against the agent."""

    outcome: str
    message: str
    evidence: str = ""


class FrameError(Exception):
    """The agent sent bytes that are no answer; the seat turns it into an outcome."""


class DeadlineError(Exception):
    """The answer was not complete in time; the seat turns it into an outcome."""


class ChannelClosedError(Exception):
    """The agent's end of the channel is closed; the seat turns it into an outcome."""


def frame(kind: Kind, payload: bytes | memoryview, nonce: int, count: int = 0) -> bytes:
    """Return a frame's bytes."""
    return HEADER.pack(len(payload), kind, count, VERSION, nonce) + payload


class Channel:
    """The referee's end: sends requests, reads answers, drains the agent's output meanwhile."""

    def __init__(
        self,
        peer: socket.socket,
        log: int,
        keep: Callable[[bytes], None],
        on_wait: Callable[[], None] = lambda: None,
    ) -> None:
        """Take over the descriptors.

        Args:
            peer: a stream socket to the agent.
            log: the reading end of its output.
            keep: takes the output.
            on_wait: told when an answer does not come at once, before it is waited for.
        """
        self._send, self._recv_into = peer.send, peer.recv_into
        self._log = log
        self._keep = keep
        self._on_wait = on_wait
        self._nonces: list[int] = []
        self._frame = memoryview(bytearray(HEADER.size + FAULT_BYTES + 1))
        self._fd = peer.fileno()
        peer.setblocking(True)
        peer.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, _AT_ONCE)
        os.set_blocking(log, False)
        self._poll = poll()
        self._poll.register(peer, POLLIN)
        self._poll.register(log, POLLIN)

    def expect(self, longest: int) -> None:
        """Make room for answers with a payload of up to `longest` bytes."""
        if HEADER.size + longest + 1 > len(self._frame):
            self._frame = memoryview(bytearray(HEADER.size + longest + 1))

    def send(self, kind: Kind, payload: bytes | memoryview, deadline: float, count: int = 0) -> int:
        """Send a request and return its nonce.

        Args:
            kind: of the request.
            payload: its bytes.
            deadline: `time.monotonic` seconds by which the agent must have taken it.
            count: observations in the payload.

        Raises:
            DeadlineError: the agent does not read.
            ChannelClosedError: the agent is gone.
        """
        if not self._nonces:
            self._nonces = list(struct.unpack(f"={_NONCES}Q", os.urandom(8 * _NONCES)))
        nonce = self._nonces.pop()
        data = _pack(len(payload), kind, count, VERSION, nonce) + payload
        try:
            sent = self._send(data, _NOW)
        except BlockingIOError:
            sent = 0
        except OSError as error:
            raise _closed(error) from None
        if sent != len(data):
            self._send_rest(memoryview(data)[sent:], deadline)
        return nonce

    def _send_rest(self, rest: memoryview, deadline: float) -> None:
        self._poll.modify(self._fd, POLLOUT)
        try:
            while rest:
                self._wait(deadline)
                try:
                    rest = rest[self._send(rest, _NOW) :]
                except BlockingIOError:
                    continue
                except OSError as error:
                    raise _closed(error) from None
        finally:
            self._poll.modify(self._fd, POLLIN)

    def receive(
        self, kind: Kind, nonce: int, deadline: float, *, count: int = 0, least: int = 0, most: int = 0
    ) -> tuple[Kind, memoryview]:
        """Read one whole answer: of the expected kind, or a FAULT.

        Args:
            kind: the expected kind.
            nonce: of the request.
            deadline: `time.monotonic` seconds for the whole frame.
            count: actions expected.
            least: fewest payload bytes.
            most: most payload bytes; not more than was told to `expect`.

        Returns:
            The kind and the payload, which is overwritten by the next answer.

        Raises:
            FrameError: anything but exactly one answer to this request came.
            DeadlineError: the frame was not complete in time.
            ChannelClosedError: the agent is gone.
        """
        buffer, want = self._frame, 0
        got = self._look() if deadline - monotonic() > _AT_ONCE_SECONDS else 0
        if not got:
            self._on_wait()
        while True:
            if not want and got >= HEADER.size:
                fields = _unpack(buffer)
                length, found, actions, version, answered = fields
                if (
                    answered != nonce
                    or found != kind
                    or actions != count
                    or version != VERSION
                    or not least <= length <= most
                ):
                    kind = _check_fault(fields, (kind, count, nonce, least, most))
                want = HEADER.size + length
            if want and got >= want:
                if got > want:
                    raise FrameError("more bytes than one answer")
                return kind, buffer[HEADER.size : want]
            self._wait(deadline)
            try:
                more = self._recv_into(buffer[got:], 0, _NOW)
            except BlockingIOError:
                continue
            except OSError as error:
                raise _closed(error) from None
            if not more:
                raise ChannelClosedError("in the middle of an answer" if got else "")
            got += more

    def _look(self) -> int:
        """Read what comes at once; return how many bytes that were, 0 where it has to be waited for."""
        try:
            got = self._recv_into(self._frame)
        except BlockingIOError:
            return 0
        except OSError as error:
            raise _closed(error) from None
        if not got:
            raise ChannelClosedError
        return got

    def _wait(self, deadline: float) -> None:
        """Wait for the channel, draining the log."""
        while True:
            remaining = deadline - monotonic()
            if remaining <= 0:
                raise DeadlineError
            is_ready = False
            for fd, _ in self._poll.poll(min(remaining * 1000, 2**30)):
                if fd == self._fd:
                    is_ready = True
                else:
                    self.drain()
            if is_ready:
                return

    def drain(self) -> bool:
        """Take what waits in the agent's output, without blocking; say whether there was any."""
        try:
            data = os.read(self._log, _LOG_READ)
        except BlockingIOError:
            return False
        if data:
            self._keep(data)
            return True
        with contextlib.suppress(KeyError):
            self._poll.unregister(self._log)
        return False


def _closed(error: OSError) -> ChannelClosedError:
    return ChannelClosedError(errno.errorcode.get(error.errno or 0, ""))


def _check_fault(fields: tuple[int, ...], expected: tuple[Kind, int, int, int, int]) -> Kind:
    """Accept a FAULT frame; name what is wrong with anything else."""
    length, found, count, version, nonce = fields
    kind, actions, asked, least, most = expected
    if version != VERSION:
        raise FrameError(f"version {VERSION} is spoken, the answer has version {version}")
    if nonce != asked:
        raise FrameError("the answer belongs to no open request")
    if found == Kind.FAULT and length <= FAULT_BYTES:
        return Kind.FAULT
    if found != kind:
        raise FrameError(f"an answer of kind {kind.name} is expected, kind {found} came")
    if count != actions:
        raise FrameError(f"{actions} action(s) are expected, {count} came")
    size = f"{least}" if least == most else f"{least} to {most}"
    raise FrameError(f"an answer of {size} bytes is expected, {length} came")
