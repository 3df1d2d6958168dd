"""What is known to open when a wall is down, and which threat each probe of the canary belongs to."""

from dataclasses import dataclass
from fnmatch import fnmatchcase

THREATS = {"T1": "escape", "T2": "host's secrets", "T3": "host's files", "T4": "other seats"}
WITNESSES = {
    "none": ("fork", "EPERM"),
    "seccomp": ("fork", "OPEN"),
    "landlock": ("write_own_package", "OPEN"),
    "namespaces": ("read_account_file", "EACCES"),
    "rlimits": ("too_much_memory", "OPEN"),
}
"""Wall to a probe's answer that only its absence gives: a run in which the wall still stood shows nothing."""


@dataclass(frozen=True, slots=True)
class Gap:
    """What opens, as patterns, and the sentence of SECURITY.md that says why."""

    opened: tuple[str, ...]
    reason: str

    def covers(self, opened: str) -> bool:
        """Say whether an opening is one of those that are known."""
        return any(fnmatchcase(opened, pattern) for pattern in self.opened)


GAPS = {
    ("seccomp", "T1"): Gap(
        # Which of the calls get past their own checks depends on the kernel.
        ("42a *", "42b *", "16 other_cores", "44 make_setuid", "canary *"),
        "Without the filter every system call reaches the kernel, and nothing else stands before a hole in "
        "one.",
    ),
    ("seccomp", "T3"): Gap(
        ("35a fifo", "35a socket"),
        "Without the filter an agent can make pipes and sockets in its own scratch folder, which nobody "
        "opens.",
    ),
    ("seccomp", "T4"): Gap(
        (
            *("41 file_lock", "41 wake_up", "40 vsock", "canary socket_vsock", "canary lock_library_file"),
            *("40 netlink", "40 abstract_bind", "40 pair_packet", "21 kill_own_group", "canary socket_unix"),
            *("canary kernel_keys", "canary add_kernel_key", "canary shared_segment", "canary message_queue"),
            *("41 session_s_keys", "41 user_s_keys"),
        ),
        "Without the filter two agents of one match can give each other signs: by locks on library files "
        "that both have mapped, by wake-ups over them, and by AF_VSOCK, which no namespace holds.",
    ),
    ("namespaces", "T2"): Gap(
        ("canary see_platform_file",),
        "At level 1 an agent can tell whether a path exists on the host, because Landlock does not hide "
        "names.",
    ),
    ("namespaces", "T4"): Gap(
        ("38b host_name",),
        "At level 1 an agent can read the host's name.",
    ),
}

_PROBES = {
    "T2": """read_account_file read_platform_file see_platform_file list_processes read_platform_environment
        open_platform_memory open_descriptors""",
    "T3": """change_platform_file_mode touch_platform_file truncate_platform_file write_library""",
    "T4": """datagram_to_elsewhere signal_platform hold_platform_process lock_library_file shared_segment
        socket_vsock socket_unix add_kernel_key kernel_keys message_queue""",
    "own": """write_own_package environment other_cores threads fill_scratch fill_scratch_with_files
        too_much_memory shared_memory shared_memory_read_only growing_memory anonymous_file""",
}
_THREAT_OF = {name: threat for threat, names in _PROBES.items() for name in names.split()}


def threat_of_probe(name: str) -> str:
    """Return the threat a probe stands for; `own` where it harms the agent or the host's room only."""
    return _THREAT_OF.get(name, "T1")
