"""Run the tests of this folder at every level, as root and as an ordinary user, and say which were had."""

import pytest

from tests.workers.sandbox.grounds import GROUNDS, ROOT, USER, OrdinaryUser, close_launchers, launcher_on, me

_ordinary = []


@pytest.fixture(params=GROUNDS, ids=str)
def ground(request):
    """A level and a user; what this host does not offer is skipped by name."""
    launcher_on(request.param)
    return request.param


@pytest.fixture
def launcher(ground):
    return launcher_on(ground)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item, nextitem):
    """Hand the tests of the ordinary user to the copy that is one."""
    asked = getattr(item, "callspec", None)
    ground = asked and asked.params.get("ground")
    if ground is None or ground.who != USER or me() != ROOT:
        return None
    hook = item.ihook
    hook.pytest_runtest_logstart(nodeid=item.nodeid, location=item.location)
    if not _ordinary:
        _ordinary.append(OrdinaryUser(item.session))
    for report in _ordinary[0].run(item):
        hook.pytest_runtest_logreport(report=report)
    hook.pytest_runtest_logfinish(nodeid=item.nodeid, location=item.location)
    item.session._setupstate.teardown_exact(nextitem)
    return True


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish():
    while _ordinary:
        _ordinary.pop().close()
    close_launchers()
