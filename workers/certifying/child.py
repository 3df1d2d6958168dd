"""The process that checks one arena: told by pipe what to do, it tells each step and each check at once."""

import os
import resource
import signal
import sys
from typing import Final

import msgspec

from arenas.certifying.checks import ArenaCheck, Effort
from arenas.certifying.steps import Step, Subject, run_steps
from arenas.certifying.wire import decode_spec
from arenas.sheets import Sheet
from workers.sandbox.syscalls import PR_SET_PDEATHSIG, prctl

PROGRAM: Final = "from workers.certifying.child import main; main()"


class Order(msgspec.Struct):
    """What is to be checked, and how much memory it may take."""

    spec: bytes
    effort: Effort
    memory_bytes: int


class Told(msgspec.Struct, omit_defaults=True):
    """One line to the process that waits: a step begins, a check was made, or all is done."""

    begins: str = ""
    limit_seconds: float = 0.0
    check: ArenaCheck | None = None
    sheet: Sheet | None = None
    preview: bytes = b""
    done: bool = False


def main() -> None:
    """Check the arena that standard input names; what an environment prints goes to standard error."""
    order = msgspec.msgpack.decode(sys.stdin.buffer.read(), type=Order)
    prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    channel = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    resource.setrlimit(resource.RLIMIT_DATA, (order.memory_bytes, order.memory_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))

    def tell(told: Told) -> None:
        channel.write(msgspec.json.encode(told) + b"\n")
        channel.flush()

    def begin(step: Step) -> None:
        tell(Told(begins=step.name, limit_seconds=step.limit_seconds))

    # Nothing that may fail is imported before the limits stand and the channel is open.
    from workers.certifying.contest import ALL_STEPS

    subject = Subject(decode_spec(order.spec), order.effort)
    for check in run_steps(subject, ALL_STEPS, begin):
        tell(Told(check=check))
    tell(Told(done=True, sheet=subject.sheet, preview=subject.preview))
    # Some environments hang or crash when they are taken apart; all that counts has been told.
    os._exit(0)
