"""The cast: ann owns, bob is her team-mate, eve is an outsider, host runs the competition."""

import io
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connections
from django.test import Client

from arenas import registry
from arenas.certifying.certificate import Certificate, fingerprint_of, keep_certificate, what_forbids
from arenas.certifying.checks import ArenaCheck
from arenas.spec import ArenaSpec
from coliseum import clock
from coliseum.accounts.models import User
from coliseum.accounts.services import create_token
from coliseum.competitions.models import Competition, Entry, Team
from coliseum.competitions.services import create_competition, enter_competition, move_competition
from coliseum.matches.models import Match
from coliseum.matches.recording import record_results
from coliseum.matches.services import Plan, claim_batch, extend_leases, schedule_matches
from coliseum.submissions.models import Submission
from coliseum.submissions.services import Upload, accept_upload, record_verdict, start_validation
from tests.platform.episodes import play_episode
from workers.referee import Referee
from workers.sandbox import open_launcher
from workers.spec import AgentUsage, Check, Isolation, MatchKind, MatchResult

AGENT = b"""\
class Agent:
    def act(self, observation):
        mask = observation["action_mask"]
        return next(column for column in range(len(mask)) if mask[column])
"""


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings: None) -> None:
    """Keep the tests' SQLite database in a file, so that several connections see the same one."""
    database = connections["default"].settings_dict
    if database["ENGINE"].endswith("sqlite3"):
        database["TEST"]["NAME"] = str(settings.HOME / "test.sqlite3")


@pytest.fixture(scope="session", autouse=True)
def _certified() -> None:
    """Certify the arenas whose shipped certificate no longer holds; a test of its own names those."""
    for spec in map(registry.get, registry.names()):
        if what_forbids(spec):
            certify_unseen(spec)


def certify_unseen(spec: ArenaSpec) -> None:
    """Give an arena a certificate that holds, without looking at it."""
    check = ArenaCheck("opens", True, None, "made up for tests")
    fingerprint = fingerprint_of(spec)
    keep_certificate(Certificate(id=spec.id, ok=True, checks=(check,), fingerprint=fingerprint))


@pytest.fixture(autouse=True)
def _empty_cache() -> None:
    """Start every test with its full allowance of requests."""
    cache.clear()


def _user(name: str, **facts: bool) -> User:
    return User.objects.create_user(username=name, email=f"{name}@example.org", **facts)


@pytest.fixture
def ann(db: None) -> User:
    """Return the owner of the submission."""
    return _user("ann")


@pytest.fixture
def bob(db: None) -> User:
    """Return ann's team-mate."""
    return _user("bob")


@pytest.fixture
def eve(db: None) -> User:
    """Return a signed-in stranger."""
    return _user("eve")


@pytest.fixture
def host(db: None) -> User:
    """Return who runs the competitions."""
    return _user("host", may_host=True)


@pytest.fixture
def other(db: None) -> User:
    """Return who runs a competition of her own and no other."""
    someone = _user("other", may_host=True)
    create_competition(host=someone, slug="other-cup", title="Other cup", arena="connect_four-v3")
    return someone


@pytest.fixture
def staff(db: None) -> User:
    """Return an administrator."""
    return _user("staff", is_staff=True, is_superuser=True)


@pytest.fixture
def agent_source() -> bytes:
    """Return the source of a tiny valid agent for connect four."""
    return AGENT


@pytest.fixture
def draft(host: User) -> Competition:
    """Return a competition that is not open yet."""
    return create_competition(
        host=host, slug="secret-cup", title="Secret Cup", arena="connect_four-v3", rules="Be fair."
    )


@pytest.fixture
def competition(host: User) -> Competition:
    """Return an open competition."""
    made = create_competition(
        host=host,
        slug="c4",
        title="Connect Four Cup",
        arena="connect_four-v3",
        opens_at=clock.now() - timedelta(days=1),
        overview="Four in a row wins.",
        rules="Be fair.",
    )
    return move_competition(competition=made, to="open", actor=host)


@pytest.fixture
def team(ann: User, bob: User) -> Team:
    """Return the team of ann and bob."""
    made = Team.objects.create(name="Four Seasons", created_at=clock.now())
    made.members.add(ann)
    made.members.add(bob)
    return made


