"""Competitions, teams, entries and the public log on the staff pages, to read only: hosts have their own."""

from django.contrib import admin

from coliseum.competitions.models import Act, Competition, Entry, Phase, Team
from coliseum.staff.reading import ReadOnly


@admin.register(Competition)
class CompetitionAdmin(ReadOnly):
    """Competitions; the secrets of their seeds and of their invitation link are not shown."""

    list_display = ("slug", "title", "arena", "state", "opens_at", "closes_at")
    list_filter = ("state", "arena")
    search_fields = ("slug", "title")
    exclude = ("seed_secret", "invite_secret")


@admin.register(Phase)
class PhaseAdmin(ReadOnly):
    """Phases; the secret of their seeds is not shown."""

    list_display = ("competition", "kind", "number", "state", "opened_at", "closed_at")
    list_filter = ("state", "kind")
    list_select_related = ("competition",)
    exclude = ("seed_secret",)


@admin.register(Team)
class TeamAdmin(ReadOnly):
    """Teams and their members."""

    list_display = ("name", "is_house", "created_at")
    search_fields = ("name", "members__username")


@admin.register(Entry)
class EntryAdmin(ReadOnly):
    """Entries of teams."""

    list_display = ("competition", "team", "joined_at", "disqualified_at")
    list_filter = ("competition",)
    list_select_related = ("competition", "team")


@admin.register(Act)
class ActAdmin(ReadOnly):
    """The public log."""

    list_display = ("at", "competition", "actor", "verb", "subject")
    list_filter = ("competition", "verb")
    list_select_related = ("competition", "actor")
