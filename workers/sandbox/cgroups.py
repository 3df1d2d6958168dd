"""A second wall around a zygote and all its agents: memory and processes, by control group.

How it works. The resource limits of each agent act first and end nobody else; the group has room for all that
they allow together, so that it only acts where they failed. It lies below the caller's own group, so that
whatever bounds the caller bounds it too. All its files are opened at once: a process that may later open
nothing can still widen it and read its count. What a killed launcher leaves, the next one removes.
"""

import contextlib
import errno
import itertools
import os
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from arenas.spec import MIB
from workers.sandbox.policy import Policy

MEMORY, PROCESSES = "memory", "processes"
_CONTROLLERS: Final = {MEMORY: "memory", PROCESSES: "pids"}
_PREFIX: Final = "coliseum-agents-"
_LEAF: Final = "coliseum-members"
"""Where the members of a delegated group go: version 2 bounds only groups whose parent has no members."""
_AGENT_SLACK_BYTES: Final = 64 * MIB
"""Page tables, socket buffers and the like, which no resource limit counts."""
_ZYGOTE_SLACK_BYTES: Final = 128 * MIB
_REMOVAL_SECONDS: Final = 0.5
_numbers: Final = itertools.count()


@dataclass(frozen=True, slots=True)
class Place:
    """A group that new groups can be made in."""

    kind: str
    """`cgroup1` or `cgroup2`."""
    folder: Path
    is_delegated: bool = False
    """Version 2, ours to divide, but not divided yet."""


def find_places(mounts: str | None = None, membership: str | None = None) -> dict[str, Place]:
    """Find where this process may make groups; nothing is changed.

    Args:
        mounts: as /proc/self/mountinfo, which is read otherwise.
        membership: as /proc/self/cgroup, which is read otherwise.

    Returns:
        A place for each of `memory` and `processes`; a limit no group can keep is absent.
    """
    try:
        mounts = Path("/proc/self/mountinfo").read_text() if mounts is None else mounts
        membership = Path("/proc/self/cgroup").read_text() if membership is None else membership
    except OSError:
        return {}
    own: dict[str, str] = {}
    for line in membership.splitlines():
        _, controllers, path = line.split(":", 2)
        own |= dict.fromkeys(controllers.split(","), path)
    unified = _unified(mounts, own.get("", "/"))
    if unified:
        return dict.fromkeys(_CONTROLLERS, unified)
    found = {}
    for limit, controller in _CONTROLLERS.items():
        for folder in _own_folders(mounts, "cgroup", controller, own.get(controller, "/")):
            found[limit] = Place("cgroup1", folder)
    return found


def _own_folders(mounts: str, kind: str, controller: str, path: str) -> Iterator[Path]:
    """Yield the caller's own group in each hierarchy of a kind, if it may make groups there."""
    for line in mounts.splitlines():
        before, _, after = line.partition(" - ")
        root, point = before.split()[3:5]
        found, _, options = after.split()[:3]
        if found != kind or (controller and controller not in options.split(",")):
            continue
        if path == root or path.startswith(root.rstrip("/") + "/"):
            folder = Path(point, path.removeprefix(root).strip("/"))
            if os.access(folder, os.W_OK) and os.access(folder / "cgroup.procs", os.W_OK):
                yield folder


def _unified(mounts: str, path: str) -> Place | None:
    """Return the place in the one hierarchy of version 2, if it offers both limits."""
    wanted = set(_CONTROLLERS.values())
    for folder in _own_folders(mounts, "cgroup2", "", path):
        own = folder.parent if folder.name == _LEAF else folder
        if _words(own / "cgroup.subtree_control") >= wanted:
            return Place("cgroup2", own)
        if _words(own / "cgroup.controllers") >= wanted and _is_delegated(own):
            return Place("cgroup2", own, is_delegated=True)
    return None


def _words(path: Path) -> set[str]:
    try:
        return set(path.read_text().split())
    except OSError:
        return set()


def _is_delegated(folder: Path) -> bool:
    """Say whether systemd has handed the group over; it marks those, and keeps the others for itself."""
    for name in ("user.delegate", "trusted.delegate"):
        with contextlib.suppress(OSError):
            return os.getxattr(folder, name) == b"1"
    return False


def _divide(folder: Path) -> None:
    """Move the members of a delegated group into a leaf, and have it bound the groups below.

    Raises:
        OSError: the kernel refused.
    """
    leaf = folder / _LEAF
    leaf.mkdir(exist_ok=True)
    for pid in (folder / "cgroup.procs").read_text().split():
        with contextlib.suppress(ProcessLookupError):
            (leaf / "cgroup.procs").write_text(pid)
    (folder / "cgroup.subtree_control").write_text("+memory +pids")


