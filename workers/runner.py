"""The program inside the jail: unpacks the agent, runs it, answers the referee.

How it works. It trusts the referee and nothing else, and runs the agent's code in its own process, so what
it reports is a claim: the referee believes it only against the agent, and checks every action again.
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
from types import ModuleType
from typing import Final, NoReturn, Protocol, TextIO

import msgspec
import numpy as np

from arenas.codec import Codec, compile_codec
from arenas.errors import IllegalActionError, MalformedActionError
from workers import confession
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
    """The request loop around one agent."""

    def __init__(self, channel: socket.socket, folder: str, lock_package: Callable[[], None]) -> None:
        self._channel = channel
        self._folder = folder
        self._lock_package = lock_package
        self._buffer = memoryview(bytearray(_BUFFER_BYTES))
        self._agent: object = None
        self._act: Callable[[object], object] = _refuse
        self._start_bytes = b""
        self._observation: Codec | None = None
        self._action: Codec | None = None

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
            return Kind.ACT, self._play(count, payload)
        if kind == Kind.LOAD:
            self._load(_LOAD.decode(payload))
        elif kind == Kind.RESET:
            self._reset(bytes(payload))
        elif kind == Kind.CLOSE:
            self._close()
        return Kind.READY, b""

    def _play(self, count: int, payload: memoryview) -> bytes:
        """Turn `count` observations into as many actions."""
        observation, action = self._observation, self._action
        if observation is None or action is None:
            raise EOFError
        if count == 1:
            return self._decide(observation, action, payload)
        size = observation.size
        parts = [payload[size * index : size * (index + 1)] for index in range(count)]
        return b"".join([self._decide(observation, action, part) for part in parts])

    def _decide(self, observation: Codec, action: Codec, payload: memoryview) -> bytes:
        seen = observation.decode(payload)
        try:
            chosen = self._act(seen)
        except BaseException as error:  # The border to the agent's code.
            raise _AgentFaultError(confession.of(error, self._folder, "act")) from None
        try:
            return action.encode(chosen)
        except IllegalActionError as error:
            fault = Fault(Outcome.ILLEGAL_ACTION, confession.cut(str(error)), confession.shown(chosen))
        except MalformedActionError as error:
            fault = Fault(Outcome.PROTOCOL_VIOLATION, confession.cut(str(error)), confession.shown(chosen))
        except BaseException as error:  # The action's own methods are the agent's code too.
            fault = confession.of(error, self._folder, "act")
        raise _AgentFaultError(fault)

    def _load(self, load: Load) -> None:
        """Unpack the package, shut it, and construct the agent."""
        try:
            unpack(load.package, load.file_name, self._folder, load.unpacked_bytes)
        except UnpackError as error:
            raise _AgentFaultError(Fault(Outcome.LOAD_FAILED, str(error))) from None
        self._lock_package()
        random.seed(load.agent_seed)
        np.random.seed(load.agent_seed % 2**32)  # Agents may use the old generator.
        _forget_own_modules()
        sys.path.insert(0, self._folder)
        try:
            self._find(importlib.import_module("agent"))
        except _AgentFaultError:
            raise
        except BaseException as error:  # The border to the agent's code.
            raise _AgentFaultError(confession.of_load(error, self._folder)) from None

    def _find(self, module: ModuleType) -> None:
        """Take the agent out of its module."""
        made = getattr(module, "Agent", None)
        function = getattr(module, "agent", None)
        if isinstance(made, type):
            agent: _Agent = made()
            if not callable(getattr(agent, "act", None)):
                raise _no_agent("The class Agent in agent.py has no method act(observation).")
            self._agent, self._act = agent, agent.act
        elif callable(function):
            self._act = function
        else:
            raise _no_agent("agent.py defines neither a class Agent nor a function agent(observation).")

    def _reset(self, payload: bytes) -> None:
        start = _START.decode(payload)
        self._observation = compile_codec(start.observation_schema, trusted=True)
        self._action = compile_codec(start.action_schema)
        reset = getattr(self._agent, "reset", None)
        if callable(reset):
            self._call(reset, view(start) if _takes_start(reset) else None, "reset")

    def _close(self) -> None:
        close = getattr(self._agent, "close", None)
        if callable(close):
            self._call(close, None, "close")
        _flush()

    def _call(self, method: Callable[..., object], start: StartView | None, name: str) -> None:
        try:
            method(start) if start is not None else method()
        except BaseException as error:  # The border to the agent's code.
            raise _AgentFaultError(confession.of(error, self._folder, name)) from None


def _refuse(_observation: object) -> object:
    raise EOFError


def _no_agent(message: str) -> _AgentFaultError:
    return _AgentFaultError(Fault(Outcome.LOAD_FAILED, message))


def _takes_start(reset: Callable[..., object]) -> bool:
    """Say whether `reset` wants the start object; a method that cannot be looked at gets it."""
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


def _forget_own_modules() -> None:
    """Let the agent have modules named like ours; what is loaded goes on working."""
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


def serve(lock_package: Callable[[], None], folder: str) -> NoReturn:
    """Serve one agent on descriptor 3 and end the process.

    Args:
        lock_package: makes the package folder read-only; called between unpacking and the agent's code.
        folder: where the package is unpacked; the current directory.
    """
    try:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_DFL)
        sys.stdout = _text_stream(1)
        sys.stderr = _text_stream(2)
        faulthandler.enable(file=2)
        channel = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM, 0, fileno=CHANNEL_FD)
        Runner(channel, folder, lock_package).run()
    except (EOFError, ConnectionError):
        os._exit(0)
    except BaseException:  # The agent broke the runner; its log says how.
        traceback.print_exc()
        _flush()
        os._exit(1)
    os._exit(0)
