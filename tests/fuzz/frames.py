"""What reads an agent's and a referee's frames."""

import contextlib
import os
import socket
import threading
import time
from dataclasses import dataclass

import msgspec
import pytest
from hypothesis import strategies as st

from arenas.spec import Limits
from tests.fuzz.noise import mutated, packed
from tests.workers.tables import match_spec
from workers.protocol import (
    FAULT_BYTES,
    HEADER,
    VERSION,
    Channel,
    ChannelClosedError,
    DeadlineError,
    Fault,
    FrameError,
    Kind,
)
from workers.referee_process import Hello, Job, UnreadableError, read_message
from workers.sandbox.launcher import Exit
from workers.seat import Seat, SeatFault
from workers.spec import (
    EpisodeResult,
    Isolation,
    MatchKind,
    MatchResult,
    Outcome,
    SeatResult,
)

WALL_SECONDS = 5.0
PIPE_BYTES = 60_000
NONCE = 0x1122334455667788
short = st.text(max_size=12)
number = st.floats(allow_nan=False)
faults = st.builds(
    Fault, outcome=st.sampled_from([*map(str, Outcome), "", "won"]), message=short, evidence=short
)


@dataclass(frozen=True)
class Answer:
    """What an agent sends, in pieces, with or without a pause after each, and what is expected of it."""

    pieces: tuple[bytes, ...]
    pauses: bool
    closes: bool
    kind: Kind
    count: int
    least: int
    most: int
    seconds: float


@st.composite
def answers(draw):
    kind = draw(st.sampled_from((Kind.ACT, Kind.READY)))
    count = draw(st.sampled_from((0, 1, 3, 255)))
    size = draw(st.integers(0, 300))
    sent = draw(st.sampled_from((kind, kind, kind, Kind.FAULT, *Kind)))
    length = draw(st.sampled_from((size, size, size, 0, 5, FAULT_BYTES, FAULT_BYTES + 1)))
    version = draw(st.sampled_from((VERSION, VERSION, VERSION, 0, 2)))
    nonce = draw(st.sampled_from((NONCE, NONCE, NONCE, 0, 2**64 - 1)))
    whole = HEADER.pack(length, sent, count, version, nonce) + bytes(length)
    stream = draw(st.one_of(st.just(whole), mutated(st.just(whole)), st.binary(max_size=400)))
    cuts = sorted(draw(st.lists(st.integers(0, len(stream)), max_size=4)))
    pieces = tuple(stream[a:b] for a, b in zip([0, *cuts], [*cuts, len(stream)], strict=True) if a < b)
    least = draw(st.sampled_from((size, 0)))
    seconds = draw(st.sampled_from((0.004, 0.004, 0.0)))
    return Answer(pieces, draw(st.booleans()), draw(st.booleans()), kind, count, least, size, seconds)


def check_channel(answer: Answer) -> None:
    """The reader gives one whole answer to the request or one of three errors, in time, and never grows."""
    ours, theirs = socket.socketpair()
    log_read, log_write = os.pipe()
    channel = Channel(ours, log_read, lambda _: None)
    channel.expect(answer.most)
    room = len(channel._frame)
    try:
        writer = threading.Thread(target=_write, args=(theirs, answer)) if answer.pauses else None
        if writer:
            writer.start()
        else:
            _write(theirs, answer)
        began = time.monotonic()
        bounds = {"count": answer.count, "least": answer.least, "most": answer.most}
        try:
            found, payload = channel.receive(answer.kind, NONCE, began + answer.seconds, **bounds)
        except (FrameError, DeadlineError, ChannelClosedError):
            return
        finally:
            assert time.monotonic() - began < WALL_SECONDS
            assert len(channel._frame) == room
            if writer:
                writer.join()
        _check_answer(answer, found, bytes(payload))
    finally:
        for held in (ours, theirs):
            held.close()
        for fd in (log_read, log_write):
            os.close(fd)


