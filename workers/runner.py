"""The program inside the jail: unpacks the agent, runs it, answers the referee.

How it works. It trusts the referee and nothing else, and runs the agent's code in its own process, so what
it reports is a claim: the referee believes it only against the agent, and checks every action again.

Lanes. Episodes of a match may be played side by side; each is a lane, and a frame carries what several of
them show. An agent takes part when its class says `lanes = n` (then each lane has an instance of its own) or
has a method `act_batch(observations, lanes)` (then one instance serves all of them), or when its function
keeps nothing from turn to turn and says `agent.lanes = n`; any other has one lane.
"""

import contextlib
import faulthandler
import importlib
import inspect
import os
import random
import signal
import socket
import sys
import traceback
from collections.abc import Callable, Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.util import spec_from_file_location
from types import FunctionType, MethodType, ModuleType
from typing import Final, NoReturn, Protocol, TextIO

import msgspec
import numpy as np

from arenas.codec import Codec, compile_codec
from arenas.errors import IllegalActionError, MalformedActionError
from workers import confession
from workers.nocode.agent import ModelAgent, is_without_code
from workers.protocol import FAULT_BYTES, HEADER, VERSION, Fault, Kind, Load, Start
from workers.spec import Outcome
from workers.start import StartView, view
from workers.unpack import UnpackError, unpack

CHANNEL_FD: Final = 3
_BUFFER_BYTES: Final = 65_536
_OWN: Final = ("arenas", "workers")
_CODE_ROOT: Final = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
_LOAD: Final = msgspec.msgpack.Decoder(Load)
_START: Final = msgspec.msgpack.Decoder(Start)


class _AgentFaultError(Exception):
    """The agent failed; carries what to tell the referee."""

    def __init__(self, fault: Fault) -> None:
        self.fault = fault


class _Agent(Protocol):
    """What is asked of an agent once it is loaded."""

    def act(self, observation: object, /) -> object: ...


