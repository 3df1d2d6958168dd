"""The daemon and a launcher for each level; what cannot be had is skipped, and counted for all to see."""

from collections import Counter

import pytest

from tests.workers.containers.grounds import LEVELS, CannotError, Daemon
from workers.sandbox import open_launcher
from workers.spec import Isolation

_missed = Counter()
_played = Counter()


@pytest.fixture(scope="session")
def daemon():
    try:
        running = Daemon()
    except CannotError as error:
        pytest.skip(f"no Docker daemon: {error}")
    yield running
    running.close()


@pytest.fixture(scope="session")
def launchers(daemon):
    opened = {}

    def launcher_of(level):
        if level == Isolation.VIRTUAL_MACHINE and not daemon.has_gvisor:
            pytest.skip("no gVisor: runsc is not installed (apt-get install runsc)")
        if level not in opened:
            opened[level] = open_launcher(minimum=level, settings=daemon.settings(level), pool_size=1)
        return opened[level]

    yield launcher_of
    for launcher in opened.values():
        launcher.close()


@pytest.fixture(params=LEVELS, ids=lambda level: f"level_{int(level)}")
def level(request, daemon):
    if request.param == Isolation.VIRTUAL_MACHINE and not daemon.has_gvisor:
        pytest.skip("no gVisor: runsc is not installed (apt-get install runsc)")
    return request.param


@pytest.fixture
def launcher(level, launchers):
    return launchers(level)


def pytest_runtest_logreport(report):
    if "workers/containers/" not in report.nodeid:
        return
    if report.skipped:
        _missed[report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)] += 1
    elif report.when == "call":
        _played["passed" if report.passed else "failed"] += 1


def pytest_terminal_summary(terminalreporter):
    for reason, count in _missed.items():
        terminalreporter.write_sep("!", f"{count} tests of levels 3 and 4 DID NOT RUN", red=True, bold=True)
        terminalreporter.write_line(reason)
