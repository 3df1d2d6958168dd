"""A batch of results: recorded together, judged one by one."""

import msgspec
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from coliseum.matches.models import Episode, Match, MatchState, Seat, Versions
from coliseum.matches.recording import record_results
from coliseum.matches.services import Plan, claim_batch, schedule_matches
from tests.platform.conftest import result_of
from workers.spec import MatchKind, MatchResult


@pytest.fixture
def batch(competition, submission, rival):
    """Return sixteen running matches of one batch."""
    plans = [Plan(MatchKind.LEAGUE, (submission, rival)) for _ in range(16)]
    schedule_matches(competition=competition, plans=plans)
    return claim_batch(limit=16)


def changed(result: MatchResult, **episode: object) -> MatchResult:
    """Return a result whose first episode is another one."""
    first = msgspec.structs.replace(result.episodes[0], **episode)
    return msgspec.structs.replace(result, episodes=(first, *result.episodes[1:]))


def states() -> dict[str, str]:
    return dict(Match.objects.values_list("pk", "state"))


def test_each_result_of_a_batch_is_judged_for_itself(batch):
    good = [result_of(match) for match in batch]
    stale = msgspec.structs.replace(good[0], token="f" * 32)
    nonsense = msgspec.structs.replace(good[1], episodes=())
    unstorable = changed(good[2], seed=2**70)
    ours = msgspec.structs.replace(good[3], error="no memory")
    sent = [stale, nonsense, unstorable, ours, *good[4:], good[5]]
    assert {match.pk for match in record_results(sent)} == {match.pk for match in batch[4:]}
    assert [states()[match.pk] for match in batch[:4]] == ["running", "queued", "queued", "queued"]
    assert {states()[match.pk] for match in batch[4:]} == {"finished"}
    assert Episode.objects.count() == 2 * 12
    assert Match.objects.get(pk=batch[2].pk).error.startswith("The result cannot be stored")
    assert record_results(good[4:]) == []
    assert Episode.objects.count() == 2 * 12


@pytest.mark.parametrize("place", [0, 7, 15])
def test_one_unstorable_result_costs_no_other(batch, place):
    sent = [result_of(match) for match in batch]
    sent[place] = changed(sent[place], turns=2**80)
    assert len(record_results(sent)) == 15
    assert states()[batch[place].pk] == "queued"
    assert not Episode.objects.filter(match=batch[place]).exists()
    assert Seat.objects.exclude(outcome="").count() == 30


def test_a_batch_of_unstorable_results_ends(batch):
    assert record_results([changed(result_of(match), turns=-(2**80)) for match in batch]) == []
    assert set(states().values()) == {"queued"}


def test_a_larger_batch_asks_the_database_no_more_often(batch):
    record_results([result_of(batch[0])])
    asked = []
    for part in (batch[1:3], batch[3:]):
        results = [
            changed(
                msgspec.structs.replace(result_of(match), episodes=result_of(match).episodes[:1]),
                trajectory=b"",
            )
            for match in part
        ]
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert len(record_results(results)) == len(part)
        # `executemany` is one call however many rows it has.
        asked.append(len(queries))
    assert asked[0] == asked[1] < 14


def test_versions_are_kept_once(batch):
    record_results([result_of(match) for match in batch[:8]])
    record_results([result_of(match, versions={"numpy": "3"}) for match in batch[8:]])
    assert Versions.objects.count() == 2
    assert Match.objects.get(pk=batch[0].pk).versions == {"arena": "connect_four-v3", "numpy": "2"}
    assert Match.objects.get(pk=batch[9].pk).versions == {"numpy": "3"}


def test_a_finished_match_holds_no_token(batch):
    record_results([result_of(batch[0])])
    kept = Match.objects.get(pk=batch[0].pk)
    assert (kept.state, kept.token, kept.lease_until) == (MatchState.FINISHED, "", None)


def test_a_late_workers_drawing_is_not_kept(batch, settings):
    late = msgspec.structs.replace(result_of(batch[0]), token="f" * 32)
    assert record_results([late]) == []
    assert not list(settings.MEDIA_ROOT.glob(f"trajectories/*/{batch[0].pk}*"))
