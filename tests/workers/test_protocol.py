import contextlib
import os
import socket
import struct
import threading
import time
from contextlib import contextmanager

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from workers.protocol import (
    FAULT_BYTES,
    HEADER,
    VERSION,
    Channel,
    ChannelClosedError,
    DeadlineError,
    FrameError,
    Kind,
    frame,
)

SIZE = 8


@contextmanager
def channel(size=SIZE):
    """A referee's channel, the agent's end of it, and the agent's end of the log."""
    ours, theirs = socket.socketpair()
    log_read, log_write = os.pipe()
    kept = []
    made = Channel(ours, log_read, kept.append)
    made.expect(size)
    try:
        yield made, theirs, log_write, kept
    finally:
        ours.close()
        theirs.close()
        os.close(log_read)
        os.close(log_write)


def soon(seconds=1.0):
    return time.monotonic() + seconds


def ask(made, theirs, seconds=1.0):
    """Send an observation and read it at the agent's end; return its nonce."""
    nonce = made.send(Kind.OBSERVE, b"seen", soon(seconds), 1)
    data = theirs.recv(1000)
    assert data == frame(Kind.OBSERVE, b"seen", nonce, 1)
    return nonce


def receive(made, nonce, seconds=1.0):
    return made.receive(Kind.ACT, nonce, soon(seconds), count=1, least=SIZE, most=SIZE)


def test_a_whole_answer_is_read():
    with channel() as (made, theirs, _, _kept):
        nonce = ask(made, theirs)
        theirs.sendall(frame(Kind.ACT, b"12345678", nonce, 1))
        assert receive(made, nonce) == (Kind.ACT, b"12345678")


def test_an_answer_in_pieces_is_put_together():
    with channel() as (made, theirs, _, _kept):
        nonce = ask(made, theirs)
        data = frame(Kind.ACT, b"12345678", nonce, 1)

        def drip():
            for at in range(len(data)):
                theirs.sendall(data[at : at + 1])

        thread = threading.Thread(target=drip)
        thread.start()
        assert receive(made, nonce) == (Kind.ACT, b"12345678")
        thread.join()


def test_the_deadline_is_for_the_whole_frame_and_not_for_each_byte():
    with channel() as (made, theirs, _, _kept):
        nonce = ask(made, theirs)
        data = frame(Kind.ACT, b"12345678", nonce, 1)

        def drip():
            for at in range(len(data)):
                theirs.sendall(data[at : at + 1])
                time.sleep(0.01)

        thread = threading.Thread(target=drip)
        thread.start()
        with pytest.raises(DeadlineError):
            receive(made, nonce, 0.1)
        thread.join()


def header(length=SIZE, kind=Kind.ACT, count=1, version=VERSION, nonce=0):
    return HEADER.pack(length, kind, count, version, nonce)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"length": SIZE - 1}, "an answer of 8 bytes is expected, 7 came"),
        ({"length": SIZE + 1}, "an answer of 8 bytes is expected, 9 came"),
        ({"length": 2**32 - 1}, "an answer of 8 bytes is expected, 4294967295 came"),
        ({"kind": Kind.READY}, "an answer of kind ACT is expected, kind 16 came"),
        ({"kind": 255}, "an answer of kind ACT is expected, kind 255 came"),
        ({"count": 2}, "1 action"),
        ({"version": 3}, "version 2 is spoken"),
        ({"nonce": 1}, "no open request"),
        ({"kind": Kind.FAULT, "length": FAULT_BYTES + 1}, "kind 18 came"),
        ({"kind": Kind.FAULT, "nonce": 1}, "no open request"),
    ],
)
def test_any_other_header_is_refused_with_its_reason(change, message):
    with channel() as (made, theirs, _, _kept):
        nonce = ask(made, theirs)
        change = {**change, "nonce": nonce ^ change.get("nonce", 0)}
        theirs.sendall(header(**change) + bytes(100))
        with pytest.raises(FrameError, match=message):
            receive(made, nonce)


def test_an_early_answer_is_refused():
    with channel() as (made, theirs, _, _kept):
        theirs.sendall(frame(Kind.ACT, b"12345678", 1, 1))
        nonce = ask(made, theirs)
        theirs.sendall(frame(Kind.ACT, b"12345678", nonce, 1))
        with pytest.raises(FrameError):
            receive(made, nonce)