def _write(theirs: socket.socket, answer: Answer) -> None:
    with contextlib.suppress(OSError):
        for piece in answer.pieces:
            theirs.send(piece)
            if answer.pauses:
                time.sleep(0.0003)
        if answer.closes:
            theirs.shutdown(socket.SHUT_RDWR)


def _check_answer(answer: Answer, found: Kind, payload: bytes) -> None:
    stream = b"".join(answer.pieces)
    length, kind, count, version, nonce = HEADER.unpack_from(stream)
    assert (length, version, nonce) == (len(payload), VERSION, NONCE)
    assert stream[HEADER.size : HEADER.size + length] == payload
    if found is Kind.FAULT:
        assert kind == Kind.FAULT
        assert length <= FAULT_BYTES
    else:
        assert (found, kind, count) == (answer.kind, answer.kind, answer.count)
        assert answer.least <= length <= answer.most


fault_bytes = packed(faults).map(lambda data: data[:FAULT_BYTES])


def check_fault(data: bytes) -> None:
    """What an agent's process says of itself ends the agent, whatever it says."""
    seat = object.__new__(Seat)
    seat._limits = Limits()
    seat._exit = Exit(0, 0.0, 0)
    with pytest.raises(SeatFault) as caught:
        seat._fail_by_claim(memoryview(data), Kind.OBSERVE)
    fault = caught.value
    assert fault.outcome in set(Outcome) - {Outcome.OK}
    assert len(fault.message) <= 400
    assert len(fault.evidence) <= 4200


hellos = st.builds(Hello, isolation=st.sampled_from(Isolation), speed=number, refusal=short)
jobs = st.builds(
    Job,
    spec=st.builds(
        match_spec,
        short,
        st.lists(st.sampled_from(("a" * 64, "b" * 64)), max_size=3),
        kind=st.sampled_from(MatchKind),
    ),
    packages=st.dictionaries(short, st.binary(max_size=40), max_size=2),
)
seats = st.builds(
    SeatResult,
    agent=st.integers(0, 3),
    outcome=st.sampled_from(Outcome),
    rank=st.integers(1, 4),
    score=number,
    total_reward=number,
    turns=st.integers(0, 99),
    think_seconds=number,
    slowest_seconds=number,
)
episodes = st.builds(
    EpisodeResult,
    seed=st.integers(0, 9),
    seating=st.just((0, 1)),
    seats=st.lists(seats, max_size=2).map(tuple),
    turns=st.integers(0, 99),
    truncated=st.booleans(),
    digest=short,
    actions=st.binary(max_size=20),
)
results = st.builds(
    MatchResult,
    match=short,
    token=short,
    worker=short,
    isolation=st.sampled_from(Isolation),
    episodes=st.lists(episodes, max_size=2).map(tuple),
)


@st.composite
def pipe_bytes(draw):
    """A message's kind, and what comes through the pipe: a length and a payload, both perhaps wrong."""
    kind, messages = draw(st.sampled_from(((Hello, hellos), (Job, jobs), (MatchResult, results))))
    payload = draw(packed(messages))[:PIPE_BYTES]
    length = draw(st.sampled_from((len(payload), len(payload), len(payload), 0, 1, 0xFFFFFFFF, 1 << 20)))
    return kind, draw(mutated(st.just(length.to_bytes(4, "little") + payload)))[:PIPE_BYTES]


def check_pipe(case: tuple[type[msgspec.Struct], bytes]) -> None:
    """A message between referee and worker is of its type, or unreadable, or the end."""
    kind, data = case
    out, into = os.pipe()
    try:
        os.write(into, data)
        os.close(into)
        try:
            message = read_message(out, kind, seconds=WALL_SECONDS)
        except (EOFError, UnreadableError):
            return
        assert type(message) is kind
        assert msgspec.msgpack.decode(msgspec.msgpack.encode(message), type=kind) is not None
    finally:
        os.close(out)
