"""Standings on the staff pages, to read only: they are computed from the matches."""

from django.contrib import admin

from coliseum.leaderboards.models import RatingChange, Snapshot, Standing
from coliseum.staff.reading import ReadOnly


@admin.register(Standing)
class StandingAdmin(ReadOnly):
    """Rows of the leaderboards."""

    list_display = ("phase", "rank", "submission", "rating", "low", "high", "matches", "provisional")
    list_filter = ("phase__competition",)
    list_select_related = ("phase__competition", "submission")


@admin.register(Snapshot)
class SnapshotAdmin(ReadOnly):
    """What each leaderboard was computed from."""

    list_select_related = ("phase__competition",)
    list_display = ("phase", "matches", "computed_at", "digest")


@admin.register(RatingChange)
class RatingChangeAdmin(ReadOnly):
    """Ratings over time."""

    list_display = ("submission", "matches", "rating", "rank", "at")
    list_select_related = ("submission",)
