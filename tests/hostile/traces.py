"""What a match could leave behind: processes, descriptors, files, memory; seen from outside."""

import os
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from workers.sandbox.policy import FIRST_OUTSIDE_ID, OUTSIDE_IDS

MARK = "hostile-trace"
"""Part of every file name that an agent of the suite makes."""
SHARED = ("/tmp", "/var/tmp", "/dev/shm", "/run")
_STEP_SECONDS = 0.02


@dataclass(frozen=True, slots=True)
class Traces:
    """One look at a referee and everything below it."""

    processes: int
    descriptors: tuple[int, ...]
    """Of the referee and of its zygote."""
    memory_bytes: int
    """Resident, of the referee."""
    files: frozenset[str]

    def exceeds(self, before: "Traces") -> list[str]:
        """Say what is more than before; the memory is judged apart."""
        found = []
        if self.processes > before.processes:
            found.append(f"{self.processes - before.processes} process(es) left")
        if any(now > then for now, then in zip(self.descriptors, before.descriptors, strict=False)):
            found.append(f"descriptors {before.descriptors} -> {self.descriptors}")
        if self.files - before.files:
            found.append(f"files left: {sorted(self.files - before.files)[:3]}")
        return found


def look(referee: int, folders: tuple[str, ...]) -> Traces:
    """Look once.

    Args:
        referee: process id.
        folders: besides the shared ones, where files could be left.
    """
    below = processes_below(referee)
    return Traces(
        processes=len(below),
        descriptors=tuple(_descriptors(pid) for pid in (referee, *zygotes(referee))),
        memory_bytes=_resident(referee),
        files=_files((*SHARED, tempfile.gettempdir(), *folders)),
    )


def settle(referee: int, folders: tuple[str, ...], seconds: float) -> Traces:
    """Return the first look that is like the one before it: the pool of idle jails is full again."""
    deadline = time.monotonic() + seconds
    last = look(referee, folders)
    while True:
        time.sleep(3 * _STEP_SECONDS)
        now = look(referee, folders)
        if (now.processes, now.descriptors) == (last.processes, last.descriptors):
            return now
        if time.monotonic() > deadline:
            return now
        last = now


def left_after(referee: int, folders: tuple[str, ...], before: Traces, seconds: float) -> list[str]:
    """Return what is still more than before when the time is over; nothing as soon as nothing is."""
    deadline = time.monotonic() + seconds
    while True:
        found = look(referee, folders).exceeds(before)
        if not found or time.monotonic() > deadline:
            return found
        time.sleep(_STEP_SECONDS)


def processes_below(pid: int) -> set[int]:
    """Return all descendants that run; what a hostile process leaves is given to the zygote, not to init."""
    children: dict[int, list[int]] = {}
    for entry in os.listdir("/proc"):
        if not entry.isdigit():
            continue
        try:
            fields = Path(f"/proc/{entry}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        children.setdefault(int(fields[1]), []).append(int(entry))
    found: set[int] = set()
    waiting = [pid]
    while waiting:
        below = children.get(waiting.pop(), [])
        found.update(below)
        waiting += below
    return found


def zygotes(referee: int) -> list[int]:
    """Return the referee's own children."""
    text = "".join(path.read_text() for path in Path(f"/proc/{referee}/task").glob("*/children"))
    return sorted(int(pid) for pid in text.split())


def _descriptors(pid: int) -> int:
    try:
        return len(os.listdir(f"/proc/{pid}/fd"))
    except OSError:
        return 0


def _resident(pid: int) -> int:
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def _files(folders: tuple[str, ...]) -> frozenset[str]:
    """Return what bears the mark, or belongs to a user that only agents are run as."""
    found = set()
    for folder in folders:
        try:
            entries = list(os.scandir(folder))
        except OSError:
            continue
        for entry in entries:
            try:
                owner = entry.stat(follow_symlinks=False).st_uid
            except OSError:
                continue
            if MARK in entry.name or FIRST_OUTSIDE_ID <= owner < FIRST_OUTSIDE_ID + OUTSIDE_IDS:
                found.add(entry.path)
    return frozenset(found)
