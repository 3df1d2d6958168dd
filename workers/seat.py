"""One agent at the table: start its process, load it, ask it, end it.

Whatever the agent does wrong is a `SeatFault` with an outcome. What is our fault is a `MatchError`.
"""

import contextlib
import signal
from time import monotonic
from typing import Final

import msgspec
import numpy as np

from arenas.codec import SpaceSchema, compile_codec
from arenas.spec import MIB, Limits
from workers.clock import MoveClock
from workers.errors import MatchError
from workers.protocol import Channel, ChannelClosedError, DeadlineError, Fault, FrameError, Kind, Load, Start
from workers.sandbox.launcher import Exit, Launcher
from workers.spec import AgentUsage, Outcome

_CLOSE_SECONDS: Final = 0.25
_MESSAGE: Final = 400
_EVIDENCE: Final = 4200
_LOG_ROUNDS: Final = 64
_CLAIMS: Final = {
    str(outcome): outcome
    for outcome in (
        Outcome.LOAD_FAILED,
        Outcome.CRASHED,
        Outcome.ILLEGAL_ACTION,
        Outcome.PROTOCOL_VIOLATION,
        Outcome.OUT_OF_MEMORY,
    )
}


class SeatFault(Exception):  # noqa: N818 -- Not our error: what the agent did, turned into an outcome.
    """The agent forfeits; caught by the referee's match loop and never let past it."""

    def __init__(self, outcome: Outcome, message: str, evidence: str = "") -> None:
        super().__init__(message)
        self.outcome = outcome
        self.message = message
        self.evidence = evidence


class KeptLog:
    """The head and the tail of what an agent printed."""

    def __init__(self, most_bytes: int) -> None:
        self._most = most_bytes
        self._head = bytearray()
        self._tail = bytearray()
        self._lost = 0

    def add(self, data: bytes) -> None:
        """Keep what fits, and count the rest."""
        room = self._most - len(self._head)
        if room > 0:
            self._head += data[:room]
            data = data[room:]
        self._tail += data
        over = len(self._tail) - self._most
        if over > 0:
            del self._tail[:over]
            self._lost += over

    def text(self) -> str:
        """Return it as text, with a mark where bytes are left out."""
        head, tail = self._head.decode(errors="replace"), self._tail.decode(errors="replace")
        mark = f"\n[... {self._lost} bytes left out ...]\n" if self._lost else ""
        return head + mark + tail


