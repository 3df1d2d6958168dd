"""Submissions on the staff pages, to read only."""

from django.contrib import admin
from django.http import HttpRequest

from coliseum.submissions.models import Package, Submission


@admin.register(Submission)
class SubmissionAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # not generic at run time
    """Submissions; verdicts are the validation's alone."""

    list_display = ("id", "name", "number", "entry", "state", "is_active", "code", "uploaded_at")
    list_filter = ("state", "is_active", "code")
    search_fields = ("id", "name", "entry__team__name")
    list_select_related = ("entry__competition", "entry__team")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Refuse: an upload is inspected first."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Submission | None = None) -> bool:
        """Refuse: services write submissions."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Submission | None = None) -> bool:
        """Refuse: results refer to submissions."""
        return False


@admin.register(Package)
class PackageAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # not generic at run time
    """Stored uploads by digest."""

    list_display = ("digest", "file_name", "size_bytes", "file_count", "stored_at")
    search_fields = ("digest",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Refuse: an upload is inspected first."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Package | None = None) -> bool:
        """Refuse: bytes never change."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Package | None = None) -> bool:
        """Refuse: submissions refer to packages."""
        return False
