"""Tournaments on the staff pages, to read only: hosts act on their own pages, where it is logged."""

from django.contrib import admin

from coliseum.staff.reading import ReadOnly
from coliseum.tournaments.models import Departure, Entrant, PairedMatch, Pairing, Stage, Tournament


@admin.register(Tournament)
class TournamentAdmin(ReadOnly):
    """Tournaments of all competitions."""

    list_display = ("title", "competition", "format", "state", "started_at", "finished_at")
    list_filter = ("state", "format")
    search_fields = ("id", "title")
    list_select_related = ("competition",)


@admin.register(Entrant)
class EntrantAdmin(ReadOnly):
    """Who takes part."""

    list_display = ("tournament", "number", "submission", "seed", "rating")
    search_fields = ("tournament__id", "submission__id")
    list_select_related = ("tournament", "submission")


@admin.register(Stage)
class StageAdmin(ReadOnly):
    """Stages with their fields."""

    list_display = ("tournament", "number", "started_at")
    list_select_related = ("tournament",)


@admin.register(Pairing)
class PairingAdmin(ReadOnly):
    """Who meets whom."""

    list_display = ("stage", "round", "number", "lineup", "label", "is_released")
    search_fields = ("stage__tournament__id",)
    list_select_related = ("stage__tournament",)


@admin.register(PairedMatch)
class PairedMatchAdmin(ReadOnly):
    """The matches of each pairing."""

    list_display = ("pairing", "number", "match", "tries", "points")
    search_fields = ("match__id",)
    list_select_related = ("pairing__stage", "match")


@admin.register(Departure)
class DepartureAdmin(ReadOnly):
    """Who left, and why."""

    list_display = ("entrant", "stage", "kind", "after_round", "reason", "at")
    list_select_related = ("entrant__submission", "stage")
