"""`python -m tests.e2e.crowd`: how fast pages are in a competition of 10,000 agents and 1,000,000 matches.

    python -m tests.e2e.crowd [--agents N] [--matches N] [--requests N] [--store laptop|cluster]
                              [--only WORDS] [--keep FOLDER]

Fills an installation of its own, starts its web process as in production, and asks for every page: the first
time after a start, then again and again, all pages taking turns. Prints a Markdown table; exit status 1 if a
page that has a bound is slower. `ms of a core` is the processor time of the web process, which a
busy machine changes less; `static file` is the bare server.
"""

import argparse
import http.client
import json
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import quantiles
from typing import Final

import psutil

from tests.faults.stack import Stack

BOUND_MS: Final = 150.0
_STATIC: Final = "static file"
_API: Final = "/api/v1"
_MARK: Final = "crowd.json"


@dataclass(slots=True)
class Asked:
    """What asking for one address gave."""

    name: str
    address: str
    first_ms: float = 0.0
    times: list[float] = field(default_factory=list)
    """Seconds of each request."""
    core: list[float] = field(default_factory=list)
    """Processor seconds of the web process for each."""
    bytes: int = 0

    @property
    def p50(self) -> float:
        """Return the median in ms."""
        return 1000 * quantiles(self.times, n=20)[9]

    @property
    def p95(self) -> float:
        """Return in ms what 95 of 100 requests do not exceed."""
        return 1000 * quantiles(self.times, n=20)[18]

    @property
    def core_ms(self) -> float:
        """Return the mean processor time in ms."""
        return 1000 * sum(self.core) / len(self.core)


def addresses(known: Mapping[str, str]) -> dict[str, str]:
    """Return what is asked for, by the name it has in the table."""
    own = f"/competitions/{known['competition']}"
    api = f"{_API}/competitions/{known['competition']}"
    agent, other = known["agent"], known["opponent"]
    return {
        _STATIC: "/static/css/base.css",
        "home": "/",
        "competitions": "/competitions/",
        "competition": f"{own}/",
        "board": f"{own}/leaderboard",
        "board, second page": f"{own}/leaderboard?page=2",
        "board, last page": f"{own}/leaderboard?page={known['pages']}",
        "board, a division": f"{own}/leaderboard?division=2",
        "board, by share of points": f"{own}/leaderboard?view=field",
        "board, fragment": f"{own}/standings",
        "board as CSV": f"{own}/leaderboard?format=csv",
        "matches": f"{own}/matches",
        "matches, older": f"{own}/matches?older={known['old']}",
        "matches of an agent": f"{own}/matches?agent={agent}",
        "matches an agent won": f"{own}/matches?agent={agent}&result=won",
        "matches an agent lost": f"{own}/matches?agent={agent}&result=lost",
        "matches, level": f"{own}/matches?result=level",
        "matches with a forfeit": f"{own}/matches?result=forfeit",
        "matches that wait": f"{own}/matches?state=queued",
        "upsets": f"{own}/matches?sort=upset",
        "matches of all": "/matches/",
        "match": f"/matches/{known['match']}/",
        "agent": f"/agents/{agent}/",
        "two agents": f"{own}/versus?a={agent}&b={other}",
        "person": f"/people/{known['person']}/",
        "team": f"/teams/{known['team']}/",
        "search": f"/search?q={known['person']}",
        "status": "/status",
        "API board": f"{api}/leaderboard",
        "API matches": f"{api}/matches",
        "API matches of two": f"{api}/matches?agent={agent}&opponent={other}",
        "API matches won": f"{api}/matches?agent={agent}&result=won",
        "API matches drawn": f"{api}/matches?agent={agent}&result=drawn",
        "API forfeits": f"{api}/matches?outcome=timed_out",
        "API match": f"{_API}/matches/{known['match']}",
    }


UNBOUND: Final = frozenset({"board as CSV"})
"""What grows with the field by its nature."""


