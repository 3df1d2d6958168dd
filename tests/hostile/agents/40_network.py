"""Opens every kind of connection, to listeners that the suite holds open.

row: 40
expected: ok
arena: connect_four-v3
why: the filter knows no sockets but a pair of its own; below that, an empty network and Landlock
threat: T4
tries: 19
told: yes
"""

import json
import os
import socket

from workers.sandbox.probes import attempt

with open(os.path.join(os.path.dirname(__file__), "told.json")) as file:
    told = json.load(file)
STREAM, DATAGRAM, RAW = socket.SOCK_STREAM, socket.SOCK_DGRAM, socket.SOCK_RAW


def connect(family, kind, address):
    def step():
        made = socket.socket(family, kind)
        made.settimeout(0.2)
        made.connect(address)

    return step


def send(address):
    def step():
        socket.socket(socket.AF_INET, DATAGRAM).sendto(b"hostile-trace", address)

    return step


def pair_to_elsewhere(kind):
    def step():
        left, _ = socket.socketpair(socket.AF_UNIX, kind)
        left.sendto(b"hostile-trace", told["abstract"].encode())

    return step


STEPS = {
    "tcp": connect(socket.AF_INET, STREAM, ("127.0.0.1", told["tcp"])),
    "tcp6": connect(socket.AF_INET6, STREAM, ("::1", told["tcp"])),
    "udp": send(("127.0.0.1", told["udp"])),
    "udp_route": connect(socket.AF_INET, DATAGRAM, ("198.51.100.1", 53)),
    "name_service": lambda: socket.getaddrinfo("example.invalid", 80),
    "listen": lambda: socket.create_server(("127.0.0.1", 0)),
    "raw": lambda: socket.socket(socket.AF_INET, RAW, socket.IPPROTO_ICMP),
    "ping": lambda: socket.socket(socket.AF_INET, DATAGRAM, socket.IPPROTO_ICMP),
    "packet": lambda: socket.socket(socket.AF_PACKET, RAW),
    "vsock": lambda: socket.socket(socket.AF_VSOCK, STREAM),
    "netlink": lambda: socket.socket(socket.AF_NETLINK, RAW),
    "kernel_crypto": lambda: socket.socket(socket.AF_ALG, socket.SOCK_SEQPACKET),
    "bluetooth": lambda: socket.socket(31, RAW, 1),
    "sctp": lambda: socket.socket(socket.AF_INET, STREAM, 132),
    "abstract": connect(socket.AF_UNIX, STREAM, "\0" + told["abstract"][1:]),
    "abstract_bind": lambda: socket.socket(socket.AF_UNIX).bind("\0hostile-trace"),
    "path": connect(socket.AF_UNIX, STREAM, told["drop"] + "/socket"),
    "pair_datagram": pair_to_elsewhere(DATAGRAM),
    "pair_packet": pair_to_elsewhere(socket.SOCK_SEQPACKET),
}
for name, step in STEPS.items():
    print("tried", name, attempt(step))


def agent(observation):
    return int(observation["action_mask"].argmax())
