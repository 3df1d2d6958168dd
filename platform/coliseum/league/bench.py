"""The site's benchmarks: recording, scheduling, and what both cost as leagues grow.

How it works. Every workload runs in a scratch database on the configured server. Like `coliseum bench`, each
gives rate, bare rate, ratio and all its runs; the bare rate is what the database's driver does alone, in the
same run. Growth is measured by doubling sizes; its slope is that of a line through the logarithms, where 0
means that size costs nothing.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import msgspec
import numpy as np
from django.db import connection, transaction

from coliseum.competitions.models import Competition
from coliseum.competitions.queries import shown_phase
from coliseum.league.dispatch import match_specs
from coliseum.league.pairing import schedule_league_matches
from coliseum.league.scratch import Played, clean_up, open_field, queue_matches, stored_bytes
from coliseum.matches.models import Match
from coliseum.matches.recording import record_results
from coliseum.matches.services import claim_batch, extend_leases
from coliseum.submissions.models import Submission
from workers.bench import Measurement, Round
from workers.spec import MatchResult

BATCH = 32
ROUNDS = 15
RECORDED = (1_000, 3_000, 10_000, 30_000)
AGENTS = (100, 300, 1_000, 3_000, 10_000)


@dataclass(frozen=True, slots=True)
class Law:
    """How a cost grows with a size."""

    name: str
    unit: str
    sizes: tuple[int, ...]
    costs: tuple[float, ...]
    """One a size."""
    bound: float
    """Largest slope that is allowed."""

    @property
    def slope(self) -> float:
        """Return the slope on a log-log scale."""
        return float(np.polyfit(np.log(self.sizes), np.log(self.costs), 1)[0])

    def as_row(self) -> dict[str, object]:
        """Return the law as `manage.py bench growth --json` prints it."""
        return {
            "name": self.name,
            "rate": round(self.costs[-1], 2),
            "bare_rate": round(self.costs[0], 2),
            "ratio": round(self.slope, 4),
            "unit": self.unit,
            "runs": [
                {"size": size, "rate": round(cost, 2)}
                for size, cost in zip(self.sizes, self.costs, strict=True)
            ],
            "bound": self.bound,
        }


def recording(*, rounds: int = ROUNDS) -> Measurement:
    """Measure results recorded a second, 32 a batch, against the driver writing as many rows of numbers."""
    competition, agents = open_field(100)
    played = Played()
    bare = _BareTable()
    measured = []
    for number in range(rounds + 1):
        results = _running(competition, agents, played, BATCH)
        rate = BATCH / _seconds(partial(record_results, results))
        bare_rate = BATCH / _seconds(partial(bare.record, number))
        if number:
            # The first batch prepares statements and caches.
            measured.append(Round(rate, bare_rate))
    return Measurement(f"recording {connection.vendor}", "matches/s", tuple(measured))


def scheduling(*, rounds: int = ROUNDS) -> Measurement:
    """Measure matches a second through pairing, queue and recording on the site's side, 32 a batch.

    Everything but the broker and the worker: schedule, claim, build and encode the message, renew the lease,
    decode the results, record them. Bare is the driver alone, as in `recording`.
    """
    competition, _ = open_field(100)
    played = Played()
    bare = _BareTable()
    measured = []
    for number in range(rounds + 1):
        pairing = _seconds(lambda: schedule_league_matches(shown_phase(competition)))
        scheduled = Match.objects.filter(state="queued").count()
        seconds, matches = pairing * BATCH / scheduled, scheduled
        times = []
        while matches >= BATCH:
            times.append(_seconds_of_a_batch(played))
            matches -= BATCH
        bare_rate = BATCH / _seconds(partial(bare.record, number))
        if number:
            measured.append(Round(BATCH / (seconds + float(np.median(times))), bare_rate))
        while rest := claim_batch(limit=BATCH):
            record_results([played.result_of(match, at) for at, match in enumerate(rest)])
    return Measurement(f"scheduling {connection.vendor}", "matches/s", tuple(measured))


def _seconds_of_a_batch(played: Played) -> float:
    """Return what a batch costs the site from the queue table to the recorded results."""
    started = time.perf_counter()
    batch = claim_batch(limit=BATCH)
    msgspec.json.encode(match_specs(batch))
    extend_leases(token=batch[0].token, worker="bench:1")
    handed_over = time.perf_counter() - started
    wire = msgspec.json.encode([played.result_of(match, number) for number, match in enumerate(batch)])
    started = time.perf_counter()
    record_results(msgspec.json.decode(wire, type=list[MatchResult]))
    return handed_over + time.perf_counter() - started


def growth() -> list[Law]:
    """Measure the growth laws that concern recording, scheduling and stored bytes."""
    return [*_against_recorded(), *_against_agents()]


def _against_recorded() -> list[Law]:
    """Measure a match's cost and its bytes while ever more are recorded."""
    competition, agents = open_field(100)
    played = Played()
    costs, pairing, weights = [], [], []
    before, total = stored_bytes(), 0
    for size in RECORDED:
        while total < size:
            record_results(_running(competition, agents, played, 200))
            total += 200
            if total % 1000 == 0:
                clean_up()
        costs.append(_fastest(lambda: _schedule_and_record(competition, agents, played)) / BATCH * 1e6)
        schedule_league_matches(shown_phase(competition))
        pairing.append(_pairing_cost(competition, played))
        clean_up()
        total = Match.objects.count()
        weights.append((stored_bytes() - before) / total)
    return [
        Law("match-cost-against-recorded", "µs/match", RECORDED, tuple(costs), 0.05),
        Law("pairing-cost-against-recorded", "µs/match", RECORDED, tuple(pairing), 0.05),
        Law("stored-bytes-against-recorded", "B/match", RECORDED, tuple(weights), 0.05),
    ]


