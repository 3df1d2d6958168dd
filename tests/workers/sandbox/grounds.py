"""Where the tests of the sandbox stand: a level of isolation, and the user who runs the worker.

How it works. A test that takes the fixture `ground` or `launcher` runs once for each level, as root and as an
ordinary user. The test process is one of the two; where it is root, a copy of it becomes the ordinary user at
the first such test, runs each of them from fixtures to the end, and sends the reports back.
"""

import json
import os
import shutil
import signal
import struct
import tempfile
import warnings
from dataclasses import dataclass
from pathlib import Path

import pytest
from _pytest.runner import runtestprotocol

from tests.workers.sandbox.as_user import become_ordinary
from tests.workers.sandbox.cast import LEVELS
from workers.errors import IsolationError
from workers.sandbox import open_launcher
from workers.sandbox.syscalls import PR_SET_PDEATHSIG, prctl
from workers.spec import Isolation

ROOT, USER = "root", "user"
_HEAD = struct.Struct("<I")


@dataclass(frozen=True)
class Ground:
    """One level, and who runs the worker there."""

    level: Isolation
    who: str

    def __str__(self):
        return f"level_{int(self.level)}-{self.who}"


GROUNDS = [Ground(level, who) for who in (ROOT, USER) for level in LEVELS]
_launchers = {}


def me():
    return ROOT if os.geteuid() == 0 else USER


def launcher_on(ground):
    """The launcher of a ground, opened when first asked for; skip by name where the host has none."""
    if ground.who != me():
        pytest.skip(f"{ground}: the tests were started by an ordinary user")
    if ground not in _launchers:
        try:
            _launchers[ground] = open_launcher(minimum=ground.level, level=ground.level)
        except IsolationError as error:
            _launchers[ground] = str(error)
    opened = _launchers[ground]
    if isinstance(opened, str):
        pytest.skip(f"{ground} is not offered by this host: {opened}")
    return opened


def close_launchers():
    """Close the calling user's launchers; those of the other one are another process's."""
    for ground, opened in list(_launchers.items()):
        if ground.who == me() and not isinstance(opened, str):
            opened.close()
            del _launchers[ground]


class OrdinaryUser:
    """A copy of the test process that became an ordinary user and runs the tests it is sent."""

    def __init__(self, session):
        self._session = session
        (asked, self._ask), (self._answer, answers) = os.pipe(), os.pipe()
        parent = os.getpid()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # Of forking while threads run: none is used.
            self.pid = os.fork()
        if self.pid == 0:
            try:
                os.close(self._ask)
                prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
                if os.getppid() == parent:
                    become_ordinary()
                    self._serve(asked, answers)
            finally:
                os._exit(0)
        os.close(asked)
        os.close(answers)

    def _serve(self, asked, answers):
        prctl(PR_SET_PDEATHSIG, signal.SIGKILL)  # A change of user has switched it off.
        config = self._session.config
        # The folder for temporary files is root's; it cannot be entered from here.
        config._tmp_path_factory._basetemp = Path(tempfile.mkdtemp(prefix="coliseum-user-"))
        while head := os.read(asked, _HEAD.size):
            item = self._session.items[_HEAD.unpack(head)[0]]
            # All fixtures but those of the session end with the test: the next one may be of another module.
            reports = runtestprotocol(item, log=False, nextitem=self._session)
            told = [
                config.hook.pytest_report_to_serializable(config=config, report=report) for report in reports
            ]
            data = json.dumps(told).encode()
            with open(answers, "wb", closefd=False) as file:
                file.write(_HEAD.pack(len(data)) + data)
        close_launchers()
        shutil.rmtree(config._tmp_path_factory._basetemp, ignore_errors=True)

    def run(self, item):
        """Run a test there and return its reports."""
        config = item.config
        os.write(self._ask, _HEAD.pack(self._session.items.index(item)))
        with open(self._answer, "rb", closefd=False) as file:
            size = _HEAD.unpack(file.read(_HEAD.size))[0]
            told = json.loads(file.read(size))
        reports = [config.hook.pytest_report_from_serializable(config=config, data=report) for report in told]
        for report in reports:
            if isinstance(report.longrepr, list):
                report.longrepr = tuple(report.longrepr)  # Of a skip; JSON knows no tuples.
        return reports

    def close(self):
        os.close(self._ask)
        os.waitpid(self.pid, 0)
        os.close(self._answer)
