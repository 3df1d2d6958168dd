"""The jobs that keep boards: each may be missed, run twice, or find another process at it."""

import pytest
from kombu.exceptions import OperationalError

from coliseum.leaderboards.models import Plot, Snapshot
from coliseum.leaderboards.queries import ledger_pages
from coliseum.league import boards, conductor, tasks
from coliseum.league.baton import baton
from tests.platform.leaderboards.conftest import play_some

pytestmark = pytest.mark.django_db


@pytest.fixture
def sent(monkeypatch) -> list[tuple[str, list[int]]]:
    """Return what is put into the queue for a phase."""
    messages: list[tuple[str, list[int]]] = []

    def put(name: str, args: list[int] | None = None, **_: object) -> None:
        if args:
            messages.append((name, args))

    monkeypatch.setattr(boards.app, "send_task", put, raising=True)
    monkeypatch.setattr(boards, "_asked", {})
    return messages


def test_a_small_board_is_refitted_on_the_spot_and_only_when_it_is_behind(league_of, sent) -> None:
    phase, _ = league_of("duels", matches=3)
    assert boards.rate_if_behind(phase)
    assert Snapshot.objects.get(phase=phase).matches == 3
    assert not boards.rate_if_behind(phase)
    assert sent == []


def test_a_board_that_takes_long_is_a_task_of_its_own(league_of, sent) -> None:
    phase, agents = league_of("duels", matches=3)
    boards.rate(phase)
    play_some(phase.competition, agents, 2, first=3)
    Snapshot.objects.filter(phase=phase).update(seconds=5.0, computed_at="2026-01-01T00:00:00Z")
    assert not boards.rate_if_behind(phase)
    assert sent == [("league.rate", [phase.pk])]
    assert Snapshot.objects.get(phase=phase).matches == 3
    tasks.rate(phase.pk)
    first = Snapshot.objects.get(phase=phase)
    assert first.matches == 5
    tasks.rate(phase.pk)
    assert Snapshot.objects.get(phase=phase).computed_at == first.computed_at


def test_without_a_queue_it_is_refitted_on_the_spot(league_of, monkeypatch) -> None:
    phase, agents = league_of("duels", matches=3)
    boards.rate(phase)
    play_some(phase.competition, agents, 2, first=3)
    Snapshot.objects.filter(phase=phase).update(seconds=5.0, computed_at="2026-01-01T00:00:00Z")

    def refuse(*_: object, **__: object) -> None:
        raise OperationalError("no queue")

    monkeypatch.setattr(boards.app, "send_task", refuse)
    assert boards.rate_if_behind(phase)
    assert Snapshot.objects.get(phase=phase).matches == 5


def test_one_process_at_a_time_keeps_a_board(league_of, sent) -> None:
    phase, _ = league_of("duels", matches=3)
    with baton(f"rate {phase.pk}"):
        assert not boards.rate(phase)
        assert not boards.seal(phase)
    with baton(f"study {phase.pk}"):
        assert not boards.study(phase)
    assert not Snapshot.objects.filter(phase=phase).exists()
    assert boards.rate(phase)


def test_what_is_final_is_sealed_and_the_study_is_asked_for_once(league_of, sent) -> None:
    phase, _ = league_of("duels", matches=3)
    boards.keep_boards()
    assert not ledger_pages(phase).exists()
    boards.rate(phase)
    boards.keep_boards()
    boards.keep_boards()
    assert ledger_pages(phase).get().matches == 3
    assert Snapshot.objects.get(phase=phase).root == ledger_pages(phase).get().digest
    assert sent == [("league.study", [phase.pk])]


def test_a_busy_league_is_sealed_once_a_minute(league_of, sent) -> None:
    phase, agents = league_of("duels", matches=3)
    boards.rate(phase)
    conductor.tick()
    assert ledger_pages(phase).count() == 1
    # The tick has filled the queue: the league is busy now.
    play_some(phase.competition, agents, 2, first=3)
    conductor.schedule_league_matches(phase)
    boards.rate(phase)
    boards.keep_boards()
    assert ledger_pages(phase).count() == 1
    ledger_pages(phase).update(sealed_at="2026-01-01T00:00:00Z")
    boards.keep_boards()
    assert ledger_pages(phase).count() == 2


def test_a_study_is_made_once_for_a_board(league_of, sent) -> None:
    phase, _ = league_of("duels", matches=3)
    boards.rate(phase)
    tasks.study(phase.pk)
    at = Plot.objects.get(phase=phase, name="ladder").computed_at
    tasks.study(phase.pk)
    assert Plot.objects.get(phase=phase, name="ladder").computed_at == at


def test_jobs_of_phases_that_are_gone_do_nothing(db) -> None:
    tasks.rate(4711)
    tasks.study(4711)
    assert not Snapshot.objects.exists()
