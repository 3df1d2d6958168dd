"""The ledger of a phase: every final result is sealed once, and the lines alone give the official table."""

import json
import threading

import pytest
from asgiref.sync import async_to_sync
from click.testing import CliRunner
from django.core.management import call_command
from django.db import connection
from django.test import AsyncClient

from coliseum import storage
from coliseum.leaderboards import sealing
from coliseum.leaderboards.models import LedgerPage, Snapshot, Standing
from coliseum.leaderboards.queries import ledger_pages, official_table, read_ledger
from coliseum.leaderboards.sealing import seal_ledger
from coliseum.leaderboards.services import is_behind, is_unsealed, publish_table, rate_phase
from coliseum.league.audit import audit
from coliseum.matches.models import Episode, Match
from tests.platform.leaderboards.conftest import ARENAS, play_some
from workers.cli.rerate import rerate as coliseum_rerate
from workers.league.ledger import MatchResult, Void, unseal
from workers.league.rerating import add_up, rerate

pytestmark = pytest.mark.django_db


def lines_of(phase) -> list[bytes]:
    """Return the lines of a phase's ledger."""
    return b"".join(read_ledger(phase)).splitlines(keepends=True)


def events_of(phase):
    """Return the events of a phase's ledger."""
    return [sealed.event for sealed in unseal(lines_of(phase))]


def differences() -> list[str]:
    """Return what an audit finds, but for the validations that the agents of these tests never had."""
    return [line for line in audit().differences if "validation matches" not in line]


@pytest.mark.parametrize("kind", ARENAS)
def test_the_downloaded_ledger_gives_the_stored_board_bit_for_bit(kind, league_of, tmp_path) -> None:
    phase, _ = league_of(kind)
    snapshot = publish_table(phase=phase)
    file = tmp_path / "ledger.jsonl"
    call_command("ledger", kind, "--output", str(file))
    answer = CliRunner().invoke(coliseum_rerate, [str(file), "--json"])
    table = json.loads(answer.stdout)
    assert (table["digest"], table["root"]) == (snapshot.digest, snapshot.root)
    assert table["matches"] == snapshot.matches == 12
    names = ("rank", "rank_low", "rank_high", "rating", "low", "high", "p_best", "provisional")
    stored = Standing.objects.filter(phase=phase).order_by("rank")
    assert [[row["agent"], *(row[name] for name in names)] for row in table["ratings"]] == [
        [row.submission_id, *(getattr(row, name) for name in names)] for row in stored
    ]


def test_the_board_keeps_the_root_it_was_computed_from(league_of) -> None:
    phase, agents = league_of("duels", matches=6)
    assert rate_phase(phase=phase).root == ""
    first = publish_table(phase=phase)
    assert first.root == ledger_pages(phase).last().digest
    play_some(phase.competition, agents, 3, first=6)
    later = rate_phase(phase=phase)
    assert (later.matches, later.root) == (9, "")
    official = official_table(phase)
    assert (official.digest, official.table_digest, official.matches) == (first.root, first.digest, 6)
    # The older official table is found again in the longer ledger.
    publish_table(phase=phase)
    older = rerate(add_up(unseal(lines_of(phase)), until=first.root))
    assert (older.digest, older.matches) == (first.digest, 6)


def test_lines_never_change_and_every_match_is_sealed_once(league_of) -> None:
    phase, agents = league_of("duels", matches=5)
    seal_ledger(phase)
    before = lines_of(phase)
    assert seal_ledger(phase).number == 1
    play_some(phase.competition, agents, 4, first=5)
    seal_ledger(phase)
    after = lines_of(phase)
    assert after[: len(before)] == before
    sealed = [event.match for event in events_of(phase) if isinstance(event, MatchResult)]
    assert sorted(sealed) == sorted(Match.objects.filter(phase=phase).values_list("pk", flat=True))
    assert len(set(sealed)) == 9


def test_a_voided_match_gets_a_line_of_its_own_and_a_restored_one_another(league_of) -> None:
    phase, _ = league_of("duels", matches=6)
    publish_table(phase=phase)
    match = Match.objects.filter(phase=phase).first()
    Match.objects.filter(pk=match.pk).update(is_counted=False)
    assert is_behind(phase)
    assert is_unsealed(phase)
    voided = publish_table(phase=phase)
    assert (voided.matches, voided.voided) == (5, 1)
    assert events_of(phase)[-1] == Void(match=match.pk, reason="It does not count any more.")
    assert rerate(add_up(unseal(lines_of(phase)))).digest == voided.digest
    Match.objects.filter(pk=match.pk).update(is_counted=True)
    restored = publish_table(phase=phase)
    assert restored.matches == 6
    assert events_of(phase)[-1].match == match.pk
    assert rerate(add_up(unseal(lines_of(phase)))).digest == restored.digest
    assert differences() == []


def test_what_never_counted_is_never_sealed(league_of) -> None:
    phase, _ = league_of("duels", matches=3)
    match = Match.objects.filter(phase=phase).first()
    Match.objects.filter(pk=match.pk).update(is_counted=False)
    publish_table(phase=phase)
    assert match.pk not in b"".join(lines_of(phase)).decode()


def test_held_results_are_not_in_the_ledger_before_their_release(league_of) -> None:
    phase, _ = league_of("duels", matches=4)
    match = Match.objects.filter(phase=phase).last()
    Match.objects.filter(pk=match.pk).update(is_held=True)
    assert publish_table(phase=phase).root == ""
    assert match.pk not in b"".join(lines_of(phase)).decode()
    Match.objects.filter(pk=match.pk).update(is_held=False)
    assert publish_table(phase=phase).root
    assert match.pk in b"".join(lines_of(phase)).decode()


