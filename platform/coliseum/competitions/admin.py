"""Competitions, teams, entries and the public log on the staff pages, to read only: hosts have their own."""

from django.contrib import admin

from coliseum.competitions.models import (
    Acceptance,
    Act,
    Announcement,
    Competition,
    Entry,
    Invitation,
    JoinRequest,
    Phase,
    Plan,
    RulesVersion,
    Team,
)
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


@admin.register(RulesVersion)
class RulesVersionAdmin(ReadOnly):
    """Versions of the rules; what somebody accepted never changes."""

    list_display = ("competition", "number", "made_at")
    list_filter = ("competition",)
    list_select_related = ("competition",)


@admin.register(Acceptance)
class AcceptanceAdmin(ReadOnly):
    """Who accepted which version."""

    list_display = ("version", "user", "accepted_at")
    search_fields = ("user__username",)
    list_select_related = ("version__competition", "user")


@admin.register(JoinRequest)
class JoinRequestAdmin(ReadOnly):
    """Who asked to join, and what the host answered."""

    list_display = ("competition", "user", "state", "asked_at", "answered_at", "answered_by")
    list_filter = ("competition", "state")
    list_select_related = ("competition", "user", "answered_by")


@admin.register(Invitation)
class InvitationAdmin(ReadOnly):
    """Invitations into teams; a link cannot be made from what is kept."""

    list_display = ("entry", "made_by", "made_at", "expires_at", "revoked_at")
    list_select_related = ("entry__competition", "entry__team", "made_by")
    exclude = ("digest",)


@admin.register(Announcement)
class AnnouncementAdmin(ReadOnly):
    """What hosts announced, and what was announced by itself."""

    list_display = ("at", "competition", "author", "title", "is_public", "withdrawn_at")
    list_filter = ("competition", "is_automatic")
    search_fields = ("title",)
    list_select_related = ("competition", "author")


@admin.register(Plan)
class PlanAdmin(ReadOnly):
    """Competitions that are being written."""

    list_display = ("host", "competition", "changed_at")
    search_fields = ("host__username",)
    list_select_related = ("host", "competition")
