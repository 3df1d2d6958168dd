"""What match workers send that is not taken, each with its code in the log: rows B69 to B71."""

import math

import msgspec
import pytest

from coliseum.league.tasks import record_results
from coliseum.matches.models import Match
from tests.platform.conftest import result_of
from workers.refusals import REFUSALS


def sent(result) -> dict:
    """Return a result as the queue carries it."""
    return msgspec.to_builtins(result)


def refused(caplog) -> list[str]:
    """Return the codes that were logged; each stands in the one table."""
    codes = [record.code for record in caplog.records if hasattr(record, "code")]
    assert set(codes) <= set(REFUSALS)
    return codes


def test_b69_a_result_with_an_old_lease_changes_nothing(running, caplog):
    stale = msgspec.structs.replace(result_of(running), token="f" * 32)
    before = Match.objects.values().get(pk=running.pk)
    with caplog.at_level("INFO"):
        record_results([sent(stale)])
    assert refused(caplog) == ["lease.lost"]
    assert Match.objects.values().get(pk=running.pk) == before


def bad_rewards(result):
    first = result.episodes[0]
    seats = tuple(msgspec.structs.replace(seat, total_reward=math.nan) for seat in first.seats)
    return msgspec.structs.replace(result, episodes=(msgspec.structs.replace(first, seats=seats),))


def another_seat(result):
    first = result.episodes[0]
    seats = tuple(msgspec.structs.replace(seat, agent=7) for seat in first.seats)
    return msgspec.structs.replace(result, episodes=(msgspec.structs.replace(first, seats=seats),))


@pytest.mark.parametrize(
    ("spoil", "problem"),
    [(bad_rewards, "rewards must be 2 finite numbers"), (another_seat, "seats must name one of 2 agents")],
)
def test_b70_rewards_and_seats_that_make_no_sense_are_played_again(running, caplog, spoil, problem):
    record_results([sent(spoil(result_of(running)))])
    assert refused(caplog) == ["result.invalid"]
    assert next(record.problem for record in caplog.records if hasattr(record, "code")) == problem
    assert Match.objects.get(pk=running.pk).state == "queued"


def test_b70_an_unknown_verdict_is_dropped(running, caplog):
    item = sent(result_of(running))
    item["episodes"][0]["seats"][0]["outcome"] = "won"
    record_results([item, "nonsense"])
    assert refused(caplog) == ["result.invalid", "result.invalid"]
    assert Match.objects.get(pk=running.pk).state == "running"


@pytest.mark.parametrize("version", [2, None, "4"])
def test_b71_a_worker_of_another_version_is_not_listened_to(running, caplog, version):
    record_results([sent(result_of(running)) | {"version": version}])
    assert refused(caplog) == ["worker.version"]
    assert Match.objects.get(pk=running.pk).state == "running"
