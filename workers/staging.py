"""Uploads as files on their way to the inspection."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import BinaryIO

from arenas.spec import Limits
from workers.package import PackageLimits


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
