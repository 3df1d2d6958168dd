"""Pack a folder into the zip that is sent; the same content gives the same bytes."""

import io
import os
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from workers.archive import MIB
from workers.nocode.contents import is_model_file
from workers.nocode.manifest import MANIFEST, MODEL
from workers.package import PackageLimits
from workers.refusals import RefusedError

_EPOCH: Final = (1980, 1, 1, 0, 0, 0)
_FILE_MODE: Final = 0o100644 << 16
_LEFT_OUT: Final = frozenset({"__pycache__", "__MACOSX", "node_modules", "venv"})


def make_archive(folder: Path, *, limits: PackageLimits | None = None) -> bytes:
    """Return a zip of a folder's files: sorted names, fixed times, nothing hidden.

    Names that start with a dot, compiled files and virtual environments are left out. Of a folder without
    agent.py only policy.toml and ONNX models are taken: what else lies there made the model.

    Args:
        folder: has agent.py, policy.onnx or policy.toml at its top.
        limits: the folder may not be larger unpacked than these allow.

    Raises:
        RefusedError: `cli.no_such_file`, `cli.no_agent` or `archive.too_large_unpacked`.
    """
    if not folder.is_dir():
        raise RefusedError("cli.no_such_file", path=str(folder))
    has_code = (folder / "agent.py").is_file()
    if not has_code and not any((folder / name).is_file() for name in (MODEL, MANIFEST)):
        raise RefusedError("cli.no_agent", folder=str(folder))
    most = (limits or PackageLimits()).archive.unpacked_bytes
    total = 0
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, path in sorted(_files(folder)):
            if not has_code and not is_model_file(name):
                continue
            content = _read(path)
            total += len(content)
            if total > most:
                raise RefusedError("archive.too_large_unpacked", limit=f"{most / MIB:g} MB")
            archive.writestr(archive_entry(name), content)
    return buffer.getvalue()


def _files(folder: Path) -> Iterator[tuple[str, Path]]:
    for parent, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if name not in _LEFT_OUT and not name.startswith(".")]
        for name in names:
            path = Path(parent, name)
            if not name.startswith(".") and path.suffix != ".pyc" and path.is_file():
                yield path.relative_to(folder).as_posix(), path


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        problem = error.strerror or "unreadable"
        raise RefusedError("cli.no_such_file", unreadable=str(path), problem=problem) from None


def archive_entry(name: str) -> zipfile.ZipInfo:
    """Return the head of an ordinary file in an archive, with a fixed time: equal files pack equal."""
    entry = zipfile.ZipInfo(name, _EPOCH)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.create_system = 3
    entry.external_attr = _FILE_MODE
    return entry
