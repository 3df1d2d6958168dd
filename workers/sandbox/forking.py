"""Fork one child and close it in; the child never returns from here."""

import contextlib
import mmap
import os
import signal
from collections.abc import Callable
from dataclasses import dataclass
from typing import NoReturn

from workers import runner
from workers.sandbox import cloning, jail, mounts
from workers.sandbox.policy import INSIDE_ID
from workers.spec import Isolation


@dataclass(frozen=True, slots=True)
class Ends:
    """The pipes, the socket and the memory a child is forked with."""

    channel: int
    log: int
    window: mmap.mmap
    status: int
    """Where the child reports."""
    go: int
    """Where it waits for the zygote."""
    status_read: int
    go_write: int
    control: int
    """The last three are the zygote's own; a child that kept them would not notice the zygote's end."""

    def keep_own(self, *, is_child: bool) -> None:
        """Leave each side its own ends only, so that each notices the end of the other."""
        for fd in (self.status_read, self.go_write, self.control) if is_child else (self.status,):
            os.close(fd)


def fork_plainly(cell: jail.Cell, ends: Ends) -> tuple[int, int]:
    """Fork a child of levels 0 and 1; return its process id and descriptor."""
    parent = os.getpid()
    pid = os.fork()
    ends.keep_own(is_child=not pid)
    if pid:
        return pid, os.pidfd_open(pid)

    def enter() -> bool:
        keeps_reading = False
        if cell.level > Isolation.NONE and cell.outside_id is not None:
            keeps_reading = jail.take_outside_id(cell.outside_id, cell.folders)
        jail.end_with_parent(parent)
        return keeps_reading

    _become_agent(cell, ends, enter)


def fork_into_namespaces(cell: jail.Cell, ends: Ends, late: tuple[str, ...]) -> tuple[int, int]:
    """Fork a child of level 2; return its process id and descriptor.

    Args:
        cell: what to build.
        ends: what it is given.
        late: folders that its root lacks yet; see `mounts.make_template`.

    Raises:
        OSError: a namespace was refused.
    """
    pid, descriptor = cloning.clone()
    ends.keep_own(is_child=not pid)
    if pid:
        inside, outside = INSIDE_ID, cell.outside_id or 0
        try:
            ids = (inside, outside)
            cloning.map_ids(pid, ids, ids, may_set_groups=cell.outside_id is not None)
        except OSError:
            os.close(descriptor)
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
            raise
        os.write(ends.go_write, b"g")
        return pid, descriptor

    def enter() -> bool:
        if os.read(ends.go, 1) != b"g":
            os._exit(1)
        jail.take_inside_id(cell.outside_id is not None)
        # If the zygote has ended meanwhile, the report to it fails and ends this process too.
        jail.end_with_parent(None)
        mounts.build_root(late, cell.policy)
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
    runner.serve(lambda: jail.lock_package(cell), cell.package, memoryview(ends.window))


def _report(status: int, error: BaseException) -> None:
    """Tell the zygote why a jail could not be built."""
    with contextlib.suppress(OSError):
        os.write(status, (str(error) or type(error).__name__).encode()[:4000])
