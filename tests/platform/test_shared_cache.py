"""The cache of all web processes: counted on a real server, and in each process while that is away."""

import subprocess
import time

import pytest
import redis

from coliseum.league.embedded_broker import server_program
from coliseum.shared_cache import SharedCache


@pytest.fixture
def address(tmp_path):
    """Return a client and the address of a real server that lives as long as the test."""
    socket = tmp_path / "cache.sock"
    arguments = ["--port", "0", "--unixsocket", str(socket), "--save", "", "--dir", str(tmp_path)]
    with subprocess.Popen([server_program(), *arguments], stdout=subprocess.DEVNULL) as process:
        client = redis.Redis(unix_socket_path=str(socket))
        deadline = time.monotonic() + 20
        while not socket.exists() and time.monotonic() < deadline:
            time.sleep(0.02)
        yield client, f"redis+socket://{socket}?virtual_host=0"
        client.close()
        process.terminate()


def test_two_processes_count_together(address):
    _, place = address
    one, other = SharedCache(place, {}), SharedCache(place, {})
    assert one.add("rate", 0, 60)
    assert not other.add("rate", 0, 60)
    assert [one.incr("rate"), other.incr("rate"), one.incr("rate")] == [1, 2, 3]
    assert other.get("rate") == 3


def test_what_is_kept_is_plain_and_runs_nothing(address):
    server, place = address
    cache = SharedCache(place, {})
    cache.set("words", {"scopes": ["read"], "count": 2, "none": None})
    assert cache.get("words") == {"scopes": ["read"], "count": 2, "none": None}
    assert not any(value and value.startswith(b"\x80\x04") for value in server.mget(server.keys()))
    with pytest.raises(TypeError):
        cache.set("code", object())


def test_without_its_server_each_process_counts_alone_and_nobody_is_refused(tmp_path):
    cache = SharedCache(f"redis+socket://{tmp_path}/none.sock?virtual_host=0", {})
    assert cache.add("rate", 0, 60)
    assert [cache.incr("rate"), cache.incr("rate")] == [1, 2]
    assert (cache.get("rate"), cache.has_key("rate"), cache.touch("rate", 60)) == (2, True, True)
    cache.delete("rate")
    with pytest.raises(ValueError, match="rate"):
        cache.incr("rate")


def test_a_server_that_went_away_is_asked_again_later(address, monkeypatch):
    _, place = address
    moment = [1000.0]
    monkeypatch.setattr("coliseum.shared_cache.time.monotonic", lambda: moment[0])
    cache = SharedCache(place, {})
    cache.set("a", 1)
    real, cache._server = cache._server, SharedCache(place.replace("cache.sock", "gone.sock"), {})._server
    assert cache.get("a") is None
    cache._server = real
    assert cache.get("a") is None
    moment[0] += 6
    assert cache.get("a") == 1


def test_clearing_leaves_the_queue_alone(address):
    server, place = address
    server.set("celery", "a message")
    SharedCache(place, {}).clear()
    assert server.get("celery") == b"a message"
