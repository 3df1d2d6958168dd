"""An arena that tries to break out of its referee, and says what it got."""

import textwrap

TRIES = """
import errno, json, os, socket, subprocess, threading, ctypes, signal, tempfile, mmap
import gymnasium
from arenas.spec import ArenaSpec
from workers.sandbox.syscalls import call

PORT, CANARY, PLUGIN = {port!r}, {canary!r}, os.path.dirname(__file__)
SPECS = (ArenaSpec(id="prying-v0", title="Prying", summary="Tries to break out.", kind="gymnasium",
    environment="arena:Prying", seats=1, objective="score", swaps_seats=False, max_turns=9),)


def opened(path, mode="rb"):
    return lambda: open(path, mode).close()


def raw(name, *arguments):
    return lambda: call(name, *arguments)


def connect():
    with socket.socket() as client:
        client.connect(("127.0.0.1", PORT))


def thread():
    started = threading.Thread(target=int)
    started.start()
    started.join()


def tries():
    parent = os.getppid()
    return {{
        "connect": connect,
        "datagram": lambda: socket.socket(type=socket.SOCK_DGRAM),
        "socket_unix": lambda: socket.socket(socket.AF_UNIX),
        "socket_netlink": lambda: socket.socket(socket.AF_NETLINK, socket.SOCK_RAW),
        "socket_vsock": lambda: socket.socket(socket.AF_VSOCK),
        "socket_pair": socket.socketpair,
        "read_canary": opened(CANARY),
        "read_accounts": opened("/etc/passwd"),
        "read_hosts": opened("/etc/hosts"),
        "read_project_file": opened({project!r}),
        "list_root": lambda: os.listdir("/"),
        "list_temporary": lambda: os.listdir("/tmp"),
        "list_processes": lambda: os.listdir("/proc"),
        "own_environment": opened("/proc/self/environ"),
        "parent_environment": opened(f"/proc/{{parent}}/environ"),
        "parent_memory": opened(f"/proc/{{parent}}/mem", "r+b"),
        "write_temporary": opened("/tmp/coliseum-pried", "wb"),
        "write_plugin": opened(os.path.join(PLUGIN, "pried"), "wb"),
        "append_to_plugin": opened(__file__, "ab"),
        "change_mode": lambda: os.chmod(__file__, 0o600),
        "change_times": lambda: os.utime(__file__),
        "truncate": lambda: os.truncate(CANARY, 0),
        "remove": lambda: os.unlink(CANARY),
        "rename": lambda: os.rename(CANARY, CANARY + "2"),
        "link": lambda: os.link(__file__, __file__ + "2"),
        "symlink": lambda: os.symlink("/etc", __file__ + "3"),
        "make_folder": lambda: os.mkdir(os.path.join(PLUGIN, "folder")),
        "execute": lambda: os.execv("/bin/true", ["true"]),
        "run_program": lambda: subprocess.run(["/bin/true"], check=True),
        "fork": os.fork,
        "signal_parent": lambda: os.kill(parent, 0),
        "signal_everybody": lambda: os.kill(-1, 0),
        "signal_group": lambda: os.kill(0, 0),
        "hold_parent": lambda: os.pidfd_open(parent),
        "trace_parent": raw("ptrace", 16, parent, 0, 0),
        "read_parent_memory": raw("process_vm_readv", parent, 0, 0, 0, 0, 0),
        "outlive_parent": raw("prctl", 1, 0, 0, 0, 0),
        "raise_priority": lambda: os.setpriority(os.PRIO_PROCESS, 0, -5),
        "new_namespaces": raw("unshare", 0x10000000),
        "join_namespaces": raw("setns", 0, 0),
        "mount": raw("mount", b"none", b"/tmp", b"tmpfs", 0, None),
        "kernel_program": raw("bpf", 0, b"", 0),
        "performance_events": raw("perf_event_open", b"", 0, -1, -1, 0),
        "kernel_keys": raw("keyctl", 0, -3, 0, 0, 0),
        "page_faults": raw("userfaultfd", 1),
        "asynchronous_io": raw("io_uring_setup", 1, b""),
        "file_handles": raw("open_by_handle_at", -100, b"", 0),
        "become_another": lambda: os.setuid(12345),
    }}


NEEDED = {{
    "thread": thread,
    "own_code": opened(__file__),
    "standard_library": opened(os.__file__),
    "anonymous_memory": lambda: os.close(os.memfd_create("seen")),
    "shared_memory": lambda: mmap.mmap(-1, 4096),
    "random": opened("/dev/urandom"),
    "void": opened("/dev/null", "wb"),
    "signal_itself": lambda: os.kill(os.getpid(), 0),
}}


def attempt(step):
    try:
        step()
    except OSError as error:
        return errno.errorcode.get(error.errno, str(error.errno))
    return "OPEN"


class Prying(gymnasium.Env):
    observation_space = gymnasium.spaces.Discrete(2)
    action_space = gymnasium.spaces.Discrete(2)

    def reset(self, *, seed=None, options=None):
        self.got = {{name: attempt(step) for name, step in tries().items()}}
        self.had = {{name: attempt(step) for name, step in NEEDED.items()}}
        return 0, {{}}

    def step(self, action):
        if action:
            raise RuntimeError(json.dumps([self.got, self.had]))
        refused = sum(answer in ("EPERM", "EACCES") for answer in self.got.values())
        return 0, float(refused - len(self.got)), True, False, {{}}
"""


def write_prying(folder, *, port, canary, project):
    """Write the plug-in; its agent says 0 to play on, 1 to be told what the environment got."""
    text = TRIES.format(port=port, canary=str(canary), project=str(project))
    (folder / "arena.py").write_text(textwrap.dedent(text))
