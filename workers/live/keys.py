"""Where the state of a table lies between site and worker: short-lived keys of the queue's server."""

from typing import Final
from urllib.parse import parse_qs, urlsplit

QUEUE: Final = "live"
TASK: Final = "live.play"
SHOW_TASK: Final = "live.show"
WAITING: Final = "live:waiting"
"""Sorted set of tables that wait for a worker, by the time they were asked for."""
WORKERS: Final = "live:workers"
"""Hash of workers to `tables in use/tables/time of the last sign of life`."""
ARENAS: Final = "live:arenas"
"""Hash of arena ids to why people cannot play there; an empty text where they can."""
SHOWS: Final = "live:shows"
"""Sorted set of the shows that are played, by their last sign of life."""
OPEN_SECONDS: Final = 1800
"""Life of the keys of a table; longer than any table is open."""
REPLAY_SECONDS: Final = 6 * 3600
ALIVE_SECONDS: Final = 6
"""A worker that has not spoken of a table for so long is gone."""
BEGIN_SECONDS: Final = 40
"""How long a worker may take from the message to the first sign of life of a table."""
HERE_SECONDS: Final = 20
"""A browser that has not asked for so long is gone."""
WAIT_SECONDS: Final = 300
"""How long a table may wait for a worker."""
OUT_LENGTH: Final = 200
"""Words kept in the stream of a table."""
PRESSES: Final = 32
"""Presses that may wait at a table; more is not somebody playing."""
REPLAY_BYTES: Final = 2 * 1024 * 1024
LEAVE: Final = b"leave"
"""Stands among the presses for the wish to go."""

OVER: Final = b"over"
"""Stands among the presses once the last word is said."""


def spec_key(table: str) -> str:
    """Return where the `TableSpec` lies, as JSON."""
    return f"live:{table}:spec"


def press_key(table: str) -> str:
    """Return the list of presses, the oldest first."""
    return f"live:{table}:in"


def word_key(table: str) -> str:
    """Return the stream of words for the browser, field `b`."""
    return f"live:{table}:out"


def now_key(table: str) -> str:
    """Return where the last whole word lies: the state as it is now, or how it ended."""
    return f"live:{table}:now"


def alive_key(table: str) -> str:
    """Return the worker's sign of life."""
    return f"live:{table}:alive"


def here_key(table: str) -> str:
    """Return the browser's sign of life."""
    return f"live:{table}:here"


def replay_key(table: str) -> str:
    """Return where the trajectory lies once the table is over."""
    return f"live:{table}:replay"


def owner_key(owner: str) -> str:
    """Return which table a browser sits at."""
    return f"live:owner:{owner}"


def redis_url(broker: str) -> str:
    """Return a queue's address as Redis clients write it: `redis+socket:///x` becomes `unix:///x`."""
    parts = urlsplit(broker)
    if parts.scheme not in {"redis+socket", "sentinel+socket"}:
        return broker
    host = parse_qs(parts.query).get("virtual_host", ["0"])[0]
    return f"unix://{parts.path}?db={host}"
