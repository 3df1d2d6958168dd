"""Words for what went wrong in an agent's code, as its owner may read them."""

import traceback
from typing import Final

from workers.protocol import Fault
from workers.spec import Outcome

_MESSAGE: Final = 300
_EVIDENCE: Final = 4096
"""Bytes; the last lines of a traceback say most."""
_SHOWN: Final = 200
_LOOKED_AT: Final = 4096
"""Characters of an exception's text; it may have any length."""
_NAME_OF: Final = type.__dict__["__name__"]
_REFUSED: Final = "Agents cannot start processes, open connections, or write outside their scratch folder."
_NO_MEMORY: Final = Fault(Outcome.OUT_OF_MEMORY, "The agent ran out of memory.")


def cut(text: str, length: int = _MESSAGE) -> str:
    """Shorten a text, and make it encodable."""
    text = text.encode("utf-8", "backslashreplace").decode()
    return text if len(text) <= length else text[: length - 1] + "…"


def shown(value: object) -> str:
    """Return a short form of an action for its owner."""
    if type(value) in (str, bytes, bytearray):
        # A text of hundreds of megabytes is cut before its repr is made, which takes four times the room.
        value = value[:_SHOWN]  # type: ignore[index]  # One of the three types above.
    try:
        return cut(f"{type(value).__name__}: {value!r}", _SHOWN)
    except BaseException:  # The value's methods are the agent's code.
        return "a value that cannot be shown"


def of(error: BaseException, folder: str, during: str) -> Fault:
    """Describe an exception of the agent.

    Args:
        error: what its code raised.
        folder: the package folder; only frames of files below it are shown.
        during: the method that was called.
    """
    try:
        return _described(error, folder, during)
    except MemoryError:
        return _NO_MEMORY
    except BaseException:  # The exception's methods, and those of its class, are the agent's code.
        return Fault(Outcome.CRASHED, f"The agent raised what cannot be shown in {during}.")


def _described(error: BaseException, folder: str, during: str) -> Fault:
    message = _first_line(error)
    if issubclass(type(error), MemoryError) or "bad alloc" in message.replace("_", " "):
        return _NO_MEMORY
    if issubclass(type(error), SystemExit):
        given = getattr(error, "code", None)
        code = given if type(given) is int else 0 if given is None else 1
        return Fault(Outcome.CRASHED, f"The agent called exit with status {code} in {during}.")
    if issubclass(type(error), PermissionError):
        message = cut(f"{message}. {_REFUSED}", _MESSAGE + len(_REFUSED))
    return Fault(Outcome.CRASHED, message, _trace(error, folder))


def of_load(error: BaseException, folder: str) -> Fault:
    """Describe an exception while the agent was imported or constructed."""
    fault = of(error, folder, "its module")
    if fault.outcome != Outcome.CRASHED:
        return fault
    message = fault.message
    missing = _missing_module(error)
    if missing == "agent":
        return Fault(Outcome.LOAD_FAILED, "There is no agent.py at the top of the package.")
    if missing:
        message = f"Your agent imports {cut(missing, 80)}, which is not available here."
    return Fault(Outcome.LOAD_FAILED, message, fault.evidence)


def _missing_module(error: BaseException) -> str:
    """Return the top package of a module that could not be found, or an empty text."""
    if not issubclass(type(error), ModuleNotFoundError):
        return ""
    try:
        name = getattr(error, "name", None)
    except BaseException:  # The exception's methods are the agent's code.
        return ""
    return name.partition(".")[0] if type(name) is str else ""


def _first_line(error: BaseException) -> str:
    try:
        text = str(error)[:_LOOKED_AT].strip().partition("\n")[0]
    except BaseException:  # The exception's methods are the agent's code.
        text = "(its text cannot be shown)"
    # Around the class's own __getattribute__.
    name: str = _NAME_OF.__get__(type(error))
    return cut(f"{name}: {text}" if text else name)


def _trace(error: BaseException, folder: str) -> str:
    """Format the traceback, with the agent's own frames only and paths from its package folder."""
    try:
        told = traceback.TracebackException.from_exception(error, limit=-60)
        _keep_own(told, folder + "/", 0)
        text = "".join(told.format()).replace(folder + "/", "")
    except MemoryError:
        raise
    except BaseException:  # The exception's methods are the agent's code.
        return ""
    encoded = text.encode("utf-8", "backslashreplace")
    return encoded[-_EVIDENCE:].decode(errors="ignore")


def _keep_own(told: traceback.TracebackException, prefix: str, depth: int) -> None:
    told.stack[:] = [frame for frame in told.stack if frame.filename.startswith(prefix)]
    for other in (told.__cause__, told.__context__):
        if other is not None and depth < 10:
            _keep_own(other, prefix, depth + 1)
