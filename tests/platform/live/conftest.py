"""A real queue server on the socket that the site is configured for, and a real worker's relay behind it."""

import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import redis
from django.conf import settings

from coliseum.league.embedded_broker import server_arguments, server_program, wait_until_ready
from coliseum.live import tables
from tests.platform.pages.conftest import Browser
from workers.live import keys
from workers.live.relay import Relay
from workers.spec import Isolation


@pytest.fixture
def browser() -> Callable[..., Browser]:
    """Return a maker of browsers: `browser(ann)`; without a person, a stranger's."""
    return lambda user=None: Browser(user)


@pytest.fixture(scope="module")
def valkey() -> Iterator[redis.Redis]:
    """Return a client of a queue server that is there for the tests of one module.

    No longer: it is the site's own queue, and tests of other modules must find none.
    """
    state = Path(settings.HOME) / "live-queue"
    state.mkdir(exist_ok=True)
    command = [server_program(), *server_arguments(Path(settings.SOCKET_FOLDER), state)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        wait_until_ready(process)
        client = redis.Redis.from_url(keys.redis_url(settings.BROKER_URL))
        client.flushall()  # It keeps what it was told on disk, as the site's queue does.
        yield client
        client.close()
        tables.client().close()
        tables.client.cache_clear()
        process.terminate()
        process.wait()
    (Path(settings.SOCKET_FOLDER) / "valkey.sock").unlink(missing_ok=True)


@pytest.fixture
def broker(valkey: redis.Redis) -> redis.Redis:
    """Return the client of a queue server on which nothing lies but what a worker told of the arenas."""
    for key in valkey.keys("*"):
        if key != keys.ARENAS.encode():
            valkey.delete(key)
    return valkey


@pytest.fixture
def worker(broker: redis.Redis) -> redis.Redis:
    """Return a broker at which a worker with three tables has shown itself; it takes none."""
    # From the future, so that it does not go out of date on a busy machine.
    broker.hset(keys.WORKERS, "test:1", f"0/3/{time.time() + 600:.0f}")
    return broker


@pytest.fixture(scope="module")
def relay(valkey: redis.Redis) -> Iterator[Relay]:
    """Return a relay with its referee, for the tables of one module."""
    made = Relay(valkey, Isolation.NAMESPACES)
    made.start()
    assert made.is_ready(60)
    yield made
    made.stop()


class Host:
    """Takes tables as the queue's task does, each in a thread."""

    def __init__(self, relay: Relay) -> None:
        self.relay = relay
        self.threads: list[threading.Thread] = []

    def take(
        self, table: str, packages: dict[str, bytes], *, meanwhile: Callable[[], None] = lambda: None
    ) -> None:
        """Hold a table from now on; something happens while its packages are on their way."""

        def fetch() -> dict[str, bytes]:
            meanwhile()
            return packages

        spec = self.relay.take(table)
        assert spec
        thread = threading.Thread(target=self.relay.play, args=(spec, fetch))
        thread.start()
        self.threads.append(thread)


@pytest.fixture
def host_of_tables(relay: Relay, worker: redis.Redis) -> Iterator[Host]:
    """Return who takes tables; all of them have ended afterwards."""
    made = Host(relay)
    yield made
    for thread in made.threads:
        thread.join(20)
        assert not thread.is_alive()
