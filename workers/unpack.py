"""Unpack an agent's package into its own folder; runs inside the jail, so a hostile one harms itself."""

import io
import os
import stat
import zipfile
from typing import IO, Final

_CHUNK: Final = 1 << 20
_FILES: Final = 5000


class UnpackError(Exception):
    """The package cannot be unpacked; the message is for its author."""


def unpack(package: bytes, file_name: str, folder: str, most_bytes: int) -> None:
    """Write a package's files into a folder.

    Args:
        package: one Python file, one ONNX model, or a zip archive.
        file_name: as stored; what ends in `.zip` is an archive, in `.onnx` a model.
        folder: an empty folder of the agent's own.
        most_bytes: size of all files together.

    Raises:
        UnpackError: the archive is damaged, too large, or names what it may not.
    """
    if not file_name.endswith(".zip"):
        name = "policy.onnx" if file_name.endswith(".onnx") else "agent.py"
        _write(os.path.join(folder, name), io.BytesIO(package), most_bytes)
        return
    try:
        with zipfile.ZipFile(io.BytesIO(package)) as archive:
            _unpack_members(archive, folder, most_bytes)
    except UnpackError:
        raise
    except MemoryError:
        raise UnpackError("The archive does not fit into the agent's memory.") from None
    except OSError as error:
        raise UnpackError(f"The archive cannot be unpacked: {error.strerror or error}.") from None
    except Exception as error:  # A damaged archive raises almost anything.
        raise UnpackError(f"The archive is damaged: {str(error)[:200]}.") from None


def _unpack_members(archive: zipfile.ZipFile, folder: str, most_bytes: int) -> None:
    members = archive.infolist()
    if len(members) > _FILES:
        raise UnpackError(f"The archive holds {len(members)} files; at most {_FILES} are allowed.")
    left = most_bytes
    for member in members:
        parts = _parts(member)
        target = os.path.join(folder, *parts)
        if member.is_dir():
            os.makedirs(target, exist_ok=True)
            continue
        os.makedirs(os.path.dirname(target), exist_ok=True)
        with archive.open(member) as source:
            left -= _write(target, source, left)


def _parts(member: zipfile.ZipInfo) -> list[str]:
    """Return the steps of a member's path, refusing those that lead out or are no plain file."""
    name = member.filename
    parts = [part for part in name.split("/") if part]
    shown = name[:80].encode("unicode_escape").decode()
    if name.startswith("/") or "\\" in name or "\0" in name or not parts or {".", ".."} & set(parts):
        raise UnpackError(f"The archive names an unsafe path: {shown}.")
    if stat.S_IFMT(member.external_attr >> 16) not in (0, stat.S_IFREG, stat.S_IFDIR):
        raise UnpackError(f"The archive holds a link or a device: {shown}.")
    return parts


def _write(target: str, source: IO[bytes], most_bytes: int) -> int:
    """Copy a stream to a new file; return its size."""
    written = 0
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    with open(os.open(target, flags, 0o600), "wb") as file:
        while chunk := source.read(_CHUNK):
            written += len(chunk)
            if written > most_bytes:
                raise UnpackError("The unpacked files are larger than allowed.")
            file.write(chunk)
    return written
