"""The whole way of a worker: a confined referee with agents in containers."""

import pytest

from tests.workers.tables import FIRST, match_spec
from workers.errors import IsolationError
from workers.referee_process import RefereeProcess
from workers.spec import Isolation

pytestmark = pytest.mark.docker


def test_a_confined_referee_plays_matches_of_contained_agents(daemon, level, monkeypatch):
    settings = daemon.settings(level)
    monkeypatch.setenv("COLISEUM_SANDBOX", settings.backend)
    monkeypatch.setenv("COLISEUM_DOCKER_HOST", settings.docker_host)
    with RefereeProcess(minimum=level, cpu=None, selftest=True) as referee:
        assert referee.hello.isolation is level
        assert referee.hello.confined
        assert [probe for probe in referee.hello.probes if not probe.ok] == []
        packages = {"a": FIRST.encode(), "b": FIRST.encode()}
        for number in range(2):
            spec = match_spec("connect_four-v3", ["a", "b"], match=f"m{number}")
            result = referee.play(spec, packages)
            assert (result.error, result.isolation) == ("", level)
            assert [seat.outcome.value for seat in result.episodes[0].seats] == ["ok", "ok"]


def test_a_worker_without_a_daemon_says_so_and_plays_nothing(monkeypatch):
    monkeypatch.setenv("COLISEUM_SANDBOX", "docker")
    monkeypatch.setenv("COLISEUM_DOCKER_HOST", "unix:///nosuch/docker.sock")
    with pytest.raises(IsolationError, match=r"level 3 .*nosuch/docker\.sock"):
        RefereeProcess(minimum=Isolation.CONTAINER, cpu=None)
