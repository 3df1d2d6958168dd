"""One installation for all fault tests of a set-up; each leaves it running and its audit at zero."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.stack import Stack


@pytest.fixture(scope="module", params=["laptop", "cluster"])
def stack(request: pytest.FixtureRequest) -> Iterator[Stack]:
    # A short path: the queue's socket lies in it. Open to all: PostgreSQL runs as another user.
    folder = Path(tempfile.mkdtemp(prefix="cf-"))
    made = Stack(request.param, folder)
    try:
        made.start_all()
        yield made
    finally:
        made.close()
        shutil.rmtree(folder, ignore_errors=True)
