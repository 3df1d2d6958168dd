"""The list of system calls an agent may make, as one file that shows every change of it."""

import errno
import struct
import sys
from pathlib import Path

from workers.sandbox.seccomp import ALLOW, ERRNO, assemble
from workers.sandbox.syscalls import MACHINES

GOLDEN = Path(__file__).with_name("allowed_calls.txt")
PID = 7
NAMES = {0x20: "load", 0x54: "and", 0x15: "equal", 0x45: "set", 0x06: "answer"}


def answer(value):
    if value == ALLOW:
        return "allow"
    return errno.errorcode.get(value & 0xFFFF, "0") if value & 0xFFFF0000 == ERRNO else hex(value)


def told(body):
    """A call's rule in words: its answer, or each step of the program that finds it."""
    if len(body) == 1:
        return answer(body[0][3])
    steps = []
    for operation, if_true, if_false, value in body:
        name = NAMES[operation]
        shown = answer(value) if name == "answer" else f"{value:#x}"
        steps.append(f"{name} {shown}" + (f" +{if_true}/+{if_false}" if name in ("equal", "set") else ""))
    return "; ".join(steps)


def listing():
    """Every rule of the agents' filter, for each machine, one line a call."""
    lines = []
    for machine in MACHINES.values():
        program = list(struct.iter_unpack("=HBBI", assemble(machine, PID)))
        names = {number: name for name, number in machine.numbers.items()}
        at, rules = 4, {}
        while at < len(program) - 1:
            operation, if_true, length, number = program[at]
            assert (NAMES[operation], if_true) == ("equal", 0)
            rules[names[number]] = told(program[at + 1 : at + 1 + length])
            at += 1 + length
        lines += [f"{machine.name:<8} {name:<24} {rule}" for name, rule in sorted(rules.items())]
        lines.append(f"{machine.name:<8} {'(every other call)':<24} {told(program[at:])}")
    return "\n".join(lines) + "\n"


def test_the_allowed_calls_are_those_that_were_agreed_on():
    """After a wanted change: `python -m tests.workers.sandbox.test_calls` prints the new file."""
    assert listing() == GOLDEN.read_text()


def test_both_machines_allow_the_same_but_for_calls_only_one_of_them_has():
    rules = {name: set() for name in MACHINES}
    for line in listing().splitlines():
        machine, _, rest = line.partition(" ")
        rules[machine].add(" ".join(rest.split()))
    only = {name: {rule.split()[0] for rule in rules[name]} for name in rules}
    older = only["x86_64"] - only["aarch64"]
    assert only["aarch64"] - only["x86_64"] == set()
    assert {name for name in older if name in MACHINES["aarch64"].numbers} == set()
    shared = only["x86_64"] & only["aarch64"]
    assert {rule for rule in rules["x86_64"] if rule.split()[0] in shared} == {
        rule for rule in rules["aarch64"] if rule.split()[0] in shared
    }


if __name__ == "__main__":
    sys.stdout.write(listing())
