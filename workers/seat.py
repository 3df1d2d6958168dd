"""One agent at the table: start its process, load it, ask it, hold it, end it.

Whatever the agent does wrong is a `SeatFault` with an outcome. What is our fault is a `MatchError`.

How it is held. An agent that has answered waits in `recv` and costs nobody anything, so it is not stopped
after every answer: two signals a turn would cost a fifth of a board game. It is stopped when it matters:
when another agent's answer does not come at once (`Seat.hold`, called by the table), and after every answer
of its own as soon as its processor clock shows that it computed while it was not asked.
"""

import contextlib
import signal
from collections.abc import Callable
from time import monotonic
from typing import Final, NoReturn

import msgspec
import numpy as np

from arenas.codec import compile_codec
from arenas.spec import MIB, Limits
from workers.clock import MoveClock
from workers.errors import MatchError
from workers.kept_log import KeptLog
from workers.protocol import Channel, ChannelClosedError, DeadlineError, Fault, FrameError, Kind, Load, Start
from workers.sandbox.launcher import Exit, Launcher
from workers.spec import AgentUsage, Outcome

_CLOSE_SECONDS: Final = 0.25
_MESSAGE: Final = 400
_EVIDENCE: Final = 4200
_ENDING_SECONDS: Final = 0.05
"""How long a process may take to end after its channel closed."""
_LOG_ROUNDS: Final = 64
_LOOK_SECONDS: Final = 0.002
_IDLE_SECONDS: Final = 0.001
"""Processor time beyond its turns that an honest process may need, between two looks, to fall asleep."""
_WINDOW_FROM: Final = 16_384
"""Observations longer than this go through the shared window; below, a copy through the socket is as fast."""
_STARVED: Final = "OpenBLAS error: Memory allocation still failed"
_STARVED_ENDS: Final = (1, -signal.SIGSEGV, -signal.SIGABRT)
"""What the library prints where it finds no memory, and how the process then ends, as it happens."""
LANES: Final = tuple(bytes([lane]) for lane in range(256))
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