class Runner:
    """The request loop around one agent.

    Args:
        channel: to the referee.
        folder: of the package.
        lock_package: makes it read-only.
        window: large observations, which the referee writes.
    """

    def __init__(
        self, channel: socket.socket, folder: str, lock_package: Callable[[], None], window: memoryview
    ) -> None:
        self._channel = channel
        self._folder = folder
        self._lock_package = lock_package
        self._window = window
        self._buffer = memoryview(bytearray(_BUFFER_BYTES))
        self._agents: list[object] = []
        """One for each lane, or one for all."""
        self._resets_with_start = True
        self._acts: list[Callable[[object], object]] = []
        self._act_batch: Callable[[list[object], list[int]], object] | None = None
        self._act_frame: Callable[[memoryview, memoryview], bytes | list[object]] | None = None
        """Only our own agent, which plays models, takes frames as they come."""
        self._codecs: dict[int, tuple[Codec, Codec]] = {}
        """For each lane how to read an observation and how to write an action; seats may differ."""

    def run(self) -> None:
        """Answer requests until the referee closes the channel."""
        while True:
            kind, count, nonce, payload = self._read()
            try:
                answer, data = self._answer(kind, count, payload)
            except _AgentFaultError as error:
                answer, count = Kind.FAULT, 0
                data = msgspec.msgpack.encode(error.fault)[:FAULT_BYTES]
                _flush()
            if answer != Kind.ACT:
                count = 0
            self._channel.sendall(HEADER.pack(len(data), answer, count, VERSION, nonce) + data)

    def _read(self) -> tuple[int, int, int, memoryview]:
        """Read one request; the referee never sends two at once."""
        buffer = self._buffer
        got = self._channel.recv_into(buffer)
        while got < HEADER.size:
            more = self._channel.recv_into(buffer[got:])
            if not got or not more:
                raise EOFError
            got += more
        length, kind, count, _, nonce = HEADER.unpack_from(buffer)
        want = HEADER.size + length
        if want > len(buffer):
            buffer = memoryview(bytearray(want))
            buffer[:got] = self._buffer[:got]
            if kind != Kind.LOAD:
                self._buffer = buffer
        while got < want:
            more = self._channel.recv_into(buffer[got:want])
            if not more:
                raise EOFError
            got += more
        return kind, count, nonce, buffer[HEADER.size : want]

    def _answer(self, kind: int, count: int, payload: memoryview) -> tuple[Kind, bytes]:
        if kind == Kind.OBSERVE:
            return Kind.ACT, self._play(payload[:-count], payload[-count:])
        if kind == Kind.OBSERVE_SHARED:
            return Kind.ACT, self._play(self._window, payload)
        if kind == Kind.LOAD:
            return Kind.READY, bytes([self._load(_LOAD.decode(payload))])
        if kind == Kind.RESET:
            self._reset(bytes(payload))
        elif kind == Kind.CLOSE:
            self._close()
        return Kind.READY, b""

    def _play(self, seen: memoryview, lanes: memoryview) -> bytes:
        """Turn the observations of some lanes into as many actions."""
        if self._act_frame is not None:
            answer = self._call_act_frame(seen, lanes)
            return answer if isinstance(answer, bytes) else self._joined(lanes, answer)
        if self._act_batch is None and len(lanes) == 1:
            lane = lanes[0]
            observation, action = self._codecs[lane]
            only = seen[: observation.size] if observation.is_fixed else seen
            return self._encoded(action, self._call_act(lane, observation.decode(only)))
        parts, begin = [], 0
        for lane in lanes:
            observation = self._codecs[lane][0]
            parts.append(observation.decode(seen[begin : begin + observation.size]))
            begin += observation.size
        if self._act_batch is None:
            chosen = [self._call_act(lane, part) for lane, part in zip(lanes, parts, strict=True)]
        else:
            chosen = self._call_act_batch(parts, list(lanes))
        return self._joined(lanes, chosen)

    def _joined(self, lanes: memoryview, chosen: list[object]) -> bytes:
        codecs = self._codecs
        return b"".join(
            [self._encoded(codecs[lane][1], each) for lane, each in zip(lanes, chosen, strict=True)]
        )

    def _call_act_frame(self, seen: memoryview, lanes: memoryview) -> bytes | list[object]:
        assert self._act_frame is not None
        try:
            return self._act_frame(seen, lanes)
        except BaseException as error:  # Whatever a model does to onnxruntime.
            raise _AgentFaultError(confession.of(error, self._folder, "act")) from None

    def _call_act(self, lane: int, observation: object) -> object:
        try:
            return self._acts[lane](observation)
        except BaseException as error:  # The border to the agent's code.
            raise _AgentFaultError(confession.of(error, self._folder, "act")) from None

    def _call_act_batch(self, observations: list[object], lanes: list[int]) -> list[object]:
        assert self._act_batch is not None
        count = len(lanes)
        try:
            chosen = self._act_batch(observations, lanes)
            actions: list[object] = list(chosen)  # type: ignore[call-overload]  # Checked by trying.
        except BaseException as error:  # The border to the agent's code.
            raise _AgentFaultError(confession.of(error, self._folder, "act_batch")) from None
        if len(actions) != count:
            message = f"act_batch must return {count} actions, one for each observation, not {len(actions)}."
            raise _AgentFaultError(Fault(Outcome.PROTOCOL_VIOLATION, message))
        return actions

    def _encoded(self, action: Codec, chosen: object) -> bytes:
        try:
            return action.encode(chosen)
        except IllegalActionError as error:
            fault = Fault(Outcome.ILLEGAL_ACTION, confession.cut(str(error)), confession.shown(chosen))
        except MalformedActionError as error:
            fault = Fault(Outcome.PROTOCOL_VIOLATION, confession.cut(str(error)), confession.shown(chosen))
        except BaseException as error:  # The action's own methods are the agent's code too.
            fault = confession.of(error, self._folder, "act")
        raise _AgentFaultError(fault)

    def _load(self, load: Load) -> int:
        """Unpack the package, shut it, and construct the agent; return how many lanes it takes."""
        try:
            unpack(load.package, load.file_name, self._folder, load.unpacked_bytes)
        except UnpackError as error:
            raise _AgentFaultError(Fault(Outcome.LOAD_FAILED, str(error))) from None
        self._lock_package()
        random.seed(load.agent_seed)
        np.random.seed(load.agent_seed % 2**32)  # Agents may use the old generator.
        try:
            if is_without_code(self._folder):
                model = ModelAgent(self._folder)
                self._agents, self._act_frame = [model], model.act_frame
                return load.lanes
            if any(name in sys.modules for name in _OWN):
                prepare_imports()
            sys.path.insert(0, self._folder)
            return self._find(importlib.import_module("agent"), load.lanes)
        except _AgentFaultError:
            raise
        except BaseException as error:  # The border to the agent's code.
            raise _AgentFaultError(confession.of_load(error, self._folder)) from None

    def _find(self, module: ModuleType, lanes: int) -> int:
        """Take the agent out of its module."""
        made = getattr(module, "Agent", None)
        function = getattr(module, "agent", None)
        if isinstance(made, type):
            number = 1 if hasattr(made, "act_batch") else _lanes_of(made, lanes)
            return self._seat([made() for _ in range(number)], lanes)
        if callable(function):
            self._acts = [function] * _lanes_of(function, lanes)
            return len(self._acts)
        raise _no_agent("agent.py defines neither a class Agent nor a function agent(observation).")

    def _seat(self, agents: Sequence[_Agent], lanes: int) -> int:
        """Take the instances of an agent: one a lane, or one for all lanes."""
        acts = [getattr(agent, "act", None) for agent in agents]
        if not callable(acts[0]):
            raise _no_agent("The class Agent in agent.py has no method act(observation).")
        self._agents, self._acts = list(agents), [agent.act for agent in agents]
        self._resets_with_start = _takes_start(getattr(agents[0], "reset", None))
        batch = getattr(agents[0], "act_batch", None)
        if lanes > 1 and callable(batch):
            self._act_batch = batch
            return lanes
        return len(agents)

    def _reset(self, payload: bytes) -> None:
        start = _START.decode(payload)
        observation = compile_codec(start.observation_schema, trusted=True)
        self._codecs[start.lane] = (observation, compile_codec(start.action_schema))
        if not self._agents:
            return
        reset = getattr(self._agents[start.lane % len(self._agents)], "reset", None)
        if callable(reset):
            self._call(reset, view(start) if self._resets_with_start else None, "reset")

    def _close(self) -> None:
        for agent in self._agents:
            close = getattr(agent, "close", None)
            if callable(close):
                self._call(close, None, "close")
        _flush()

    def _call(self, method: Callable[..., object], start: StartView | None, name: str) -> None:
        try:
            method(start) if start is not None else method()
        except BaseException as error:  # The border to the agent's code.
            raise _AgentFaultError(confession.of(error, self._folder, name)) from None


