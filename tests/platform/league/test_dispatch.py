"""How many matches a batch holds, and what a worker is told of them."""

import pytest

from coliseum.league import dispatch
from coliseum.league.scratch import Played, open_field, queue_matches
from coliseum.matches.models import Match
from coliseum.matches.recording import record_results
from coliseum.matches.services import claim_batch, schedule_validation
from workers.spec import MatchKind

pytestmark = pytest.mark.django_db


@pytest.fixture
def sent(monkeypatch):
    """What would go to the broker: kinds of the matches of each message."""
    messages = []

    def keep(name, args, queue):
        messages.append([match["kind"] for match in args[0]["matches"]])

    monkeypatch.setattr(dispatch.app, "send_task", keep)
    return messages


def played_in(seconds: float, *, matches: int = 200):
    """Open a league whose last matches took this long, with others waiting."""
    competition, agents = open_field(20)
    queue_matches(competition, agents, 30)
    played = Played()
    record_results([played.result_of(match, at) for at, match in enumerate(claim_batch(limit=30))])
    Match.objects.update(seconds=seconds)
    queue_matches(competition, agents, matches)
    return competition, agents


@pytest.mark.parametrize(
    ("seconds", "share", "size"),
    [
        (0.001, 1, 64),  # never more than BATCH_MATCHES
        (0.005, 1, 40),  # at least 0.2 s of work
        (0.005, 50, 50),  # its share of the queue
        (0.02, 100, 50),  # at most a second
        (0.3, 1, 1),
        (5.0, 100, 1),
        (0.0, 100, 64),
    ],
)
def test_a_batch_is_worth_its_message_and_soon_over(seconds, share, size):
    competition, _ = played_in(seconds)
    assert dispatch._batch_size(competition.pk, share=share) == size


def test_one_hanging_agent_does_not_change_the_size():
    competition, _ = played_in(0.01)
    slow = Match.objects.filter(state="finished").order_by("-id").first()
    Match.objects.filter(pk=slow.pk).update(seconds=120.0)
    assert dispatch._batch_size(competition.pk, share=64) == 64


def test_a_short_queue_is_shared_among_the_slots(sent):
    played_in(0.1, matches=8)
    assert dispatch.send_waiting_matches() == 8
    assert [len(message) for message in sent] == [4, 4]


def test_a_validation_goes_alone_and_before_the_league(sent):
    _, agents = played_in(0.01)
    schedule_validation(submission=agents[0])
    dispatch.send_waiting_matches()
    assert sent[0] == [MatchKind.VALIDATION.value]


def test_board_games_are_drawn_when_watched_not_while_played():
    competition, agents = open_field(4)
    queue_matches(competition, agents, 3)
    specs = dispatch.match_specs(claim_batch(limit=3))
    assert [spec.records for spec in specs] == [False] * 3
    assert len({spec.episodes[0].seed for spec in specs}) == 3
    assert all([ref.submission for ref in spec.lineup] for spec in specs)
    assert [len(spec.lineup) for spec in specs] == [2, 2, 2]
