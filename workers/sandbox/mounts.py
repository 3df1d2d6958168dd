"""The bare file system of level 2: copies of a few host folders, three devices, two small tmpfs."""

import os
import socket
import struct
from typing import Final

from workers.sandbox.policy import (
    DEVICES,
    JAIL_PACKAGE,
    JAIL_SCRATCH,
    LINKS,
    PACKAGE_INODES,
    SCRATCH_INODES,
    Policy,
)
from workers.sandbox.syscalls import call

_MS_RDONLY, _MS_NOSUID, _MS_NODEV, _MS_NOEXEC = 1, 2, 4, 8
_MS_REC_PRIVATE: Final = 0x4000 | 0x40000
_AT_FDCWD: Final = -100
_AT_RECURSIVE: Final = 0x8000
_OPEN_TREE_CLONE: Final = 1
_OPEN_TREE_CLOEXEC: Final = 0o2000000
_MOVE_MOUNT_FROM_FD: Final = 4
_MNT_DETACH: Final = 2
_ROOT_BYTES: Final = 256 * 1024
_ROOT_INODES: Final = 256
_NEW_ROOT: Final = "/tmp"  # noqa: S108 -- A mount point in a private namespace; any folder would do.


def copy_trees(folders: tuple[str, ...]) -> dict[str, int]:
    """Make detached, read-only copies of host folders and devices; return path to descriptor.

    Raises:
        OSError: the kernel refused or a folder is gone.
    """
    call("mount", None, b"/", None, _MS_REC_PRIVATE, None)
    trees = {}
    for path in (*folders, *DEVICES):
        flags = _OPEN_TREE_CLONE | _OPEN_TREE_CLOEXEC | _AT_RECURSIVE
        trees[path] = call("open_tree", _AT_FDCWD, os.fsencode(path), flags)
    return trees


def build_root(trees: dict[str, int], policy: Policy) -> None:
    """Mount a bare root from the copied trees and move into it; the host's root is let go.

    Raises:
        OSError: the kernel refused.
    """
    flags = _MS_NOSUID | _MS_NODEV
    _mount_tmpfs(_NEW_ROOT, flags, f"size={_ROOT_BYTES},nr_inodes={_ROOT_INODES},mode=0755")
    # Before the trees: a Python that is installed below /tmp must come to lie on the scratch, not under it.
    for folder, size, inodes, more in (
        (JAIL_SCRATCH, policy.scratch_bytes, SCRATCH_INODES, _MS_NOEXEC),
        (JAIL_PACKAGE, policy.unpacked_bytes, PACKAGE_INODES, 0),
    ):
        os.makedirs(_NEW_ROOT + folder, exist_ok=True)
        _mount_tmpfs(_NEW_ROOT + folder, flags | more, f"size={size},nr_inodes={inodes},mode=0700")
    for path, fd in trees.items():
        target = _NEW_ROOT + path
        _make_target(target, is_device=path in DEVICES)
        call("move_mount", fd, b"", _AT_FDCWD, os.fsencode(target), _MOVE_MOUNT_FROM_FD)
        os.close(fd)
        if path in DEVICES:
            _add_flags(target, _MS_NOSUID | _MS_NOEXEC, recursive=True)
        else:
            _add_flags(target, _MS_RDONLY | _MS_NOSUID | _MS_NODEV, recursive=True)
    for link in LINKS:
        if os.path.islink(link):
            os.symlink(os.readlink(link), _NEW_ROOT + link)
    os.chdir(_NEW_ROOT)
    call("pivot_root", b".", b".")
    call("umount2", b".", _MNT_DETACH)
    os.chdir("/")
    _add_flags("/", _MS_RDONLY, recursive=False)
    socket.sethostname("agent")


def _make_target(target: str, *, is_device: bool) -> None:
    if not is_device:
        os.makedirs(target, mode=0o755, exist_ok=True)
        return
    os.makedirs(os.path.dirname(target), mode=0o755, exist_ok=True)
    os.close(os.open(target, os.O_CREAT | os.O_WRONLY | os.O_CLOEXEC, 0o644))


def _mount_tmpfs(target: str, flags: int, options: str) -> None:
    call("mount", b"tmpfs", os.fsencode(target), b"tmpfs", flags, options.encode())


def _add_flags(target: str, flags: int, *, recursive: bool) -> None:
    attributes = struct.pack("=QQQQ", flags, 0, 0, 0)
    how = _AT_RECURSIVE if recursive else 0
    call("mount_setattr", _AT_FDCWD, os.fsencode(target), how, attributes, len(attributes))
