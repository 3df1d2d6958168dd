"""An agent reaches nobody: no network, no socket of the host, no descriptor passed on."""

import socket

import pytest

from tests.workers.sandbox.cast import say


@pytest.mark.enable_socket
def test_no_listener_of_the_host_hears_anything(launcher):
    with socket.create_server(("127.0.0.1", 0)) as server, socket.socket(socket.AF_UNIX) as abstract:
        abstract.bind("\0coliseum-canary")
        abstract.listen()
        for listener in (server, abstract):
            listener.setblocking(False)
        body = """
    import socket
    result = [attempt(lambda: socket.create_connection(("127.0.0.1", value), timeout=1))]
    for family in (socket.AF_INET, socket.AF_INET6, socket.AF_UNIX, socket.AF_NETLINK, socket.AF_VSOCK):
        for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM, socket.SOCK_RAW):
            result.append(attempt(lambda: socket.socket(family, kind)))
    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM, socket.SOCK_SEQPACKET):
        left, right = socket.socketpair(socket.AF_UNIX, kind)
        for step in (lambda: left.connect("\\0coliseum-canary"), lambda: left.bind("\\0coliseum-other"),
                     lambda: left.sendto(b"x", "\\0coliseum-canary")):
            result.append(attempt(step))
    """
        got = say(launcher, body, server.getsockname()[1])
        assert set(got) == {"EPERM"}
        for listener in (server, abstract):
            with pytest.raises(BlockingIOError):
                listener.accept()


def test_no_kind_of_socket_can_be_made_but_a_pair(launcher):
    body = """
    import socket
    families = [number for number in range(46) if number != socket.AF_UNIX]
    result = {attempt(lambda: socket.socket(f, kind)) for f in families for kind in (1, 2, 3)}
    result |= {attempt(lambda: socket.socketpair(f)) for f in families}
    result = [sorted(result), attempt(socket.socketpair)]
    """
    assert say(launcher, body) == [["EPERM"], "OPEN"]


def test_no_descriptor_can_be_passed_through_the_channel(launcher):
    body = """
    import socket, struct
    channel = socket.socket(fileno=os.dup(3))
    right = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, struct.pack("i", 1))]
    result = [attempt(lambda: channel.sendmsg([b"x"], right)), attempt(lambda: channel.recvmsg(1, 64, 0x40))]
    channel.detach()
    """
    assert say(launcher, body) == ["EPERM", "EPERM"]


def test_the_channel_is_connected_to_the_referee_and_to_nobody_else(launcher):
    body = """
    import socket
    channel = socket.socket(fileno=os.dup(3))
    result = [attempt(lambda: channel.connect("\\0elsewhere")), attempt(lambda: channel.bind("\\0here")),
              attempt(channel.listen), attempt(channel.accept), repr(channel.getpeername())]
    channel.detach()
    """
    assert say(launcher, body) == ["EPERM", "EPERM", "EPERM", "EPERM", "''"]