class Seat:
    """One agent process and the clock it plays by."""

    def __init__(
        self,
        launcher: Launcher,
        limits: Limits,
        *,
        agent_seed: int = 0,
        on_wait: Callable[[], None] = lambda: None,
    ) -> None:
        """Take a jailed process.

        Args:
            launcher: has it.
            limits: of the agent.
            agent_seed: for its own random generators.
            on_wait: told when the agent does not answer at once; the table then holds the others.

        Raises:
            MatchError: no process could be had.
        """
        self.turn_seconds: list[float] = []
        """Wall seconds of each turn; turns that were asked for at once share their time equally."""
        self.idle_cpu_seconds = 0.0
        """Processor seconds used between an answer and the next question."""
        self.lanes = 1
        """Episodes the agent can play side by side; known once it is loaded."""
        self.fault: SeatFault | None = None
        """What ended the agent; an illegal action does not."""
        self._limits = limits
        self._agent_seed = agent_seed
        self._clock = MoveClock(limits)
        self._log = KeptLog(limits.log_bytes)
        self._load_seconds = 0.0
        self._answer_bytes: dict[int, tuple[int, int]] = {}
        """For each lane the fewest and the most bytes of an action."""
        self._exit: Exit | None = None
        self._own_signal = 0
        self._usage: AgentUsage | None = None
        self._process = launcher.start(limits)
        self._channel = Channel(self._process.channel, self._process.log, self._log.add, on_wait)
        self._has_left = False
        self._is_held = False
        self._is_distrusted = False
        self._looked_at = monotonic()
        self._cpu_at_look = self._process.processor_seconds()
        self._own_seconds = 0.0
        """Wall seconds of its turns since the last look at its processor clock."""

    @property
    def bank_left_seconds(self) -> float:
        """Spare thinking time left for the rest of the match."""
        return self._clock.bank_left_seconds

    @property
    def is_alive(self) -> bool:
        """Say whether the agent can be asked."""
        return self.fault is None and self._exit is None

    def hold(self) -> None:
        """Stop the process until it is asked again."""
        if not self._is_held and self.is_alive:
            self._is_held = True
            self._process.freeze()

    def _release(self, now: float) -> None:
        """Let the process go on, and look now and then at what it used while it was not asked."""
        if now - self._looked_at > _LOOK_SECONDS:
            self._look(now)
        if self._is_held:
            self._is_held = False
            self._process.thaw()

    def _look(self, now: float) -> None:
        """Compare the processor clock with the time of its own turns: what is beyond was used unasked.

        On the one core that it has, a process cannot use more processor time in its turn than the turn lasts.
        """
        used = self._process.processor_seconds()
        idle = used - self._cpu_at_look - self._own_seconds
        if idle > _IDLE_SECONDS:
            self.idle_cpu_seconds += idle
            self._is_distrusted = True
        self._looked_at, self._cpu_at_look, self._own_seconds = now, used, 0.0

    def _settle(self, elapsed: float) -> None:
        """Note the time of a turn; hold a process that is known to go on computing."""
        self._own_seconds += elapsed
        if self._is_distrusted:
            self.hold()

    def load(self, package: bytes, file_name: str, *, lanes: int = 1) -> None:
        """Send the package and wait until the agent is constructed.

        Args:
            package: the uploaded bytes.
            file_name: `agent.py` or `agent.zip`.
            lanes: 1 to 255; episodes that are to be played side by side.

        Raises:
            SeatFault: the agent cannot be loaded, or not in time.
            MatchError: the sandbox itself failed.
        """
        load = Load(file_name, package, self._agent_seed, self._limits.unpacked_bytes, lanes)
        began = monotonic()
        try:
            taken = self._ask(
                Kind.LOAD, msgspec.msgpack.encode(load), self._limits.load_seconds, Outcome.LOAD_FAILED
            )
        finally:
            self._load_seconds = monotonic() - began
        self.lanes = max(1, min(lanes, taken[0] if taken else 1))

    def reset(self, start: Start) -> None:
        """Tell the agent that an episode begins.

        Raises:
            SeatFault: its `reset` failed, or took too long.
            MatchError: the sandbox itself failed.
        """
        codec = compile_codec(start.action_schema)
        self._answer_bytes[start.lane] = (codec.size if codec.is_fixed else 0, codec.size)
        self._channel.expect(sum(most for _, most in self._answer_bytes.values()))
        self._ask(Kind.RESET, msgspec.msgpack.encode(start), self._limits.reset_seconds, Outcome.TIMED_OUT)

    def _ask(self, kind: Kind, payload: bytes, seconds: float, late: Outcome) -> memoryview:
        """Send anything but an observation, and wait for READY; return its payload."""
        began = monotonic()
        self._release(began)
        deadline = began + seconds
        try:
            nonce = self._channel.send(kind, payload, deadline)
            found, data = self._channel.receive(Kind.READY, nonce, deadline, most=kind is Kind.LOAD)
            self._settle(monotonic() - began)
        except DeadlineError:
            self._fail(late, f"The agent did not finish {kind.name.lower()} within {seconds:g} s.")
        except (FrameError, ChannelClosedError) as error:
            self._fail_by(error, kind)
        if found is Kind.FAULT:
            self._fail_by_claim(data, kind)
        return data

    def act(self, observations: bytes, lanes: bytes = LANES[0]) -> memoryview:
        """Show the agent what it sees in one or more lanes and return its actions, as the codec's bytes.

        Args:
            observations: encoded, one after the other.
            lanes: the lane of each.

        Returns:
            As many actions of the action codec's size; overwritten by the next call.

        Raises:
            SeatFault: no valid answer came in time. After ILLEGAL_ACTION the agent can still be asked.
            MatchError: the sandbox itself failed.
        """
        count, process = len(lanes), self._process
        if count == 1:
            least, most = self._answer_bytes[lanes[0]]
        else:
            sizes = [self._answer_bytes[lane] for lane in lanes]
            least, most = sum(size[0] for size in sizes), sum(size[1] for size in sizes)
        kind, window = Kind.OBSERVE, process.window
        if len(observations) > _WINDOW_FROM and window is not None and len(observations) <= len(window):
            window[: len(observations)] = observations
            kind, observations = Kind.OBSERVE_SHARED, b""
        began = monotonic()
        self._release(began)
        deadline = began + self._clock.budget(count)
        try:
            nonce = self._channel.send(kind, observations + lanes, deadline, count)
            found, answer = self._channel.receive(
                Kind.ACT, nonce, deadline, count=count, least=least, most=most
            )
            elapsed = monotonic() - began
            self._settle(elapsed)
        except DeadlineError:
            self._fail_late(monotonic() - began)
        except (FrameError, ChannelClosedError) as error:
            self._fail_by(error, Kind.OBSERVE)
        if count == 1:
            self.turn_seconds.append(elapsed)
        else:
            self.turn_seconds.extend([elapsed / count] * count)
        if not self._clock.charge(elapsed, count):
            self._fail_late(elapsed)
        if found is Kind.FAULT:
            self._fail_by_claim(answer, Kind.OBSERVE)
        return answer

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
        has_ended = self._process.has_ended(_ENDING_SECONDS)
        ended = self._end()
        if ended.out_of_memory:
            self._fail_by_memory()
        if ended.status in _STARVED_ENDS and _STARVED in self._log.text():
            self._fail_by_memory("NumPy's linear algebra takes 32 MiB for each thread inside it.")
        if not has_ended:
            outcome = Outcome.LOAD_FAILED if during is Kind.LOAD else Outcome.CRASHED
            self._fail(outcome, "The agent closed its channel to the referee.")
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
        except (ValueError, RecursionError):
            self._fail(Outcome.PROTOCOL_VIOLATION, "The agent's process sent an unreadable fault.")
        outcome = _CLAIMS.get(fault.outcome, Outcome.PROTOCOL_VIOLATION)
        if during is Kind.LOAD and outcome is not Outcome.OUT_OF_MEMORY:
            outcome = Outcome.LOAD_FAILED
        message, evidence = fault.message[:_MESSAGE], fault.evidence[:_EVIDENCE]
        if outcome is Outcome.OUT_OF_MEMORY:
            self._fail_by_memory(evidence)
        if outcome is Outcome.ILLEGAL_ACTION:
            raise SeatFault(outcome, message, evidence)
        self._fail(outcome, message, evidence)

    def _fail_by_memory(self, evidence: str = "") -> NoReturn:
        most = self._limits.memory_bytes // MIB
        self._fail(Outcome.OUT_OF_MEMORY, f"The agent used up its {most} MiB of memory.", evidence)

    def _fail(self, outcome: Outcome, message: str, evidence: str = "") -> NoReturn:
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

    def leave(self) -> None:
        """Tell the agent that the match is over and end its process, without waiting for its last breath."""
        if self.is_alive and not self._has_left:
            with contextlib.suppress(DeadlineError, FrameError, ChannelClosedError):
                deadline = monotonic() + _CLOSE_SECONDS
                self._release(monotonic())
                nonce = self._channel.send(Kind.CLOSE, b"", deadline)
                self._channel.receive(Kind.READY, nonce, deadline)
            self._process.kill()
        self._has_left = True

    def close(self) -> AgentUsage:
        """End the agent and return what it used; may be called again."""
        if self._usage is None:
            self.leave()
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
            idle_cpu_seconds=self.idle_cpu_seconds,
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
