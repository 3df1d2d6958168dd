"""Inspect an upload in a child process with limits, so that a hostile one can only end the child."""

import os
import resource
import subprocess
import sys
import traceback
from collections.abc import Sequence
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Final

import msgspec

from arenas import registry, shelves
from workers.archive import MIB
from workers.nocode.contents import SUFFIX
from workers.package import Package, PackageLimits, inspect_package
from workers.refusals import RefusedError

if TYPE_CHECKING:
    from workers.nocode.fitting import SeatSpaces

CPU_SECONDS: Final = 10
WALL_SECONDS: Final = 30
ADDRESS_SPACE_BYTES: Final = 512 * MIB

_ROOT: Final = str(Path(__file__).resolve().parents[1])
_PROGRAM: Final = "import sys; sys.path.insert(0, sys.argv[1]); from workers.inspection import main; main()"
_READY: Final = b"ready\n"


class InspectionError(Exception):
    """The inspecting child failed by a fault of ours; the caller keeps the upload and tries again."""


class _Order(msgspec.Struct, frozen=True):
    """What the child is told."""

    file_name: str
    limits: PackageLimits
    available: tuple[str, ...]
    arena: str = ""


class _Refused(msgspec.Struct, frozen=True):
    """A refusal, to be raised again by the parent."""

    code: str
    values: dict[str, str | int | list[str]]


class _Answer(msgspec.Struct, frozen=True):
    """What the child found; exactly one field is set."""

    package: Package | None = None
    refused: _Refused | None = None
    bug: str = ""


def inspect_in_child(
    source: Path | BinaryIO,
    *,
    file_name: str,
    limits: PackageLimits | None = None,
    available: Sequence[str] = (),
    arena: str = "",
) -> Package:
    """Do what `inspect_package` does, in a process of its own.

    Args:
        source: path of the upload, or an open file with a descriptor; read from its beginning.
        file_name: what the sender called it.
        limits: how large it may be.
        available: libraries named when requirements.txt is refused.
        arena: id of the arena whose spaces a model without code must fit; compared with none if empty.

    Raises:
        RefusedError: as `inspect_package`; also when the upload used up the child's time or memory.
        InspectionError: the child did not start or failed by a fault of ours.
        OSError: the upload cannot be opened.
    """
    if isinstance(source, Path):
        with source.open("rb") as file:
            return inspect_in_child(
                file, file_name=file_name, limits=limits, available=available, arena=arena
            )
    source.seek(0)
    order = msgspec.json.encode(_Order(file_name, limits or PackageLimits(), tuple(available), arena))
    command = [sys.executable, "-I", "-c", _PROGRAM, _ROOT, order.decode()]
    try:
        # Only this interpreter and this program are started; the upload arrives as standard input.
        done = subprocess.run(  # noqa: S603
            command, stdin=source, capture_output=True, timeout=WALL_SECONDS, env=_environment(), check=False
        )
    except subprocess.TimeoutExpired:
        raise _exhausted(file_name) from None
    if not done.stdout.startswith(_READY):
        raise InspectionError(done.stderr.decode(errors="replace")[-2000:])
    if done.returncode:
        raise _exhausted(file_name)
    answer = msgspec.json.decode(done.stdout.removeprefix(_READY), type=_Answer)
    if answer.refused:
        # The names of a wording never clash with the typed keywords.
        values: dict[str, Any] = dict(answer.refused.values)
        raise RefusedError(answer.refused.code, field="file", **values)
    if answer.package is None:
        raise InspectionError(answer.bug)
    return answer.package


def _environment() -> dict[str, str]:
    """Return what the child knows of the host: where plug-in arenas lie, and no secret."""
    return shelves.variables()


def _exhausted(file_name: str) -> RefusedError:
    """Say what a killed child means: for source the parser gave up, for the rest the reading did."""
    if file_name.lower().endswith(SUFFIX):
        problem = "it cannot be read within the limits"
        return RefusedError("onnx.unreadable", file=file_name, problem=problem, field="file")
    if file_name.lower().endswith(".py"):
        return RefusedError("source.syntax_error", file=file_name, field="file")
    return RefusedError("archive.corrupt", problem="it cannot be read within the limits", field="file")


def main() -> None:
    """Run as the child: limit itself, inspect standard input, answer one JSON object."""
    _limit_resources()
    order = msgspec.json.decode(sys.argv[2], type=_Order)
    # What a library of an arena prints must not mix with the answer.
    with os.fdopen(os.dup(1), "wb") as answer:
        os.dup2(2, 1)
        answer.write(_READY)
        answer.flush()
        answer.write(msgspec.json.encode(_inspect(order)))


def _limit_resources() -> None:
    for what, most in (
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_AS, ADDRESS_SPACE_BYTES),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
    ):
        resource.setrlimit(what, (most, most))


def _inspect(order: _Order) -> _Answer:
    try:
        with os.fdopen(0, "rb", closefd=False) as upload:
            package = inspect_package(
                upload,
                file_name=order.file_name,
                limits=order.limits,
                available=order.available,
                spaces=partial(_spaces, order.arena),
            )
    except RefusedError as refused:
        return _Answer(refused=_refused(refused))
    except (MemoryError, RecursionError):
        return _Answer(refused=_refused(_exhausted(order.file_name)))
    except Exception:
        return _Answer(bug=traceback.format_exc())
    return _Answer(package=package)


def _spaces(arena: str) -> "tuple[SeatSpaces, ...]":
    """Return what each seat of an arena sees and does; nothing where it cannot be opened here."""
    if not arena:
        return ()
    from arenas.adapters import open_arena
    from workers.nocode.fitting import spaces_of

    try:
        spec = registry.get(arena)
        with closing(open_arena(spec)) as adapter:
            return spaces_of(spec, adapter.observation_schemas, adapter.action_schemas)
    except Exception:  # A broken arena is not the sender's fault; the validation in the jail compares again.
        return ()


def _refused(refused: RefusedError) -> _Refused:
    """Copy a refusal; foreign names may hold surrogates, which JSON cannot carry."""
    values: dict[str, str | int | list[str]] = {}
    for name, value in refused.values.items():
        if isinstance(value, int):
            values[name] = value
        elif isinstance(value, list):
            values[name] = [_encodable(str(item)) for item in value]
        else:
            values[name] = _encodable(str(value))
    return _Refused(refused.code, values)


def _encodable(text: str) -> str:
    return text[:1000].encode("utf-8", "backslashreplace").decode()
