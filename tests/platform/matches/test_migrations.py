"""The packed form of results holds what the old form held, and one step back gives it again."""

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from coliseum.matches.models import Match, Seat

pytestmark = pytest.mark.django_db(transaction=True)
OLD, NEW = [("matches", "0001_initial")], [("matches", "0004_drop_unpacked_columns")]


def models_at(targets):
    """Migrate there and return the models of that time."""
    MigrationExecutor(connection).migrate(targets)
    return MigrationExecutor(connection).loader.project_state(targets).apps


def test_results_survive_the_way_back_and_forth(match, running):
    usage = {**match.seats.first().usage, "log": "line\n" * 500, "cpu_seconds": 0.5}
    Seat.objects.filter(match=match, position=0).update(usage=usage)
    before = Match.objects.select_related("played_with").get(pk=match.pk)
    episodes = list(before.episodes.values("index", "digest", "seating", "seats", "actions"))
    seats = list(before.seats.values("position", "usage", "score", "outcome"))
    try:
        old = models_at(OLD).get_model("matches", "Match").objects.get(pk=match.pk)
        assert (old.digest, old.versions, old.scenario) == (before.digest, before.versions, match.pk)
        assert [each.seats for each in old.episodes.order_by("index")] == [each["seats"] for each in episodes]
        assert old.seats.get(position=0).usage["log"] == usage["log"]
    finally:
        models_at(NEW)
    after = Match.objects.get(pk=match.pk)
    assert (after.digest, after.versions, after.scenario) == (before.digest, before.versions, "")
    assert list(after.episodes.values("index", "digest", "seating", "seats", "actions")) == episodes
    assert list(after.seats.values("position", "usage", "score", "outcome")) == seats
