"""The bare file system of level 2: copies of a few host folders, three devices, two small tmpfs.

How it works. The zygote builds the read-only part once, as a template in its own mount namespace. Each jail
is born with a copy of that namespace; it binds the template to a new root, adds the two tmpfs that are its
own, moves into the root and lets go of the host's tree. Folders that lie below the scratch folder (a Python
that is installed below /tmp) cannot be in the template, which the scratch would cover; they are copied late.
"""

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
_MS_BIND_REC: Final = 0x1000 | 0x4000
_AT_FDCWD: Final = -100
_AT_RECURSIVE: Final = 0x8000
_OPEN_TREE_CLONE: Final = 1
_OPEN_TREE_CLOEXEC: Final = 0o2000000
_MOVE_MOUNT_FROM_FD: Final = 4
_MNT_DETACH: Final = 2
_ROOT_BYTES: Final = 256 * 1024
_ROOT_INODES: Final = 256
_NEW_ROOT: Final = "/tmp"  # noqa: S108 -- A mount point in a private namespace; any folder would do.
_TEMPLATE: Final = "/sys"
"""Where the zygote keeps the template: a folder that every host has and neither Python nor an agent needs."""


def make_template(folders: tuple[str, ...]) -> tuple[str, ...]:
    """Build the read-only part of all roots in the caller's own mount namespace.

    Args:
        folders: of the host, which every agent may read.

    Returns:
        Those of them that must be copied late.

    Raises:
        OSError: the kernel refused or a folder is gone.
    """
    call("mount", None, b"/", None, _MS_REC_PRIVATE, None)
    late = tuple(folder for folder in folders if folder.startswith(JAIL_SCRATCH + "/"))
    trees = _copy_trees((*(folder for folder in folders if folder not in late), *DEVICES))
    _mount_tmpfs(_TEMPLATE, _MS_NOSUID | _MS_NODEV, f"size={_ROOT_BYTES},nr_inodes={_ROOT_INODES},mode=0755")
    for folder in (JAIL_SCRATCH, JAIL_PACKAGE):
        os.makedirs(_TEMPLATE + folder)
    _attach(trees, _TEMPLATE)
    for link in LINKS:
        if os.path.islink(link):
            os.symlink(os.readlink(link), _TEMPLATE + link)
    _add_flags(_TEMPLATE, _MS_RDONLY, recursive=False)
    return late


def drop_template() -> None:
    """Take away the template of a zygote that begins anew.

    Raises:
        OSError: there is none.
    """
    call("umount2", os.fsencode(_TEMPLATE), _MNT_DETACH)


def build_root(late: tuple[str, ...], policy: Policy) -> None:
    """Make a root from the template and move into it; the host's tree is let go.

    Args:
        late: what `make_template` returned.
        policy: the sizes of the two folders that can be written.

    Raises:
        OSError: the kernel refused.
    """
    trees = _copy_trees(late)
    call("mount", os.fsencode(_TEMPLATE), os.fsencode(_NEW_ROOT), None, _MS_BIND_REC, None)
    for folder, size, inodes, more in (
        (JAIL_SCRATCH, policy.scratch_bytes, SCRATCH_INODES, _MS_NOEXEC),
        (JAIL_PACKAGE, policy.unpacked_bytes, PACKAGE_INODES, 0),
    ):
        options = f"size={size},nr_inodes={inodes},mode=0700"
        _mount_tmpfs(_NEW_ROOT + folder, _MS_NOSUID | _MS_NODEV | more, options)
    _attach(trees, _NEW_ROOT)
    os.chdir(_NEW_ROOT)
    call("pivot_root", b".", b".")
    call("umount2", b".", _MNT_DETACH)
    os.chdir("/")
    socket.sethostname("agent")


def _copy_trees(paths: tuple[str, ...]) -> dict[str, int]:
    """Make detached copies of host folders and devices; return path to descriptor."""
    flags = _OPEN_TREE_CLONE | _OPEN_TREE_CLOEXEC | _AT_RECURSIVE
    return {path: call("open_tree", _AT_FDCWD, os.fsencode(path), flags) for path in paths}


def _attach(trees: dict[str, int], root: str) -> None:
    """Move copies to their places below a root, read-only but for the devices."""
    for path, fd in trees.items():
        target = root + path
        _make_target(target, is_device=path in DEVICES)
        call("move_mount", fd, b"", _AT_FDCWD, os.fsencode(target), _MOVE_MOUNT_FROM_FD)
        os.close(fd)
        if path in DEVICES:
            _add_flags(target, _MS_NOSUID | _MS_NOEXEC, recursive=True)
        else:
            _add_flags(target, _MS_RDONLY | _MS_NOSUID | _MS_NODEV, recursive=True)


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