class AgentGroup:
    """The groups of one launcher; where the host offers none, every call does nothing."""

    def __init__(self, places: Mapping[str, Place] | None = None) -> None:
        """Make the groups, after removing those of launchers that are gone."""
        self.enforced_by: dict[str, str] = {}
        """For each limit that a group keeps, `cgroup1` or `cgroup2`."""
        self._folders: set[Path] = set()
        self._files: dict[str, int] = {}
        self._members: dict[Path, int] = {}
        self._room = {MEMORY: 0, PROCESSES: 0}
        self._zygote_bytes = self._each_bytes = self._each_tasks = 0
        places = find_places() if places is None else places
        sweep(places)
        name = f"{_PREFIX}{os.getpid()}-{next(_numbers)}"
        for limit, place in places.items():
            # A host that refuses now what it seemed to offer leaves the resource limits, which need no help.
            with contextlib.suppress(OSError):
                self._make(limit, place, name)

    def _make(self, limit: str, place: Place, name: str) -> None:
        if place.is_delegated and "memory" not in _words(place.folder / "cgroup.subtree_control"):
            _divide(place.folder)
        folder = place.folder / name
        folder.mkdir(exist_ok=True)
        self._folders.add(folder)
        is_new = place.kind == "cgroup2"
        bound = "pids.max"
        if limit == MEMORY:
            bound = "memory.max" if is_new else "memory.limit_in_bytes"
            count = "memory.events" if is_new else "memory.oom_control"
            self._files["kills"] = os.open(folder / count, os.O_RDONLY | os.O_CLOEXEC)
            with contextlib.suppress(OSError):  # A kernel without swap has no file for it.
                (folder / ("memory.swap.max" if is_new else "memory.swappiness")).write_text("0")
        self._files[limit] = os.open(folder / bound, os.O_WRONLY | os.O_CLOEXEC)
        if folder not in self._members:
            self._members[folder] = os.open(folder / "cgroup.procs", os.O_WRONLY | os.O_CLOEXEC)
        self.enforced_by[limit] = place.kind

    def join(self, pid: int) -> None:
        """Take a zygote in, and with it all that it forks from now on."""
        try:
            for fd in self._members.values():
                os.pwrite(fd, str(pid).encode(), 0)
        except OSError:
            self.enforced_by.clear()

    def settle(self, zygote: int) -> None:
        """Learn how large a zygote is that has loaded all it will."""
        with contextlib.suppress(OSError):
            self._zygote_bytes = _data_bytes_of(zygote)

    def make_room(self, agents: int, policy: Policy) -> None:
        """Widen the group, if need be, to what the zygote and so many agents may use by their own limits.

        Args:
            agents: all that live or are kept ready.
            policy: of the newest; the widest so far counts for all.
        """
        if not self.enforced_by:
            return
        # An agent may change its whole copy of the zygote's memory, and fill what file systems it has.
        each = policy.memory_bytes + policy.scratch_bytes + policy.unpacked_bytes
        self._each_bytes = max(self._each_bytes, self._zygote_bytes + each + _AGENT_SLACK_BYTES)
        self._each_tasks = max(self._each_tasks, policy.threads + 2)
        memory = self._zygote_bytes + _ZYGOTE_SLACK_BYTES + agents * self._each_bytes
        wanted = {MEMORY: min(memory, _most_memory()), PROCESSES: 8 + agents * self._each_tasks}
        for limit, room in wanted.items():
            if limit in self._files and room > self._room[limit]:
                os.pwrite(self._files[limit], str(room).encode(), 0)
                self._room[limit] = room

    def kills(self) -> int:
        """Return how many processes of the group the kernel has killed for want of memory.

        A rise means that an agent's own limit has failed. Whom the kernel chose is then no proof of who it
        was, so the match is ours to repeat and nobody's to lose.
        """
        if "kills" not in self._files:
            return 0
        lines = os.pread(self._files["kills"], 4096, 0).decode().splitlines()
        return int(dict(line.split(maxsplit=1) for line in lines).get("oom_kill", 0))

    def close(self) -> None:
        """Remove the groups once their last process is gone; what cannot be removed yet, a sweep will."""
        for fd in (*self._files.values(), *self._members.values()):
            os.close(fd)
        self._files.clear()
        self._members.clear()
        self._folders = _remove_all(self._folders)


def remove_groups_of(launcher: int) -> None:
    """Remove the groups of a process that has ended and could not do it itself, being confined or killed."""
    places = find_places().values()
    _remove_all({folder for place in places for folder in place.folder.glob(f"{_PREFIX}{launcher}-*")})


def sweep(places: Mapping[str, Place] | None = None) -> None:
    """Remove the groups of launchers that are gone; groups with a living process stay."""
    for place in (find_places() if places is None else places).values():
        with contextlib.suppress(OSError):
            for folder in place.folder.glob(f"{_PREFIX}*-*"):
                owner = folder.name.removeprefix(_PREFIX).partition("-")[0]
                if owner.isdigit() and not Path(f"/proc/{owner}").exists():
                    _remove(folder)


def _remove_all(folders: set[Path]) -> set[Path]:
    """Remove groups as their last processes end; return those that took too long."""
    ends_at = time.monotonic() + _REMOVAL_SECONDS
    while folders := {folder for folder in folders if not _remove(folder)}:
        if time.monotonic() > ends_at:
            break
        time.sleep(0.002)  # Version 1 tells nobody when a group has become empty.
    return folders


def _remove(folder: Path) -> bool:
    """Remove an empty group; return False while it still has members."""
    try:
        folder.rmdir()
    except OSError as error:
        return error.errno != errno.EBUSY
    return True


def _data_bytes_of(pid: int) -> int:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmData:"):
            return int(line.split()[1]) * 1024
    return 0


def _most_memory() -> int:
    """Return seven eighths of the host's memory: a wall beyond what there is would be none."""
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 8 * 7