def test_seeds_of_common_scenarios_are_not_in_the_ledger(league_of) -> None:
    phase, _ = league_of("scores", matches=10)
    publish_table(phase=phase)
    seeds = {
        episode.seed
        for event in events_of(phase)
        if isinstance(event, MatchResult)
        for episode in event.episodes
    }
    assert seeds == {0, 1, 1000, 1001}


def test_an_agent_that_leaves_gets_a_line_and_loses_its_place(league_of) -> None:
    phase, agents = league_of("duels", matches=8)
    publish_table(phase=phase)
    type(agents[0]).objects.filter(pk=agents[0].pk).update(is_active=False)
    snapshot = publish_table(phase=phase)
    last = events_of(phase)[-1]
    assert (last.agent, last.active) == (agents[0].pk, False)
    table = rerate(add_up(unseal(lines_of(phase))))
    assert (table.digest, len(table.rows)) == (snapshot.digest, 4)


def test_a_process_that_dies_before_the_commit_loses_nothing(league_of, monkeypatch) -> None:
    phase, _ = league_of("duels", matches=5)

    def die(name: str) -> None:
        raise OSError(name)

    with monkeypatch.context() as broken:
        broken.setattr(sealing.faults, "point", die)
        with pytest.raises(OSError, match="before_seal_commit"):
            seal_ledger(phase)
    assert not ledger_pages(phase).exists()
    assert not Match.objects.filter(in_ledger=True).exists()
    assert seal_ledger(phase).matches == 5
    assert differences() == []


@pytest.mark.django_db(transaction=True)
def test_two_processes_that_seal_at_once_seal_each_match_once(league_of, monkeypatch) -> None:
    phase, _ = league_of("duels", matches=5)
    both = threading.Barrier(2)
    monkeypatch.setattr(sealing.faults, "point", lambda name: both.wait(20))
    problems: list[BaseException] = []

    def seal_here() -> None:
        try:
            seal_ledger(phase)
        except BaseException as error:
            problems.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=seal_here) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert problems == []
    assert ledger_pages(phase).count() == 1
    assert sum(isinstance(event, MatchResult) for event in events_of(phase)) == 5


def test_more_than_one_portion_takes_several_pages(league_of, monkeypatch) -> None:
    monkeypatch.setattr(sealing, "PORTION", 2)
    phase, _ = league_of("duels", matches=5)
    snapshot = publish_table(phase=phase)
    assert [page.matches for page in ledger_pages(phase)] == [2, 4, 5]
    assert rerate(add_up(unseal(lines_of(phase)))).root == snapshot.root
    assert differences() == []


def test_the_audit_names_a_changed_row_and_a_changed_line(league_of) -> None:
    phase, _ = league_of("duels", matches=4)
    publish_table(phase=phase)
    assert audit().counts["ledger lines"] == 1 + 5 + 4
    episode = Episode.objects.filter(match__phase=phase).first()
    episode.seats[0]["rank"] = 3
    episode.save()
    assert any(
        f"match {episode.match_id} has another result in its rows than in its line" in line
        for line in differences()
    )
    page = LedgerPage.objects.get(phase=phase)
    changed = storage.read_ledger_page(page.content).replace(b'"rank":3', b'"rank":1', 1)
    changed = changed.replace(b'"gift":false', b'"gift":true', 1)
    LedgerPage.objects.filter(pk=page.pk).update(content=storage.put_ledger_page(changed))
    assert any("its hash does not follow from the line before" in line for line in differences())


def test_the_audit_names_a_lost_page_and_a_changed_root(league_of) -> None:
    phase, _ = league_of("duels", matches=4)
    publish_table(phase=phase)
    page = LedgerPage.objects.get(phase=phase)
    LedgerPage.objects.filter(pk=page.pk).update(digest="0" * 64)
    assert any("page 1 ends with another hash than its row says" in line for line in differences())
    LedgerPage.objects.filter(pk=page.pk).update(digest=page.digest, content="ab" * 32)
    assert any("ledger page 1: " in line for line in differences())


def test_the_audit_names_a_match_that_is_marked_but_not_sealed(league_of) -> None:
    phase, agents = league_of("duels", matches=2)
    publish_table(phase=phase)
    play_some(phase.competition, agents, 1, first=2)
    Match.objects.filter(phase=phase).update(in_ledger=True)
    assert any("is marked as sealed, but the ledger does not count it" in line for line in differences())


async def download(address: str) -> tuple[int, str, bytes]:
    """Return status, disposition and body of a streamed answer."""
    answer = await AsyncClient().get(address)
    if answer.status_code != 200:
        return answer.status_code, "", b""
    body = b"".join([part async for part in answer.streaming_content])
    return answer.status_code, answer["Content-Disposition"], body


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("address", ["/competitions/duels/ledger.jsonl", "/api/v1/competitions/duels/ledger"])
def test_anybody_may_download_the_ledger(league_of, address) -> None:
    phase, _ = league_of("duels", matches=3)
    publish_table(phase=phase)
    for query in ("", "?phase=public-1"):
        status, disposition, body = async_to_sync(download)(address + query)
        assert (status, disposition) == (200, 'attachment; filename="duels-public-1-ledger.jsonl"')
        assert body.splitlines(keepends=True) == lines_of(phase)
    assert async_to_sync(download)(f"{address}?phase=final-1")[0] == 404


def test_a_board_without_matches_has_an_empty_ledger(competition, submission) -> None:
    assert Snapshot.objects.count() == 0
    assert list(read_ledger(competition.phases.get())) == []