def _no_agent(message: str) -> _AgentFaultError:
    return _AgentFaultError(Fault(Outcome.LOAD_FAILED, message))


def _lanes_of(agent: object, most: int) -> int:
    """Return how many lanes an agent says it takes, 1 where it says nothing sensible."""
    lanes = getattr(agent, "lanes", 1)
    return min(lanes, most) if type(lanes) is int and lanes > 0 else 1


def _takes_start(reset: object) -> bool:
    """Say whether `reset` wants the start object; a method that cannot be looked at gets it."""
    if not callable(reset):
        return False
    if isinstance(reset, MethodType) and isinstance(reset.__func__, FunctionType):
        # The usual case; looking deeper would copy a third of a megabyte of the zygote's memory.
        code = reset.__func__.__code__
        return code.co_argcount > 1 or bool(code.co_flags & inspect.CO_VARARGS)
    try:
        parameters = inspect.signature(reset).parameters.values()
    except (TypeError, ValueError):
        return True
    positional = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    return any(p.kind in (*positional, inspect.Parameter.VAR_POSITIONAL) for p in parameters)


class _OwnPackages(MetaPathFinder):
    """Finds this project's two packages last, in a root folder that the agent may not list."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Return the spec of `arenas` or `workers`; their modules are found by the ordinary finder."""
        if fullname not in _OWN:
            return None
        folder = os.path.join(_CODE_ROOT, fullname)
        return spec_from_file_location(
            fullname, os.path.join(folder, "__init__.py"), submodule_search_locations=[folder]
        )


def prepare_imports() -> None:
    """Let the agent have modules named like ours; what is loaded goes on working.

    Done once before agents are forked: each of them would copy every page that it touches here.
    """
    for name in list(sys.modules):
        if name.partition(".")[0] in _OWN:
            del sys.modules[name]
    sys.path[:] = [folder for folder in sys.path if folder != _CODE_ROOT]
    sys.meta_path.append(_OwnPackages())


def _text_stream(fd: int) -> TextIO:
    """Open the log as text; the streams made at start-up still think that they write to a file."""
    return open(fd, "w", buffering=1, encoding="utf-8", errors="backslashreplace", closefd=False)


def _flush() -> None:
    for stream in (sys.stdout, sys.stderr):
        # The agent may have put anything in their place.
        with contextlib.suppress(BaseException):
            stream.flush()


def serve(lock_package: Callable[[], None], folder: str, window: memoryview) -> NoReturn:
    """Serve one agent on descriptor 3 and end the process.

    Args:
        lock_package: makes the package folder read-only; called between unpacking and the agent's code.
        folder: where the package is unpacked; the current directory.
        window: read-only memory for large observations.
    """
    try:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_DFL)
        sys.stdout = _text_stream(1)
        sys.stderr = _text_stream(2)
        faulthandler.enable(file=2)
        channel = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM, 0, fileno=CHANNEL_FD)
        Runner(channel, folder, lock_package, window).run()
    except (EOFError, ConnectionError):
        os._exit(0)
    except BaseException:  # The agent broke the runner; its log says how.
        with contextlib.suppress(BaseException):
            traceback.print_exc()
            _flush()
        os._exit(1)
    os._exit(0)