def _against_agents() -> list[Law]:
    """Measure a match's cost and a pairing's in ever larger fields."""
    played = Played()
    costs, pairing = [], []
    for size in AGENTS:
        competition, agents = open_field(size)
        record_results(_running(competition, agents, played, 200))
        batch = partial(_schedule_and_record, competition, agents, played)
        costs.append(_fastest(batch) / BATCH * 1e6)
        pairing.append(_pairing_cost(competition, played))
    return [
        Law("match-cost-against-agents", "µs/match", AGENTS, tuple(costs), 0.05),
        Law("pairing-cost-against-agents", "µs/match", AGENTS, tuple(pairing), 0.15),
    ]


def _pairing_cost(competition: Competition, played: Played) -> float:
    """Return microseconds to pair and queue one match, the queue being empty before; play what was queued."""
    costs = []
    for _ in range(2):
        _play_all(played)
        started = time.process_time()
        scheduled = len(schedule_league_matches(shown_phase(competition)))
        costs.append((time.process_time() - started) / scheduled * 1e6)
    _play_all(played)
    return min(costs)


def _play_all(played: Played) -> None:
    while batch := claim_batch(limit=500):
        record_results([played.result_of(match, number) for number, match in enumerate(batch)])


def _schedule_and_record(competition: Competition, agents: Sequence[Submission], played: Played) -> None:
    record_results(_running(competition, agents, played, BATCH))


def _running(
    competition: Competition, agents: Sequence[Submission], played: Played, count: int
) -> list[MatchResult]:
    """Queue and claim matches; return their results."""
    queue_matches(competition, agents, count)
    return [played.result_of(match, number) for number, match in enumerate(claim_batch(limit=count))]


def _seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _fastest(work: Callable[[], object], *, runs: int = 8) -> float:
    """Return the least processor time of several runs: other programs only ever add to it."""
    costs = []
    for _ in range(runs):
        started = time.process_time()
        work()
        costs.append(time.process_time() - started)
    return min(costs)


class _BareTable:
    """A match, its two seats and its two episodes as the fewest numbers, written by the driver alone."""

    def __init__(self) -> None:
        blob = "BLOB" if connection.vendor == "sqlite" else "BYTEA"
        with connection.cursor() as cursor:
            cursor.execute("CREATE TABLE bare_match (id BIGINT PRIMARY KEY, state INT, seconds REAL)")
            cursor.execute("CREATE TABLE bare_seat (match BIGINT, agent BIGINT, score REAL)")
            cursor.execute("CREATE INDEX bare_seat_agent ON bare_seat (agent)")
            cursor.execute(f"CREATE TABLE bare_episode (match BIGINT, seed BIGINT, actions {blob})")

    def record(self, batch: int) -> None:
        """Write one batch in one transaction."""
        ids = range(batch * BATCH, (batch + 1) * BATCH)
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.executemany("INSERT INTO bare_match VALUES (%s, 1, 0.5)", [(each,) for each in ids])
            cursor.executemany(
                "INSERT INTO bare_seat VALUES (%s, %s, 1.0)",
                [(each, (each + at) % 100) for each in ids for at in (0, 1)],
            )
            cursor.executemany(
                "INSERT INTO bare_episode VALUES (%s, 7, %s)",
                [(each, bytes(48)) for each in ids for _ in (0, 1)],
            )
