"""What a process keeps of a league: read once, and never different from reading everything anew."""

import random

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from arenas import registry
from coliseum import clock
from coliseum.leaderboards.evidence import _kept, rated_matches, read_evidence
from coliseum.leaderboards.fitting import Computed, compute
from coliseum.leaderboards.models import Standing
from coliseum.leaderboards.services import is_behind, rate_phase
from coliseum.matches.models import Match, MatchState
from coliseum.matches.services import Plan, schedule_matches
from tests.platform.leaderboards.conftest import ARENAS, play_queue, play_some
from workers.spec import MatchKind

pytestmark = pytest.mark.django_db


def facts(computed: Computed) -> tuple[object, ...]:
    """Return all that a table says."""
    return computed.digest, computed.matches, computed.voided, computed.rows, computed.notes


@pytest.mark.parametrize("kind", ARENAS)
def test_a_table_read_on_is_the_table_read_anew(kind, league_of) -> None:
    phase, agents = league_of(kind, matches=7)
    for first in (7, 9, 20):
        compute(phase, is_warm=True)
        play_some(phase.competition, agents, 4, first=first)
    warm = compute(phase, is_warm=True)
    assert warm.matches == 19
    assert facts(warm) == facts(compute(phase))


@pytest.mark.parametrize("seed", range(4))
def test_nothing_that_happens_to_matches_parts_the_two(seed, league_of) -> None:
    phase, agents = league_of("duels", matches=6)
    chance = random.Random(seed)
    finished = Match.objects.filter(phase=phase, state=MatchState.FINISHED)
    for step in range(10):
        act = chance.choice(("play", "void", "restore", "wait", "again"))
        if act == "play":
            play_some(phase.competition, agents, 2, first=10 * step)
        elif act == "void":
            Match.objects.filter(pk=chance.choice(list(finished)).pk).update(is_counted=False)
        elif act == "restore":
            finished.filter(is_counted=False).update(is_counted=True)
        elif act == "wait":
            # Older than what is played next, and finished after it.
            schedule_matches(competition=phase.competition, plans=[Plan(MatchKind.LEAGUE, tuple(agents[:2]))])
        else:
            play_queue(registry.get(phase.competition.arena), first=step)
        assert facts(compute(phase, is_warm=True)) == facts(compute(phase))


def test_a_match_that_an_administrator_runs_again_is_not_missed(league_of) -> None:
    phase, agents = league_of("duels", matches=2)
    (late,) = schedule_matches(
        competition=phase.competition, plans=[Plan(MatchKind.LEAGUE, tuple(agents[:2]))]
    )
    Match.objects.filter(pk=late.pk).update(state=MatchState.FAILED)
    play_some(phase.competition, agents, 3, first=2)
    assert compute(phase, is_warm=True).matches == 5
    assert _kept[phase.key].until > late.pk
    Match.objects.filter(pk=late.pk).update(state=MatchState.QUEUED)
    play_queue(registry.get(phase.competition.arena))
    warm = compute(phase, is_warm=True)
    assert warm.matches == 6
    assert facts(warm) == facts(compute(phase))


def test_what_is_being_played_is_not_taken_for_settled(league_of) -> None:
    phase, agents = league_of("duels", matches=2)
    (late,) = schedule_matches(
        competition=phase.competition, plans=[Plan(MatchKind.LEAGUE, tuple(agents[:2]))]
    )
    Match.objects.filter(pk=late.pk).update(state="running", token="x", lease_until=clock.now())
    play_some(phase.competition, agents, 3, first=2)
    compute(phase, is_warm=True)
    known = _kept[phase.key]
    assert known.until < late.pk
    assert len(known.ahead) == 3
    assert min(known.ahead) > late.pk


def test_a_refit_reads_only_the_episodes_it_has_not_read(league_of) -> None:
    phase, agents = league_of("duels", matches=8)
    compute(phase, is_warm=True)
    with CaptureQueriesContext(connection) as queries:
        compute(phase, is_warm=True)
    assert not [each["sql"] for each in queries if "matches_episode" in each["sql"]]
    play_some(phase.competition, agents, 1, first=8)
    old, new = list(Match.objects.filter(phase=phase).order_by("pk").values_list("pk", flat=True)[7:])
    with CaptureQueriesContext(connection) as queries:
        compute(phase, is_warm=True)
    read = " ".join(each["sql"] for each in queries if "matches_episode" in each["sql"])
    assert new in read
    assert old not in read


def test_only_counted_league_matches_of_the_phase_are_evidence(league_of) -> None:
    phase, _ = league_of("duels", matches=5)
    other, _ = league_of("scores", matches=5)
    assert rated_matches(phase) == 5
    assert len(read_evidence(phase).tally.matches) == 5
    match = Match.objects.filter(phase=phase).first()
    Match.objects.filter(pk=match.pk).update(is_counted=False)
    assert rated_matches(phase) == 4
    assert match.pk not in read_evidence(phase).tally.matches
    assert rated_matches(other) == 5


def test_the_board_follows_when_one_match_is_voided_and_another_comes_in(league_of) -> None:
    phase, agents = league_of("duels", matches=6)
    rate_phase(phase=phase)
    Match.objects.filter(pk=Match.objects.filter(phase=phase).first().pk).update(is_counted=False)
    play_some(phase.competition, agents, 1, first=6)
    assert is_behind(phase)
    snapshot = rate_phase(phase=phase)
    assert (snapshot.matches, snapshot.voided) == (6, 1)
    assert not is_behind(phase)
    Match.objects.filter(phase=phase).update(is_counted=False)
    assert rate_phase(phase=phase).matches == 0
    assert not Standing.objects.filter(phase=phase).exists()
