"""Submissions on the staff pages, to read only."""

from django.contrib import admin

from coliseum.staff.reading import ReadOnly
from coliseum.submissions.models import Contender, Package, Submission, Trial


@admin.register(Submission)
class SubmissionAdmin(ReadOnly):
    """Submissions; verdicts are the validation's alone."""

    list_display = ("id", "name", "number", "entry", "state", "is_active", "code", "uploaded_at")
    list_filter = ("state", "is_active", "code")
    search_fields = ("id", "name", "entry__team__name")
    list_select_related = ("entry__competition", "entry__team")


@admin.register(Package)
class PackageAdmin(ReadOnly):
    """Stored uploads by digest; bytes never change."""

    list_display = ("digest", "file_name", "size_bytes", "file_count", "stored_at")
    search_fields = ("digest",)


@admin.register(Contender)
class ContenderAdmin(ReadOnly):
    """Who has a place of its own in a phase."""

    list_display = ("phase", "submission", "named_by", "named_at", "place", "withdrawn_at")
    list_select_related = ("phase__competition", "submission", "named_by")


@admin.register(Trial)
class TrialAdmin(ReadOnly):
    """Trials of agents against one opponent."""

    list_display = ("submission", "opponent", "purpose", "verdict", "matches", "started_at", "decided_at")
    list_filter = ("purpose", "verdict")
    list_select_related = ("submission", "opponent")