class Seat:
    """One agent process and the clock it plays by."""

    def __init__(self, launcher: Launcher, limits: Limits, *, agent_seed: int = 0) -> None:
        """Take a jailed process.

        Raises:
            MatchError: no process could be had.
        """
        self.turn_seconds: list[float] = []
        self.fault: SeatFault | None = None
        """What ended the agent; an illegal action does not."""
        self._limits = limits
        self._agent_seed = agent_seed
        self._clock = MoveClock(limits)
        self._log = KeptLog(limits.log_bytes)
        self._load_seconds = 0.0
        self._action_schema: SpaceSchema | None = None
        self._least = self._most = 0
        self._exit: Exit | None = None
        self._own_signal = 0
        self._usage: AgentUsage | None = None
        self._process = launcher.start(limits)
        self._channel = Channel(self._process.channel, self._process.log, self._log.add)

    @property
    def bank_left_seconds(self) -> float:
        """Spare thinking time left for the rest of the match."""
        return self._clock.bank_left_seconds

    @property
    def is_alive(self) -> bool:
        """Say whether the agent can be asked."""
        return self.fault is None and self._exit is None

    def load(self, package: bytes, file_name: str) -> None:
        """Send the package and wait until the agent is constructed.

        Args:
            package: the uploaded bytes.
            file_name: `agent.py` or `agent.zip`.

        Raises:
            SeatFault: the agent cannot be loaded, or not in time.
            MatchError: the sandbox itself failed.
        """
        load = Load(file_name, package, self._agent_seed, self._limits.unpacked_bytes)
        began = monotonic()
        try:
            self._ask(Kind.LOAD, msgspec.msgpack.encode(load), self._limits.load_seconds, Outcome.LOAD_FAILED)
        finally:
            self._load_seconds = monotonic() - began

    def reset(self, start: Start) -> None:
        """Tell the agent that an episode begins.

        Raises:
            SeatFault: its `reset` failed, or took too long.
            MatchError: the sandbox itself failed.
        """
        if start.action_schema is not self._action_schema:
            codec = compile_codec(start.action_schema)
            self._most = codec.size
            self._least = codec.size if codec.is_fixed else 0
            self._action_schema = start.action_schema
        self._ask(Kind.RESET, msgspec.msgpack.encode(start), self._limits.reset_seconds, Outcome.TIMED_OUT)

    def _ask(self, kind: Kind, payload: bytes, seconds: float, late: Outcome) -> None:
        """Send anything but an observation, and wait for READY."""
        deadline = monotonic() + seconds
        try:
            self._process.thaw()
            nonce = self._channel.send(kind, payload, deadline)
            found, data = self._channel.receive(Kind.READY, nonce, deadline)
            self._process.freeze()
        except DeadlineError:
            self._fail(late, f"The agent did not finish {kind.name.lower()} within {seconds:g} s.")
        except (FrameError, ChannelClosedError) as error:
            self._fail_by(error, kind)
        if found is Kind.FAULT:
            self._fail_by_claim(data, kind)

    def act(self, observation: bytes | memoryview, count: int = 1) -> memoryview:
        """Show the agent an observation and return its action, both as the codec's bytes.

        Args:
            observation: `count` observations, one after the other.
            count: 1 to 255; decisions asked for at once.

        Returns:
            `count` actions of the action codec's size; overwritten by the next call.

        Raises:
            SeatFault: no valid answer came in time. After ILLEGAL_ACTION the agent can still be asked.
            MatchError: the sandbox itself failed.
        """
        most = self._most * count
        self._channel.expect(most)
        began = monotonic()
        deadline = began + self._clock.budget(count)
        try:
            self._process.thaw()
            nonce = self._channel.send(Kind.OBSERVE, observation, deadline, count)
            found, data = self._channel.receive(
                Kind.ACT, nonce, deadline, count=count, least=self._least * count, most=most
            )
            elapsed = monotonic() - began
            self._process.freeze()
        except DeadlineError:
            self._fail_late(monotonic() - began)
        except (FrameError, ChannelClosedError) as error:
            self._fail_by(error, Kind.OBSERVE)
        self.turn_seconds.append(elapsed)
        if not self._clock.charge(elapsed, count):
            self._fail_late(elapsed)
        if found is Kind.FAULT:
            self._fail_by_claim(data, Kind.OBSERVE)
        return data

    def _fail_late(self, elapsed: float) -> None:
        bank = self._limits.bank_seconds
        self._fail(
            Outcome.TIMED_OUT,
            f"No answer after {elapsed:.2f} s: the limit is {self._limits.step_seconds:g} s a turn, "
            f"and the bank of {bank:g} s is used up.",
        )

    def _fail_by(self, error: FrameError | ChannelClosedError, during: Kind) -> None:
        if isinstance(error, FrameError):
            self._fail(Outcome.PROTOCOL_VIOLATION, f"The agent's process broke the protocol: {error}.")
        self._fail_by_exit(during)

    def _fail_by_exit(self, during: Kind) -> None:
        """Charge the agent with the way its process ended."""
        ended = self._end()
        signalled = -ended.status
        if ended.status >= 0:
            outcome = Outcome.LOAD_FAILED if during is Kind.LOAD else Outcome.CRASHED
            self._fail(outcome, f"The agent's process ended by itself with status {ended.status}.")
        self._own_signal = signalled
        name = _signal_name(signalled)
        if signalled == signal.SIGSYS:
            self._fail(Outcome.SECURITY_VIOLATION, "The agent made a call of a foreign kind and was ended.")
        # Process 1 of a process namespace is spared the first of the two signals. The kernel enforces by
        # clock ticks and reports by its precise count, hence the wide margin.
        is_spent = ended.cpu_seconds >= self._process.cpu_seconds / 2
        if signalled == signal.SIGXCPU or (signalled == signal.SIGKILL and is_spent):
            self._fail(Outcome.RESOURCE_LIMIT, f"The agent used {ended.cpu_seconds:.0f} s of processor time.")
        outcome = Outcome.LOAD_FAILED if during is Kind.LOAD else Outcome.CRASHED
        self._fail(outcome, f"The agent's process was ended by signal {name}.")

    def _fail_by_claim(self, data: memoryview, during: Kind) -> None:
        """Charge the agent with what its own process reports."""
        try:
            fault = msgspec.msgpack.decode(data, type=Fault)
        except msgspec.DecodeError:
            self._fail(Outcome.PROTOCOL_VIOLATION, "The agent's process sent an unreadable fault.")
        outcome = _CLAIMS.get(fault.outcome, Outcome.PROTOCOL_VIOLATION)
        if during is Kind.LOAD and outcome is not Outcome.OUT_OF_MEMORY:
            outcome = Outcome.LOAD_FAILED
        message, evidence = fault.message[:_MESSAGE], fault.evidence[:_EVIDENCE]
        if outcome is Outcome.OUT_OF_MEMORY:
            message = f"The agent used up its {self._limits.memory_bytes // MIB} MiB of memory."
        if outcome is Outcome.ILLEGAL_ACTION:
            raise SeatFault(outcome, message, evidence)
        self._fail(outcome, message, evidence)

    def _fail(self, outcome: Outcome, message: str, evidence: str = "") -> None:
        """End the process and raise.

        Raises:
            SeatFault: always.
        """
        self.fault = SeatFault(outcome, message, evidence)
        self._end()
        raise self.fault

    def _end(self) -> Exit:
        """Kill the process, keep the last of its output, and return how it ended."""
        if self._exit is None:
            self._process.kill()
            self._exit = self._process.reap()
            for _ in range(_LOG_ROUNDS):
                if not self._channel.drain():
                    break
        return self._exit

    def close(self) -> AgentUsage:
        """End the agent and return what it used; may be called again."""
        if self._usage is None:
            if self.is_alive:
                with contextlib.suppress(DeadlineError, FrameError, ChannelClosedError):
                    deadline = monotonic() + _CLOSE_SECONDS
                    self._process.thaw()
                    nonce = self._channel.send(Kind.CLOSE, b"", deadline)
                    self._channel.receive(Kind.READY, nonce, deadline)
            ended = Exit(0, 0.0, 0)
            with contextlib.suppress(MatchError):
                ended = self._end()
            self._process.close()
            self._usage = self._reckon(ended)
        return self._usage

    def _reckon(self, ended: Exit) -> AgentUsage:
        quantiles: tuple[float, ...] = ()
        if self.turn_seconds:
            quantiles = tuple(float(q) for q in np.quantile(self.turn_seconds, (0.5, 0.9, 0.99, 1.0)))
        return AgentUsage(
            load_seconds=self._load_seconds,
            cpu_seconds=ended.cpu_seconds,
            peak_memory_bytes=ended.peak_memory_bytes,
            bank_left_seconds=self.bank_left_seconds,
            step_quantiles=quantiles,
            log=self._log.text(),
            exit_signal=self._own_signal,
        )


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return str(number)
