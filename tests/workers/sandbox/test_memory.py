"""Memory and disk: every way past the limit ends at the limit, seen from outside."""

import os
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest

from arenas.spec import MIB
from tests.workers.sandbox.cast import ATTEMPT, LIMITS, OBSERVATION, action_of, run_script, say, seated
from tests.workers.tables import FIRST, arena_of, outcomes, play, scores
from workers.sandbox.policy import ADDRESS_RESERVE
from workers.seat import SeatFault
from workers.spec import Isolation, Outcome

LEEWAY = 64 * MIB


GREEDY = {
    "one block": "bytearray(600 << 20)",
    "many blocks": "[bytearray(1 << 20) for _ in range(600)]",
    "an array": "__import__('numpy').ones(600 << 17)",
    "small objects": "[object() for _ in range(60_000_000)]",
    "text": "'x' * (600 << 20)",
}
"""Ways that end in a MemoryError, and with it in the verdict."""
FORMS = """
import ctypes, mmap
PRIVATE = mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS
def grow():
    held = mmap.mmap(-1, 4096, flags=PRIVATE)
    held.resize(600 << 20)
def unprotect():
    size = 150 << 20
    libc = ctypes.CDLL(None, use_errno=True)
    libc.mmap.restype = ctypes.c_void_p
    address = libc.mmap(None, ctypes.c_size_t(size), 0, PRIVATE, -1, ctypes.c_long(0))
    if libc.mprotect(ctypes.c_void_p(address), ctypes.c_size_t(size), 3):
        raise OSError(ctypes.get_errno(), "mprotect")
"""


def taken_by(pid):
    """Bytes a process held at most, pages of its page tables with them: read from outside."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    sizes = dict(line.split(":", 1) for line in lines)
    return sum(int(sizes[name].split()[0]) * 1024 for name in ("VmHWM", "VmPTE"))


STARVED = """
import ctypes, os, sys
def agent(observation):
    # What OpenBLAS says when a thread finds none of its 32 MiB; how it ends then is a matter of luck.
    print("OpenBLAS error: Memory allocation still failed after 10 retries.", file=sys.stderr, flush=True)
    {end}
"""


@pytest.mark.parametrize("end", ["os._exit(1)", "os.abort()", "ctypes.string_at(0)"])
def test_threads_whose_linear_algebra_finds_no_memory_are_out_of_memory_not_crashed(launcher, end):
    with seated(launcher, STARVED.replace("{end}", end)) as seat:
        with pytest.raises(SeatFault, match="128 MiB") as caught:
            seat.act(OBSERVATION)
        assert caught.value.outcome is Outcome.OUT_OF_MEMORY
        assert "each thread" in caught.value.evidence


@pytest.mark.parametrize("way", GREEDY)
def test_who_takes_too_much_memory_is_out_of_memory_and_never_had_it(launcher, way):
    text = f"def agent(observation):\n    held = {GREEDY[way]}\n    return 5\n"
    with seated(launcher, text) as seat:
        with pytest.raises(SeatFault, match="128 MiB") as caught:
            seat.act(OBSERVATION)
        assert caught.value.outcome is Outcome.OUT_OF_MEMORY
        assert seat.close().peak_memory_bytes < LIMITS.memory_bytes + LEEWAY


REFUSED = {
    "a mapping that grows": "grow()",
    "protected, made writable later": "unprotect()",
    "shared": "mmap.mmap(-1, 600 << 20)",
    "shared, made writable later": "mmap.mmap(-1, 600 << 20, prot=mmap.PROT_READ)",
    "growing down": "mmap.mmap(-1, 600 << 20, flags=PRIVATE | 0x100)",
    "locked": "mmap.mmap(-1, 600 << 20, flags=PRIVATE | 0x2000)",
    "huge pages": "mmap.mmap(-1, 600 << 20, flags=PRIVATE | 0x40000)",
    "anonymous file": "os.memfd_create('canary')",
    "zero device": "os.open('/dev/zero', os.O_RDWR)",
    "shared memory file": "open('/dev/shm/canary', 'w')",
    "writable shared library": "mmap.mmap(os.open(os.__file__, os.O_RDONLY), 4096, prot=mmap.PROT_WRITE)",
    "pipe that grows": "__import__('fcntl').fcntl(os.pipe()[1], 1031, 1 << 20)",
    "address space": "mmap.mmap(-1, 200 << 30, flags=PRIVATE, prot=mmap.PROT_READ)",
    "a thread's stack": "stack()",
    "socket buffers": "__import__('socket').socketpair()[0].setsockopt(1, 7, 1 << 20)",
}
"""Ways that no limit would count, and so are refused as calls."""
STACK = """
import threading
def stack():
    threading.stack_size(150 << 20)
    try:
        threading.Thread(target=print).start()
    except RuntimeError:
        raise MemoryError
