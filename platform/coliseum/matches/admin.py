"""Matches, seats, episodes and workers on the staff pages, to read only."""

from django.contrib import admin

from coliseum.matches.models import Audit, Episode, Match, Seat, Worker
from coliseum.staff.reading import ReadOnly


@admin.register(Match)
class MatchAdmin(ReadOnly):
    """Matches with their leases; the fencing token is not shown."""

    list_display = ("id", "competition", "kind", "state", "attempt", "worker", "queued_at", "finished_at")
    list_filter = ("state", "kind", "competition")
    search_fields = ("id",)
    list_select_related = ("competition",)
    exclude = ("token",)


@admin.register(Seat)
class SeatAdmin(ReadOnly):
    """Line-ups and what each member got."""

    list_display = ("match", "position", "submission", "outcome", "score", "rank")
    list_filter = ("outcome",)
    search_fields = ("match__id", "submission__id")
    list_select_related = ("match", "submission")


@admin.register(Episode)
class EpisodeAdmin(ReadOnly):
    """Episodes; the action log is in the replay file."""

    list_display = ("match", "index", "seed", "turns", "truncated", "digest")
    search_fields = ("match__id",)
    exclude = ("actions",)


@admin.register(Worker)
class WorkerAdmin(ReadOnly):
    """Match workers as they last reported themselves."""

    list_display = ("name", "seen_at", "slots", "isolation", "speed", "problem")


@admin.register(Audit)
class AuditAdmin(ReadOnly):
    """Matches that were played again to look whether they come out the same."""

    list_display = ("match", "again", "verdict", "judged_at")
    list_filter = ("verdict",)
    list_select_related = ("match", "again")
