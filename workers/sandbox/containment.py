"""What launcher, warden and keeper agree on: the three processes that hold agents in containers."""

import struct
from typing import Final

import msgspec

from workers.sandbox.policy import Policy
from workers.spec import Isolation

INSIDE_FOLDER: Final = "/run/coliseum"
INSIDE_SOCKET: Final = f"{INSIDE_FOLDER}/socket"
"""Where a container finds the one socket of the host that it can reach."""
REAP: Final = 0
"""Sent to a keeper instead of a signal's number: end the agent, say how it ended, have the next one ready."""
LENGTH: Final = struct.Struct("<I")
"""Precedes each message of a keeper."""


class WardenRequest(msgspec.Struct, frozen=True):
    """A warden's one argument."""

    level: Isolation
    docker_host: str
    runtime: str
    preload: tuple[str, ...]
    cpu: int | None
    pool_size: int
    policy: Policy
    """Of the agents kept ready until the first start says otherwise."""
    environment: dict[str, str]
    """All that an agent finds in its environment."""


class KeeperRequest(msgspec.Struct, frozen=True):
    """A keeper's one argument."""

    level: Isolation
    code_root: str
    host_kernel: str
    """A sandbox with a kernel of its own shows another one."""
    preload: tuple[str, ...]
    policy: Policy
    environment: dict[str, str]
