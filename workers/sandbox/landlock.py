"""Landlock: file access by allow list, no TCP, no signals or abstract sockets out of the domain."""

import errno
import os
import stat
import struct
from collections.abc import Mapping
from typing import Final

from workers.sandbox.syscalls import call

_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_DIR = 1 << 0, 1 << 1, 1 << 2, 1 << 3
_TRUNCATE: Final = 1 << 14
_IOCTL_DEV: Final = 1 << 15
_NET_BIND_AND_CONNECT: Final = 0b11
_SCOPE_ABSTRACT, _SCOPE_SIGNAL = 0b01, 0b10
_RULE_PATH_BENEATH: Final = 1
_GET_VERSION: Final = 1

LOOK: Final = _READ_FILE | _READ_DIR
"""Read files, list folders, map code."""
READ: Final = _EXECUTE | _READ_FILE | _READ_DIR
"""Also execute programs."""
WRITE: Final = READ | 0b1_1111_1111_0000 | _WRITE_FILE | (1 << 13) | _TRUNCATE
"""Also make, change, rename and remove what is below."""
DEVICE: Final = _READ_FILE | _WRITE_FILE
_OF_FILES: Final = _EXECUTE | _READ_FILE | _WRITE_FILE | _TRUNCATE | _IOCTL_DEV


def abi() -> int:
    """Return the Landlock version of the kernel, 0 where it has none or it is switched off."""
    try:
        return call("landlock_create_ruleset", None, 0, _GET_VERSION)
    except OSError as error:
        if error.errno in (errno.ENOSYS, errno.EOPNOTSUPP):
            return 0
        raise


def _handled(version: int) -> int:
    """Return all file rights that this version knows."""
    newest = {1: 13, 2: 14, 3: 15, 4: 15}.get(version, 16)
    return (1 << newest) - 1


def restrict(rights: Mapping[str, int], version: int, *, may_signal: bool = False) -> None:
    """Take every file right from the calling process but the given ones, for good.

    A second call can only narrow what the first left. The caller has set no_new_privs before.

    Args:
        rights: path to `LOOK`, `READ`, `WRITE` or `DEVICE`, for all below it too; absent paths are left out.
        version: what `abi()` returned.
        may_signal: leave it the right to signal processes that are not confined with it.

    Raises:
        OSError: the kernel refused.
    """
    net = _NET_BIND_AND_CONNECT if version >= 4 else 0
    scope = _SCOPE_ABSTRACT | (0 if may_signal else _SCOPE_SIGNAL) if version >= 6 else 0
    _restrict(rights, _handled(version), struct.pack("=QQ", net, scope), version)


def restrict_writing(rights: Mapping[str, int], version: int) -> None:
    """Take every right to change files from the calling process but the given ones; reading stays as it is.

    Args:
        rights: path to `WRITE` or `DEVICE`, for it and what is below; absent paths are left out.
        version: what `abi()` returned.

    Raises:
        OSError: the kernel refused.
    """
    _restrict(rights, _handled(version) & ~READ, bytes(16), version)


def _restrict(rights: Mapping[str, int], handled: int, others: bytes, version: int) -> None:
    size = 24 if version >= 6 else 16 if version >= 4 else 8
    ruleset = call("landlock_create_ruleset", struct.pack("=Q", handled) + others, size, 0)
    try:
        for path, right in rights.items():
            _add(ruleset, path, right & handled)
        call("landlock_restrict_self", ruleset, 0)
    finally:
        os.close(ruleset)


def _add(ruleset: int, path: str, right: int) -> None:
    try:
        fd = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except FileNotFoundError:
        return
    try:
        if not stat.S_ISDIR(os.fstat(fd).st_mode):
            right &= _OF_FILES
        call("landlock_add_rule", ruleset, _RULE_PATH_BENEATH, struct.pack("=Qi", right, fd), 0)
    finally:
        os.close(fd)
