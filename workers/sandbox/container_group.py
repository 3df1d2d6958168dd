"""What a container's control group tells from outside: processor time, memory, and who was killed for it."""

import os
import re
from pathlib import Path
from typing import Final

_ROOT: Final = Path("/sys/fs/cgroup")


class ControlGroup:
    """The group of a container, found by its first process; version 2 or 1 of the kernel's interface."""

    def __init__(self, pid: int) -> None:
        self._folders: dict[str, Path] = {}
        for line in Path(f"/proc/{pid}/cgroup").read_text().splitlines():
            _, names, path = line.split(":", 2)
            for name in names.split(","):
                for mount in (names, name, "unified"):
                    folder = _ROOT / mount / path.lstrip("/")
                    if folder.is_dir():
                        self._folders[name] = folder
                        break

    def memory_kills(self) -> int:
        """Return how many processes of the group were killed for want of memory; 0 where none can tell."""
        for name, file in (("memory", "memory.oom_control"), ("", "memory.events")):
            found = re.search(r"^oom_kill (\d+)$", self._read(name, file), re.M)
            if found:
                return int(found.group(1))
        return 0

    @property
    def peak_memory_bytes(self) -> int:
        """The most memory the group ever had; 0 where the group is gone."""
        for name, file in (("memory", "memory.max_usage_in_bytes"), ("", "memory.peak")):
            text = self._read(name, file).strip()
            if text.isdigit():
                return int(text)
        return 0

    def open_processor_clock(self) -> list[int]:
        """Open the file that `processor_seconds` reads, in a list; an empty one where there is none."""
        for name, file in (("cpuacct", "cpuacct.usage"), ("", "cpu.stat")):
            folder = self._folders.get(name)
            if folder is not None and (folder / file).exists():
                return [os.open(folder / file, os.O_RDONLY | os.O_CLOEXEC)]
        return []

    def _read(self, name: str, file: str) -> str:
        folder = self._folders.get(name)
        try:
            return (folder / file).read_text() if folder is not None else ""
        except OSError:
            return ""


def processor_seconds(clock: int) -> float:
    """Read a group's processor seconds from its open clock; 0 where the group is gone."""
    try:
        text = os.pread(clock, 256, 0)
    except OSError:
        return 0.0
    if text.startswith(b"usage_usec "):
        return int(text.split(maxsplit=2)[1]) / 1e6
    return int(text) / 1e9