def measure(stack: Stack, known: Mapping[str, str], requests: int, only: str = "") -> list[Asked]:
    """Ask for everything once after a start, then so often, in turns.

    Raises:
        AssertionError: an answer was not 200.
    """
    asked = [
        Asked(name, address) for name, address in addresses(known).items() if only in name or name == _STATIC
    ]
    web = psutil.Process(stack.programs["web"].pid)
    connection = http.client.HTTPConnection("127.0.0.1", stack.port, timeout=120)
    _ask(connection, web, Asked("", "/static/css/base.css"))
    for each in asked:
        _ask(connection, web, each)
        each.first_ms = 1000 * each.times.pop()
        each.core.clear()
    for _ in range(requests):
        for each in asked:
            _ask(connection, web, each)
    return asked


def _ask(connection: http.client.HTTPConnection, web: psutil.Process, asked: Asked) -> None:
    before, began = _core_seconds(web), time.perf_counter()
    connection.request("GET", asked.address, headers={"Accept-Encoding": "gzip"})
    answer = connection.getresponse()
    content = answer.read()
    asked.times.append(time.perf_counter() - began)
    asked.core.append(_core_seconds(web) - before)
    asked.bytes = len(content)
    assert answer.status == 200, f"{asked.address}: {answer.status} {content[:400]!r}"


def _core_seconds(web: psutil.Process) -> float:
    times = web.cpu_times()
    return float(times.user + times.system)


def too_slow(asked: list[Asked]) -> list[str]:
    """Return the names of what has a bound and is above it."""
    return [each.name for each in asked if each.name not in UNBOUND and each.p95 >= BOUND_MS]


def as_markdown(asked: list[Asked]) -> str:
    """Return the table."""
    bare = next(each for each in asked if each.name == _STATIC)
    lines = [
        "| page | first, ms | p50, ms | p95, ms | p50 over a static file | ms of a core | kB |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    lines += [
        f"| {each.name} | {each.first_ms:.0f} | {each.p50:.1f} | {each.p95:.1f} | {each.p50 / bare.p50:.1f} "
        f"| {each.core_ms:.1f} | {each.bytes / 1000:.1f} |"
        for each in asked
    ]
    return "\n".join(lines)


@contextmanager
def crowded(
    folder: Path, agents: int, matches: int, store: str = "laptop"
) -> Iterator[tuple[Stack, dict[str, str]]]:
    """Give a running site with so many agents and matches; what a folder holds already is taken as it is."""
    stack = Stack(store, folder)
    try:
        stack.start("broker")
        stack.wait(stack.broker_answers, "the queue")
        mark = folder / _MARK
        if not mark.exists():
            stack.make_tables()
            told = stack.module("tests.e2e.crowd_store", str(agents), str(matches))
            mark.write_text(told)
        stack.start("web")
        stack.wait(stack.web_answers, "the site")
        yield stack, json.loads(mark.read_text())
    finally:
        stack.close()


def main() -> int:
    """Fill, ask, print."""
    parser = argparse.ArgumentParser(prog="python -m tests.e2e.crowd")
    parser.add_argument("--agents", type=int, default=10_000)
    parser.add_argument("--matches", type=int, default=1_000_000)
    parser.add_argument("--requests", type=int, default=200)
    parser.add_argument("--store", choices=("laptop", "cluster"), default="laptop")
    parser.add_argument("--only", default="", help="pages with this in their name")
    parser.add_argument("--keep", type=Path, help="a folder to keep the store in, and to take it from again")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="cc-") as made:
        folder = options.keep or Path(made)
        folder.mkdir(parents=True, exist_ok=True)
        with crowded(folder, options.agents, options.matches, options.store) as (stack, known):
            asked = measure(stack, known, options.requests, options.only)
    print(as_markdown(asked))
    if slow := too_slow(asked):
        print(f"above {BOUND_MS:.0f} ms: {', '.join(slow)}", file=sys.stderr)
    return int(bool(slow))


if __name__ == "__main__":
    sys.exit(main())
