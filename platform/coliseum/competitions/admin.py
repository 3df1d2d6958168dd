"""Competitions, teams, entries and the public log on the staff pages."""

from django.contrib import admin
from django.http import HttpRequest

from coliseum.competitions.models import Act, Competition, Entry, Phase, Team


@admin.register(Competition)
class CompetitionAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # not generic at run time
    """Competitions; their state is moved on the host's page, so that it stands in the log."""

    list_display = ("slug", "title", "arena", "state", "opens_at", "closes_at")
    list_filter = ("state", "arena")
    search_fields = ("slug", "title")
    exclude = ("seed_secret",)
    readonly_fields = ("state", "arena", "created_at")
    filter_horizontal = ("hosts",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Refuse: the host's page draws the secret of the seeds."""
        return False


@admin.register(Phase)
class PhaseAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # not generic at run time
    """Phases, to read only; the host's page opens and closes them."""

    list_display = ("competition", "kind", "number", "state", "opened_at", "closed_at")
    list_filter = ("state", "kind")
    exclude = ("seed_secret",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Refuse: services draw the secret of the seeds."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Phase | None = None) -> bool:
        """Refuse: a phase moves by its services, so that it stands in the log."""
        return False


@admin.register(Team)
class TeamAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # not generic at run time
    """Teams and their members."""

    list_display = ("name", "is_house", "created_at")
    search_fields = ("name", "members__username")
    filter_horizontal = ("members",)


@admin.register(Entry)
class EntryAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # not generic at run time
    """Entries; disqualifying is done on the host's page, so that it stands in the log."""

    list_display = ("competition", "team", "joined_at", "disqualified_at")
    list_filter = ("competition",)
    readonly_fields = ("competition", "team", "joined_at", "disqualified_at", "disqualified_reason")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Refuse: a team joins by itself and accepts the rules."""
        return False


@admin.register(Act)
class ActAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # not generic at run time
    """The public log, to read only."""

    list_display = ("at", "competition", "actor", "verb", "subject")
    list_filter = ("competition", "verb")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Refuse: services write the log."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Act | None = None) -> bool:
        """Refuse: the log never changes."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Act | None = None) -> bool:
        """Refuse: the log never changes."""
        return False