def test_a_second_answer_is_refused_at_once_or_at_the_next_turn():
    with channel() as (made, theirs, _, _kept):
        nonce = ask(made, theirs)
        answer = frame(Kind.ACT, b"12345678", nonce, 1)
        theirs.sendall(answer * 2)
        with pytest.raises(FrameError, match="more bytes than one answer"):
            receive(made, nonce)
    with channel() as (made, theirs, _, _kept):
        nonce = ask(made, theirs)
        theirs.sendall(frame(Kind.ACT, b"12345678", nonce, 1))
        receive(made, nonce)
        theirs.sendall(frame(Kind.ACT, b"87654321", nonce, 1))
        nonce = ask(made, theirs)
        theirs.sendall(frame(Kind.ACT, b"12345678", nonce, 1))
        with pytest.raises(FrameError):
            receive(made, nonce)


def test_nonces_do_not_repeat():
    with channel() as (made, theirs, _, _kept):
        seen = {ask(made, theirs) for _ in range(2000)}
        assert len(seen) == 2000


def test_a_flood_takes_no_more_memory_than_one_answer():
    with channel() as (made, theirs, _, _kept):
        nonce = ask(made, theirs)
        theirs.setblocking(False)
        with contextlib.suppress(BlockingIOError):
            while theirs.send(b"\xff" * 65_536):
                pass
        with pytest.raises(FrameError):
            receive(made, nonce)
        assert len(made._frame) == HEADER.size + FAULT_BYTES + 1


def test_a_channel_closed_in_mid_frame_is_noticed_at_once():
    for part in (b"", b"\x00", header()[:10], header(nonce=7), header(nonce=7) + b"123"):
        with channel() as (made, theirs, _, _kept):
            nonce = ask(made, theirs)
            theirs.sendall(part[:8] + struct.pack("<Q", nonce) + part[16:] if len(part) >= 16 else part)
            theirs.close()
            with pytest.raises(ChannelClosedError):
                receive(made, nonce)
            with pytest.raises(ChannelClosedError):
                made.send(Kind.OBSERVE, b"", soon(), 1)


def test_an_agent_that_does_not_read_is_late():
    with channel() as (made, _theirs, _, _kept), pytest.raises(DeadlineError):
        made.send(Kind.OBSERVE, bytes(4 << 20), soon(0.1), 1)


def test_a_large_request_is_sent_whole():
    with channel() as (made, theirs, _, _kept):
        got = bytearray()

        def read():
            while len(got) < HEADER.size + (4 << 20):
                got.extend(theirs.recv(1 << 20))

        thread = threading.Thread(target=read)
        thread.start()
        made.send(Kind.LOAD, bytes(4 << 20), soon(5))
        thread.join()
        assert len(got) == HEADER.size + (4 << 20)


def test_the_log_is_drained_while_waiting_and_its_end_is_no_harm():
    with channel() as (made, theirs, log, kept):
        nonce = ask(made, theirs)

        def talk():
            for _ in range(10):
                os.write(log, b"x" * 60_000)
            theirs.sendall(frame(Kind.ACT, b"12345678", nonce, 1))

        thread = threading.Thread(target=talk)
        thread.start()
        assert receive(made, nonce)[0] is Kind.ACT
        thread.join()
        while made.drain():
            pass
        assert sum(map(len, kept)) == 600_000


def test_a_closed_log_does_not_keep_the_referee_busy():
    ours, theirs = socket.socketpair()
    log_read, log_write = os.pipe()
    made = Channel(ours, log_read, lambda data: None)
    os.close(log_write)
    with ours, theirs:
        before = time.process_time()
        with pytest.raises(DeadlineError):
            made.receive(Kind.ACT, 1, soon(0.3))
        assert time.process_time() - before < 0.1
    os.close(log_read)


PIECES = st.lists(st.binary(max_size=40), max_size=8)
FIELDS = st.tuples(
    st.sampled_from([0, SIZE, SIZE + 1, FAULT_BYTES, 2**32 - 1]),
    st.sampled_from([0, 3, 16, 17, 18, 255]),
    st.sampled_from([0, 1, 255]),
    st.sampled_from([0, 1, 2]),
    st.booleans(),
)


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(FIELDS, PIECES, st.booleans())
def test_whatever_comes_is_one_answer_or_a_named_refusal(fields, pieces, is_closed):
    length, kind, count, version, is_ours = fields
    with channel() as (made, theirs, _, _kept):
        nonce = ask(made, theirs)
        start = HEADER.pack(length, kind, count, version, nonce if is_ours else nonce ^ 1)
        data = b"".join(pieces) if fields[0] == 0 and kind == 0 else start + b"".join(pieces)
        theirs.sendall(data)
        if is_closed:
            theirs.shutdown(socket.SHUT_WR)
        try:
            found, payload = receive(made, nonce, 0.02)
        except (FrameError, DeadlineError, ChannelClosedError):
            return
        assert is_ours
        assert version == VERSION
        assert data == frame(found, bytes(payload), nonce, count)
        assert (found is Kind.ACT and len(payload) == SIZE) or found is Kind.FAULT
