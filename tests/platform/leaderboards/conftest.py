"""Leagues of all three kinds with really recorded episodes: duels, four at a table, scores."""

import io
from collections.abc import Callable
from datetime import timedelta

import pytest

from arenas import registry
from coliseum import clock
from coliseum.competitions.models import Competition, Phase
from coliseum.competitions.queries import shown_phase
from coliseum.competitions.services import create_competition, enter_competition, move_competition
from coliseum.matches.models import Match
from coliseum.matches.queries import COMMON_SCENARIO
from coliseum.matches.recording import record_results
from coliseum.matches.services import Plan, claim_batch, extend_leases, schedule_matches
from coliseum.submissions.models import Submission
from coliseum.submissions.services import Upload, accept_upload
from tests.platform.conftest import _user, make_ready
from tests.platform.episodes import play_episode
from workers.seating import seatings
from workers.spec import AgentUsage, Isolation, MatchKind, MatchResult

ARENAS = {"duels": "tictactoe-v3", "tables": "spiel_hearts-v1", "scores": "CartPole-v1"}
AGENTS = 5


def agents_of(competition: Competition, tmp_path, agents: int = AGENTS) -> list[Submission]:
    """Return an agent each of several people, validated and active."""
    made = []
    for number in range(agents):
        person = _user(f"{competition.slug}-{number}")
        source = b"class Agent:\n    def act(self, observation):\n        return 0\n# %d\n" % number
        path = tmp_path / f"{competition.slug}-{number}.py"
        path.write_bytes(source)
        upload = Upload(file=io.BytesIO(source), path=path, original_name=path.name)
        entry = enter_competition(competition=competition, user=person)
        made.append(make_ready(accept_upload(entry=entry, user=person, upload=upload)[0]))
    return made


def play_some(competition: Competition, agents: list[Submission], matches: int, *, first: int = 0) -> None:
    """Play so many matches with random legal moves: real episodes, no agents' processes."""
    arena = registry.get(competition.arena)
    size = arena.lineup
    plans = [
        Plan(
            MatchKind.LEAGUE,
            tuple(agents[(number + step * (1 + number % 3)) % len(agents)] for step in range(size))
            if size < len(agents) - 1
            else tuple(agents[(number + step) % len(agents)] for step in range(size)),
            scenario=f"{COMMON_SCENARIO}{number // len(agents)}" if size == 1 else "",
        )
        for number in range(first, first + matches)
    ]
    schedule_matches(competition=competition, plans=plans)
    play_queue(arena, first=first)


def play_queue(arena, *, first: int = 0) -> list[Match]:
    """Play what waits."""
    done = []
    while batch := claim_batch(limit=50):
        extend_leases(token=batch[0].token, worker="bench:1")
        results = []
        for number, match in enumerate(batch, first):
            match.refresh_from_db()
            episodes = tuple(
                play_episode(arena, seed=1000 * index + 100 * at + number, seating=seating)
                for index in range(min(arena.episodes, 2))
                for at, seating in enumerate(seatings(arena))
            )
            results.append(
                MatchResult(
                    match=match.pk,
                    token=match.token,
                    worker="bench:1",
                    isolation=Isolation.NAMESPACES,
                    episodes=episodes,
                    usage=tuple(AgentUsage() for _ in range(arena.lineup)),
                    seconds=0.5,
                    versions={"arena": arena.id},
                )
            )
        done += record_results(results)
    return done


@pytest.fixture
def league_of(host, tmp_path) -> Callable[..., tuple[Phase, list[Submission]]]:
    """Return a maker of leagues: `league_of("duels", matches=12)`."""

    def make(kind: str, *, matches: int = 12, agents: int = AGENTS) -> tuple[Phase, list[Submission]]:
        made = create_competition(
            host=host, slug=kind, title=kind, arena=ARENAS[kind], opens_at=clock.now() - timedelta(days=1)
        )
        competition = move_competition(competition=made, to="open", actor=host)
        entered = agents_of(competition, tmp_path, agents)
        play_some(competition, entered, matches)
        return shown_phase(competition), entered

    return make
