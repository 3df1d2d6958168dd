"""Migrations keep what was there: packed results give the old form again, old matches find their phase."""

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from coliseum.leaderboards.services import rate_phase
from coliseum.matches.models import Match, Seat
from coliseum.matches.services import episode_seed

pytestmark = pytest.mark.django_db(transaction=True)
OLD = [("matches", "0001_initial")]
WITHOUT_PHASES = [
    ("competitions", "0001_initial"),
    ("matches", "0004_drop_unpacked_columns"),
    ("leaderboards", "0001_initial"),
]


def models_at(targets):
    """Migrate there and return the models of that time."""
    MigrationExecutor(connection).migrate(targets)
    return MigrationExecutor(connection).loader.project_state(targets).apps


def come_back():
    """Migrate to the present."""
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())


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
        come_back()
    after = Match.objects.get(pk=match.pk)
    assert (after.digest, after.versions, after.scenario) == (before.digest, before.versions, "")
    assert list(after.episodes.values("index", "digest", "seating", "seats", "actions")) == episodes
    assert list(after.seats.values("position", "usage", "score", "outcome")) == seats


def test_what_was_played_before_phases_counts_for_the_first_one(match, running):
    secret = match.competition.seed_secret
    before = Match.objects.get(pk=match.pk)
    seeds = [episode_seed(secret, before.seed_source, index) for index in range(3)]
    try:
        models_at(WITHOUT_PHASES)
    finally:
        come_back()
    after = Match.objects.select_related("phase").get(pk=match.pk)
    assert (after.phase.slug, after.phase.state, after.phase.competition_id) == (
        "public-1",
        "open",
        before.competition_id,
    )
    assert [episode_seed(after.seed_secret, after.seed_source, index) for index in range(3)] == seeds
    assert rate_phase(phase=after.phase).matches == 1
