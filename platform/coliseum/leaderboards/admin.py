"""Standings on the staff pages, to read only: they are computed from the matches."""

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest

from coliseum.leaderboards.models import RatingChange, Snapshot, Standing


class Computed(admin.ModelAdmin):  # type: ignore[type-arg]  # not generic at run time
    """Base of what only the fit writes."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Refuse."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Refuse."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Refuse."""
        return False


@admin.register(Standing)
class StandingAdmin(Computed):
    """Rows of the leaderboards."""

    list_display = ("competition", "rank", "submission", "rating", "low", "high", "matches", "provisional")
    list_filter = ("competition",)
    list_select_related = ("competition", "submission")


@admin.register(Snapshot)
class SnapshotAdmin(Computed):
    """What each leaderboard was computed from."""

    list_display = ("competition", "matches", "computed_at", "digest")


@admin.register(RatingChange)
class RatingChangeAdmin(Computed):
    """Ratings over time."""

    list_display = ("submission", "matches", "rating", "rank", "at")
    list_select_related = ("submission",)
