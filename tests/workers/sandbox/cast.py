"""Agents and seats for the tests of the sandbox."""

import json
import os
import subprocess
import sys
import textwrap
from contextlib import contextmanager
from pathlib import Path

from arenas.codec import Box, Discrete, Text, compile_codec
from arenas.spec import MIB, Limits
from workers.protocol import Start
from workers.sandbox.launcher import CODE_ROOT, ENVIRONMENT
from workers.seat import Seat
from workers.spec import Isolation

LEVELS = (Isolation.NAMESPACES, Isolation.LANDLOCK_SECCOMP)
LIMITS = Limits(
    load_seconds=5.0,
    reset_seconds=1.0,
    step_seconds=2.0,
    bank_seconds=1.0,
    memory_bytes=128 * MIB,
    scratch_bytes=4 * MIB,
)
QUICK = Limits(load_seconds=0.4, reset_seconds=0.3, step_seconds=0.2, bank_seconds=0.1)
PLAIN = Start("connect_four-v3", 0, 2, Box((4,), "float32"), Discrete(7))
TALK = Start("talk-v0", 0, 1, Text(max_length=16_000), Text(max_length=16_000))
OBSERVATION = compile_codec(PLAIN.observation_schema, trusted=True).encode([1.0, 2.0, 3.0, 4.0])
_TALK = compile_codec(TALK.action_schema)


def source(text):
    return textwrap.dedent(text).encode()


@contextmanager
def seated(launcher, text, *, limits=LIMITS, start=PLAIN, agent_seed=0):
    """A loaded and reset agent."""
    seat = Seat(launcher, limits, agent_seed=agent_seed)
    try:
        seat.load(source(text), "agent.py")
        seat.reset(start)
        yield seat
    finally:
        seat.close()


def action_of(seat):
    return compile_codec(PLAIN.action_schema).decode(seat.act(OBSERVATION))


def tell(seat, value=None):
    """Send a value to a talking agent and return what it says."""
    return json.loads(_TALK.decode(seat.act(_TALK.encode(json.dumps(value)))))


FORGE = """
import os, sys, time
from workers.protocol import HEADER, VERSION, Kind
ACT, FAULT = Kind.ACT, Kind.FAULT
def frame(kind, payload, nonce, count=1, version=VERSION, length=None):
    return HEADER.pack(len(payload) if length is None else length, kind, count, version, nonce) + payload
def send(data):
    os.write(3, data)
def nonce_of():
    depth = sys._getframe()
    while "nonce" not in depth.f_locals:
        depth = depth.f_back
    return depth.f_locals["nonce"]
"""
ATTEMPT = """
def attempt(step):
    try:
        step()
    except OSError as error:
        return errno.errorcode.get(error.errno)
    except MemoryError:
        return "MemoryError"
    return "OPEN"

"""


def say(launcher, body, value=None, *, limits=LIMITS):
    """Run a body of statements inside a jail; `value` is what is sent, `result` what comes back."""
    text = "import errno, json, os, sys, time\n" + ATTEMPT
    text += "def agent(observation):\n    value = json.loads(observation)\n"
    text += textwrap.indent(textwrap.dedent(body), "    ") + "\n    return json.dumps(result)\n"
    with seated(launcher, text, limits=limits, start=TALK) as seat:
        return tell(seat, value)


def run_script(text, *, prefix=(), timeout=30):
    """Run a Python program of the platform's side in a process of its own."""
    program = f"import sys; sys.path.insert(0, {CODE_ROOT!r})\n" + textwrap.dedent(text)
    command = [*prefix, sys.executable, "-s", "-P", "-B", "-c", program]
    return subprocess.run(
        command, capture_output=True, text=True, timeout=timeout, cwd="/", env=ENVIRONMENT, check=False
    )


def as_user(*options):
    """The start of a command that runs as an ordinary user."""
    return (sys.executable, "-B", str(Path(__file__).with_name("as_user.py")), *options)


def is_running(pid):
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False
    return stat.rpartition(")")[2].split()[0] != "Z"


def outside_ids(pid):
    """The user ids of a process as the host sees them: real, effective, saved, file system."""
    status = Path(f"/proc/{pid}/status").read_text()
    line = next(line for line in status.splitlines() if line.startswith("Uid:"))
    return {int(word) for word in line.split()[1:]}


def processes():
    return sum(entry.isdigit() for entry in os.listdir("/proc"))
