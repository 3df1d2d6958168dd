"""Uploads as files on their way to the inspection."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

from arenas.spec import MIB, Limits
from workers.package import PackageLimits
from workers.packing import make_archive
from workers.refusals import RefusedError

_MOST_BYTES = 1024 * MIB
"""No competition takes more; a longer file is not an agent and is not read into memory."""


def read_upload(path: Path) -> tuple[bytes, str]:
    """Return what is sent for a path, and the name it is sent under: a file as it is, a folder as a zip.

    Raises:
        RefusedError: `cli.no_such_file`, `cli.no_agent`, or `archive.too_large_unpacked`.
    """
    try:
        if path.is_dir():
            return make_archive(path), "agent.zip"
        if path.exists() and not path.is_file():
            raise RefusedError("cli.no_such_file", unreadable=str(path), problem="it is no regular file")
        with path.open("rb") as file:
            content = file.read(_MOST_BYTES + 1)
    except FileNotFoundError as error:
        raise RefusedError("cli.no_such_file", path=str(path)) from error
    except OSError as error:
        problem = error.strerror or type(error).__name__
        raise RefusedError("cli.no_such_file", unreadable=str(path), problem=problem) from error
    if len(content) > _MOST_BYTES:
        raise RefusedError("cli.no_such_file", unreadable=str(path), problem="it is longer than 1 GiB")
    return content, path.name


@contextmanager
def staged(content: bytes) -> Iterator[BinaryIO]:
    """Yield a temporary file with these bytes, at its start."""
    with tempfile.TemporaryFile() as file:
        file.write(content)
        file.flush()
        file.seek(0)
        yield file


def package_limits(limits: Limits) -> PackageLimits:
    """Return how large an upload may be where an agent has these limits."""
    usual = PackageLimits()
    archive = replace(usual.archive, unpacked_bytes=limits.unpacked_bytes)
    return replace(usual, package_bytes=limits.package_bytes, archive=archive)