"""


GAPS = {
    "made read-only": """
def take():
    while True:
        address = libc.mmap(None, 50 << 20, 3, PRIVATE, -1, 0)
        if address == FAILED:
            return
        ctypes.memset(address, 1, 50 << 20)
        libc.mprotect(address, 50 << 20, 1)
""",
    "address space at its brim": """
def take():
    size = 400 << 20
    address = libc.mmap(None, size, 0, PRIVATE, -1, 0)
    if address != FAILED and libc.mprotect(address, size, 3) == 0:
        ctypes.memset(address, 1, size)
""",
    "page tables far apart": """
def take():
    for place in range(1, 60_000):
        address = libc.mmap(place << 30, 4096, 1, PRIVATE | 0x10, -1, 0)
        if address == FAILED:
            return
        ctypes.string_at(address, 1)
""",
}
"""Ways round RLIMIT_DATA."""
LIBC = """
FAILED = 2**64 - 1
libc = ctypes.CDLL(None)
libc.mmap.restype = ctypes.c_void_p
libc.mmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t, *[ctypes.c_int] * 3, ctypes.c_long]
libc.mprotect.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int]
"""


@pytest.mark.parametrize("way", GAPS)
def test_who_gets_round_the_kernel_s_count_is_seen_and_ended(launcher, way):
    """What RLIMIT_DATA does not count is looked at ten times a second, and bounded meanwhile."""
    text = f"import time\n{FORMS}{LIBC}{GAPS[way]}\n"
    text += "def agent(observation):\n    take()\n    time.sleep(1)\n    return 5\n"
    with seated(launcher, text, limits=replace(LIMITS, step_seconds=10)) as seat:
        with suppress(SeatFault):
            action_of(seat)
            assert taken_by(seat._process.pid) < LIMITS.memory_bytes + LEEWAY
        assert seat.fault is None or seat.fault.outcome is Outcome.OUT_OF_MEMORY
        usage = seat.close()
    assert usage.peak_memory_bytes < LIMITS.memory_bytes + ADDRESS_RESERVE + LEEWAY


@pytest.mark.parametrize("way", REFUSED)
def test_memory_that_no_limit_counts_cannot_be_had(launcher, way):
    text = (
        f"import errno, os{FORMS}{STACK}{ATTEMPT}def agent(observation):\n"
        f"    print(attempt(lambda: {REFUSED[way]}))\n    return 5\n"
    )
    with seated(launcher, text) as seat:
        assert action_of(seat) == 5
        assert taken_by(seat._process.pid) < LIMITS.memory_bytes + LEEWAY
        usage = seat.close()
    assert usage.log.strip() in ("MemoryError", "ENOMEM", "EPERM", "EACCES", "ENOENT")


def test_page_tables_stay_small_whatever_is_touched(launcher):
    """Reading one byte of every 2 MiB costs a page of page table each; the address space bounds them."""
    body = """
    import mmap
    held, result = [], 0
    try:
        while True:
            flags = mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS
            held.append(mmap.mmap(-1, 64 << 20, flags=flags, prot=mmap.PROT_READ))
            for at in range(0, 64 << 20, 2 << 20):
                held[-1][at]
    except OSError:
        result = len(held) * 64
    """
    text = (
        f"import errno, json, os\n{ATTEMPT}def agent(observation):\n{body}    print(result)\n    return 5\n"
    )
    with seated(launcher, text) as seat:
        assert action_of(seat) == 5
        assert taken_by(seat._process.pid) < LIMITS.memory_bytes + LEEWAY
        assert 0 < int(seat.close().log) <= (LIMITS.memory_bytes + ADDRESS_RESERVE) // MIB


def test_many_threads_with_large_stacks_stay_within_the_limit(launcher):
    text = """
        import threading
        gate = threading.Event()
        def fill():
            held = bytearray(12 << 20)
            gate.wait()
        def agent(observation):
            threading.stack_size(16 << 20)
            started = []
            try:
                for _ in range(100):
                    started.append(threading.Thread(target=fill))
                    started[-1].start()
            except (RuntimeError, MemoryError):
                pass
            gate.set()
            return 5
    """
    with seated(launcher, text) as seat:
        assert action_of(seat) == 5
        assert taken_by(seat._process.pid) < LIMITS.memory_bytes + LEEWAY


UNLIMITED_STACK = """
    import resource, sys
    from dataclasses import replace
    resource.setrlimit(resource.RLIMIT_STACK, (1 << 30, resource.getrlimit(resource.RLIMIT_STACK)[1]))
    from tests.workers.sandbox.cast import OBSERVATION, LIMITS, seated
    from workers.sandbox import Isolation, open_launcher
    from workers.seat import SeatFault
    text = (
        "import sys, resource\\nprint(resource.getrlimit(resource.RLIMIT_STACK)[0] >> 20, flush=True)\\n"
        "class Deep:\\n    def __init__(self, inner): self.inner = inner\\n"
        "    def __repr__(self): return '%r' % self.inner\\n"
        "def agent(observation):\\n    sys.setrecursionlimit(10**8)\\n    deep = None\\n"
        "    for _ in range(300_000): deep = Deep(deep)\\n    repr(deep)\\n    return 5\\n"
    )
    with open_launcher(minimum=Isolation(LEVEL), level=Isolation(LEVEL), preload=()) as launcher:
        with seated(launcher, text, limits=replace(LIMITS, step_seconds=30)) as seat:
            try:
                seat.act(OBSERVATION)
            except SeatFault as fault:
                print(fault.outcome)
            usage = seat.close()
    print(usage.peak_memory_bytes >> 20, usage.log.split()[0])
