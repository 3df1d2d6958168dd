"""Incidents and panel checks on the staff pages, to read only."""

from django.contrib import admin

from coliseum.league.models import Incident, PanelCheck
from coliseum.staff.reading import ReadOnly


@admin.register(Incident)
class IncidentAdmin(ReadOnly):
    """What administrators told everybody about the site."""

    list_display = ("title", "started_at", "ended_at", "author")
    search_fields = ("title",)
    list_select_related = ("author",)


@admin.register(PanelCheck)
class PanelCheckAdmin(ReadOnly):
    """Checks of the first of a board against secret agents."""

    list_display = ("phase", "started_at", "finished_at")
    list_select_related = ("phase__competition",)
