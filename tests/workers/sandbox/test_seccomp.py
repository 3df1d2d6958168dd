import errno
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workers.sandbox.seccomp import ALLOW, ALLOWED, ERRNO, KILL_PROCESS, assemble
from workers.sandbox.syscalls import MACHINES

EPERM = ERRNO | errno.EPERM
PID = 7


def run(program, audit_arch, number, arguments=()):
    """Interpret the filter as the kernel does."""
    filled = (*arguments, 0, 0, 0, 0, 0, 0)[:6]
    memory = struct.pack("<IIQ6Q", number, audit_arch, 0, *(a & (1 << 64) - 1 for a in filled))
    code = list(struct.iter_unpack("=HBBI", program))
    at = accumulator = 0
    while True:
        operation, if_true, if_false, value = code[at]
        at += 1
        match operation:
            case 0x20:
                accumulator = struct.unpack_from("<I", memory, value)[0]
            case 0x54:
                accumulator &= value
            case 0x15:
                at += if_true if accumulator == value else if_false
            case 0x45:
                at += if_true if accumulator & value else if_false
            case 0x06:
                return value


@pytest.fixture(params=MACHINES.values(), ids=list(MACHINES))
def ask(request):
    machine = request.param
    program = assemble(machine, PID)
    return lambda name, *arguments: run(program, machine.audit_arch, machine.numbers[name], arguments)


def test_a_foreign_architecture_kills():
    for machine in MACHINES.values():
        program = assemble(machine, PID)
        for foreign in (0x40000003, 0xC000003E ^ machine.audit_arch, 0x40000028, 0):
            assert run(program, foreign, machine.numbers["read"]) == KILL_PROCESS


def test_the_x32_numbers_are_refused():
    machine = MACHINES["x86_64"]
    for name in ("read", "mmap", "clone"):
        number = machine.numbers[name] | 0x40000000
        assert run(assemble(machine, PID), machine.audit_arch, number) == EPERM


def test_every_call_on_the_list_is_allowed_and_its_neighbours_are_as_listed(ask):
    for machine in MACHINES.values():
        program = assemble(machine, PID)
        listed = {machine.numbers[name] for name in ALLOWED if name in machine.numbers}
        special = "mmap clone futex ioctl fcntl prctl socketpair tgkill sendto prlimit64 clone3"
        special += " mprotect sched_setaffinity listxattr llistxattr flistxattr"
        known = listed | {machine.numbers[name] for name in special.split()}
        for number in range(600):
            got = run(program, machine.audit_arch, number)
            if number in listed:
                assert got == ALLOW
            elif number not in known:
                assert got == EPERM


LEAD_OUT = """
    execve kill socket connect bind sendmsg recvmsg ptrace process_vm_readv pidfd_open pidfd_send_signal bpf
    perf_event_open keyctl add_key userfaultfd io_uring_setup unshare setns mount umount2 pivot_root open_tree
    move_mount mount_setattr memfd_create shmget mq_open open_by_handle_at name_to_handle_at flock truncate
    fchmodat utimensat setxattr getxattr sched_setscheduler capset seccomp setsid set_tid_address
"""


@pytest.mark.parametrize("name", LEAD_OUT.split())
def test_calls_that_lead_out_are_refused(ask, name):
    assert ask(name) == EPERM


def test_threads_are_allowed_and_processes_are_not(ask):
    thread = 0x3D0F00
    assert ask("clone", thread) == ALLOW
    assert ask("clone", 17) == EPERM
    assert ask("clone", 0x4111) == EPERM
    assert ask("clone", thread | 0x10000000) == EPERM
    assert ask("clone3") == ERRNO | errno.ENOSYS


@pytest.mark.parametrize(
    ("prot", "flags", "answer"),
    [
        (3, 0x22, ALLOW),
        (5, 0x02, ALLOW),
        (1, 0x01, ALLOW),
        (3, 0x21, EPERM),
        (1, 0x21, EPERM),
        (3, 0x01, EPERM),
        (3, 0x03, EPERM),
        (3, 0x122, EPERM),
        (3, 0x2022, EPERM),
        (3, 0x40022, EPERM),
    ],
)
def test_memory_that_no_limit_counts_is_refused(ask, prot, flags, answer):
    assert ask("mmap", 0, 4096, prot, flags) == answer


def test_arguments_decide_where_they_matter(ask):
    assert ask("sendto", 3, 1, 1, 0, 0) == ALLOW
    assert ask("sendto", 3, 1, 1, 0, 1) == EPERM
    assert ask("sendto", 3, 1, 1, 0, 1 << 40) == EPERM
    assert ask("prlimit64", 0, 7, 0, 1) == ALLOW
    assert ask("prlimit64", 0, 7, 1 << 33, 1) == EPERM
    assert ask("prlimit64", 9, 7, 0, 1) == EPERM
    assert ask("tgkill", PID, PID, 6) == ALLOW
    assert ask("tgkill", PID + 1, PID, 6) == EPERM
    assert ask("socketpair", 1, 1, 0) == ALLOW
    assert ask("socketpair", 30, 1, 0) == EPERM
    assert ask("prctl", 15) == ALLOW
    assert ask("prctl", 1) == EPERM
    assert ask("ioctl", 1, 0x5401) == ALLOW
    assert ask("ioctl", 1, 0x5412) == EPERM
    assert ask("fcntl", 1, 4) == ALLOW
    assert ask("fcntl", 1, 1024) == EPERM
    assert ask("fcntl", 1, 1031) == EPERM
    assert ask("futex", 0, 129) == ALLOW
    assert ask("futex", 0, 0) == ALLOW
    assert ask("futex", 0, 9 | 256) == ALLOW
    assert ask("futex", 0, 1) == EPERM
    assert ask("mprotect", 0, 1, 3) == ask("mprotect", 0, 1, 7) == ALLOW
    assert ask("mprotect", 0, 1, 0) == ask("mprotect", 0, 1, 1) == ERRNO
    assert ask("mprotect", 0, 1, 5) == EPERM


@given(st.integers(0, 2**32 - 1), st.lists(st.integers(0, 2**64 - 1), min_size=6, max_size=6))
def test_every_path_through_the_program_ends_in_an_answer(number, arguments):
    for machine in MACHINES.values():
        answer = run(assemble(machine, PID), machine.audit_arch, number, arguments)
        assert answer == ALLOW or answer & 0xFFFF0000 == ERRNO