@pytest.fixture
def entry(competition: Competition, team: Team, ann: User) -> Entry:
    """Return the team's entry; ann has accepted the rules."""
    Entry.objects.create(competition=competition, team=team, joined_at=clock.now())
    return enter_competition(competition=competition, user=ann)


def upload_of(source: bytes, tmp_path: Path, *, name: str = "agent.py", **said: str) -> Upload:
    """Return an upload of these bytes, staged as the doors stage it."""
    path = tmp_path / name
    path.write_bytes(source)
    return Upload(file=io.BytesIO(source), path=path, original_name=name, **said)


def make_ready(submission: Submission) -> Submission:
    """Give a submission the verdict that a passed validation gives."""
    start_validation(submission=submission)
    checks = [
        Check(name=name, ok=True, code="ok", message="", hint="", seconds=0.1)
        for name in ("inspect", "start", "conformance", "versus_random")
    ]
    record_verdict(submission=submission, checks=checks, usage=AgentUsage(load_seconds=0.2, log="hello"))
    return submission


@pytest.fixture
def submission(entry: Entry, ann: User, tmp_path: Path, agent_source: bytes) -> Submission:
    """Return ann's agent, validated and active, its bytes in storage."""
    upload = upload_of(agent_source, tmp_path, name="four-seasons.py", note="first try")
    made, _ = accept_upload(entry=entry, user=ann, upload=upload)
    return make_ready(made)


@pytest.fixture
def rival(competition: Competition, eve: User, tmp_path: Path, agent_source: bytes) -> Submission:
    """Return eve's agent, validated and active."""
    entry = enter_competition(competition=competition, user=eve)
    upload = upload_of(agent_source + b"# eve's\n", tmp_path, name="column-three.py")
    made, _ = accept_upload(entry=entry, user=eve, upload=upload)
    return make_ready(made)


def result_of(match: Match, **changed: object) -> MatchResult:
    """Return what a worker would send for a running match: real episodes, random moves."""
    arena = registry.get(match.competition.arena)
    facts = {
        "match": match.pk,
        "token": match.token,
        "worker": "bench:1",
        "isolation": Isolation.NAMESPACES,
        "episodes": tuple(
            play_episode(arena, seed=seed, seating=seating) for seed, seating in ((7, (0, 1)), (7, (1, 0)))
        ),
        "usage": tuple(AgentUsage(load_seconds=0.1, log=f"log of {index}") for index in range(arena.seats)),
        "seconds": 0.5,
        "versions": {"arena": arena.id, "numpy": "2"},
    }
    return MatchResult(**(facts | changed))  # type: ignore[arg-type]


@pytest.fixture
def running(competition: Competition, submission: Submission, rival: Submission) -> Match:
    """Return a league match of ann's and eve's agents that a worker is playing."""
    schedule_matches(competition=competition, plans=[Plan(MatchKind.LEAGUE, (submission, rival))])
    (match,) = claim_batch(limit=1)
    extend_leases(token=match.token, worker="bench:1")
    match.refresh_from_db()
    return match


@pytest.fixture
def match(running: Match) -> Match:
    """Return that match finished, with its episodes and stored trajectories."""
    (finished,) = record_results([result_of(running)])
    return finished


@pytest.fixture
def client_of() -> Callable[[User | None], Client]:
    """Return a maker of signed-in browsers that check CSRF; None is a stranger's."""

    def make(user: User | None) -> Client:
        client = Client(enforce_csrf_checks=True)
        if user is not None:
            client.force_login(user)
        return client

    return make


@pytest.fixture
def token_of() -> Callable[..., str]:
    """Return a maker of API tokens: `token_of(ann, "submit")`."""

    def make(user: User, *scopes: str) -> str:
        _, secret = create_token(user=user, name="test", scopes=list(scopes) or ["read"])
        return secret

    return make


@pytest.fixture(scope="module")
def referee() -> Iterator[Referee]:
    """Return the real referee, at the level rated play needs."""
    with open_launcher(minimum=Isolation.NAMESPACES) as launcher:
        yield Referee(launcher)


@pytest.fixture
def tictactoe(db: None, host: User) -> Competition:
    """Return an open competition with the shortest matches there are."""
    competition = create_competition(
        host=host, slug="noughts", title="Noughts", arena="tictactoe-v3", target_matches=6
    )
    return move_competition(competition=competition, to="open", actor=host)
