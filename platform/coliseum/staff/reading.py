"""What of the database is for looking at only: nearly all of it."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.forms import Media
from django.http import HttpRequest


class Light(admin.ModelAdmin):  # type: ignore[type-arg]  # not generic at run time
    """Without jQuery and what only needs it: nothing here fills in fields or opens windows."""

    @property
    def media(self) -> Media:
        """Return the scripts that tick rows and send what is to be done with them."""
        return Media(js=["admin/js/core.js", "admin/js/actions.js"])


class ReadOnly(Light):
    """Rows that services alone write: nothing is added, changed or deleted here."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Refuse: services make these."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # Any: a row of any table
        """Refuse: services change these, and write it into a log."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # Any: as above
        """Refuse: others refer to these."""
        return False


@admin.register(LogEntry)
class LogEntryAdmin(ReadOnly):
    """What administrators did on these pages; it only ever grows."""

    list_display = ("action_time", "user", "action_flag", "content_type", "object_repr", "change_message")
    list_filter = ("action_flag", "content_type")
    search_fields = ("user__username", "object_repr")
    list_select_related = ("user", "content_type")
    date_hierarchy = "action_time"
