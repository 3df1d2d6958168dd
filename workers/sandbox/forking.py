"""Fork one child and close it in; the child never returns from here."""

import contextlib
import os
import signal
from collections.abc import Callable
from dataclasses import dataclass
from typing import NoReturn

from workers import runner
from workers.sandbox import jail, mounts
from workers.spec import Isolation


@dataclass(frozen=True, slots=True)
class Ends:
    """The pipes and the socket a child is forked with."""

    channel: int
    log: int
    status: int
    """Where the child reports."""
    go: int
    """Where it waits for the zygote."""
    status_read: int
    go_write: int
    control: int
    """The last three are the zygote's own; a child that kept them would not notice the zygote's end."""


def _fork(ends: Ends) -> int:
    """Fork, and leave each side its own ends only, so that each notices the end of the other."""
    try:
        pid = os.fork()
    except OSError:
        os.close(ends.status)
        raise
    if pid:
        os.close(ends.status)
    else:
        for fd in (ends.status_read, ends.go_write, ends.control):
            os.close(fd)
    return pid


def fork_once(cell: jail.Cell, ends: Ends) -> int:
    """Fork a child of levels 0 and 1."""
    parent = os.getpid()
    pid = _fork(ends)
    if pid:
        return pid

    def enter() -> bool:
        keeps_reading = False
        if cell.level > Isolation.NONE and cell.outside_id is not None:
            keeps_reading = jail.take_outside_id(cell.outside_id, cell.folders)
        jail.end_with_parent(parent)
        return keeps_reading

    _become_agent(cell, ends, enter)


def fork_twice(cell: jail.Cell, ends: Ends) -> int:
    """Fork the middle process of level 2; return the agent's process id."""
    parent = os.getpid()
    middle = _fork(ends)
    if middle == 0:
        _middle(cell, ends, parent)
    report = os.read(ends.status_read, 4096)
    try:
        if report == b"unshared":
            outside = (cell.outside_id,) * 2 if cell.outside_id else (os.geteuid(), os.getegid())
            jail.map_ids(middle, *outside)
            os.write(ends.go_write, b"g")
            report = os.read(ends.status_read, 4096)
        if not report.isdigit():
            raise OSError(report.decode(errors="replace") or "the middle process ended early")
    except OSError:
        os.kill(middle, signal.SIGKILL)
        raise
    finally:
        os.waitpid(middle, 0)
    os.write(ends.go_write, b"g")
    return int(report)


def _middle(cell: jail.Cell, ends: Ends, parent: int) -> NoReturn:
    """Make the namespaces and the agent's process, and go."""
    try:
        jail.end_with_parent(parent)
        jail.unshare_all()
        os.write(ends.status, b"unshared")
        if os.read(ends.go, 1) != b"g":
            os._exit(1)
        trees = mounts.copy_trees(cell.folders)
        jail.take_inside_id(cell.outside_id is not None)
        pid = os.fork()
    except BaseException as error:  # A child must never return into the zygote's loop.
        _report(ends.status, error)
        os._exit(1)
    if pid:
        os.write(ends.status, str(pid).encode())
        os._exit(0)

    def enter() -> bool:
        if os.read(ends.go, 1) != b"g":
            os._exit(1)
        jail.end_with_parent(None)
        mounts.build_root(trees, cell.policy)
        return False

    _become_agent(cell, ends, enter)


def _become_agent(cell: jail.Cell, ends: Ends, enter: Callable[[], bool]) -> NoReturn:
    """Build the jail, say so, and serve one agent until the end of the process."""
    status = ends.status
    try:
        keeps_reading = enter()
        status = jail.take_descriptors(ends.channel, ends.log, ends.status)
        jail.lock(cell, keeps_reading=keeps_reading)
        os.write(status, b"ready")
        os.close(status)
    except BaseException as error:  # A child must never return into the zygote's loop.
        _report(status, error)
        os._exit(1)
    runner.serve(lambda: jail.lock_files(cell, is_final=True), cell.package)


def _report(status: int, error: BaseException) -> None:
    """Tell the zygote why a jail could not be built."""
    with contextlib.suppress(OSError):
        os.write(status, (str(error) or type(error).__name__).encode()[:4000])