"""


def test_a_worker_with_a_boundless_stack_does_not_hand_it_to_its_agents(ground):
    done = run_script(UNLIMITED_STACK.replace("LEVEL", str(int(ground.level))))
    outcome, peak, stack = done.stdout.split()
    assert outcome in (Outcome.CRASHED, Outcome.OUT_OF_MEMORY), done.stderr
    assert int(stack) <= 64
    assert int(peak) < (LIMITS.memory_bytes + LEEWAY) // MIB


def test_a_memory_bomb_in_a_match_costs_its_owner_alone(launcher):
    bomb = "def agent(observation):\n    held = [bytearray(1 << 20) for _ in range(4000)]\n    return 0\n"
    referee = Path("/proc/self/statm")
    before = int(referee.read_text().split()[1])
    (episode,), used = play(launcher, arena_of("tictactoe-v3"), [bomb, FIRST])
    after = int(referee.read_text().split()[1])
    assert outcomes(episode) == ["out_of_memory", "ok"]
    assert scores(episode) == [0.0, 1.0]
    assert used[1].peak_memory_bytes < LIMITS.memory_bytes
    assert (after - before) * os.sysconf("SC_PAGE_SIZE") < 32 * MIB


def test_the_disk_cannot_be_filled(launcher):
    body = """
    written, result = 0, []
    for folder in ("/tmp", os.getcwd(), "/", "/dev/shm", "/var/tmp"):
        written = 0
        try:
            with open(os.path.join(folder, "fill"), "wb", buffering=0) as file:
                while written < 64 << 20:
                    written += file.write(bytes(1 << 20))
        except OSError as error:
            result.append([errno.errorcode[error.errno], written >> 20])
        else:
            result.append(["OPEN", written >> 20])
    """
    scratch, *others = say(launcher, body)
    full = ["ENOSPC", LIMITS.scratch_bytes // MIB]
    assert scratch == (full if launcher.isolation is Isolation.NAMESPACES else ["EACCES", 0])
    assert {name for name, _ in others} <= {"EACCES", "EROFS", "ENOENT"}


def test_files_cannot_be_made_without_end(launcher):
    body = """
    result = 0
    try:
        for result in range(20_000):
            os.close(os.open(f"/tmp/{result}", os.O_CREAT | os.O_WRONLY))
    except OSError as error:
        result = [errno.errorcode[error.errno], result < 2048]
    """
    assert say(launcher, body) in (["ENOSPC", True], ["EACCES", True])


def test_one_file_cannot_be_larger_than_what_is_allowed_in_all(launcher):
    body = """
    import resource, signal
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    result = [resource.getrlimit(resource.RLIMIT_FSIZE)[0], attempt(lambda: os.ftruncate(1, 1 << 40))]
    """
    most, stretched = say(launcher, body)
    assert most == max(LIMITS.unpacked_bytes, LIMITS.scratch_bytes)
    assert stretched != "OPEN"
