"""Submissions on the staff pages, to read only."""

from django.contrib import admin

from coliseum.staff.reading import ReadOnly
from coliseum.submissions.models import Package, Submission


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
