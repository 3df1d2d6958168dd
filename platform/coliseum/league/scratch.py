"""A throw-away database with a field of agents in it, for benchmarks; the installation is not touched."""

import random
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from django.db import connection
from django.test.utils import override_settings

from arenas import registry
from arenas.adapters import open_arena
from arenas.codec import compile_codec
from arenas.replay import EpisodeRecorder, encode_log
from arenas.scoring import score_episode
from coliseum import clock, ids
from coliseum.competitions.models import Competition, Entry, Team
from coliseum.competitions.services import create_competition, move_competition
from coliseum.matches.models import Episode, Match, Seat
from coliseum.matches.services import Plan, schedule_matches
from coliseum.submissions.models import Package, Submission, SubmissionState
from workers.seating import seatings
from workers.spec import AgentUsage, EpisodeResult, Isolation, MatchKind, MatchResult, Outcome, SeatResult

ARENA = "connect_four-v3"
VERSIONS = {
    "python": "3.11.7",
    "machine": "x86_64",
    "coliseum-rl": "0.1.0",
    "pettingzoo": "1.27.0",
    "gymnasium": "1.4.0",
    "mpe2": "1.1.1",
    "box2d": "2.3.10",
    "numpy": "2.4.6",
    "onnxruntime": "1.24.4",
}
"""As a worker reports them."""
_DIFFERENT_MATCHES = 64


@contextmanager
def scratch_database() -> Iterator[None]:
    """Make a new database on the configured server (SQLite: a new file), use it, drop it."""
    with tempfile.TemporaryDirectory(prefix="coliseum-bench-") as folder:
        names = connection.settings_dict
        installation = names["NAME"]
        if connection.vendor == "sqlite":
            names["TEST"]["NAME"] = str(Path(folder) / "bench.sqlite3")
        connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
        try:
            with override_settings(MEDIA_ROOT=Path(folder) / "files"):
                yield
        finally:
            connection.creation.destroy_test_db(str(installation), verbosity=0)


def open_field(agents: int) -> tuple[Competition, list[Submission]]:
    """Open a connect four competition with this many active agents, each of a team of its own."""
    now = clock.now()
    slug = f"bench-{ids.new_id()}"
    competition = create_competition(host=None, slug=slug, title=slug, arena=ARENA, target_matches=100_000)
    move_competition(competition=competition, to="open", actor=None)
    package, _ = Package.objects.get_or_create(
        digest="0" * 64,
        defaults={
            "file_name": "agent.py",
            "size_bytes": 1,
            "unpacked_bytes": 1,
            "file_count": 1,
            "entry_point": "class",
            "stored_at": now,
        },
    )
    teams = Team.objects.bulk_create(Team(name=f"team {number}", created_at=now) for number in range(agents))
    entries = Entry.objects.bulk_create(
        Entry(competition=competition, team=team, joined_at=now) for team in teams
    )
    submissions = Submission.objects.bulk_create(
        Submission(
            entry=entry,
            number=1,
            name=f"agent {number}",
            package=package,
            state=SubmissionState.READY,
            is_active=True,
            uploaded_at=now,
        )
        for number, entry in enumerate(entries)
    )
    return competition, submissions


def queue_matches(competition: Competition, agents: Sequence[Submission], count: int) -> list[Match]:
    """Put league matches between agents drawn at random into the queue, the same ones every time."""
    rng = random.Random(count)  # noqa: S311 - not for secrets
    plans = [Plan(MatchKind.LEAGUE, tuple(rng.sample(agents, 2)), reason="gain") for _ in range(count)]
    return schedule_matches(competition=competition, plans=plans)


class Played:
    """Results of real connect four matches of random agents, as a worker would send them."""

    def __init__(self) -> None:
        arena = registry.get(ARENA)
        rng = random.Random(4)  # noqa: S311 - not for secrets
        self._matches = [
            tuple(
                _random_episode(seed=rng.getrandbits(31), seating=seating, rng=rng)
                for seating in seatings(arena)
            )
            for _ in range(_DIFFERENT_MATCHES)
        ]
        self._usage = tuple(
            AgentUsage(
                load_seconds=0.081234567,
                cpu_seconds=0.012345678,
                peak_memory_bytes=31_457_280,
                bank_left_seconds=29.98765432,
                step_quantiles=(0.000041234, 0.000051234, 0.000091234, 0.000412345),
            )
            for _ in range(2)
        )

    @property
    def mean_plies(self) -> float:
        """Return how many plies a match has on average."""
        plies = [episode.turns for match in self._matches for episode in match]
        return sum(plies) / len(self._matches)

    def result_of(self, match: Match, number: int) -> MatchResult:
        """Return a result for a claimed match."""
        return MatchResult(
            match=match.pk,
            token=match.token,
            worker="worker-1.example:4242",
            isolation=Isolation.NAMESPACES,
            episodes=self._matches[number % len(self._matches)],
            usage=self._usage,
            seconds=0.0123456,
            speed=1.034,
            versions=VERSIONS,
        )


def _random_episode(*, seed: int, seating: tuple[int, ...], rng: random.Random) -> EpisodeResult:
    arena = registry.get(ARENA)
    adapter = open_arena(arena)
    codecs = [compile_codec(schema) for schema in adapter.action_schemas]
    log = EpisodeRecorder(arena, seed, codecs)
    adapter.reset(seed)
    while asked := adapter.asked():
        (one,) = asked
        move = rng.choice([move for move, legal in enumerate(one.mask) if legal])  # type: ignore[arg-type]
        adapter.step({one.seat: move})
        log.add_turn({one.seat: codecs[one.seat].encode(move)}, adapter.rewards)
    scores = score_episode(arena, adapter.rewards, {})
    turns = adapter.turns
    adapter.close()
    return EpisodeResult(
        seed=seed,
        seating=seating,
        seats=tuple(
            SeatResult(
                agent=seating[seat],
                outcome=Outcome.OK,
                rank=score.rank,
                score=score.score,
                total_reward=score.total_reward,
                turns=turns // 2,
                think_seconds=rng.uniform(0.0005, 0.002),
                slowest_seconds=rng.uniform(0.0001, 0.0004),
            )
            for seat, score in enumerate(scores)
        ),
        turns=turns,
        truncated=adapter.truncated,
        digest=log.finish(truncated=adapter.truncated, forfeits={}),
        actions=encode_log(log.log),
    )


def stored_bytes() -> int:
    """Return what tables and indexes of matches, seats and episodes take, in bytes."""
    tables = [model._meta.db_table for model in (Match, Seat, Episode)]
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(
                "SELECT sum(pgsize) FROM dbstat JOIN sqlite_schema USING (name) "
                "WHERE tbl_name IN (%s, %s, %s)",
                tables,
            )
        else:
            cursor.execute(
                "SELECT sum(pg_total_relation_size(name::regclass)) FROM unnest(%s::text[]) AS name", [tables]
            )
        return int(cursor.fetchone()[0])


def clean_up() -> None:
    """Do what PostgreSQL's autovacuum does from time to time; nothing on SQLite."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            for model in (Match, Seat, Episode):
                cursor.execute(f"VACUUM ANALYZE {connection.ops.quote_name(model._meta.db_table)}")
