"""One launcher for each level, opened when first asked for. A host that lacks a level fails the tests."""

import pytest

from tests.workers.sandbox.cast import LEVELS
from workers.sandbox import open_launcher


@pytest.fixture(scope="session")
def launchers():
    opened = {}

    def launcher_of(level):
        if level not in opened:
            opened[level] = open_launcher(minimum=level, level=level)
        return opened[level]

    yield launcher_of
    for launcher in opened.values():
        launcher.close()


@pytest.fixture(params=LEVELS, ids=lambda level: f"level_{int(level)}")
def launcher(request, launchers):
    return launchers(request.param)
