import hashlib
import json
import logging

import msgspec
import pytest

from arenas.replay import decode_log
from tests.workers.tables import FIRST, failing, match_spec
from workers import tasks
from workers.spec import WIRE_VERSION, Batch, Isolation, MatchResult

TIC = "tictactoe-v3"
PACKAGES = [text.encode() for text in (FIRST, failing("1 / 0"))]
DIGESTS = [hashlib.sha256(package).hexdigest() for package in PACKAGES]


@pytest.fixture
def folder(tmp_path, monkeypatch):
    for digest, package in zip(DIGESTS, PACKAGES, strict=True):
        path = tmp_path / "packages" / digest[:2] / digest
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(package)
    monkeypatch.setenv("COLISEUM_FILES", str(tmp_path))
    tasks._shelf.cache_clear()
    yield tmp_path
    tasks._table.clear()
    tasks._shelf.cache_clear()


@pytest.fixture
def sent(monkeypatch):
    """What would go to the broker."""
    messages = []

    def keep(name, args=(), **options):
        # As the queue does: only JSON gets through.
        messages.append((name, json.loads(json.dumps(list(args))), options))

    monkeypatch.setattr(tasks.app, "send_task", keep)
    return messages


def batch_of(*specs, version=WIRE_VERSION):
    return json.loads(msgspec.json.encode(Batch("lease-1", specs, version)))


def results(sent):
    return [
        msgspec.convert(result, MatchResult)
        for name, args, _ in sent
        if name == "league.record_results"
        for result in args[0]
    ]


def test_a_batch_is_played_and_its_results_are_sent_under_a_lease(folder, sent):
    specs = [match_spec(TIC, DIGESTS, match=f"m{number}") for number in range(3)]
    tasks.play(batch_of(*specs))
    found = results(sent)
    assert [result.match for result in found] == ["m0", "m1", "m2"]
    assert all(result.error == "" and result.token == "t1" for result in found)
    assert [seat.outcome.value for seat in found[0].episodes[0].seats] == ["ok", "crashed"]
    assert found[0].isolation is Isolation.NAMESPACES
    assert decode_log(found[0].episodes[0].actions).turns == found[0].episodes[0].turns
    leases = [args for name, args, _ in sent if name == "league.extend_leases"]
    assert leases[0] == ["lease-1", tasks.worker_name()]
    assert {options["queue"] for _, _, options in sent} == {"site"}


SLOW = b"""
import time
class Agent:
    def act(self, observation):
        time.sleep(0.3)
        return int(observation["action_mask"].nonzero()[0][0])
"""


@pytest.mark.parametrize(("speed", "factor", "outcome"), [(0.25, 4.0, "ok"), (3.0, 1.0, "timed_out")])
def test_a_slow_worker_gives_more_time_and_says_so(folder, sent, monkeypatch, speed, factor, outcome):
    digest = hashlib.sha256(SLOW).hexdigest()
    path = folder / "packages" / digest[:2] / digest
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(SLOW)
    monkeypatch.setitem(tasks._report, "speed", speed)
    spec = match_spec(TIC, [digest, DIGESTS[0]])
    tight = msgspec.structs.replace(spec.limits, step_seconds=0.15, bank_seconds=0.05)
    tasks.play(batch_of(msgspec.structs.replace(spec, limits=tight)))
    (result,) = results(sent)
    assert result.error == ""
    assert (result.speed, result.limit_factor) == (speed, factor)
    assert {seat.outcome.value for seat in result.episodes[0].seats} == {"ok", outcome}


@pytest.mark.parametrize(
    "payload",
    [
        batch_of(match_spec(TIC, DIGESTS), version=99),
        {"version": WIRE_VERSION + 1, "id": "x", "matches": "of another form"},
        {"id": "x"},
        {},
    ],
)
def test_b71_a_batch_of_another_version_is_refused_unplayed(sent, caplog, payload):
    with caplog.at_level(logging.ERROR):
        tasks.play(payload)
    assert sent == []
    assert [record.message for record in caplog.records] == ["wire_version"]


def test_a_match_that_cannot_be_had_is_a_result_with_an_error(folder, sent):
    lost = match_spec(TIC, [DIGESTS[0], "f" * 64], match="lost")
    tasks.play(batch_of(lost, match_spec(TIC, DIGESTS, match="fine")))
    bad, good = results(sent)
    assert (bad.match, bad.token, bad.episodes) == ("lost", "t1", ())
    assert "cannot be read" in bad.error
    assert bad.isolation is Isolation.NONE
    assert (good.match, good.error) == ("fine", "")


def test_a_referee_that_was_killed_is_replaced_for_the_next_match(folder, sent):
    tasks.play(batch_of(match_spec(TIC, DIGESTS, match="before")))
    first = tasks._table.referee
    first._process.kill()
    first._process.wait()
    tasks.play(batch_of(match_spec(TIC, DIGESTS, match="after")))
    assert tasks._table.referee is not first
    assert [(result.match, result.error) for result in results(sent)] == [("before", ""), ("after", "")]


def test_a_worker_that_may_not_play_says_why_in_the_result(folder, sent, monkeypatch):
    monkeypatch.setenv("COLISEUM_MIN_ISOLATION", "4")
    tasks.play(batch_of(match_spec(TIC, DIGESTS)))
    (result,) = results(sent)
    assert result.error
    assert result.episodes == ()


def test_large_results_do_not_wait_for_each_other(folder, sent, monkeypatch):
    monkeypatch.setattr(tasks, "FLUSH_BYTES", 10)
    tasks.play(batch_of(*[match_spec(TIC, DIGESTS, match=f"m{number}") for number in range(3)]))
    assert [len(args[0]) for name, args, _ in sent if name == "league.record_results"] == [1, 1, 1]


def test_a_broker_that_is_away_costs_only_the_heartbeat(monkeypatch, caplog):
    def gone(*_, **__):
        raise ConnectionRefusedError

    monkeypatch.setattr(tasks.app, "send_task", gone)
    with caplog.at_level(logging.WARNING):
        tasks._send_quietly("league.extend_leases", "lease-1")
    assert [record.message for record in caplog.records] == ["broker_unreachable"]


def test_the_walls_are_proved_before_the_first_match():
    tasks.check_isolation()
    assert tasks._report["isolation"] == 2
    assert len(tasks._report["checks"]) > 20
    assert all(check["ok"] for check in tasks._report["checks"])
    assert json.loads(json.dumps(tasks._report))["speed"] > 0


def test_one_match_stays_on_one_core(folder):
    referee = tasks._table.take()
    assert referee.is_alive
    assert tasks._table.take() is referee
    tasks.close_referee()
    assert not referee.is_alive
    assert tasks._table.referee is None
