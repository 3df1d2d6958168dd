"""Standings on the staff pages, to read only: they are computed from the matches."""

from django.contrib import admin

from coliseum.leaderboards.models import RatingChange, Snapshot, Standing
from coliseum.matches.admin import ReadOnly


@admin.register(Standing)
class StandingAdmin(ReadOnly):
    """Rows of the leaderboards."""

    list_display = ("competition", "rank", "submission", "rating", "low", "high", "matches", "provisional")
    list_filter = ("competition",)
    list_select_related = ("competition", "submission")


@admin.register(Snapshot)
class SnapshotAdmin(ReadOnly):
    """What each leaderboard was computed from."""

    list_display = ("competition", "matches", "computed_at", "digest")


@admin.register(RatingChange)
class RatingChangeAdmin(ReadOnly):
    """Ratings over time."""

    list_display = ("submission", "matches", "rating", "rank", "at")
    list_select_related = ("submission",)
